"""Posts to addresses that strangers gave us: over TLS, to the open internet only, and following nothing."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.errors import Invalid
from chalicelib.domain.public_address import is_public, port_of, url_to_post_to
from chalicelib.domain.values import dataclass
from chalicelib.ports import Receipt

TIMEOUT_S: Final = 10.0
MOST_READ_BYTES: Final = 65_536
USER_AGENT: Final = "Quittance-Webhooks/1"

Resolve = Callable[[str, int], Sequence[str]]


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Where a name leads to now. Raises OSError for nowhere."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class NotPublic(OSError):
    """A name leads to an address that is not one of the open internet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsCourier:
    """``Courier`` by HTTP/1.1.

    A name is resolved once, what it leads to is checked, and that very address is connected to: who answers another
    one the next time (DNS rebinding) gains nothing. The whole post takes ten seconds at most, whatever name servers and
    servers do.
    locally: http to 127.0.0.1 is allowed too, for the local run.
    """

    locally: bool = False
    resolve: Resolve = addresses_of
    timeout_s: float = TIMEOUT_S
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def carry(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Receipt:
        try:
            url_to_post_to(url, locally=self.locally)
            return Receipt(status=self._status(urlsplit(url), body, headers))
        except (Invalid, NotPublic):
            return Receipt(error="address_not_allowed")
        except TimeoutError:
            return Receipt(error="timeout")
        except ssl.SSLError:
            return Receipt(error="tls_failed")
        except socket.gaierror:
            return Receipt(error="name_not_found")
        except (OSError, HTTPException, ValueError):
            return Receipt(error="no_answer")

    def _status(self, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
        host, ends = parts.hostname or "", time.monotonic() + self.timeout_s
        line = self._connected(host, port_of(parts), ends)
        late = threading.Event()

        def give_up() -> None:
            """However slowly it answers, byte by byte: the whole is bounded."""
            late.set()
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)  # under the TLS, which the other thread is using

        alarm = threading.Timer(max(ends - time.monotonic(), 0), give_up)
        alarm.start()
        try:
            if parts.scheme == "https":
                line = self.tls.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
                line.do_handshake()
            return _answered(line, parts, body, headers)
        except (OSError, HTTPException) as error:
            if late.is_set():
                raise TimeoutError from error
            raise
        finally:
            alarm.cancel()
            line.close()

    def _connected(self, host: str, port: int, ends: float) -> socket.socket:
        """Raises NotPublic, or OSError."""
        addresses = self._resolved(host, port, ends)
        local = self.locally and host == "127.0.0.1"
        if not local and not all(map(is_public, addresses)):
            raise NotPublic
        failed: OSError = OSError("the name leads nowhere")
        for left, address in zip((2, 1), addresses, strict=False):
            share = (ends - time.monotonic()) / left
            if share <= 0:
                raise TimeoutError
            try:
                line = socket.create_connection((address, port), timeout=share)
            except OSError as error:
                failed = error
            else:
                line.settimeout(self.timeout_s)
                return line
        raise failed

    def _resolved(self, host: str, port: int, ends: float) -> Sequence[str]:
        """In a thread of its own, for nothing else ends the waiting for a name server. Raises OSError, ValueError."""
        found: Future[Sequence[str]] = Future()

        def look() -> None:
            try:
                found.set_result(self.resolve(host, port))
            except (OSError, ValueError) as error:
                found.set_exception(error)

        threading.Thread(target=look, daemon=True).start()
        return found.result(timeout=max(ends - time.monotonic(), 0))


def _answered(line: socket.socket, parts: SplitResult, body: bytes, headers: Mapping[str, str]) -> int:
    connection = HTTPConnection(parts.hostname or "")
    connection.sock = line
    target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    plain = {"Host": parts.netloc, "Content-Type": "application/json", "User-Agent": USER_AGENT, "Connection": "close"}
    connection.request("POST", target, body=body, headers=plain | dict(headers))
    answer = connection.getresponse()
    answer.read(MOST_READ_BYTES)
    answer.close()
    return answer.status
