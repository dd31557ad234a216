"""What follows from each event: light work at once, heavy work on a queue."""

from typing import Any

from chalicelib import wiring
from chalicelib.domain import (
    batch_events,
    card_events,
    connection_events,
    contract_events,
    credit_events,
    events,
    export_events,
    late_fee_events,
    payment_events,
    plan_events,
    refund_events,
    reminder_events,
    schedule_events,
    statement_events,
    webhook_events,
    work_events,
)
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Conflict, DomainError
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Caller, Envelope, Event
from chalicelib.domain.payment import Method, Payment
from chalicelib.entrypoints import batcher, metrics
from chalicelib.entrypoints.runtime import logger
from chalicelib.usecases import billing, charge_plans
from chalicelib.usecases.invoicing_quotes import from_approved_quote
from chalicelib.usecases.sweeping import send_at_once
from chalicelib.wiring import BusinessStore

FOLLOWED = {"automation", "late_fee", "reminders", "reminder_window", "time_zone"}
"""Settings by which unpaid invoices are followed up."""

MAILED: dict[type[Event], str] = {
    credit_events.CreditNoteIssued: "credit_note",
    credit_events.CreditNoteSendRequested: "credit_note",
    connection_events.AccountingRefused: "accounting_refused",
    events.QuoteSendRequested: "quote",
    export_events.ExportFailed: "not_exported",
    late_fee_events.LateFeeRefused: "rate_unknown",
    reminder_events.ReminderQueued: "reminder",
    statement_events.StatementRequested: "statement",
    webhook_events.WebhookDisabled: "webhook",
}
"""What only has a mail sent, and the deed that does."""


def store_of(business_id: str, *, because: Envelope | None = None) -> BusinessStore:
    """A business's state in Quittance's own hands; ``because`` is the event that is being followed up."""
    caller = Caller(
        business_id=business_id,
        actor="quittance",
        correlation_id=because.caller.correlation_id if because else "",
        causation_id=because.id if because else "",
    )
    store = wiring.store(caller)
    store.enter()
    return store


def follow(record: dict[str, Any]) -> None:
    """Do what an event asks for. Doing it again is harmless: each deed looks at the state as it is.

    What is refused for good would hold up every business's events behind it, so it is put where it ends among
    the dead letters and somebody is told; anything else comes again.
    """
    envelope = wiring.envelope_in(record)
    if envelope is None:
        return
    try:
        _follow(envelope)
        _follow_exports(envelope)
        _follow_items(envelope)
        _follow_plans(envelope)
        _follow_cards(envelope)
        _follow_up(envelope)
        _follow_returns(envelope)
        _close_pages(envelope)
        _go_on_batches(envelope)
        _open_contracts(envelope)
    except Conflict:
        raise
    except DomainError as refused:
        logger.exception("cannot be followed", event=envelope.id, type=envelope.event.type)
        _queue("examine", envelope.event.subject, envelope, reason=refused.detail)


def _follow(envelope: Envelope) -> None:
    match envelope.event:
        case event if type(event) in MAILED:
            _queue(MAILED[type(event)], event.subject, envelope)
        case events.QuoteApproved(subject=quote_id):
            _draft(quote_id, envelope)
            _queue("answer", quote_id, envelope)
        case events.QuoteDeclined(subject=quote_id, reason=reason):
            _queue("answer", quote_id, envelope, reason=reason or "")
        case (
            events.InvoiceDrafted(subject=invoice_id, quote_id=str())
            | work_events.VisitInvoiced(invoice_id=invoice_id)
            | late_fee_events.LateFeeCharged(late_fee_id=invoice_id)
        ):
            _send_at_once(invoice_id, envelope)
        case events.InvoiceIssued(subject=invoice_id) | events.InvoiceSendRequested(subject=invoice_id):
            _queue("invoice", invoice_id, envelope)
        case (
            events.InvoiceDeliveryFailed(subject=document_id, reason=reason)
            | events.InvoiceBounced(subject=document_id, reason=reason)
            | credit_events.CreditNoteDeliveryFailed(subject=document_id, reason=reason)
            | credit_events.CreditNoteBounced(subject=document_id, reason=reason)
            | events.QuoteDeliveryFailed(subject=document_id, reason=reason)
            | reminder_events.ReminderReturned(subject=document_id, reason=reason)
        ):
            _queue("failure", document_id, envelope, reason=reason)
        case (
            payment_events.PaymentReceived(subject=payment_id)
            | payment_events.PaymentQuarantined(subject=payment_id)
            | credit_events.PaymentMatched(subject=payment_id)
        ):
            _queue("payment", payment_id, envelope)
        case refund_events.RefundRequested(subject=refund_id, online=True):
            business = envelope.caller.business_id
            wiring.payments().put({"deed": "refund", "business": business, "id": refund_id}, group=business)


