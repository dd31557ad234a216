"""Whether a quote adds up, and was billed once only (I2, I7, I14)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.events import QuoteInvoiced
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.domain.sales import Body
from chalicelib.domain.sound_invoices import of_figures


def of_quote(
    quote: Quote,
    *,
    body: Body | None = None,
    invoices: Iterable[Invoice] | None = None,
    envelopes: Sequence[Envelope] | None = None,
) -> Iterator[Violation]:
    """A quote beside the invoices made from it.

    body: of its revision; invoices: at least all of this quote; envelopes: at least its own events.
    """
    thing = Thing(quote.id, f"quote {quote.number or quote.id}")
    yield from of_figures(thing, quote.figures, quote.schedule, body)
    if invoices is None:
        return
    made = [invoice for invoice in invoices if invoice.quote_id == quote.id and not invoice.sources]
    own = [invoice for invoice in made if invoice.bills_quote]
    yield from _of_claims(thing, own)
    yield from _of_deposits(thing, quote, made)
    if envelopes is not None:
        yield from _of_billing(thing, quote, own, envelopes)


def _of_claims(thing: Thing, invoices: Iterable[Invoice]) -> Iterator[Violation]:
    """Each instalment, or the whole, is on one invoice in force at most (I7)."""
    live = Counter(invoice.instalment_id or "whole" for invoice in invoices if not invoice.voided_at)
    for claimed, times in live.items():
        yield from thing.unless(times == 1, "I7", f"{times} invoices in force bill its instalment {claimed}, not 1")
    mixed = "whole" in live and len(live) > 1
    yield from thing.unless(not mixed, "I7", f"it is billed as a whole and in {len(live) - 1} parts")


def _of_deposits(thing: Thing, quote: Quote, invoices: Sequence[Invoice]) -> Iterator[Violation]:
    """A deposit is in force on the quote, or was deducted, and by the invoice that says so (I7)."""
    by_id = {invoice.id: invoice for invoice in invoices}
    for deposit in (one for one in invoices if one.deposit):
        known = deposit.id in quote.deposits
        yield from thing.unless_equal(
            "I7", (f"that it has deposit {deposit.name} is", known), ("that it is in force is", not deposit.voided_at)
        )
        final = by_id.get(deposit.deducted_by or "")
        named = {one.invoice_id for one in final.deposits} if final else set()
        yield from thing.unless(
            deposit.deducted_by is None or deposit.id in named,
            "I7",
            f"its deposit {deposit.name} says that {deposit.deducted_by} deducts it, and that does not",
        )
    for final in (one for one in invoices if not one.voided_at):
        for id in (one.invoice_id for one in final.deposits):
            says = by_id[id].deducted_by if id in by_id else None
            yield from thing.unless_equal(
                "I7", (f"its deposit {id} says that it is deducted by", says), ("what deducts it is", final.id)
            )


def _of_billing(
    thing: Thing, quote: Quote, invoices: Iterable[Invoice], envelopes: Iterable[Envelope]
) -> Iterator[Violation]:
    """It was billed once, for ever: no other invoice than those that its one billing names (I14)."""
    events = [envelope.event for envelope in envelopes if envelope.event.subject == quote.id]
    billings = [event for event in events if isinstance(event, QuoteInvoiced)]
    wanted = 1 if quote.status is QuoteStatus.INVOICED else 0
    yield from thing.unless_equal(
        "I14", ("the journal tells of its billing so many times:", len(billings)), ("it should be", wanted)
    )
    named = {id for event in billings for id in event.invoice_ids}
    strangers = sorted({invoice.id for invoice in invoices} - named)
    if billings:
        yield from thing.unless(not strangers, "I14", f"it is billed by {', '.join(strangers)} too")
