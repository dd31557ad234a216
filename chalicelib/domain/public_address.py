"""To which addresses we post: those of the open internet, and no other that a name may lead to."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.errors import Invalid

LONGEST_URL = 2_048
HTTPS_PORT = 443
LAST_WELL_KNOWN_PORT = 1023
"""Beside 443 none of the well-known ports: what listens there is no web server of a business's."""
NOT_A_NAME = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\]")
OF_A_HOUSE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "test", "invalid", "onion")
"""Last parts of names that mean something else wherever they are asked for (RFC 6761, RFC 6762, RFC 8375)."""
A_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
"""The last part of an IPv4 address in any of the forms that programs take for one: 127.1, 0x7f.0x1 (WHATWG URL)."""
TRANSLATED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""IPv6 that stands for an IPv4 address: NAT64, 6to4, Teredo."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            return _is_open(ip.ipv4_mapped)
        if any(ip in network for network in TRANSLATED):
            return False
    return _is_open(ip)


def url_to_post_to(url: str, *, locally: bool = False) -> str:
    """The URL, provided that it can be one of the open internet's; what its name leads to is asked at each post.

    locally: also http to this machine, for the local run.
    Raises Invalid (``url_not_allowed``).
    """
    parts = _parts(url)
    if locally and parts.scheme == "http" and parts.hostname == "127.0.0.1":
        return url
    if parts.scheme != "https":
        raise _refused("it does not begin with https://")
    if parts.username is not None or parts.password is not None:
        raise _refused("it has credentials in it; the signature tells who is posting")
    if parts.fragment:
        raise _refused("it has a fragment, which is never sent")
    if port_of(parts) != HTTPS_PORT and port_of(parts) <= LAST_WELL_KNOWN_PORT:
        raise _refused("its port is neither 443 nor above 1023")
    if not _may_be_public(parts.hostname or ""):
        raise _refused("its host is not one of the open internet")
    return url


def port_of(parts: SplitResult) -> int:
    """Raises Invalid for none that there is."""
    try:
        return parts.port or (HTTPS_PORT if parts.scheme == "https" else 80)
    except ValueError:
        raise _refused("its port is no number up to 65535") from None


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL or NOT_A_NAME.search(url):
        raise _refused("it is too long, or has characters that a URL does not have")
    try:
        return urlsplit(url)
    except ValueError:
        raise _refused("it is no URL") from None


def _may_be_public(host: str) -> bool:
    try:
        return is_public(host)
    except ValueError:
        labels = host.rstrip(".").split(".")
        return len(labels) > 1 and all(labels) and labels[-1] not in OF_A_HOUSE and not A_NUMBER.fullmatch(labels[-1])


def _is_open(ip: IPv4Address | IPv6Address) -> bool:
    """``is_global`` lets multicast through, and did let some reserved ranges."""
    special = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved
    return ip.is_global and not special and not ip.is_unspecified


def _refused(why: str) -> Invalid:
    return Invalid("url_not_allowed", f"You cannot have events posted to this address because {why}.", at="/url")
