"""Whether credit notes add up, and take back what their invoice says and no more (I2, I4, I10, I13)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.books import Thing, Violation, booked, total
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body
from chalicelib.domain.sound_invoices import of_figures
from chalicelib.domain.sound_work import GRACE


def of_credit_note(
    note: CreditNote, *, body: Body | None = None, envelopes: Sequence[Envelope] | None = None
) -> Iterator[Violation]:
    """A credit note by itself, beside its body and its own events."""
    thing = Thing(note.id, f"credit note {note.name}")
    figures, zero = note.figures, Money.zero(note.currency)
    yield from of_figures(thing, figures, (), body)
    yield from thing.unless(figures.total > zero, "I4", f"it takes {figures.total} back")
    within = zero <= note.freed <= max(figures.amount_due, zero)
    yield from thing.unless(within, "I4", f"it frees {note.freed} and takes {figures.amount_due} off what is due")
    if envelopes is not None:
        yield from _of_journal(thing, note, envelopes)


def of_credits(
    invoice: Invoice, notes: Iterable[CreditNote], *, body: Body | None = None, bodies: Mapping[str, Body] | None = None
) -> Iterator[Violation]:
    """An invoice and all of its credit notes.

    body: of the invoice; bodies: of the notes, by their ids.
    """
    thing, given = Thing(invoice.id, f"invoice {invoice.name}"), tuple(notes)
    credited = total((note.figures.amount_due for note in given), invoice.currency)
    yield from thing.unless_equal(
        "I4", ("its credit notes come to", credited), ("of it is credited", invoice.credited_total)
    )
    in_force = invoice.issued_at is not None and invoice.voided_at is None
    yield from thing.unless(in_force or not given, "I4", "it is not in force and is credited")
    yield from _of_parts(thing, invoice.figures, [note.figures for note in given])
    if body is not None and bodies is not None:
        yield from _of_lines(thing, body, [bodies[note.id] for note in given if note.id in bodies])


def of_credit_note_work(
    note: CreditNote, *, now: datetime, grace: timedelta = GRACE, asked_at: datetime | None = None
) -> Iterator[Violation]:
    """A credit note's document and mail (I13); ``grace`` is zero where everything is at rest.

    now: by the business's clock. asked_at: when it was last asked to be sent, if not when it was made.
    """
    thing, late, asked = Thing(note.id, f"credit note {note.name}"), now - grace, asked_at or note.created_at
    unsent = note.delivery.state is DeliveryState.QUEUED
    yield from thing.unless(asked > late or not unsent, "I13", f"it was to be sent at {asked} and is not at {now}")
    undrawn = note.pdf is None
    yield from thing.unless(
        note.created_at > late or not undrawn, "I13", f"it was issued at {note.created_at} and is undrawn at {now}"
    )


def _of_parts(thing: Thing, whole: Figures, parts: Sequence[Figures]) -> Iterator[Violation]:
    """No more of any sum than there is; and where the whole is credited, each sum is exactly what it was."""
    credited = total((part.total for part in parts), whole.currency)
    yield from thing.unless(
        credited <= whole.total, "I4", f"its credit notes come to {credited} and it comes to {whole.total}"
    )
    if credited != whole.total or not parts:
        return
    for name in (
        "net_total",
        "earned",
        "tax_total",
        "withheld_total",
        "prepaid_total",
        "rounding_adjustment",
        "amount_due",
    ):
        sum_of = total((getattr(part, name) for part in parts), whole.currency)
        word = name.replace("_", " ")
        yield from thing.unless_equal(
            "I2",
            (f"it is credited wholly, and the {word} of its credit notes is", sum_of),
            ("its own is", getattr(whole, name)),
        )


def _of_lines(thing: Thing, body: Body, notes: Iterable[Body]) -> Iterator[Violation]:
    """Of no line more is credited than it comes to (I4)."""
    currency = body.content.currency
    credited: dict[str, Money] = defaultdict(lambda: Money.zero(currency))
    for note in notes:
        for line in note.content.lines:
            credited[line.origins[0].line_id] += line.net or Money.zero(currency)
    nets = {line.id: line.net or Money.zero(currency) for line in body.content.lines}
    for id, amount in credited.items():
        net = nets.get(id, Money.zero(currency))
        within = 0 <= amount.minor <= net.minor or net.minor <= amount.minor <= 0
        yield from thing.unless(within, "I4", f"of its line {id} {amount} is credited, and it comes to {net}")


def _of_journal(thing: Thing, note: CreditNote, envelopes: Iterable[Envelope]) -> Iterator[Violation]:
    own = [envelope for envelope in envelopes if envelope.event.subject == note.id]
    figures, currency = note.figures, note.currency
    pairs = (
        (Account.RECEIVABLE, -figures.amount_due),
        (note.earned, figures.earned),
        (Account.TAX, figures.tax_total),
    )
    for account, wanted in pairs:
        in_journal = booked(own, account, currency)
        yield from thing.unless_equal(
            "I10", (f"the journal's {account} for it is", in_journal), ("it should be", wanted)
        )
