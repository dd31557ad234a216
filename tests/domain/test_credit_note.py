"""A credit note: the exact mirror of what it takes back, in every figure and every posting (C26)."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain import credit_note as notes
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.credit_parts import Wish, part, so_far, whole_part
from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import not_negative
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number
from chalicelib.domain.sales import Content, worked_out
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.sound_credits import of_credit_note, of_credits
from tests import builders as b

RATES = (
    b.a_rate("GST", "5"),
    b.a_rate("QST", "9.975"),
    b.a_rate("VAT", "5.5"),
    b.a_rate("OLD", "7", affects_next=True),
    b.a_rate("IN", "20", included=True),
    b.a_rate("HELD", "1.5", withheld=True),
    b.a_rate("ECO", "0", kind="fixed", amount=Decimal("0.35")),
    b.a_rate("FREE", "0"),
)
COMBINED = [(), ("GST",), ("GST", "QST"), ("VAT",), ("OLD", "GST"), ("IN",), ("GST", "HELD"), ("ECO", "VAT"), ("FREE",)]
SOLD, FIGURES = 10_000, ("subtotal", "discount_total", "charge_total", "net_total", "tax_total", "withheld_total")
SUMS = (*FIGURES, "total", "payable", "prepaid_total", "rounding_adjustment", "amount_due")


def decimal_of(chance: random.Random, most: int, places: int) -> Decimal:
    return Decimal(chance.randint(1, most * 10**places)).scaleb(-places)


def off(chance: random.Random, currency: str) -> tuple[Adjustment, ...]:
    return chance.choice(
        [
            (),
            (),
            (Adjustment(percent=decimal_of(chance, 30, 3)),),
            (Adjustment(amount=Money(chance.randint(1, 40), currency)),),
        ]
    )


def anything_sold(chance: random.Random) -> Content:
    """What somebody might bill: odd prices and quantities, discounts, returns, and every kind of tax."""
    currency = chance.choice(["CAD", "CAD", "EUR", "JPY", "KWD"])
    lines = [
        b.a_line(
            unit_price=decimal_of(chance, 999, chance.choice([0, 2, 6])),
            quantity=decimal_of(chance, 40, chance.choice([0, 2, 6])) * chance.choice([1, 1, 1, 1, 1, -1]),
            base_quantity=Decimal(chance.choice([1, 1, 1, 3, 100])),
            allowances=off(chance, currency),
            charges=off(chance, currency),
            taxes=chance.choice(COMBINED),
        )
        for _ in range(chance.randint(1, 3))
    ]
    return Content(
        currency=currency,
        lines=tuple(lines),
        allowances=off(chance, currency),
        charges=off(chance, currency),
        rates=RATES,
        rounding=chance.choice(["document", "line"]),
        prepaid=Money(chance.randint(0, 50), currency) if chance.random() < 0.1 else None,
        rounding_adjustment=Money(chance.randint(-4, 4), currency) if chance.random() < 0.1 else None,
    )


def numbered(series: str, id: str) -> Number:
    return Number(id="00001", series=series, seq=1, year=None, document_id=id, issue_date=date(2026, 3, 2))


def issued(content: Content) -> tuple[Content, Invoice, Counter[tuple[str, str]]]:
    """An invoice of it and what it booked. Raises Invalid for what cannot be billed."""
    sold, figures = worked_out(content)
    not_negative(figures)
    draft = b.an_invoice(figures=figures, schedule=())
    final, event = invoices.issued(
        draft, number=numbered("invoice", draft.id), due_date=b.TODAY, schedule=(), send=False, at=b.NOON
    )
    return sold, final, booked(event)


def booked(event) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for posting in event.postings:
        tax = posting.code if posting.account == "tax" else ""
        sums[posting.account, tax] += posting.amount.minor
    return sums


def credited(sold: Content, invoice: Invoice) -> tuple[Content, notes.CreditNote, Counter[tuple[str, str]]]:
    """The credit note of the whole invoice, and what it booked."""
    content, figures = worked_out(whole_part(invoice.id, sold, so_far(sold, ())))
    note, event = notes.issued(
        "crn_1", invoice, figures, number=numbered("credit_note", "crn_1"), reason="Trop cher", send=False, at=b.NOON
    )
    return content, note, booked(event)


@pytest.mark.row("C26")
def test_ten_thousand_invoices_are_credited_to_the_last_minor_unit():
    chance, done = random.Random(26), 0
    while done < SOLD:
        try:
            sold, invoice, posted = issued(anything_sold(chance))
        except Invalid:
            continue
        if not invoice.figures.total:
            continue
        content, note, taken_back = credited(sold, invoice)
        for name in SUMS:
            assert getattr(note.figures, name) == getattr(invoice.figures, name), (name, sold)
        charged = {tax for tax in invoice.figures.taxes if tax.base or tax.amount}
        assert set(note.figures.taxes) == charged
        nets = {line.origins[0].line_id: line.net for line in content.lines}
        assert nets == {line.id: line.net for line in sold.lines}
        assert taken_back == Counter({account: -minor for account, minor in posted.items()})
        after, _ = notes.credited(invoice, note, at=b.NOON)
        assert (after.amount_due.minor, after.credited_total) == (0, invoice.figures.amount_due)
        done += 1


@pytest.mark.row("C31")
def test_a_note_and_the_invoice_it_corrects_are_sound():
    sold, invoice, _ = issued(b.content())
    _, note, _ = credited(sold, invoice)
    after, told = notes.credited(invoice, note, at=b.NOON)
    assert list(of_credits(after, [note])) == []
    assert list(of_credit_note(note)) == []
    assert (after.paid_at, told.amount, told.amount_due) == (b.NOON, note.figures.amount_due, b.cad("0"))


@pytest.mark.row("C31")
def test_what_is_freed_is_taken_from_the_newest_instalments():
    sold, figures = worked_out(b.content())
    parts = tuple(Instalment(id=f"{place}", amount=b.cad(amount)) for place, amount in ((1, "57.49"), (2, "57.49")))
    draft = b.an_invoice(figures=figures, schedule=parts)
    final, _ = invoices.issued(
        draft, number=numbered("invoice", draft.id), due_date=b.TODAY, schedule=parts, send=False, at=b.NOON
    )
    paid = replace(final, paid_total=b.cad("100.00"), instalments_paid=(b.cad("57.49"), b.cad("42.51")))

    content, some = worked_out(part("inv_1", sold, so_far(sold, ()), {"1": Wish(amount=b.cad("50.00"))}))
    note, _ = notes.issued(
        "crn_1", paid, some, number=numbered("credit_note", "crn_1"), reason="Trop cher", send=False, at=b.NOON
    )
    after, _ = notes.credited(paid, note, at=b.NOON)

    assert (f"{note.figures.amount_due}", f"{note.freed}", f"{after.paid_total}") == ("57.49", "42.51", "57.49")
    assert [f"{one}" for one in after.instalments_paid] == ["57.49", "0.00"]
    assert [f"{one}" for one in after.instalments_settled] == ["57.49", "57.49"]
    assert content.lines[0].origins[0].document_id == "inv_1"
