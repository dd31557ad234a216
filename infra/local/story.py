"""The main job as a short live story over HTTP: each step with its request, its result and a link."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from infra.local.control import Identity
from infra.local.visitor import Answered, Browser, Program

CARD = "pm_card_visa"
CLIENT_MAIL = "marie.gagnon@example.com"
WIDEST = 110

CLIENT = {
    "name": "Marie Gagnon",
    "email": CLIENT_MAIL,
    "language": "fr",
    "address": {
        "lines": ["5 Grande Allée"],
        "city": "Québec",
        "region": "QC",
        "postal_code": "G1R 2J1",
        "country": "CA",
    },
}
LINES = [
    {"description": "Remplacement du chauffe-eau", "quantity": "1", "unit_price": "1149.00"},
    {"description": "Main-d'œuvre", "quantity": "3.5", "unit": "h", "unit_price": "95.00"},
]
SCHEDULE = [
    {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 7}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 37}},
]


@dataclass(slots=True, kw_only=True)
class Telling:
    """What the story knows so far."""

    program: Program
    say: Callable[[str], None]
    browser: Browser = field(default_factory=Browser)
    client_id: str = ""
    quote_id: str = ""
    invoice_id: str = ""
    portal_link: str = ""

    def do(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON of any shape
        """Make a request, and show it with its answer."""
        shown = "" if body is None else " " + json.dumps(body, ensure_ascii=False)
        self.say(f"    {_short(f'{method} {path}{shown}')}")
        answered = self.program.ask(method, path, body)
        self.say(f"    -> {answered.status} {_short(_gist(answered))}")
        return answered.json if answered.text else None

    def mail_to(self, address: str) -> dict[str, Any]:
        """The newest mail to this address."""
        self.program.ask("POST", "/_local/settle", {})
        mails = self.program.ask("GET", f"/_local/mail?to={address}").json
        mail: dict[str, Any] = mails[-1]
        self.say(f"    mail to {address}: {mail['subject']}  {self.program.url}/_local/mail/{mail['id']}")
        return mail


def play(identity: Identity, *, say: Callable[[str], None]) -> str:
    """Tell it; returns the link into the client's portal."""
    began = time.monotonic()
    telling = Telling(program=Program(url=identity.url, api_key=identity.api_key), say=say)
    for number, (sentence, step) in enumerate(STEPS, start=1):
        say(f"\n{number}. {sentence}")
        step(telling)
    say(f"\nThe main job, from the quote to the payment, in {time.monotonic() - began:.1f} seconds.")
    return telling.portal_link


def _client(telling: Telling) -> None:
    telling.client_id = telling.do("POST", "/v1/clients", CLIENT)["id"]


def _quote(telling: Telling) -> None:
    body = {
        "client_id": telling.client_id,
        "lines": LINES,
        "schedule": SCHEDULE,
        "invoicing": {"mode": "per_instalment", "send": "on_date"},
    }
    telling.quote_id = telling.do("POST", "/v1/quotes", body)["id"]


def _sent(telling: Telling) -> None:
    telling.do("POST", f"/v1/quotes/{telling.quote_id}/send", {})
    telling.portal_link = _portal_link(telling.mail_to(CLIENT_MAIL))
    telling.say(f"    the client's page: {telling.portal_link}")


def _approved(telling: Telling) -> None:
    telling.do("POST", f"/v1/quotes/{telling.quote_id}/approve", {"by": "Marie Gagnon"})


def _drafted(telling: Telling) -> None:
    telling.program.ask("POST", "/_local/settle", {})
    drafts = telling.do("GET", f"/v1/invoices?quote_id={telling.quote_id}")["data"]
    for draft in sorted(drafts, key=lambda each: str(each["send_on"])):
        telling.say(
            f"    {draft['id']}: {draft['status']}, {draft['total']} {draft['currency']}, to send on {draft['send_on']}"
        )
    telling.invoice_id = min(drafts, key=lambda each: str(each["send_on"]))["id"]


