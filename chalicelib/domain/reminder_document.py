"""What a reminder says on paper: which invoices are not paid, since when, and what is to be paid now (as its mail)."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.domain.books import total
from chalicelib.domain.document import Columns, Document, Emphasis, Fact, Group, Panel, Passage, Row, Template, Total
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_asking import asked_as, asked_on
from chalicelib.domain.letterhead import DOT, buyer_of, letterhead, sender_of
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Parties
from chalicelib.domain.wording import Wording


def reminder_document(
    invoices: Sequence[Invoice], parties: Parties, *, on: date, template: Template, wording: Wording, pay_url: str = ""
) -> Document:
    """The reminder as a document in one language, as of a day.

    invoices: of one client and one currency, issued and not paid, the earliest due first; at least one.
    """
    text, money = wording.text, wording.money
    whole = total((one.amount_due for one in invoices), invoices[0].currency)
    asked = total((asked_on(one, on) for one in invoices), invoices[0].currency)
    first, *others = invoices
    return Document(
        **letterhead(parties.seller, wording),
        template=template,
        dated=on,
        title=text("Reminder"),
        number="" if others else text("Invoice {number}", number=first.name),
        heading=text("Reminder of {day}", day=wording.day(on)),
        parties=(sender_of(parties, wording), buyer_of(parties, text("For"), wording)),
        panel=Panel(
            label=text("Total due" if others else asked_as(first, on)),
            amount=money(asked),
            note=_note(asked, whole, on, wording),
            action=text("Pay online"),
            scan=text("Or scan this code"),
        ),
        facts=(Fact(label=text("Date"), value=wording.day(on)),),
        columns=Columns(
            day=text("Due date"),
            description=text("Invoice"),
            quantity=text("Days late"),
            unit_price=text("Invoice total"),
            net=text("Balance due"),
        ),
        groups=(Group(rows=tuple(_row(one, on, wording) for one in invoices)),),
        totals=tuple(_totals(asked, whole, wording)),
        passages=(Passage(title=text("Reminder"), paragraphs=tuple(_said(invoices, on, wording))),),
        pay_url=pay_url,
    )


def _note(asked: Money, whole: Money, on: date, wording: Wording) -> str:
    day = wording.text("on {day}", day=wording.day(on))
    if asked == whole:
        return day
    return DOT.join((day, wording.text("Total balance: {amount}", amount=wording.money(whole))))


def _totals(asked: Money, whole: Money, wording: Wording) -> Iterator[Total]:
    """What is asked for; where that is not all, from the balance to it."""
    if asked != whole:
        yield Total(label=wording.text("Balance due"), value=wording.money(whole), emphasis=Emphasis.STRONG)
        yield Total(label=wording.text("Not yet due"), value=wording.money(asked - whole))
    yield Total(label=wording.text("Total due"), value=wording.money(asked), emphasis=Emphasis.FINAL)


def _row(invoice: Invoice, on: date, wording: Wording) -> Row:
    due_on = invoice.next_due()
    return Row(
        day=wording.short_day(due_on) if due_on else "",
        description=wording.text("Invoice {number}", number=invoice.name),
        detail=wording.text("Issued {day}", day=wording.day(invoice.issue_date)) if invoice.issue_date else "",
        quantity=f"{_days_late(invoice, on) or ''}",
        unit_price=wording.money(invoice.figures.total),
        net=wording.money(invoice.amount_due),
    )


def _days_late(invoice: Invoice, on: date) -> int:
    due_on = invoice.next_due()
    return max((on - due_on).days, 0) if due_on else 0


def _said(invoices: Sequence[Invoice], on: date, wording: Wording) -> list[str]:
    if any(_days_late(one, on) for one in invoices):
        asked = wording.text("We have not received the payment of what is listed here, and ask you to pay it now.")
    else:
        asked = wording.text("We remind you that the payment of what is listed here will be due.")
    crossed = wording.text("If your payment is on its way, please take no notice of this letter.")
    return [*asked.splitlines(), *crossed.splitlines()]
