"""What becomes of a document's mail: sent only once a provider took it, and never again what came back."""

from dataclasses import replace

import pytest

from chalicelib.domain import dispatch
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.events import (
    InvoiceBounced,
    InvoiceDelivered,
    InvoiceDeliveryFailed,
    InvoiceRendered,
    InvoiceSent,
    QuoteDeliveryFailed,
    QuoteSent,
)
from chalicelib.domain.invoice import Pdf
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.quote import QuoteStatus
from tests import builders as b

AT = b.later(hours=1)
QUEUED = Delivery(state=DeliveryState.QUEUED, requests=2)
ISSUED = replace(b.an_issued_invoice(), delivery=QUEUED)


def test_a_drawn_invoice_knows_its_pdf():
    pdf = Pdf(sha256="ab" * 32, missing_glyphs=("☃",))
    drawn, event = dispatch.rendered(ISSUED, pdf, at=AT)
    assert drawn == replace(ISSUED, version=3, pdf=pdf)
    assert event == InvoiceRendered(subject="inv_1", version=3, at=AT, sha256="ab" * 32, missing_glyphs=("☃",))


@pytest.mark.row("P20", "A54", "C44")
def test_an_invoice_is_sent_once_the_provider_took_its_mail():
    assert status_of(ISSUED, b.TODAY) is InvoiceStatus.ISSUED

    gone, event = dispatch.sent(ISSUED, to="marie@example.com", message_id="m-1", at=AT)
    arrived = Delivery(state=DeliveryState.SENT, requests=2, message_id="m-1", at=AT)
    assert gone == replace(ISSUED, version=3, sent_at=AT, delivery=arrived)
    assert status_of(gone, b.TODAY) is InvoiceStatus.SENT
    assert event == InvoiceSent(subject="inv_1", version=3, at=AT, to="marie@example.com", message_id="m-1")


@pytest.mark.row("C44")
def test_an_invoice_whose_mail_was_refused_is_not_sent():
    stuck, event = dispatch.failed(ISSUED, reason="no such box", at=AT)
    assert stuck.delivery == Delivery(state=DeliveryState.FAILED, detail="no such box", requests=2, at=AT)
    assert status_of(stuck, b.TODAY) is InvoiceStatus.ISSUED
    assert event == InvoiceDeliveryFailed(subject="inv_1", version=3, at=AT, reason="no such box")


@pytest.mark.row("C44")
def test_an_invoice_whose_mail_came_back_was_never_sent():
    gone, _ = dispatch.sent(ISSUED, to="marie@example.com", message_id="m-1", at=AT)
    back, event = dispatch.bounced(gone, reason="mailbox full", at=b.later(hours=2))
    assert back.delivery == Delivery(
        state=DeliveryState.BOUNCED, detail="mailbox full", requests=2, message_id="m-1", at=b.later(hours=2)
    )
    assert (back.sent_at, status_of(back, b.TODAY)) == (None, InvoiceStatus.ISSUED)
    assert event == InvoiceBounced(subject="inv_1", version=4, at=b.later(hours=2), reason="mailbox full")


def test_an_invoice_whose_mail_arrived_stays_sent():
    gone, _ = dispatch.sent(ISSUED, to="marie@example.com", message_id="m-1", at=AT)
    arrived, event = dispatch.delivered(gone, at=b.later(hours=2))
    assert (arrived.delivery.state, arrived.sent_at) == (DeliveryState.DELIVERED, AT)
    assert event == InvoiceDelivered(subject="inv_1", version=4, at=b.later(hours=2))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (QuoteStatus.DRAFT, QuoteStatus.SENT),
        (QuoteStatus.SENT, QuoteStatus.SENT),
        (QuoteStatus.VIEWED, QuoteStatus.VIEWED),
        (QuoteStatus.APPROVED, QuoteStatus.APPROVED),
    ],
)
def test_a_draft_quote_becomes_sent_and_an_answered_one_stays_what_it_is(before, after):
    gone, event = dispatch.quote_sent(b.a_quote(status=before), to="marie@example.com", message_id="m-1", at=AT)
    assert (gone.status, gone.sent_at, gone.version) == (after, AT, 2)
    assert gone.delivery == Delivery(state=DeliveryState.SENT, message_id="m-1", at=AT)
    assert event == QuoteSent(subject="quo_1", version=2, at=AT, to="marie@example.com")


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.BOUNCED])
def test_a_quote_whose_mail_failed_says_why(state):
    stuck, event = dispatch.quote_failed(b.a_quote(delivery=QUEUED), reason="no such box", at=AT, state=state)
    assert stuck.delivery == Delivery(state=state, detail="no such box", requests=2, at=AT)
    assert stuck.status is QuoteStatus.DRAFT
    assert event == QuoteDeliveryFailed(subject="quo_1", version=2, at=AT, reason="no such box")