def _follow_exports(envelope: Envelope) -> None:
    match envelope.event:
        case export_events.ExportRequested(subject=export_id):
            _queue("export", export_id, envelope)
        case export_events.ExportReady(subject=export_id, failed=failed) if failed:
            _queue("not_exported", export_id, envelope)
        case events.InvoiceVoided(subject=invoice_id, booked_in=programs) if programs:
            _queue("booked_void", invoice_id, envelope)
        case export_events.InvoiceExported(subject=invoice_id, remote_id=str()):
            invoice = store_of(envelope.caller.business_id).find(Invoice, invoice_id)
            if invoice and invoice.voided_at:
                _queue("booked_void", invoice_id, envelope)


def _follow_items(envelope: Envelope) -> None:
    """The many items of a document that is written, void or gone: usually its own request was quicker."""
    match envelope.event:
        case events.InvoiceDrafted(subject=invoice_id, claims_left=left) if left:
            _queue("claim", invoice_id, envelope)
        case (
            events.InvoiceRemoved(subject=invoice_id, revision=int() as revision)
            | events.InvoiceVoided(subject=invoice_id, revision=int() as revision)
        ):
            _queue("release", invoice_id, envelope, revision=f"{revision}")


def _follow_plans(envelope: Envelope) -> None:
    match envelope.event:
        case plan_events.PlanBilled(invoice_id=invoice_id):
            _send_at_once(invoice_id, envelope)
        case plan_events.PlanNotBilled(subject=plan_id):
            metrics.count("PlansNotBilled", 1, at=wiring.now())
            _queue("plan_not_billed", plan_id, envelope)
        case events.BusinessChanged(subject=business_id, fields=fields) if "time_zone" in fields:
            _queue("move_plans", business_id, envelope, after=None)


def _follow_cards(envelope: Envelope) -> None:
    """Cards that are stored, and charges that are to be made or brought nothing."""
    match envelope.event:
        case card_events.CardStored(subject=client_id) | card_events.CardUpdated(subject=client_id):
            _queue("follow", client_id, envelope, after=None)
        case events.ClientRemoved(subject=client_id):
            business = envelope.caller.business_id
            wiring.payments().put({"deed": "forget", "business": business, "id": client_id}, group=business)
        case card_events.ChargeReserved(subject=invoice_id) | card_events.ChargeDue(subject=invoice_id):
            business = envelope.caller.business_id
            wiring.payments().put({"deed": "charge", "business": business, "id": invoice_id}, group=business)
        case card_events.ChargeDeclined(subject=invoice_id):
            _queue("declined", invoice_id, envelope)
        case (
            schedule_events.InvoiceReplanned(subject=invoice_id)
            | schedule_events.InstalmentCompleted(subject=invoice_id)
        ):
            store = store_of(envelope.caller.business_id, because=envelope)
            charge_plans.plan(invoice_id, now=wiring.now(store.get(Business)), store=store)


def _follow_returns(envelope: Envelope) -> None:
    """Money that goes back; most news of a payment are of what it cost."""
    match envelope.event:
        case (
            refund_events.RefundRequested(payment_id=payment_id, online=False)
            | refund_events.PaymentRefundReleased(subject=payment_id)
        ):
            _queue("returned", payment_id, envelope)
        case (
            payment_events.PaymentReceived(subject=payment_id, method=Method.ONLINE)
            | payment_events.PaymentChanged(subject=payment_id)
        ):
            facts = store_of(envelope.caller.business_id).get(Payment, payment_id).facts
            if facts and (facts.refunds or facts.disputes):
                _queue("returned", payment_id, envelope)


