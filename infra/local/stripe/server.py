"""The stand-in as an HTTP server: Stripe's API, the payer's pages, and the control."""

import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from infra.local.stripe import checkout, merchants, pages
from infra.local.stripe.api import PLATFORM, Api, Asked, decoded
from infra.local.stripe.books import Books, Object
from infra.local.stripe.control import Control
from infra.local.stripe.customers import open_account
from infra.local.stripe.refusals import Refusal, invalid
from infra.local.stripe.webhooks import Courier, Endpoint

_POLL_S = 0.02  # how long stop() may wait
_HTML = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A running stand-in: its address, and its control in this process."""

    url: str
    api: Api
    control: Control
    courier: Courier
    _server: ThreadingHTTPServer

    @property
    def contract_errors(self) -> list[str]:
        """Everything asked or answered that the installed SDK's types do not allow."""
        return self.api.contract_errors

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.courier.stop()
        self.api.books.close()


def start(
    *,
    port: int = 0,
    webhook_url: str | None = None,
    webhook_secret: str = "whsec_stand_in",  # noqa: S107 - opens nothing but the stand-in
    platform_key: str = "sk_test_platform",
    accounts: Mapping[str, str] | Sequence[str] = (),
    clock: Callable[[], float] = time.time,
    data: Path | None = None,
) -> StandIn:
    """Serve on 127.0.0.1; port 0 takes a free one.

    accounts: the connected accounts, by id; with a key of its own each if it is a mapping.
    clock:    seconds since 1970; Stripe's sense of time.
    data:     a folder in which everything is kept; without it, all is forgotten at the end.
    """
    books = Books(clock=clock, file=data / "stripe.jsonl" if data else None)
    courier = Courier(books, platform=PLATFORM, clock=clock)
    api = Api(books=books, announce=courier.announce, keys={platform_key: PLATFORM})
    control = Control(api, courier)
    _open_accounts(api, accounts)
    own = merchants.reopen(api, site=_site(webhook_url or ""))
    if webhook_url:
        courier.listen(
            [Endpoint(url=webhook_url, secrets=(webhook_secret,), connect=connect) for connect in (True, False)] + own,
        )
    server = _Server(("127.0.0.1", port), _handler(api, control))
    url = f"http://127.0.0.1:{server.server_port}"
    api.public_url = url
    books.readdress(PLATFORM, url)
    courier.start()
    serve = partial(server.serve_forever, poll_interval=_POLL_S)
    threading.Thread(target=serve, name="stripe-stand-in", daemon=True).start()
    return StandIn(url=url, api=api, control=control, courier=courier, _server=server)


def _site(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else ""


def _open_accounts(api: Api, accounts: Mapping[str, str] | Sequence[str]) -> None:
    for account in (PLATFORM, *accounts):
        if account not in api.books.accounts():
            open_account(api.shop(PLATFORM), account)
    if isinstance(accounts, Mapping):
        api.keys.update({key: account for account, key in accounts.items()})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler(api: Api, control: Control) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pages = _Pages(api, control)

    Handler.api, Handler.control = api, control
    return Handler


Reply = tuple[int, dict[str, str], bytes]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    api: Api
    control: Control
    pages: "_Pages"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the requests are kept."""

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urllib.parse.urlsplit(self.path)
        try:
            status, headers, body = self._reply(url, sent)
        except ConnectionAbortedError:
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reply(self, url: urllib.parse.SplitResult, sent: bytes) -> Reply:
        if url.path.startswith("/c/"):
            return self.pages.reply(self.command, url.path, sent)
        if url.path.startswith("/_control/"):
            return self._deed(url.path.removeprefix("/_control/"), sent)
        form = sent.decode() if self.command == "POST" else url.query
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(method=self.command, path=url.path, parameters=decoded(form), headers=headers)
        answer = self.api.answer(asked)
        return _json(answer.status, answer.body, answer.headers)

    def _deed(self, deed: str, sent: bytes) -> Reply:
        try:
            return _json(200, self.control.answer(self.command, deed, json.loads(sent or b"{}")))
        except Refusal as refusal:
            return _json(refusal.status, refusal.body)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # JSON of another shape
            return _json(400, invalid(f"This cannot be understood: {error!r}").body)


def _json(status: int, body: object, headers: Mapping[str, str] | None = None) -> Reply:
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body).encode()


class _Pages:
    """/c/pay/{session}, /c/3ds/{intent}, /c/receipt/{charge}."""

    def __init__(self, api: Api, control: Control) -> None:
        self._api, self._control = api, control

    def reply(self, method: str, path: str, sent: bytes) -> Reply:
        form = dict(urllib.parse.parse_qsl(sent.decode()))
        _, _, page, id_ = path.split("/", 3) if path.count("/") >= 3 else ("", "", "", "")  # noqa: PLR2004
        shown: dict[str, Any] = {"pay": self._checkout, "3ds": self._authentication, "receipt": self._receipt}
        try:
            with self._api.books.lock:
                if page in shown:
                    reply: Reply = shown[page](id_, form if method == "POST" else None)
                    return reply
        except Refusal:
            return 410, _HTML, pages.gone_page(None).encode()
        return 404, _HTML, pages.gone_page(None).encode()

    def _checkout(self, id: str, form: dict[str, str] | None) -> Reply:
        shop = self._control.owner("checkout.session", id)
        session = checkout.retrieve(shop, id, {})
        error = ""
        if form is not None:
            try:
                intent = checkout.pay(shop, id, card=form["pm"], email=form.get("email") or "payer@example.com")
            except Refusal as refusal:
                error = str(refusal)
            else:
                return _onwards(session, intent)
        if session["status"] != "open":
            return 410, _HTML, pages.gone_page(session["locale"]).encode()
        return 200, _HTML, pages.checkout_page(session, error=error, chosen=(form or {}).get("pm", "")).encode()

    def _authentication(self, id: str, form: dict[str, str] | None) -> Reply:
        shop = self._control.owner("payment_intent", id)
        session = checkout.session_of(shop, id)
        if form is None:
            page = pages.authentication_page(shop.find("payment_intent", id), locale=session["locale"])
            return 200, _HTML, page.encode()
        try:
            checkout.authenticate(shop, id, passed=form.get("ok") == "1")
        except Refusal as refusal:
            return 200, _HTML, pages.checkout_page(session, error=str(refusal)).encode()
        return _onwards(session, shop.find("payment_intent", id))

    def _receipt(self, id: str, _: dict[str, str] | None) -> Reply:
        return 200, _HTML, pages.receipt_page(self._control.owner("charge", id).find("charge", id)).encode()


def _onwards(session: Object, intent: Object) -> Reply:
    if intent["status"] == "requires_action":
        return 303, {"Location": intent["next_action"]["redirect_to_url"]["url"]}, b""
    return 303, {"Location": session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])}, b""
