"""Whether an invoice says what its lines, its payments and the journal say (I2, I3, I4, I8, I9, I10, I16)."""

from collections.abc import Container, Iterable, Iterator, Sequence

from chalicelib.domain.books import Thing, Violation, booked, total
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Envelope, Posting
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.payment_events import InvoiceSettled
from chalicelib.domain.sales import Body, worked_out
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.sound_charges import of_attempts


def of_invoice(
    invoice: Invoice,
    *,
    body: Body | None = None,
    payments: Sequence[Payment] | None = None,
    envelopes: Sequence[Envelope] | None = None,
) -> Iterator[Violation]:
    """An invoice beside what it follows from, as far as that is at hand.

    body: of its revision; payments: all that were meant for it; envelopes: its own events and those of its payments and
    of its credit notes.
    """
    thing = Thing(invoice.id, f"invoice {invoice.name}")
    yield from of_figures(thing, invoice.figures, invoice.schedule, body, credited=invoice.credited_total)
    yield from _of_what_is_due(thing, invoice)
    yield from _of_times(thing, invoice)
    if payments is not None:
        yield from _of_payments(thing, invoice, payments)
    if envelopes is not None:
        yield from _of_journal(thing, invoice, payments or (), envelopes)


def of_figures(
    thing: Thing,
    figures: Figures,
    schedule: Sequence[Instalment],
    body: Body | None,
    *,
    credited: Money | None = None,
) -> Iterator[Violation]:
    """The totals of a document (I2): among themselves, beside its schedule, and beside its lines.

    credited: what need not be in its instalments any more: they may have been agreed anew after a credit note.
    """
    taxes = total((tax.amount for tax in figures.taxes if not tax.withheld), figures.currency)
    yield from thing.unless_equal(
        "I2", ("its net and taxes come to", figures.net_total + taxes), ("its total is", figures.total)
    )
    withheld = total((tax.amount for tax in figures.taxes if tax.withheld), figures.currency)
    owed = figures.total - withheld - figures.prepaid_total + figures.rounding_adjustment
    yield from thing.unless_equal("I2", ("what is payable of it is", owed), ("it asks for", figures.amount_due))
    planned = total((instalment.amount for instalment in schedule), figures.currency)
    least = figures.total - (credited or Money.zero(figures.currency))
    if schedule and not least <= planned <= figures.total:
        yield from thing.unless_equal("I2", ("its instalments come to", planned), ("its total is", figures.total))
    if body is not None:
        yield from _of_lines(thing, figures, body)


def of_body(document_id: str, body: Body | None) -> Iterator[Violation]:
    """What a document sells is kept as long as the document (I2)."""
    yield from Thing(document_id, document_id).unless(body, "I2", "its lines are not there")


def _of_lines(thing: Thing, figures: Figures, body: Body) -> Iterator[Violation]:
    content, computed = worked_out(body.content)
    yield from thing.unless_equal("I2", ("its lines come to", computed.total), ("its total is", figures.total))
    nets = total((line.net for line in content.lines if line.net), figures.currency)
    kept = total((line.net for line in body.content.lines if line.net), figures.currency)
    yield from thing.unless_equal("I2", ("its lines come to", nets), ("they say", kept))


def _of_what_is_due(thing: Thing, invoice: Invoice) -> Iterator[Violation]:
    zero = Money.zero(invoice.currency)
    if invoice.issued_at:
        yield from thing.unless(
            invoice.amount_due >= zero, "I3", f"{invoice.amount_due} {invoice.currency} is due, less than nothing"
        )
    yield from thing.unless(
        invoice.credited_total <= max(invoice.figures.amount_due, zero),
        "I4",
        f"{invoice.credited_total} {invoice.currency} of it is credited and it comes to {invoice.figures.amount_due}",
    )
    if invoice.voided_at:
        yield from thing.unless_equal(
            "I9", ("it is void and what is paid of it is", invoice.paid_total), ("what may be is", zero)
        )
        yield from thing.unless(invoice.checkout is None, "I9", "it is void and can be paid online")


