"""A business with something of everything, whose every word is a planted one."""

import json
import re
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.business import InvoiceDefaults, Numbering
from tests import builders as b
from tests.flows import till
from tests.flows.shop import Shop, shop
from tests.flows.things import House
from tests.flows.world import World

ID = re.compile(r"\b[a-z]{2,4}_[0-9A-HJKMNP-TV-Z]{26}\b")
SECRET = re.compile(
    r"sk_(?:test|live)_[\w-]+|(?<=/portal/l/)[\w-]+|\bc[hs]_test_\w+|\bpi_\w+|\bacct_\w+|\bwhsec_[\w-]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """mark:  stands in every word of the business's.
    ids:   what it has, by the names of parameters and fields.
    own:   its own account at Stripe, beside the one that is connected.
    links: the portal links of its clients.
    words: whatever of it nobody else may be told.
    """

    house: House
    own: Shop
    mark: str
    ids: dict[str, list[str]]
    links: list[str]
    words: frozenset[str]

    def first(self) -> dict[str, str]:
        return {name: values[0] for name, values in self.ids.items()}

    def told_in(self, text: str, *, sent: tuple[str, ...] = ()) -> set[str]:
        """What of the business an answer tells to whoever had sent these words."""
        told = text.casefold()
        for known in sent:
            told = told.replace(known.casefold(), "")
        return {word for word in self.words if word.casefold() in told}

    def rows(self, world: World) -> list[str]:
        """Everything that is kept of the business."""
        return _rows_of(self.house, world)


LISTED = (
    *("clients", "quotes", "deals", "orders", "visits", "jobs", "items", "invoices", "payments", "keys"),
    *("plans", "reminders", "webhooks", "exports", "contracts", "batches"),
)


def moved_in(world: World, mark: str, *, telephone: str) -> Neighbour:
    """A new business with documents in every state, money, people, keys and links."""
    house = world.business(
        name=f"Maison {mark}",
        legal_name=f"{mark} Inc.",
        email=f"office@{mark}.example",
        phone=telephone,
        tax_rates=(
            b.a_rate(f"{mark}TPS", "5", registration_number=f"{mark}RT1"),
            b.a_rate(f"{mark}TVQ", "9.975", registration_number=f"{mark}TQ1"),
        ),
        numbering=Numbering(prefix=f"{mark}-"),
        invoice_defaults=InvoiceDefaults(notes=f"{mark} notes", terms=f"{mark} terms"),
    )
    links = _sold(world, mark, telephone)
    own = shop(world).connect()
    listed = {name: _rows(world, f"/v1/{name}") for name in LISTED}
    ids = {f"{name[:-1]}_id": [row["id"] for row in rows] for name, rows in listed.items() if name != "batches"}
    ids |= {
        "credit_note_id": [row["id"] for row in _rows(world, "/v1/credit-notes")],
        "user_id": [row["id"] for row in _rows(world, "/v1/users")],
        "batch_id": [row["id"] for row in listed["batches"]],
        "plan_hash": [row["plan_hash"] for row in listed["batches"]],
        "delivery_id": [row["id"] for row in _rows(world, "/v1/deliveries")],
        "code": [row["code"] for row in _rows(world, "/v1/catalog")],
        "document_id": ids["quote_id"] + ids["invoice_id"],
        "number": [row["number"] for row in listed["invoices"] if row["number"]],
        "job_id": [listed["visits"][0]["job_id"], ids["job_id"][0]],
        "technician_id": ids["key_id"][:1],
        "refund_id": [row["id"] for id in ids["payment_id"] for row in _rows(world, f"/v1/payments/{id}/refunds")],
        "payout_id": [row["id"] for row in _rows(world, "/v1/payouts")],
        "tax": [f"{mark}TPS"],
        "stripe_account": [house.account],
    }
    told = str([*_rows_of(house, world), ids])
    words = {*ID.findall(told), *SECRET.findall(told), mark, telephone, house.id, house.key, house.account}
    words |= {own.key, own.secret, own.endpoint, *(link.rpartition("/")[2] for link in links)}
    return Neighbour(house=house, own=own, mark=mark, ids=ids, links=links, words=frozenset(words))


def _sold(world: World, mark: str, telephone: str) -> list[str]:
    """Everything a business does; the links it gave its clients."""
    for number in (1, 2):
        world.ok("POST", "/v1/catalog", {"code": f"{mark}-{number}", "name": f"{mark} visit", "unit_price": "7351.19"})
        person = {"issuer": f"https://{mark}.example", "email": f"{number}@{mark}.example", "name": f"{mark} person"}
        world.ok("POST", "/v1/users", person | {"subject": f"{mark}{number}", "role": "manager"})
        world.key("accountant")
    one, two = (_client(world, mark, telephone, number) for number in (1, 2))
    for client in (one, two):
        for number in (1, 2):
            price = {"unit_price": "7351.18"}
            world.ok("PUT", f"/v1/clients/{client['id']}/prices/{mark}-{number}", price)
    world.ok("PUT", "/v1/business/letters/invoice_sent/fr", {"greeting": f"{mark} salue {{client}}"})
    sold: dict[str, Any] = {"lines": [{"catalog_code": f"{mark}-1"}], "notes": f"{mark} note"}
    halves = [{"label": f"{mark} half", "percent": "50"}, {"label": f"{mark} rest", "remainder": True}]
    _quotes(world, one, two, sold | {"schedule": halves})
    _invoices(world, one, sold)
    _sales(world, one, sold, mark)
    _plans(world, one, sold, mark)
    _contracts(world, one, mark)
    _visits(world, one, mark)
    _items(world, one, mark)
    _money(world, two, sold, mark)
    links = [world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"] for client in (one, two)]
    world.settle()
    _hooks(world, mark)
    _paid_out(world)
    _exported(world)
    return links


def _hooks(world: World, mark: str) -> None:
    """Told of what happens from now on: each is told of one event after the other, which takes long."""
    for number in (1, 2):
        hook = {"url": f"https://{mark.lower()}.example/hook/{number}", "description": f"{mark} ledger"}
        world.ok("POST", "/v1/webhooks", hook)


def _client(world: World, mark: str, telephone: str, number: int) -> Any:
    return world.client(
        name=f"{mark} client {number}",
        email=f"client{number}@{mark}.example",
        phone=telephone,
        contact=f"{mark} contact",
        address={"lines": [f"{number} rue {mark}"], "city": f"{mark}ville", "country": "CA"},
        tax_number=f"{mark}-tax",
        reference=f"{mark}-reference",
        notes=f"{mark} knows the dog",
    )


def _quotes(world: World, one: Any, two: Any, sold: dict[str, Any]) -> None:
    """One in each state, and one turned into invoices."""
    world.quote(one, **sold)
    sent, approved, declined, invoiced = (world.quote(client, **sold) for client in (one, two, one, two))
    world.ok("POST", f"/v1/quotes/{sent['id']}/send", {})
    world.approve(approved)
    world.ok("POST", f"/v1/quotes/{declined['id']}/decline", {"by": two["name"]})
    world.ok("POST", f"/v1/quotes/{invoiced['id']}/invoices", {"mode": "per_instalment"})


def _invoices(world: World, client: Any, sold: dict[str, Any]) -> None:
    """One in each state without money."""
    world.draft(client, **sold)
    world.draft(client, **sold | {"send_on": "2026-06-01"})
    world.invoice(client, **sold)
    void, sent, late = world.invoice(client, **sold), world.draft(client, **sold), world.draft(client, **sold)
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {"reason": client["name"]})
    world.ok("POST", f"/v1/invoices/{sent['id']}/send", {})
    world.ok("PATCH", f"/v1/invoices/{late['id']}", {"due_date": "2026-03-02"})
    world.ok("POST", f"/v1/invoices/{late['id']}/issue", {})
    world.ok("POST", f"/v1/invoices/{late['id']}/remind", {})
    world.ok("POST", f"/v1/invoices/{late['id']}/promise", {"on": "2026-04-20", "note": client["notes"]})


def _sales(world: World, client: Any, sold: dict[str, Any], mark: str) -> None:
    """Two of each kind, one of them made of another; some billed."""
    wish = sold | {"client_id": client["id"], "purchase_order": f"{mark} purchase"}
    deal = world.ok("POST", "/v1/deals", wish)
    world.ok("POST", "/v1/deals", wish)
    order = world.ok("POST", f"/v1/deals/{deal['id']}/orders", {})
    delivery = world.ok("POST", f"/v1/orders/{order['id']}/deliveries", {})
    world.ok("POST", f"/v1/deliveries/{delivery['id']}/invoices", {})
    world.ok("POST", f"/v1/quotes/{world.quote(client, **sold)['id']}/orders", {})
    world.ok("POST", "/v1/deliveries", wish)


def _plans(world: World, client: Any, sold: dict[str, Any], mark: str) -> None:
    """One that is paused, and one to come."""
    wish = sold | {"client_id": client["id"], "purchase_order": f"{mark} purchase", "name": f"{mark} care"}
    plans = [
        world.ok("POST", "/v1/plans", wish | {"interval": {"unit": "month"}, "start_on": day})
        for day in ("2026-04-01", "2026-05-01")
    ]
    world.ok("POST", f"/v1/plans/{plans[0]['id']}/pause", {})


def _contracts(world: World, client: Any, mark: str) -> None:
    """Two in force with prices of their own, and two batches over them, one of them run."""
    fees = [{"description": f"{mark} care", "unit_price": "7351.19"}]
    wish = {"client_id": client["id"], "name": f"{mark} contract", "notes": f"{mark} renews", "fees": fees}
    for _ in range(2):
        contract = world.ok("POST", "/v1/contracts", wish | {"purchase_order": f"{mark} purchase"})
        for number in (1, 2):
            price = {"unit_price": "7351.17"}
            world.ok("PUT", f"/v1/contracts/{contract['id']}/prices/{mark}-{number}", price)
        world.ok("POST", f"/v1/contracts/{contract['id']}/activate", {})
    batches = [world.ok("POST", "/v1/batches", {"name": f"{mark} batch"}) for _ in range(2)]
    world.ok("POST", f"/v1/batches/{batches[0]['id']}/run", {})


def _visits(world: World, client: Any, mark: str) -> None:
    """Two of one job, one of them billed."""
    wish = {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z", "title": f"{mark} leak"}
    wish |= {"notes": f"{mark} rings twice", "technician_id": _rows(world, "/v1/keys")[0]["id"]}
    first = world.ok("POST", "/v1/visits", wish)
    second = world.ok("POST", "/v1/visits", wish | {"job_id": first["job_id"]})
    lines = [{"catalog_code": f"{mark}-1"}]
    world.ok("POST", f"/v1/visits/{second['id']}/invoices", {"lines": lines, "send": True})


def _items(world: World, client: Any, mark: str) -> None:
    """One in each state without money."""
    wish = {"client_id": client["id"], "catalog_code": f"{mark}-1", "notes": f"{mark} slept well"}
    wish |= {"professional_notes": f"{mark} limps"}
    items = [world.ok("POST", "/v1/items", wish) for _ in range(5)]
    for item in items[1:]:
        world.ok("POST", f"/v1/items/{item['id']}/publish", {})
    world.ok("POST", f"/v1/items/{items[2]['id']}/waive", {})
    drafts = [world.draft(client, lines=[{"item_id": item["id"]}]) for item in items[3:]]
    world.ok("POST", f"/v1/invoices/{drafts[0]['id']}/issue", {})


def _money(world: World, client: Any, sold: dict[str, Any], mark: str) -> None:
    """By hand in two parts, by card, being paid, for nobody knows what, on account, given back, and given up."""
    by_hand, by_card, opened = (world.invoice(client, **sold) for _ in range(3))
    for reason in (f"{mark} mistake", f"{mark} goodwill"):
        world.ok("POST", f"/v1/invoices/{by_hand['id']}/credit-notes", {"reason": reason, "amount": "3.00"})
    for amount in ("10.00", "20.00"):
        received = {"amount": amount, "method": "cheque", "reference": f"{mark} cheque"}
        world.ok("POST", f"/v1/invoices/{by_hand['id']}/payments", received)
    world.ok("POST", f"/v1/invoices/{by_hand['id']}/remind", {})
    till.pay(world, by_card)
    till.pay_elsewhere(world, 4_321)
    till.arrived(world)
    till.page(world, opened)
    received = {"amount": "30.00", "method": "cheque", "reference": f"{mark} cheque"}
    parts = [{"invoice_id": by_hand["id"], "amount": "5.00"}]
    account = world.ok("POST", f"/v1/clients/{client['id']}/payments", received | {"allocations": parts})
    for amount in ("1.00", "2.00"):
        wish = {"amount": amount, "reason": f"{mark} gesture", "reference": f"{mark} refund"}
        world.ok("POST", f"/v1/payments/{account['id']}/refunds", wish)
    world.ok("POST", f"/v1/invoices/{by_hand['id']}/write-off", {"reason": f"{mark} is bankrupt"})


def _exported(world: World) -> None:
    """All there is, twice."""
    for again in (False, True):
        world.ok("POST", "/v1/exports", {"format": "csv", "again": again})
    world.settle()


def _paid_out(world: World) -> None:
    """What was paid by card went to the bank in two payouts, and all that was compared."""
    world.stripe.control.pay_out({"account": world.house.account})
    for amount in (1_234, 2_345):
        till.pay_elsewhere(world, amount)
    world.stripe.control.pay_out({"account": world.house.account})
    till.compare(world)


def _rows(world: World, path: str) -> list[Any]:
    rows: list[Any] = world.ok("GET", f"{path}?limit=100")["data"]
    return rows


def _rows_of(house: House, world: World) -> list[str]:
    """The rows of its partitions, and those of nobody's partition that speak of it."""
    rows = [row for table in ("core", "journal", "ops") for row in world.aws.rows(table)]
    own = [row for row in rows if house.id in row["PK"]["S"] or not row["PK"]["S"].startswith("T#")]
    written = (json.dumps(row, sort_keys=True, default=str) for row in own)
    return sorted(row for row in written if house.id in row)
