"""Any figure of an invoice, explained down to its lines, rates, roundings and events."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest


def explained(world, invoice, figure, at=None):
    more = f"&at={at.isoformat().replace('+00:00', 'Z')}" if at else ""
    return world.ok("GET", f"/v1/invoices/{invoice['id']}/explain?figure={figure}{more}")


def events(answer):
    return [(part["event"]["type"], f"{Decimal(part['value']):.2f}") for part in answer["derivation"]["parts"]]


@pytest.mark.row("Part4-11")
def test_a_tax_is_told_from_its_lines_rate_and_rounding(world):
    invoice = world.invoice()

    answer = explained(world, invoice, "tax:TVQ")

    step = answer["derivation"]
    (tax,) = (tax for tax in invoice["taxes"] if tax["code"] == "TVQ")
    assert (answer["amount"], step["rule"], step["rate_percent"]) == (tax["amount"], "percent", "9.975")
    (base,) = step["parts"]
    assert Fraction(base["value"]) * Fraction("9.975") / 100 == Fraction(step["exact"])
    assert [part["figure"] for part in base["parts"]] == [f"line:{line['id']}" for line in invoice["lines"]]


@pytest.mark.row("Part4-11")
def test_what_is_due_is_told_event_by_event_as_of_any_instant(world):
    invoice = world.invoice()
    issued = world.time.instant
    world.time.instant += timedelta(days=1)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "100", "method": "cash"})
    paid = world.time.instant
    world.time.instant += timedelta(days=1)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"amount": "50", "reason": "a gesture"})

    now = explained(world, invoice, "amount_due")

    assert now["amount"] == world.see(invoice)["amount_due"]
    assert events(now) == [
        ("invoice.issued", invoice["total"]),
        ("payment.received", "-100.00"),
        ("credit_note.issued", "-50.00"),
    ]
    assert explained(world, invoice, "amount_due", paid)["amount"] == f"{Decimal(invoice['total']) - 100}"
    assert explained(world, invoice, "amount_due", issued)["amount"] == invoice["total"]
    assert explained(world, invoice, "amount_due", issued - timedelta(days=1))["amount"] == "0.00"


def test_nothing_is_due_on_a_void_invoice_and_it_is_told_why(world):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "twice"})

    answer = explained(world, invoice, "amount_due")

    assert answer["amount"] == "0.00"
    assert [type for type, _ in events(answer)] == ["invoice.issued", "invoice.voided"]


def test_a_draft_is_explained_from_what_it_says(world):
    draft = world.draft()

    assert explained(world, draft, "amount_due")["amount"] == draft["amount_due"]
    refused = world.api("GET", f"/v1/invoices/{draft['id']}/explain?figure=nothing")
    assert refused.problem == (422, "unknown_figure")