def _of_times(thing: Thing, invoice: Invoice) -> Iterator[Violation]:
    """The facts that its status is derived from, beside what they must follow from (I8)."""
    issued = invoice.issued_at is not None
    given = [invoice.number, invoice.seq, invoice.issue_date, invoice.due_date]
    complete = None not in given if issued else invoice.number is None
    yield from thing.unless(complete, "I8", f"it is {'issued' if issued else 'a draft'} under number {invoice.number}")
    after_issue = [invoice.sent_at, invoice.viewed_at, invoice.voided_at, invoice.paid_at, invoice.refunded_at]
    yield from thing.unless(issued or not any(after_issue), "I8", "it is a draft and has gone out")
    yield from thing.unless(not (issued and invoice.scheduled_for), "I8", "it is issued and waits for its day")
    if issued and not invoice.voided_at:
        settled = invoice.amount_due.minor <= 0 and not invoice.written_off
        yield from thing.unless_equal(
            "I8", ("that it is paid is", invoice.paid_at is not None), ("that nothing is due is", settled)
        )
    yield from thing.unless_equal(
        "I8",
        ("that it is refunded is", invoice.refunded_at is not None),
        ("that all went back is", invoice.is_refunded),
    )


def _of_payments(thing: Thing, invoice: Invoice, payments: Sequence[Payment]) -> Iterator[Violation]:
    currency = invoice.currency
    applied = total((payment.on(invoice.id) for payment in payments), currency)
    yield from thing.unless_equal("I3", ("its payments come to", applied), ("it says", invoice.paid_total))
    gone = [payment.gone_from(invoice.id) for payment in payments]
    for words, parts, said in (
        ("went back", (one.refunded for one in gone), invoice.refunded_total),
        ("is in dispute", (one.under_dispute for one in gone), invoice.disputed_total),
        ("was taken by disputes", (one.withdrawn for one in gone), invoice.withdrawn_total or Money.zero(currency)),
    ):
        yield from thing.unless_equal("I3", (f"of its payments {words}", total(parts, currency)), ("it says", said))
    if invoice.issued_at:
        yield from _of_instalments(thing, invoice)
    if invoice.voided_at:
        yield from thing.unless_equal(
            "I9", ("it is void and its payments come to", applied), ("they may come to", Money.zero(currency))
        )


def _of_instalments(thing: Thing, invoice: Invoice) -> Iterator[Violation]:
    """What is paid of each instalment is what is paid of the whole.

    What the total was rounded up by is on no instalment, so it may be missing there.
    """
    figures = invoice.figures
    paid = total(invoice.instalments_paid, invoice.currency)
    beforehand = max(figures.total - figures.amount_due, Money.zero(invoice.currency))
    whole = min(beforehand + invoice.paid_total, figures.total)
    rounded_up = max(figures.amount_due.minor - figures.total.minor, 0)
    if invoice.schedule and abs(paid.minor - whole.minor) > rounded_up:
        yield from thing.unless_equal("I3", ("of its instalments is paid", paid), ("of the whole is paid", whole))


def _of_journal(
    thing: Thing, invoice: Invoice, payments: Iterable[Payment], envelopes: Sequence[Envelope]
) -> Iterator[Violation]:
    """What the journal's postings come to (I10)."""
    zero, figures, currency = Money.zero(invoice.currency), invoice.figures, invoice.currency
    in_force = bool(invoice.issued_at and not invoice.voided_at)
    own = [envelope for envelope in envelopes if envelope.event.subject == invoice.id]
    theirs = {payment.id for payment in payments if payment.invoice_id != invoice.id}
    yield from of_attempts(thing, own, payments)
    receivable = total((p.amount for p in _receivable(invoice.id, envelopes, theirs)), currency)
    sold, taxed = (figures.total, zero) if invoice.is_imported else (figures.earned, figures.tax_total)
    pairs = (
        ("receivable", receivable, invoice.amount_due if in_force else zero),
        (invoice.earns, booked(own, invoice.earns, currency), -sold if in_force else zero),
        ("tax", booked(own, Account.TAX, currency), -taxed if in_force else zero),
    )
    for account, in_journal, wanted in pairs:
        yield from thing.unless_equal(
            "I10", (f"the journal's {account} for it is", in_journal), ("it should be", wanted)
        )
    told = {envelope.event.payment_id for envelope in own if isinstance(envelope.event, InvoiceSettled)}
    known = {payment.id for payment in payments}
    if invoice.issued_at:
        yield from thing.unless_equal(
            "I10", ("the journal tells of its payments", sorted(told)), ("it has", sorted(known))
        )


def _receivable(invoice_id: str, envelopes: Iterable[Envelope], theirs: Container[str]) -> Iterator[Posting]:
    """What was booked on an invoice's receivable; a posting that names none is of what the event's payment is for.

    theirs: the payments that were made for another invoice, or none.
    """
    for envelope in envelopes:
        meant = "" if envelope.event.subject in theirs else invoice_id
        for posting in envelope.event.postings:
            if posting.account is Account.RECEIVABLE and (posting.code or meant) == invoice_id:
                yield posting
