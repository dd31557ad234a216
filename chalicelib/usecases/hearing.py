"""What the mail provider says of a mail later: it arrived, came back, or never went."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import dispatch
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.dispatch import Kept
from chalicelib.domain.errors import Conflict
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.ports import Save, Store


def learn_of_mail(document_id: str, message_id: str, *, outcome: str, reason: str, now: datetime, store: Store) -> None:
    """What the provider says of a document's mail: ``delivered``, ``bounced`` or ``failed``; of older mails, nothing.

    Raises Conflict for a mail whose sending is not written down yet: come again.
    """
    if document_id.startswith("quo_"):
        _learn_of_quote(document_id, message_id, outcome=outcome, reason=reason, now=now, store=store)
    elif document_id.startswith("crn_"):
        _learn_of(CreditNote, document_id, message_id, outcome=outcome, reason=reason, now=now, store=store)
    else:
        _learn_of(Invoice, document_id, message_id, outcome=outcome, reason=reason, now=now, store=store)


def _learn_of(
    kind: type[Kept],
    document_id: str,
    message_id: str,
    *,
    outcome: str,
    reason: str,
    now: datetime,
    store: Store,
) -> None:
    _must_be_written_down(store.find(kind, document_id), message_id)

    def deed() -> None:
        document = store.find(kind, document_id)
        if document is None or not document.delivery.is_about(message_id):
            return
        if outcome == "delivered" and document.delivery.state is DeliveryState.SENT:
            store.commit(Save(*dispatch.delivered(document, at=now)))
        if outcome == "bounced" and document.delivery.state is not DeliveryState.BOUNCED:
            store.commit(Save(*dispatch.bounced(document, reason=reason, at=now)))
        if outcome == "failed" and document.delivery.state is not DeliveryState.FAILED:
            failed, event = dispatch.failed(document, reason=reason, at=now)
            store.commit(Save(replace(failed, sent_at=failed.delivery.sent_before), event))

    store.persistently(deed)


def _learn_of_quote(quote_id: str, message_id: str, *, outcome: str, reason: str, now: datetime, store: Store) -> None:
    _must_be_written_down(store.find(Quote, quote_id), message_id)

    def deed() -> None:
        quote = store.find(Quote, quote_id)
        if quote is None or not quote.delivery.is_about(message_id) or outcome == "delivered":
            return
        state = DeliveryState(outcome)
        if quote.delivery.state is not state:
            store.commit(Save(*dispatch.quote_failed(quote, reason=reason, at=now, state=state)))

    store.persistently(deed)


def _must_be_written_down(document: CreditNote | Invoice | Quote | None, message_id: str) -> None:
    """Raises Conflict where a mail that nobody knows by this id yet may be the one."""
    if document is None:
        return
    mail = document.delivery
    if mail.state is DeliveryState.QUEUED and mail.message_id != message_id:
        raise Conflict("mail_under_way", "This mail is being sent right now.")
