"""What a client owes, has as credit and is still to be billed, at any instant and explained down to the events."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.flows.counter import billed, catalogued, issued, published, voided, written

BALANCES = ("unbilled_total", "amount_due", "credit_total", "overdue_total")


def written_out(instant):
    return instant.isoformat().replace("+00:00", "Z")


def explained(world, client, figure, at=None, **more):
    asked = {"figure": figure, **({"at": written_out(at)} if at else {}), **more}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return world.ok("GET", f"/v1/clients/{client['id']}/explain?{query}")


def balance(world, client, at=None, **more):
    asked = {**({"at": written_out(at)} if at else {}), **more}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    found = world.ok("GET", f"/v1/clients/{client['id']}/balance?{query}").body
    return {name: found[name] for name in BALANCES}


def parts(answer):
    return [(part["of"], part["value"]) for part in answer["derivation"]["parts"]]


def events(step):
    return [(part["event"]["type"], part["value"]) for part in step["parts"]]


def passed(world, **step):
    """The instant now, and then some time goes by."""
    at = world.time.instant
    world.time.pass_(**step)
    return at


@pytest.mark.row("Part4-11")
def test_what_a_client_owed_is_told_invoice_by_invoice_and_event_by_event_as_of_any_instant(world):
    client = world.client()
    first = world.invoice(client)
    billed_once = passed(world, days=1)
    second = world.invoice(client, due_date="2026-03-10")
    world.ok("POST", f"/v1/invoices/{first['id']}/payments", {"amount": "100", "method": "cash"})
    paid = passed(world, days=20)
    world.ok("POST", f"/v1/invoices/{first['id']}/credit-notes", {"amount": "49.75", "reason": "a gesture"})
    too_much = {"amount": "2000", "method": "cash", "overpayment": "credit"}
    world.ok("POST", f"/v1/invoices/{second['id']}/payments", too_much)

    now = explained(world, client, "amount_due")

    assert (now["of"], now["amount"]) == (client["id"], "1000.00")
    (one,) = now["derivation"]["parts"]
    assert (one["of"], one["label"], one["value"]) == (first["id"], first["number"], "1000")
    assert events(one) == [
        ("invoice.issued", "1149.75"),
        ("payment.received", "-100"),
        ("credit_note.issued", "-49.75"),
    ]
    assert parts(explained(world, client, "amount_due", paid)) == [(first["id"], "1049.75"), (second["id"], "1149.75")]
    assert parts(explained(world, client, "overdue_total")) == []
    late = explained(world, client, "overdue_total", paid + timedelta(days=10))
    assert [(part["of"], part["parts"][0]["figure"]) for part in late["derivation"]["parts"]] == [
        (second["id"], "due:2026-03-10")
    ]
    (held,) = explained(world, client, "credit_total")["derivation"]["parts"]
    assert (held["value"], events(held)) == ("850.25", [("payment.received", "850.25")])
    for at, due, overdue in ((billed_once, "1149.75", "0.00"), (paid, "2199.50", "0.00"), (None, "1000.00", "0.00")):
        assert (balance(world, client, at)["amount_due"], balance(world, client, at)["overdue_total"]) == (due, overdue)
    assert balance(world, client, paid + timedelta(days=10))["overdue_total"] == "1149.75"


@pytest.mark.row("Part4-11")
def test_each_invoice_in_it_goes_on_with_its_own_explanation(world):
    invoice = world.invoice()
    client = {"id": invoice["client_id"]}
    at = passed(world, days=1)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "100", "method": "cash"})

    for instant in (None, at):
        (part,) = explained(world, client, "amount_due", instant)["derivation"]["parts"]
        more = f"&at={written_out(instant)}" if instant else ""
        own = world.ok("GET", f"/v1/invoices/{part['of']}/explain?figure=amount_due{more}")
        assert Decimal(own["amount"]) == Decimal(part["value"])


@pytest.mark.row("Part4-11", "H18")
def test_what_was_not_billed_is_told_item_by_item_whatever_became_of_the_items_since(world):
    client = catalogued(world)
    kept, dearer, waived, free = (published(world, client) for _ in range(4))
    written(world, client)
    before = passed(world, hours=1)
    world.ok("PATCH", f"/v1/items/{dearer['id']}", {"unit_price": "60.00", "quantity": "2"})
    world.ok("POST", f"/v1/items/{waived['id']}/waive", {})
    edited = passed(world, hours=1)
    draft = billed(world, client, kept, dearer)
    drafted = passed(world, hours=1)
    issued(world, draft)
    invoiced = passed(world, hours=1)
    voided(world, draft)

    def told(at=None):
        return parts(explained(world, client, "unbilled_total", at))

    assert told(before) == [(item["id"], "50") for item in (kept, dearer, waived, free)]
    assert told(edited) == told(drafted) == told() == [(kept["id"], "50"), (dearer["id"], "120"), (free["id"], "50")]
    assert told(invoiced) == [(free["id"], "50")]
    (step,) = [
        one for one in explained(world, client, "unbilled_total")["derivation"]["parts"] if one["of"] == free["id"]
    ]
    assert (step["parts"][0]["factors"], step["event"]["type"]) == (["1", "50.00"], "item.published")
    assert balance(world, client, invoiced)["unbilled_total"] == "50.00"
    assert balance(world, client)["unbilled_total"] == balance(world, client, world.time.instant)["unbilled_total"]


def test_each_currency_is_an_account_of_its_own(world):
    client = world.client()
    world.invoice(client)
    at = passed(world, days=1)
    dollars = world.invoice(client, currency="USD")

    assert balance(world, client)["amount_due"] == "1149.75"
    assert balance(world, client, currency="USD")["amount_due"] == dollars["amount_due"]
    assert parts(explained(world, client, "amount_due", currency="USD")) == [(dollars["id"], "1149.75")]
    assert balance(world, client, at, currency="USD")["amount_due"] == "0.00"
    assert explained(world, client, "amount_due", currency="JPY")["amount"] == "0"


def test_the_past_begins_with_nothing_and_the_future_is_not_known(world):
    client = world.client()
    world.invoice(client)
    early, late = (written_out(world.time.instant + timedelta(days=days)) for days in (-1_000, 1))
    base = f"/v1/clients/{client['id']}"

    assert set(balance(world, client, world.time.instant - timedelta(days=1_000)).values()) == {"0.00"}
    assert world.ok("GET", f"{base}/explain?at={early}")["derivation"]["parts"] == []
    for path in (f"{base}/balance?at={late}", f"{base}/explain?at={late}"):
        assert world.api("GET", path).problem == (422, "in_the_future")
    assert world.api("GET", f"{base}/explain?figure=total").problem == (422, "unknown_figure")
    assert world.api("GET", f"{base}/balance?at=2026-03-01").status == 422


def test_an_instant_of_a_past_balance_may_be_of_any_zone_and_shows_no_stages(world):
    client = world.client()
    world.invoice(client)
    at = world.time.instant
    here = (at - timedelta(hours=5)).replace(tzinfo=None).isoformat() + "-05:00"

    found = world.ok("GET", f"/v1/clients/{client['id']}/balance?at={here}").body

    assert (found["at"], found["amount_due"]) == (written_out(at), "1149.75")
    assert (found["unbilled"], found["billed_unpaid"], found["paid"]) == (None, None, None)


def test_what_was_overdue_goes_by_the_day_where_the_business_is(world):
    client = world.client()
    world.invoice(client, due_date="2026-03-10")
    world.time.move_to("2026-03-20T12:00:00Z")

    at_midnight = [
        world.ok("GET", f"/v1/clients/{client['id']}/balance?at={instant}")["overdue_total"]
        for instant in ("2026-03-11T03:59:59Z", "2026-03-11T04:00:00Z")
    ]

    assert at_midnight == ["0.00", "1149.75"]


def test_a_sandbox_looks_back_by_its_own_clock(world):
    world.business(sandbox=True, clock=world.time.instant)
    client = catalogued(world)
    start = written_out(world.time.instant)
    invoice = issued(world, billed(world, client, published(world, client)))
    world.move_clock("2026-04-15T12:00:00Z")
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "10", "method": "cash"})
    base = f"/v1/clients/{client['id']}"

    at_first = world.ok("GET", f"{base}/balance?at={start}")
    assert (at_first["amount_due"], at_first["unbilled_total"]) == (invoice["amount_due"], "0.00")
    assert (
        world.ok("GET", f"{base}/balance?at=2026-04-15T12:00:00Z")["overdue_total"]
        == world.balance(client)["amount_due"]
    )
    assert world.ok("GET", f"{base}/explain?at={start}")["amount"] == invoice["amount_due"]
    assert world.api("GET", f"{base}/explain?at=2026-04-15T12:00:01Z").problem == (422, "in_the_future")


def test_a_technician_does_not_read_the_journal_of_a_client(world):
    client = world.client()

    refused = world.api("GET", f"/v1/clients/{client['id']}/explain", key=world.key("technician"))

    assert refused.problem == (403, "forbidden")