def _the_day(telling: Telling) -> None:
    send_on = telling.program.ask("GET", f"/v1/invoices/{telling.invoice_id}").json["send_on"]
    now = datetime.fromisoformat(telling.program.ask("GET", "/v1/sandbox/clock").json["now"])
    day = max(date.fromisoformat(send_on), now.date())
    telling.do("POST", "/_local/clock", {"now": f"{day.isoformat()}T15:00:00Z"})


def _issued(telling: Telling) -> None:
    invoice = telling.do("GET", f"/v1/invoices/{telling.invoice_id}")
    telling.say(f"    number {invoice['number']}, {invoice['status']}, total {invoice['total']} {invoice['currency']}:")
    taxes = ", ".join(f"{tax['code']} {tax['amount']}" for tax in invoice["taxes"])
    telling.say(f"    net {invoice['net_total']}, {taxes}; due on {invoice['due_date']}")
    telling.say(
        f"    PDF: {telling.program.url}/v1/invoices/{telling.invoice_id}/pdf (sha256 {invoice['pdf']['sha256']})"
    )


def _mailed(telling: Telling) -> None:
    mail = telling.mail_to(CLIENT_MAIL)
    for attached in mail["attachments"]:
        telling.say(f"    attached: {attached['name']}, {attached['size']} bytes")
    telling.portal_link = _portal_link(mail)
    telling.say(f"    the client's page: {telling.portal_link}")


def _paid(telling: Telling) -> None:
    browser = telling.browser
    browser.visit(telling.portal_link)
    telling.say(f"    GET {browser.address}")
    browser.send("/pay")
    telling.say(f"    Stripe's page: {browser.address}")
    browser.send("", pm=CARD)
    telling.say(f"    back at {_short(browser.address)}")


def _settled(telling: Telling) -> None:
    telling.do("POST", "/_local/settle", {})
    invoice = telling.do("GET", f"/v1/invoices/{telling.invoice_id}")
    telling.say(
        f"    {invoice['status']}: paid {invoice['paid_total']}, due {invoice['amount_due']} {invoice['currency']}"
    )


def _notified(telling: Telling) -> None:
    business = telling.program.ask("GET", "/v1/business").json
    telling.mail_to(business["email"])
    telling.mail_to(CLIENT_MAIL)
    for event in telling.do("GET", f"/v1/invoices/{telling.invoice_id}/timeline")["data"]:
        telling.say(f"    {event['at']}  {event['type']}")


STEPS: tuple[tuple[str, Callable[[Telling], None]], ...] = (
    ("A client is entered.", _client),
    ("A quote is written: two lines, paid in two instalments.", _quote),
    ("It is sent; the client gets a mail with a link.", _sent),
    ("The client says yes.", _approved),
    ("Its draft invoices appear by themselves.", _drafted),
    ("The clock moves to the first invoice's day.", _the_day),
    ("The invoice has its number and its PDF.", _issued),
    ("It was mailed.", _mailed),
    ("The client pays in the portal.", _paid),
    ("Stripe's signed webhook has marked it paid.", _settled),
    ("The business was told, and the client thanked.", _notified),
)


def _portal_link(mail: dict[str, Any]) -> str:
    link: str = next(link for link in mail["links"] if "/portal/" in link)
    return link


def _gist(answered: Answered) -> str:
    """What a person wants to see of an answer."""
    if not answered.text:
        return ""
    body = answered.json
    if not isinstance(body, dict):
        return answered.text
    told = ("id", "status", "number", "total", "amount_due", "currency", "now", "drained", "failures", "dead_letters")
    gist = {name: body[name] for name in told if body.get(name) is not None}
    if isinstance(body.get("data"), list):
        gist["data"] = f"{len(body['data'])} of them"
    return json.dumps(gist, ensure_ascii=False)


def _short(line: str) -> str:
    return line if len(line) <= WIDEST else line[: WIDEST - 1] + "…"
