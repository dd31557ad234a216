"""Nobody has us post to where he could not come himself."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.public_address import is_public, url_to_post_to


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_one(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="this machine"),
        pytest.param("::1", id="this machine, IPv6"),
        pytest.param("0.0.0.0", id="this machine too, to many"),
        pytest.param("::", id="this machine too, IPv6"),
        pytest.param("10.1.2.3", id="private"),
        pytest.param("172.16.0.1", id="private, the middle range"),
        pytest.param("192.168.1.1", id="private, at home"),
        pytest.param("fd12:3456::1", id="private, IPv6"),
        pytest.param("100.64.0.1", id="behind a carrier's NAT"),
        pytest.param("169.254.169.254", id="the cloud's metadata"),
        pytest.param("fd00:ec2::254", id="the cloud's metadata, IPv6"),
        pytest.param("fe80::1%eth0", id="link-local with its interface"),
        pytest.param("224.0.1.1", id="multicast"),
        pytest.param("ff0e::1", id="multicast, IPv6"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("::ffff:127.0.0.1", id="this machine, mapped into IPv6"),
        pytest.param("::ffff:169.254.169.254", id="metadata, mapped into IPv6"),
        pytest.param("64:ff9b::a9fe:a9fe", id="metadata through NAT64"),
        pytest.param("2002:7f00:1::", id="this machine through 6to4"),
        pytest.param("2001:0:a9fe:a9fe::1", id="through Teredo"),
        pytest.param("::127.0.0.1", id="this machine, in the form that nobody uses any more"),
    ],
)
def test_no_other_address_is(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://erp.example.com/quittance",
        "https://erp.example.com:8443/hook?from=quittance",
        "https://erp.example.com",
        "https://8.8.8.8/hook",
        "https://[2606:4700:4700::1111]/hook",
    ],
)
def test_a_url_of_the_open_internet_is_taken_as_it_is(url):
    assert url_to_post_to(url) == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://erp.example.com/", "does not begin with https://"),
        ("ftp://erp.example.com/", "does not begin with https://"),
        ("//erp.example.com/", "does not begin with https://"),
        ("https://ann:secret@erp.example.com/", "credentials"),
        ("https://@erp.example.com/", "credentials"),
        ("https://erp.example.com/#part", "fragment"),
        ("https://erp.example.com:22/", "neither 443 nor above 1023"),
        ("https://erp.example.com:80/", "neither 443 nor above 1023"),
        ("https://erp.example.com:70000/", "no number up to 65535"),
        ("https://erp.example.com:x/", "no number up to 65535"),
        ("https://127.0.0.1/", "not one of the open internet"),
        ("https://[::1]/", "not one of the open internet"),
        ("https://[::ffff:10.0.0.1]/", "not one of the open internet"),
        ("https://169.254.169.254/latest/meta-data/", "not one of the open internet"),
        ("https://2130706433/", "not one of the open internet"),
        ("https://0x7f.1/", "not one of the open internet"),
        ("https://127.1/", "not one of the open internet"),
        ("https://127.0.0.0x1/", "not one of the open internet"),
        ("https://0177.0.0.01/", "not one of the open internet"),
        ("https://localhost/", "not one of the open internet"),
        ("https://ledger.localhost/", "not one of the open internet"),
        ("https://ledger/", "not one of the open internet"),
        ("https://ledger.internal./", "not one of the open internet"),
        ("https://printer.local/", "not one of the open internet"),
        ("https:///hook", "not one of the open internet"),
        ("https://[::1/", "no URL"),
        ("https://erp.example.com/\r\nHost: evil", "characters that a URL does not have"),
        ("https://erp.example.com\\@127.0.0.1/", "characters that a URL does not have"),
        ("https://érp.example.com/", "characters that a URL does not have"),
        ("https://erp.example.com/" + "x" * 2_048, "too long"),
    ],
)
@pytest.mark.parametrize("locally", [False, True])
def test_any_other_url_is_refused_with_the_reason(url, why, locally):
    with pytest.raises(Invalid, match="You cannot have events posted to this address because") as refused:
        url_to_post_to(url, locally=locally)
    assert refused.value.code == "url_not_allowed"
    assert why in refused.value.detail
    assert refused.value.faults[0].at == "/url"


def test_only_the_local_run_posts_to_this_machine():
    assert url_to_post_to("http://127.0.0.1:46731/hook", locally=True) == "http://127.0.0.1:46731/hook"
    with pytest.raises(Invalid):
        url_to_post_to("http://127.0.0.1:46731/hook")
    with pytest.raises(Invalid):
        url_to_post_to("http://10.0.0.1:46731/hook", locally=True)
