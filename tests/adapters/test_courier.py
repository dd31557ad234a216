"""What is posted arrives over TLS at the address that was looked up, and nowhere else, however the server behaves."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.adapters.courier import MOST_READ_BYTES, HttpsCourier
from chalicelib.ports import Receipt

HOST = "erp.example.com"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A key and a certificate of HOST's, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    first, last = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), first, last)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def server(answer, *, certificate=None):
    """A server on this machine that answers each connection with some bytes, or does with it what it likes.

    Gives its port and the requests that came.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    requests = []

    def serve():
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            try:
                if certificate:
                    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                    context.load_cert_chain(certificate)
                    line = context.wrap_socket(line, server_side=True)
                requests.append(_request(line))
                answer(line) if callable(answer) else line.sendall(answer)
            except OSError:
                pass
            finally:
                line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], requests
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _request(line):
    head, body = b"", b""
    while b"\r\n\r\n" not in head:
        head += _more(line)
    head, _, body = head.partition(b"\r\n\r\n")
    length = next(
        int(each.split(b":")[1]) for each in head.split(b"\r\n") if each.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += _more(line)
    return head.decode(), body


def _more(line):
    """Raises OSError where nothing more comes."""
    received = line.recv(65_536)
    if not received:
        raise ConnectionResetError
    return received


def here(port, **more):
    """Of the local run, which may post to this machine."""
    return HttpsCourier(locally=True, **more), f"http://127.0.0.1:{port}/hook?a=1"


def post(courier, url, body=b"{}", **headers):
    return courier.carry(url, body, headers=headers)


def test_what_is_posted_arrives_as_it_is():
    with server(OK) as (port, requests):
        courier, url = here(port)
        assert post(courier, url, '{"name": "Élodie"}'.encode(), **{"Quittance-Sequence": "7"}) == Receipt(status=200)
    ((head, body),) = requests
    lines = head.split("\r\n")
    assert lines[0] == "POST /hook?a=1 HTTP/1.1"
    assert {f"Host: 127.0.0.1:{port}", "Content-Type: application/json", "Quittance-Sequence: 7"} <= set(lines)
    assert "User-Agent: Quittance-Webhooks/1" in lines
    assert body == '{"name": "Élodie"}'.encode()


def test_a_redirect_is_an_answer_like_any_other_and_is_not_followed():
    with server(OK) as (inside, reached):
        moved = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{inside}/\r\nContent-Length: 0\r\n\r\n"
        with server(moved.encode()) as (port, _):
            courier, url = here(port)
            assert post(courier, url) == Receipt(status=307)
    assert reached == []


@pytest.mark.parametrize(
    ("answer", "receipt"),
    [
        pytest.param(b"", Receipt(error="no_answer"), id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", Receipt(error="no_answer"), id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, Receipt(error="no_answer"), id="an endless header"),
        pytest.param(b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno", Receipt(status=503), id="a failure"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000, Receipt(status=200), id="a long body"),
    ],
)
def test_whatever_is_answered_it_is_a_status_or_none(answer, receipt):
    with server(answer) as (port, _):
        courier, url = here(port)
        assert post(courier, url) == receipt


def test_of_an_answer_only_the_beginning_is_read():
    sent = []

    def endless(line):
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent.append(line.send(b"x" * 65_536))

    with server(endless) as (port, _):
        courier, url = here(port, timeout_s=5.0)
        assert post(courier, url) == Receipt(status=200)
    assert sum(sent) < 200 * MOST_READ_BYTES


def test_who_answers_byte_by_byte_is_given_up():
    def drip(line):
        while True:
            line.sendall(b"H")
            time.sleep(0.05)

    with server(drip) as (port, _):
        courier, url = here(port, timeout_s=0.3)
        assert post(courier, url) == Receipt(error="timeout")


def test_who_says_nothing_is_given_up():
    with server(lambda line: time.sleep(2)) as (port, _):
        courier, url = here(port, timeout_s=0.3)
        assert post(courier, url) == Receipt(error="timeout")


def test_who_takes_nearly_the_whole_time_is_heard():
    def late(line):
        time.sleep(0.7)
        line.sendall(OK)

    with server(late) as (port, _):
        courier, url = here(port, timeout_s=1.0)
        assert post(courier, url) == Receipt(status=200)


def test_a_name_server_that_does_not_answer_takes_no_more_than_the_whole_time():
    answered = threading.Event()

    def resolve(host, port):
        answered.wait(5)
        return [PUBLIC]

    assert post(HttpsCourier(resolve=resolve, timeout_s=0.2), f"https://{HOST}/") == Receipt(error="timeout")
    answered.set()


def test_who_cannot_be_reached_at_once_has_less_time_to_answer(monkeypatch):
    real, waits = socket.create_connection, []

    def connect(address, timeout):
        waits.append(timeout)
        if len(waits) == 1:
            time.sleep(timeout)
            raise TimeoutError
        return real(("127.0.0.1", port), timeout=timeout)

    def late(line):
        time.sleep(0.75)
        line.sendall(OK)

    monkeypatch.setattr(socket, "create_connection", connect)
    with server(late) as (port, _):
        courier = HttpsCourier(locally=True, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"], timeout_s=1.0)
        assert post(courier, f"http://127.0.0.1:{port}/") == Receipt(error="timeout")
    assert sum(waits) <= 1.0


def test_where_nobody_listens_nothing_is_answered():
    with server(OK) as (port, _):
        pass
    courier, url = here(port)
    assert post(courier, url) == Receipt(error="no_answer")


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.0.0.7"],
        ["::ffff:192.168.0.1"],
        [PUBLIC, "127.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_not_followed(addresses, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("nothing may be connected to"))
    courier = HttpsCourier(resolve=lambda host, port: addresses)
    assert post(courier, f"https://{HOST}/") == Receipt(error="address_not_allowed")


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "https://127.0.0.1/", "http://erp.example.com/", "file:///etc"])
def test_what_may_not_be_a_webhook_is_not_posted_to(url, monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("nothing may be connected to"))
    assert post(HttpsCourier(), url) == Receipt(error="address_not_allowed")


def test_a_name_that_leads_nowhere():
    def nowhere(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert post(HttpsCourier(resolve=nowhere), f"https://{HOST}/") == Receipt(error="name_not_found")
    assert post(HttpsCourier(resolve=lambda *_: []), f"https://{HOST}/") == Receipt(error="no_answer")


@pytest.fixture
def rerouted(monkeypatch):
    """What is connected to, and the way to a server of the test's instead."""
    connected, real = [], socket.create_connection

    def to(port):
        def connect(address, **more):
            connected.append(address)
            return real(("127.0.0.1", port), **more)

        monkeypatch.setattr(socket, "create_connection", connect)
        return connected

    return to


def test_the_address_that_was_checked_is_the_one_connected_to_and_the_name_is_in_the_certificate(certificate, rerouted):
    asked = []

    def resolve(host, port):
        asked.append((host, port))
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]  # whoever asks twice is led inside

    with server(OK, certificate=certificate) as (port, requests):
        connected = rerouted(port)
        courier = HttpsCourier(resolve=resolve, tls=ssl.create_default_context(cafile=certificate))
        assert post(courier, f"https://{HOST}:8443/hook") == Receipt(status=200)
    assert (asked, connected) == ([(HOST, 8443)], [(PUBLIC, 8443)])
    assert f"Host: {HOST}:8443" in requests[0][0]


def test_a_certificate_that_nobody_vouches_for_or_of_another_name_is_not_trusted(certificate, rerouted):
    with server(OK, certificate=certificate) as (port, requests):
        rerouted(port)
        unknown = HttpsCourier(resolve=lambda *_: [PUBLIC])
        trusting = HttpsCourier(resolve=lambda *_: [PUBLIC], tls=ssl.create_default_context(cafile=certificate))
        assert post(unknown, f"https://{HOST}/") == Receipt(error="tls_failed")
        assert post(trusting, "https://other.example.com/") == Receipt(error="tls_failed")
    assert requests == []


def test_the_second_address_is_tried_where_the_first_does_not_answer(rerouted, monkeypatch):
    with server(OK) as (port, _):
        connected = rerouted(port)
        reached = socket.create_connection

        def first_fails(address, **more):
            line = reached(address, **more)
            if len(connected) == 1:
                line.close()
                raise ConnectionRefusedError
            return line

        monkeypatch.setattr(socket, "create_connection", first_fails)
        courier, url = (
            HttpsCourier(locally=True, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"]),
            "http://127.0.0.1:8080/",
        )
        assert post(courier, url) == Receipt(status=200)
    assert [address for address, _ in connected] == ["127.0.0.2", "127.0.0.1"]
