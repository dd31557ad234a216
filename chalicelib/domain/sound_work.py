"""Whether what was asked for was done, or somebody was told why not (I13)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.business import Automation, InvoicingMode, Sending
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote, QuoteStatus

GRACE = timedelta(minutes=15)
"""How long work may take before it counts as left undone."""


def of_invoice_work(
    invoice: Invoice, *, now: datetime, grace: timedelta = GRACE, asked_at: datetime | None = None
) -> Iterator[Violation]:
    """An invoice's document, mail and day; ``grace`` is zero where everything is at rest.

    now: by the business's clock. asked_at: when it was last asked to be sent, if not when it was issued.
    """
    thing, late = Thing(invoice.id, f"invoice {invoice.name}"), now - grace
    if invoice.issued_at:
        asked = asked_at or invoice.issued_at
        unsent = invoice.delivery.state is DeliveryState.QUEUED
        yield from thing.unless(asked > late or not unsent, "I13", f"it was to be sent at {asked} and is not at {now}")
        undrawn = invoice.pdf is None and not invoice.is_imported
        yield from thing.unless(
            invoice.issued_at > late or not undrawn,
            "I13",
            f"it was issued at {invoice.issued_at} and is undrawn at {now}",
        )
        return
    lacking = invoice.claims_left and invoice.created_at <= late
    yield from thing.unless(
        not lacking, "I13", f"it lacks {invoice.claims_left} items since {invoice.created_at} at {now}"
    )
    day = invoice.scheduled_for
    yield from thing.unless(day is None or day > late, "I13", f"its day came at {day} and it is a draft at {now}")
    asked_for = invoice.quote_id or invoice.visit_id or invoice.plan_id
    waits = asked_for and invoice.send in {Sending.AT_ONCE, Sending.ISSUE} and invoice.created_at <= late
    yield from thing.unless(not waits, "I13", f"it was to go out at {invoice.created_at} and is a draft at {now}")


def of_quote_work(
    quote: Quote,
    *,
    now: datetime,
    grace: timedelta = GRACE,
    asked_at: datetime | None = None,
    automation: Automation | None = None,
) -> Iterator[Violation]:
    """A quote's mail, last day and invoices; ``automation`` is what the business has wanted all the while, if known."""
    thing, late = Thing(quote.id, f"quote {quote.number or quote.id}"), now - grace
    asked = asked_at or quote.created_at
    unsent = quote.delivery.state is DeliveryState.QUEUED
    yield from thing.unless(asked > late or not unsent, "I13", f"it was to be sent at {asked} and is not at {now}")
    end = quote.expires_at
    yield from thing.unless(end is None or end > late, "I13", f"its last day ended at {end} and it is open at {now}")
    wanted = quote.invoicing_under(automation) if automation else quote.invoicing
    if quote.status is QuoteStatus.APPROVED and quote.approved_at and wanted and not quote.ordered:
        unbilled = wanted.mode is not InvoicingMode.OFF and quote.approved_at <= late
        yield from thing.unless(
            not unbilled, "I13", f"it was approved at {quote.approved_at} and has no invoice at {now}"
        )
