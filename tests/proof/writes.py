"""Every operation of the API that takes an Idempotency-Key: how to come to where it can be done, and what it does once.

A new operation fails ``test_repeated_writes`` until it has its line here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from chalicelib.entrypoints.http import openapi
from tests.flows.things import Answer
from tests.flows.world import World
from tests.proof.card_writes import CARDS
from tests.proof.contract_writes import CONTRACTS
from tests.proof.export_writes import EXPORTS
from tests.proof.import_writes import IMPORTS
from tests.proof.item_writes import ITEMS
from tests.proof.letter_writes import LETTERS
from tests.proof.money_writes import MONEY
from tests.proof.operations import Asked, every_operation
from tests.proof.plan_writes import PLANS
from tests.proof.sales_writes import SALES
from tests.proof.webhook_writes import WEBHOOKS
from tests.proof.work_writes import WORK

Ids = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What one operation is asked to do.

    made: makes what the operation needs; its ids go into the path and into the body where it says ``{client_id}``.
    events: what the journal tells of it, in alphabetical order; begun: what the first of several transactions tells.
    """

    made: Callable[[World], Ids] = lambda _: {}
    body: dict[str, Any] | None = None
    events: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request that can be sent any number of times with one Idempotency-Key."""

    world: World
    method: str
    path: str
    body: dict[str, Any] | None
    key: str
    credential: str

    def send(self, **instead: Any) -> Answer:
        """instead: another ``method``, ``path`` or ``body``."""
        plain = {"method": self.method, "path": self.path, "body": self.body}
        return self.world.api(**plain | instead, key=self.credential, Idempotency_Key=self.key)


def taking_a_key() -> list[Asked]:
    return [asked for asked in every_operation() if "Idempotency-Key" in asked.parameters("header")]


def is_remembered(asked: Asked) -> bool:
    """Not where doing it again is as good as the first answer."""
    return _promise(asked) != openapi.NOT_KEPT


def is_remembered_for_ever(asked: Asked) -> bool:
    return _promise(asked) == openapi.KEPT_FOR_EVER


def status(asked: Asked) -> int:
    """Of a request that went well."""
    return max(status for status in map(int, asked.spec["responses"]) if status < HTTPStatus.MULTIPLE_CHOICES)


def prepared(world: World, asked: Asked, *, key: str = "the key") -> Prepared:
    deed = DEEDS[str(asked)]
    ids = deed.made(world) | {"house": world.house.id}
    return Prepared(
        world=world,
        method=asked.method,
        path=asked.path.format(**ids),
        body=_filled(deed.body, ids),
        key=key,
        credential=world.house.key,
    )


def _promise(asked: Asked) -> str:
    (header,) = [each for each in asked.spec["parameters"] if each["name"] == "Idempotency-Key"]
    return str(header["description"])


def _filled(value: Any, ids: Ids) -> Any:
    if isinstance(value, dict):
        return {name: _filled(inner, ids) for name, inner in value.items()}
    return value.format(**ids) if isinstance(value, str) else value


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _linked(world: World) -> Ids:
    ids = _client(world)
    world.ok("POST", f"/v1/clients/{ids['client_id']}/portal-link", {})
    return ids


def _quote(world: World) -> Ids:
    return {"quote_id": world.quote()["id"]}


def _quote_in_halves(world: World) -> Ids:
    halves = [{"label": "Acompte", "percent": "50"}, {"label": "Solde", "remainder": True}]
    return {"quote_id": world.quote(schedule=halves)["id"]}


def _draft(world: World) -> Ids:
    return {"invoice_id": world.draft()["id"]}


def _invoice(world: World) -> Ids:
    return {"invoice_id": world.invoice()["id"]}


def _milestone(world: World) -> Ids:
    """An issued invoice of which one instalment waits for the work."""
    due = {"days_after": "completion", "days": 10}
    schedule = [{"percent": "50"}, {"remainder": True, "due": due}]
    return {"invoice_id": world.invoice(schedule=schedule)["id"], "instalment_id": "2"}


def _late_invoice(world: World) -> Ids:
    world.ok("PATCH", "/v1/business", {"late_fee": {"flat": "15"}})
    ids = _invoice(world)
    world.time.pass_(days=40)
    return ids


def _milestone(world: World) -> Ids:
    """An issued invoice of which one instalment waits for the work."""
    due = {"days_after": "completion", "days": 10}
    schedule = [{"percent": "50"}, {"remainder": True, "due": due}]
    return {"invoice_id": world.invoice(schedule=schedule)["id"], "instalment_id": "2"}


def _plan(world: World) -> Ids:
    """A run of reminders of one invoice that is due tomorrow."""
    world.ok("PATCH", "/v1/business", {"reminders": [{"days": -29}], "automation": {"remind": False}})
    world.invoice()
    world.time.pass_(days=1)
    return {"plan_hash": world.ok("POST", "/v1/reminders/preview", {})["plan_hash"]}


def _user(world: World) -> Ids:
    person = PERSON | {"subject": world.house.id}
    return {"user_id": world.ok("POST", "/v1/users", person)["id"]}


def _key(world: World) -> Ids:
    return {"key_id": world.ok("POST", "/v1/keys", {"name": "till", "role": "manager"})["id"]}


def _entry(world: World) -> Ids:
    return {"code": world.ok("POST", "/v1/catalog", ENTRY)["code"]}


def _client_and_entry(world: World) -> Ids:
    return _client(world) | _entry(world)


def _priced(world: World) -> Ids:
    ids = _client_and_entry(world)
    world.ok("PUT", f"/v1/clients/{ids['client_id']}/prices/{ids['code']}", {"unit_price": "70"})
    return ids


def _merchant(world: World) -> Ids:
    return {"restricted_key": world.stripe.control.merchant({})["restricted_key"]}


def _paid_by_its_own_key(world: World) -> Ids:
    ids = _merchant(world)
    world.ok("PUT", "/v1/business/stripe-key", {"restricted_key": ids["restricted_key"]})
    return ids


def _sandbox(world: World) -> Ids:
    """One whose clock stands still now, in the month in which all of it happens."""
    now = world.time.instant
    world.business(sandbox=True, clock=now)
    return {"tomorrow": (now + timedelta(days=1)).isoformat()}


LINES = [{"description": "Remplacement du chauffe-eau", "unit_price": "1000.00"}]
ENTRY = {"code": "VISIT", "name": "Visite", "unit_price": "80"}
PERSON = {
    "subject": "{house}",
    "email": "ann@example.com",
    "name": "Ann",
    "role": "owner",
    "issuer": "https://login.example",
}
SOLD = {"client_id": "{client_id}", "lines": LINES}

OTHERS = CARDS | CONTRACTS | EXPORTS | IMPORTS | ITEMS | LETTERS | MONEY | PLANS | SALES | WEBHOOKS | WORK
DEEDS = {
    "POST /v1/catalog": Deed(body=ENTRY, events=("catalog.changed",)),
    "PATCH /v1/catalog/{code}": Deed(made=_entry, body={"unit_price": "90"}, events=("catalog.changed",)),
    "POST /v1/catalog/import": Deed(
        body={"csv": "code,name,unit_price\nPR,First meeting,50"}, events=("catalog.changed",)
    ),
    "PUT /v1/clients/{client_id}/prices/{code}": Deed(
        made=_client_and_entry, body={"unit_price": "70"}, events=("catalog.price_agreed",)
    ),
    "DELETE /v1/clients/{client_id}/prices/{code}": Deed(made=_priced, events=("catalog.price_ended",)),
    "DELETE /v1/catalog/{code}": Deed(made=_entry, events=("catalog.changed",)),
    "PATCH /v1/business": Deed(body={"phone": "+1 514 555 0199"}, events=("business.changed",)),
    "PATCH /v1/business/tax-rates": Deed(
        body={"tax_rates": [{"code": "TPS", "rate_percent": "5"}]}, events=("business.changed",)
    ),
    "PUT /v1/business/stripe-key": Deed(
        made=_merchant, body={"restricted_key": "{restricted_key}"}, events=("business.changed",)
    ),
    "DELETE /v1/business/stripe-key": Deed(made=_paid_by_its_own_key, events=("business.changed",)),
    "POST /v1/clients": Deed(body={"name": "Marie"}, events=("client.added",)),
    "PATCH /v1/clients/{client_id}": Deed(made=_client, body={"name": "Zoé"}, events=("client.changed",)),
    "DELETE /v1/clients/{client_id}": Deed(made=_client, events=("client.removed",)),
    "POST /v1/clients/{client_id}/portal-link": Deed(made=_client, body={}),
    "DELETE /v1/clients/{client_id}/portal-link": Deed(made=_linked, events=("client.links_ended",)),
    "POST /v1/invoices": Deed(made=_client, body=SOLD, events=("invoice.drafted", "job.opened")),
    "POST /v1/invoices/preview": Deed(body={"lines": LINES}),
    "PATCH /v1/invoices/{invoice_id}": Deed(made=_draft, body={"notes": "Merci"}, events=("invoice.edited",)),
    "DELETE /v1/invoices/{invoice_id}": Deed(made=_draft, events=("invoice.removed",)),
    "POST /v1/invoices/{invoice_id}/issue": Deed(made=_draft, body={}, events=("invoice.issued",)),
    "POST /v1/invoices/{invoice_id}/instalments/{instalment_id}/complete": Deed(
        made=_milestone, body={}, events=("invoice.instalment_completed",)
    ),
    "POST /v1/invoices/{invoice_id}/payment-link": Deed(
        made=_invoice, body={"choice": "all"}, events=("invoice.checkout_opened", "invoice.checkout_reserved")
    ),
    "POST /v1/invoices/{invoice_id}/payments": Deed(
        made=_invoice,
        body={"amount": "1149.75", "method": "cash"},
        events=("invoice.paid", "payment.received"),
    ),
    "POST /v1/invoices/{invoice_id}/remind": Deed(
        made=_invoice, body={}, events=("invoice.reminder_requested", "reminder.queued")
    ),
    "POST /v1/invoices/{invoice_id}/promise": Deed(
        made=_invoice, body={"on": "2026-04-20"}, events=("invoice.payment_promised",)
    ),
    "POST /v1/invoices/{invoice_id}/late-fees": Deed(
        made=_late_invoice, body={}, events=("invoice.drafted", "invoice.late_fee_charged")
    ),
    "POST /v1/reminders/preview": Deed(body={}),
    "POST /v1/reminders/run": Deed(
        made=_plan, body={"plan_hash": "{plan_hash}"}, events=("invoice.reminder_step", "reminder.queued")
    ),
    "PATCH /v1/invoices/{invoice_id}/reminders": Deed(
        made=_invoice, body={"reminders": "off"}, events=("invoice.reminders_switched",)
    ),
    "POST /v1/invoices/{invoice_id}/schedule": Deed(
        made=_draft, body={"send_on": "2026-05-01"}, events=("invoice.scheduled",)
    ),
    "POST /v1/invoices/{invoice_id}/send": Deed(made=_invoice, body={}, events=("invoice.send_requested",)),
    "POST /v1/invoices/{invoice_id}/void": Deed(made=_invoice, body={}, events=("invoice.voided",)),
    "POST /v1/keys": Deed(body={"name": "till"}, events=("key.created",)),
    "DELETE /v1/keys/{key_id}": Deed(made=_key, events=("key.revoked",)),
    "POST /v1/quotes/{quote_id}/deposit": Deed(
        made=_quote, body={"percent": "30"}, events=("invoice.drafted", "quote.deposits_changed")
    ),
    "POST /v1/quotes": Deed(made=_client, body=SOLD, events=("job.opened", "quote.drafted")),
    "PATCH /v1/quotes/{quote_id}": Deed(made=_quote, body={"notes": "Merci"}, events=("quote.edited",)),
    "DELETE /v1/quotes/{quote_id}": Deed(made=_quote, events=("quote.removed",)),
    "POST /v1/quotes/{quote_id}/approve": Deed(made=_quote, body={"by": "Marie"}, events=("quote.approved",)),
    "POST /v1/quotes/{quote_id}/decline": Deed(made=_quote, body={"by": "Marie"}, events=("quote.declined",)),
    "POST /v1/quotes/{quote_id}/invoices": Deed(
        made=_quote_in_halves,
        body={"mode": "per_instalment"},
        events=("invoice.drafted", "invoice.drafted", "quote.invoiced"),
    ),
    "POST /v1/quotes/{quote_id}/send": Deed(made=_quote, body={}, events=("quote.send_requested",)),
    "POST /v1/sandbox/clock": Deed(made=_sandbox, body={"now": "{tomorrow}"}, events=("business.clock_moved",)),
    "POST /v1/users": Deed(body=PERSON, events=("user.added",)),
    "PATCH /v1/users/{user_id}": Deed(made=_user, body={"role": "manager"}, events=("user.changed",)),
    **{name: Deed(**told) for name, told in OTHERS.items()},
}
