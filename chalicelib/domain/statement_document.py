"""What a statement says on paper: a client's account over a period, line by line, and how old is what is open."""

from collections.abc import Iterator

from chalicelib.domain.document import (
    Columns,
    Document,
    Emphasis,
    Fact,
    Group,
    Instalment,
    Panel,
    Row,
    Schedule,
    Standing,
    Template,
    Total,
)
from chalicelib.domain.letterhead import DOT, buyer_of, letterhead, sender_of
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party
from chalicelib.domain.payment import Method
from chalicelib.domain.receipt_document import METHODS
from chalicelib.domain.sales import Parties
from chalicelib.domain.statement import Kind, Movement, Statement
from chalicelib.domain.wording import Wording

KINDS = {
    Kind.INVOICE: "Invoice {number}",
    Kind.VOID: "Invoice {number}, made void",
    Kind.CREDIT_NOTE: "Credit note {number}",
    Kind.WRITE_OFF: "Invoice {number}, written off",
    Kind.RESTORED: "Invoice {number}, due again",
    Kind.PAYMENT: "Payment",
    Kind.REFUND: "Refund",
    Kind.REFUND_FAILED: "Refund that failed",
    Kind.DISPUTE: "Payment disputed with the bank",
    Kind.DISPUTE_ENDED: "Dispute ended",
    Kind.ADJUSTMENT: "Adjustment",
}
AGES = ("Not yet due", "1 to 30 days late", "31 to 60 days late", "61 to 90 days late", "More than 90 days late")


def statement_document(
    statement: Statement, *, seller: Party, client: Party, template: Template, wording: Wording
) -> Document:
    """The statement as a document in one language; everything it says is of its last day."""
    text = wording.text
    parties = Parties(id=statement.client_id, seller=seller, buyer=client)
    since, until = wording.day(statement.since), wording.day(statement.until)
    return Document(
        **letterhead(seller, wording),
        template=template,
        dated=statement.until,
        title=text("Statement"),
        number="",
        heading=text("Statement of {day}", day=until),
        parties=(sender_of(parties, wording), buyer_of(parties, text("For"), wording)),
        panel=_panel(statement, wording),
        facts=(
            Fact(label=text("From the"), value=since),
            Fact(label=text("To the"), value=until),
            Fact(label=text("Opening balance"), value=wording.money(statement.opening)),
        ),
        columns=Columns(
            day=text("Date"),
            description=text("Movement"),
            quantity=text("Debit"),
            unit_price=text("Credit"),
            net=text("Balance"),
        ),
        groups=(Group(rows=tuple(_rows(statement, wording))),),
        totals=tuple(_totals(statement, wording)),
        schedule=_ages(statement, wording),
    )


def said_of(movement: Movement, wording: Wording) -> tuple[str, str]:
    """What a movement is called, and what more is known of it."""
    title = wording.text(KINDS[movement.kind], number=movement.number or "")
    details = [wording.text("Invoice {number}", number=number) for number in movement.invoices]
    if movement.method:
        details.insert(0, wording.text(METHODS[Method(movement.method)]))
    if movement.due_on:
        details.append(wording.text("Due {day}", day=wording.day(movement.due_on)))
    return title, DOT.join(details)


def debit_of(movement: Movement, wording: Wording) -> str:
    return wording.money(movement.amount) if movement.amount.minor > 0 else ""


def credit_of(movement: Movement, wording: Wording) -> str:
    return wording.money(-movement.amount) if movement.amount.minor < 0 else ""


def _panel(statement: Statement, wording: Wording) -> Panel:
    closing, overdue = statement.closing, statement.aging.overdue
    note = [wording.text("on {day}", day=wording.day(statement.until))]
    if closing.minor < 0:
        return Panel(label=wording.text("In your favour"), amount=wording.money(-closing), note=note[0])
    if overdue.minor > 0:
        note.append(wording.text("of which {amount} is overdue", amount=wording.money(overdue)))
    return Panel(label=wording.text("Balance due"), amount=wording.money(closing), note=DOT.join(note))


def _rows(statement: Statement, wording: Wording) -> Iterator[Row]:
    yield Row(
        day=wording.short_day(statement.since),
        description=wording.text("Opening balance"),
        quantity="",
        unit_price="",
        net=wording.money(statement.opening),
    )
    for movement in statement.movements:
        title, detail = said_of(movement, wording)
        yield Row(
            day=wording.short_day(movement.day),
            description=title,
            detail=detail,
            quantity=debit_of(movement, wording),
            unit_price=credit_of(movement, wording),
            net=wording.money(movement.balance),
        )


def _totals(statement: Statement, wording: Wording) -> Iterator[Total]:
    text, money = wording.text, wording.money
    yield Total(label=text("Opening balance"), value=money(statement.opening))
    yield Total(label=text("Debits"), value=money(statement.debits))
    yield Total(label=text("Credits"), value=money(-statement.credits))
    if statement.credit:
        yield Total(label=text("Invoices to be paid"), value=money(statement.receivable), emphasis=Emphasis.STRONG)
        yield Total(label=text("Your credit"), value=money(-statement.credit))
    yield Total(label=text("Closing balance"), value=money(statement.closing), emphasis=Emphasis.FINAL)


def _ages(statement: Statement, wording: Wording) -> Schedule | None:
    """What is open by age; nothing where nothing is."""
    parts = statement.aging.parts
    if not any(parts):
        return None
    whole = sum(max(part.minor, 0) for part in parts) or 1
    return Schedule(
        title=wording.text("What is open, by age"),
        instalments=tuple(_age(place, part, whole, wording) for place, part in enumerate(parts)),
    )


def _age(place: int, part: Money, whole: int, wording: Wording) -> Instalment:
    return Instalment(
        label=wording.text(AGES[place]),
        detail="",
        amount=wording.money(part),
        state="",
        standing=Standing.DUE if place else Standing.UPCOMING,
        share=max(part.minor * 1000 // whole, 0),
    )
