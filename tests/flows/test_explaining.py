"""Any figure of an invoice, explained down to its lines, rates, roundings and events."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.flows.importing import imported


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


@pytest.mark.row("Part4-11")
def test_what_was_paid_credited_and_given_up_is_told_by_events_as_of_any_instant(world):
    invoice = world.invoice()
    issued = world.time.instant
    world.time.instant += timedelta(days=1)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "100", "method": "cash"})
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"amount": "49.75", "reason": "a gesture"})
    written_off = world.ok("POST", f"/v1/invoices/{invoice['id']}/write-off", {"reason": "lost"}).body

    told = {
        figure: explained(world, invoice, figure) for figure in ("paid_total", "credited_total", "written_off_total")
    }

    assert {figure: answer["amount"] for figure, answer in told.items()} == {
        figure: written_off[figure] for figure in told
    }
    assert events(told["paid_total"]) == [("payment.received", "100.00")]
    assert events(told["credited_total"]) == [("credit_note.issued", "49.75")]
    assert events(told["written_off_total"]) == [("invoice.written_off", "1000.00")]
    assert explained(world, invoice, "paid_total", issued)["amount"] == "0.00"
    assert explained(world, invoice, "amount_due")["amount"] == "0.00"


@pytest.mark.row("Part4-11")
def test_a_credit_note_tells_what_it_takes_back_discount_and_all(world):
    lines = [{"description": "Visit", "unit_price": "33.35", "quantity": "3", "discount_percent": "7"}]
    invoice = world.invoice(lines=lines, discount_percent="10")
    part = {"lines": [{"line_id": invoice["lines"][0]["id"], "quantity": "1"}], "reason": "came once less"}
    notes = [
        world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", each).body for each in (part, {"reason": "all"})
    ]
    figures = ("subtotal", "discount_total", "net_total", "tax_total", "total")

    for note in notes:
        path = f"/v1/credit-notes/{note['id']}/explain"
        for figure in (*figures, "tax:TPS", f"line:{note['lines'][0]['id']}"):
            answer = world.ok("GET", f"{path}?figure={figure}")
            wanted = {"tax:TPS": note["taxes"][0]["amount"]}.get(figure) or note.get(figure, note["lines"][0]["net"])
            assert (figure, answer["of"], answer["amount"]) == (figure, note["id"], wanted)
    refused = world.api("GET", f"/v1/credit-notes/{notes[0]['id']}/explain?figure=paid_total")
    assert refused.problem == (422, "unknown_figure")


@pytest.mark.row("Part4-11")
def test_a_quote_and_each_instalment_of_it_tell_their_figures(world):
    halves = [{"label": "Un", "percent": "50"}, {"label": "Deux", "remainder": True}]
    quote = world.quote(schedule=halves, invoicing={"mode": "per_instalment"})
    world.approve(quote)
    world.settle()

    assert world.ok("GET", f"/v1/quotes/{quote['id']}/explain?figure=total")["amount"] == quote["total"]
    for invoice in world.invoices_of(quote):
        for figure in ("subtotal", "net_total", "tax_total", "total", "amount_due"):
            assert explained(world, invoice, figure)["amount"] == invoice[figure]
        (base,) = explained(world, invoice, "tax:TPS")["derivation"]["parts"]
        assert (base["rule"], base["of"]) == ("allotted", quote["id"])


@pytest.mark.parametrize("kind", ["deals", "orders", "deliveries"])
def test_a_sales_document_tells_its_figures(world, kind):
    lines = [{"description": "Visit", "unit_price": "33.35", "quantity": "3"}]
    sold = world.ok("POST", f"/v1/{kind}", {"client_id": world.client()["id"], "lines": lines}).body

    answer = world.ok("GET", f"/v1/{kind}/{sold['id']}/explain")

    assert (answer["amount"], answer["rounding"]) == (sold["total"], "document")
    other = "orders" if kind == "deals" else "deals"
    assert world.api("GET", f"/v1/{other}/{sold['id']}/explain").status == 404


def test_a_figure_of_another_time_is_refused_where_there_is_none(world):
    invoice, draft = world.invoice(), world.draft()
    now = world.time.instant
    issued = f"/v1/invoices/{invoice['id']}/explain"
    early, late = (f"at={(now + timedelta(days=days)).isoformat().replace('+00:00', 'Z')}" for days in (-1, 1))

    assert world.api("GET", f"{issued}?figure=total&{early}").problem == (409, "not_issued")
    assert world.api("GET", f"/v1/invoices/{draft['id']}/explain?figure=amount_due&{early}").problem == (
        409,
        "not_issued",
    )
    assert world.api("GET", f"{issued}?figure=amount_due&{late}").problem == (422, "in_the_future")
    answer = explained(world, invoice, "total", now)
    assert (answer["amount"], answer["at"]) == (invoice["total"], now.isoformat().replace("+00:00", "Z"))


def test_a_technician_is_told_what_is_due_without_the_names_of_credit_notes(world):
    invoice = world.invoice()
    note = world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"amount": "50", "reason": "a gesture"})

    path = f"/v1/invoices/{invoice['id']}/explain?figure=amount_due"
    told = world.ok("GET", path, key=world.key("technician"))

    assert note["id"] in world.ok("GET", path).text
    assert note["id"] not in told.text
    assert told["amount"] == world.see(invoice)["amount_due"]
    assert [part["value"] for part in told["derivation"]["parts"]] == ["1149.75", "-50"]


def test_an_imported_invoice_tells_what_it_came_with(world):
    invoice, _ = imported(world)

    answer = explained(world, invoice, "amount_due")

    assert answer["amount"] == invoice["amount_due"] == "1000.00"
    assert events(answer) == [("invoice.imported", "1000.00")]
