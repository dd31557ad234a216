"""What orders, delivery notes and reminders say on paper, before anybody draws them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.document import Standing
from chalicelib.domain.legal import Legal
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.order_document import order_document
from chalicelib.domain.party import Party
from chalicelib.domain.reminder_document import reminder_document
from chalicelib.domain.sales import Parties, worked_out
from chalicelib.domain.sales_document import SalesDocument, SalesKind, SalesStatus
from tests import builders as b
from tests.fakes.wording import PlainWording

SELLER, BUYER = Party(name="Tremblay", address=b.MONTREAL), Party(name="Gagnon", address=b.QUEBEC_CITY)
PARTIES = Parties(id="x", seller=SELLER, buyer=BUYER)
HALVES = b.halves()


def paper(kind, *, parties=PARTIES, line=None, **more):
    sold = b.content(b.a_line(unit="h", group="Travail", quantity=Decimal(2), **(line or {})), schedule=HALVES)
    priced, figures = worked_out(sold)
    schedule = b.a_quote(sold).schedule
    plain = {"id": "x", "kind": kind, "client_id": "c", "client_name": "Gagnon", "figures": figures}
    sale = SalesDocument(**plain | {"language": "fr", "created_at": b.NOON, "schedule": schedule} | more)
    return order_document(sale, priced, parties, dated=b.TODAY, wording=PlainWording())


def test_an_order_has_its_total_and_its_schedule_of_which_nothing_is_due():
    order = paper(SalesKind.ORDER, number="O-7", purchase_order="BC-12")

    assert (order.title, order.number, order.heading, order.stamp) == ("Order", "No. O-7", "Order O-7", "")
    assert [(fact.label, fact.value) for fact in order.facts] == [("Date", "2026-03-02"), ("Purchase order", "BC-12")]
    assert (order.panel.amount, order.totals[-1].label, order.totals[-1].value) == (
        "229.95 CAD",
        "Total",
        "229.95 CAD",
    )
    assert {one.standing for one in order.schedule.instalments} == {Standing.UPCOMING}


def test_a_delivery_note_names_no_price():
    note = paper(SalesKind.DELIVERY, number="L-7")

    assert (note.totals, note.panel, note.schedule) == ((), None, None)
    assert (note.columns.quantity, note.columns.unit, note.columns.unit_price, note.columns.net) == (
        "Qty",
        "Unit",
        "",
        "",
    )
    (group,) = note.groups
    assert (group.title, group.subtotal, group.rows[0].quantity) == ("Travail", "", "2")
    assert "CAD" not in repr(note)


def test_nor_does_it_name_what_is_taken_off_or_added():
    adjusted = {
        "description": "Chauffe-eau\n60 gallons",
        "allowances": (Adjustment(amount=b.cad("12.00")), Adjustment(percent=Decimal(10), reason="Fidélité")),
        "charges": (Adjustment(amount=b.cad("3.00"), reason="Livraison"),),
    }
    order, note = (paper(kind, number="7", line=adjusted) for kind in (SalesKind.ORDER, SalesKind.DELIVERY))

    assert order.groups[0].rows[0].detail.splitlines()[1] == "Discount 12.00 CAD"
    assert note.groups[0].rows[0].detail == "60 gallons"


def test_a_deal_has_no_number_and_what_was_cancelled_says_so():
    deal = paper(SalesKind.DEAL, status=SalesStatus.CANCELLED)

    assert (deal.title, deal.number, deal.heading, deal.stamp) == ("Agreement", "", "Agreement", "CANCELLED")


def test_a_french_order_says_whose_it_is():
    legal = Legal(form="EI")
    seller = replace(SELLER, address=b.PARIS, registrations=(b.SIREN,), legal=legal)
    order = paper(SalesKind.ORDER, parties=replace(PARTIES, seller=seller))

    assert order.passages[-1].paragraphs == ("Tremblay, EI, SIREN 732\u00a0829\u00a0320.",)


@pytest.mark.row("H56", "K22")
def test_a_reminder_lists_what_is_owed_and_how_late_it_is():
    late = b.an_issued_invoice(number="00042", due=date(2026, 3, 4))
    soon = b.an_issued_invoice(number="00049", due=date(2026, 3, 24))
    document = reminder_document(
        (late, soon), PARTIES, on=date(2026, 3, 20), template=late.template, wording=PlainWording()
    )

    rows = [(row.day, row.description, row.quantity, row.net) for row in document.groups[0].rows]
    assert rows == [
        ("2026-03-04", "Invoice 00042", "16", "114.98 CAD"),
        ("2026-03-24", "Invoice 00049", "", "114.98 CAD"),
    ]
    assert (document.panel.amount, document.totals[0].value, document.number) == ("229.96 CAD", "229.96 CAD", "")
    assert document.passages[0].paragraphs[0].startswith("We have not received the payment")


def test_a_reminder_before_the_day_asks_for_nothing_yet():
    soon = b.an_issued_invoice(number="00049", due=date(2026, 3, 24))
    document = reminder_document((soon,), PARTIES, on=b.TODAY, template=soon.template, wording=PlainWording())

    assert document.number == "Invoice 00049"
    assert document.passages[0].paragraphs[0] == "We remind you that the payment of what is listed here will be due."