def _open_contracts(envelope: Envelope) -> None:
    """Contracts put in force: usually their own request was quicker."""
    match envelope.event:
        case contract_events.ContractActivated(subject=contract_id, invoice=invoice):
            store = store_of(envelope.caller.business_id, because=envelope)
            now = wiring.now(store.get(Business))
            if store.find(Contract, contract_id):
                billing.open_contract(contract_id, invoice=invoice, now=now, ids=wiring.ids, store=store)


def _go_on_batches(envelope: Envelope) -> None:
    """Batches that are to be gone on with, and those that are issued: exported where a program is connected for it."""
    if isinstance(envelope.event, batch_events.BatchAsked | batch_events.BatchResumed):
        batcher.ask(envelope.caller.business_id, envelope.event.subject, because=envelope.id)
    if isinstance(envelope.event, batch_events.BatchProgressed):
        batcher.export_when_issued(envelope.event.subject, store_of(envelope.caller.business_id, because=envelope))


def _draft(quote_id: str, envelope: Envelope) -> None:
    store = store_of(envelope.caller.business_id, because=envelope)
    from_approved_quote(quote_id, now=wiring.now(store.get(Business)), store=store)


def _send_at_once(invoice_id: str, envelope: Envelope) -> None:
    store = store_of(envelope.caller.business_id, because=envelope)
    send_at_once(invoice_id, now=wiring.now(store.get(Business)), store=store, press=wiring.press())


def _queue(deed: str, id: str, envelope: Envelope, **words: str | None) -> None:
    business = envelope.caller.business_id
    task = {"deed": deed, "business": business, "id": id, "event": envelope.id, **words}
    wiring.documents().put(task, group=business)


def _close_pages(envelope: Envelope) -> None:
    """Money that came another way ends the way to pay online that may be open, or the client could pay twice."""
    business = envelope.caller.business_id
    for invoice_id in _served(envelope.event):
        wiring.payments().put({"deed": "close", "business": business, "id": invoice_id}, group=business)


def _served(event: Event) -> tuple[str, ...]:
    """The invoices on which money was put otherwise than by their own page, or whose instalments changed."""
    match event:
        case payment_events.PaymentReceived(method=Method.ONLINE):
            return ()
        case payment_events.PaymentReceived(invoice_id=str(invoice_id)):
            return (invoice_id,)
        case payment_events.PaymentReceived(allocated=allocated):
            return allocated
        case schedule_events.InvoiceReplanned(subject=invoice_id):
            return (invoice_id,)
        case (
            credit_events.PaymentAllocated(invoice_id=str(invoice_id))
            | credit_events.PaymentMatched(invoice_id=str(invoice_id))
        ):
            return (invoice_id,)
    return ()


def _follow_up(envelope: Envelope) -> None:
    """What unpaid invoices bring by themselves follows the settings of the business and of the client as they are."""
    match envelope.event:
        case late_fee_events.LateFeeDue(subject=invoice_id, through=through):
            _queue("late_fee", invoice_id, envelope, through=through.isoformat())
        case events.BusinessChanged(subject=business_id, fields=fields):
            if FOLLOWED & {*fields}:
                _queue("follow", business_id, envelope, after=None)
            if "payments" in fields:
                _look_at_keys(envelope)
        case events.ClientChanged(subject=client_id):
            _queue("follow", client_id, envelope, after=None)


def _look_at_keys(envelope: Envelope) -> None:
    """A key that is refused is told of; what waited for one that is taken again is asked for."""
    business = envelope.caller.business_id
    for key in store_of(business).get(Business).own_keys:
        if key.refused:
            _queue("key", key.endpoint, envelope)
        if key.is_to_recover:
            task = {"deed": "recover", "business": business, "endpoint": key.endpoint, "until": key.outages}
            wiring.payments().put(task | {"after": None}, group=business)
