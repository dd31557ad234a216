"""What is told to the outside, under which names, and how it is signed."""

import hashlib
import hmac
import json
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain import feed
from chalicelib.domain.card_events import ChargeDeclined
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.events import InvoiceIssued, InvoiceScheduled, InvoiceSent, QuoteInvoiced
from chalicelib.domain.feed import HIDDEN, KEPT, OF_PAYMENTS, SHOWN, TOLD, Told, as_told, data_of, name_of
from chalicelib.domain.journal import Envelope
from chalicelib.domain.payment_events import PaymentChanged, PaymentReceived
from chalicelib.domain.signing import signature
from tests import builders as b

SECRET, OTHER = "whsec_one", "whsec_two"


def changed(version, *, refunded="0", disputed="0"):
    return PaymentChanged(
        subject="pay_1",
        version=version,
        at=b.NOON,
        client_id=b.CLIENT,
        invoice_id="inv_1",
        received=b.cad("100"),
        refunded=b.cad(refunded),
        disputed=b.cad(disputed),
    )


RECEIVED = PaymentReceived(
    subject="pay_1", version=1, at=b.NOON, client_id=b.CLIENT, amount=b.cad("100"), method="online"
)


def test_of_every_type_of_event_it_is_decided_whether_it_is_told():
    """A new one is told to nobody until it is in one of the two lists of domain/feed.py."""
    assert set(EVENTS) == TOLD | KEPT
    assert not TOLD & KEPT


def test_of_every_field_of_what_is_told_it_is_decided_whether_it_is_shown():
    plain = {"subject", "version", "at", "postings"}
    told = {field.name for type_ in TOLD for field in fields(EVENTS[type_])} - plain
    assert told == SHOWN | HIDDEN
    assert not SHOWN & HIDDEN


def test_names_of_our_own_are_of_no_stored_event():
    assert set(EVENTS) & (OF_PAYMENTS | {feed.PING}) == set()


@pytest.mark.row("C34")
@pytest.mark.parametrize(
    ("before", "event", "name"),
    [
        pytest.param([RECEIVED], changed(2, refunded="10"), "payment.refunded", id="some went back"),
        pytest.param([changed(2, refunded="10")], changed(3, refunded="30"), "payment.refunded", id="and more"),
        pytest.param([changed(2, refunded="10")], changed(3), "payment.refund_failed", id="the refund failed"),
        pytest.param([RECEIVED], changed(2, disputed="100"), "payment.disputed", id="disputed"),
        pytest.param([changed(2, disputed="100")], changed(3), "payment.dispute_won", id="the dispute was won"),
        pytest.param([changed(2, refunded="10")], changed(3, refunded="10"), "payment.changed", id="neither"),
        pytest.param(
            [changed(2), changed(3, refunded="9")], changed(4), "payment.refund_failed", id="the newest counts"
        ),
    ],
)
def test_what_became_of_a_payment_has_a_name_of_its_own(before, event, name):
    assert name_of(event, before) == name


def test_every_other_event_is_told_as_it_is_stored():
    assert name_of(RECEIVED, []) == "payment.received"


def test_an_event_as_the_outside_sees_it():
    issued = InvoiceIssued(
        subject="inv_1",
        version=2,
        at=datetime(2026, 3, 2, 17, 0, 0, 5_000, tzinfo=UTC),
        number="F-1",
        client_id=b.CLIENT,
        total=b.cad("57.49"),
        due_date=date(2026, 4, 1),
    )
    envelope = Envelope.around(issued, b.a_caller(actor="key_1"))
    row = Told(sequence=7, event_id=envelope.id, subject="inv_1", version=2, type="invoice.issued")
    assert as_told(row, envelope) == {
        "id": envelope.id,
        "sequence": 7,
        "type": "invoice.issued",
        "api_version": "v1",
        "business_id": b.BUSINESS,
        "created_at": "2026-03-02T17:00:00.005000Z",
        "entity_id": "inv_1",
        "entity_version": 2,
        "actor": "key_1",
        "data": {
            "number": "F-1",
            "client_id": b.CLIENT,
            "total": "57.49",
            "due_date": "2026-04-01",
            "send": False,
            "currency": "CAD",
        },
    }


def test_nothing_of_our_own_is_shown():
    sent = InvoiceSent(subject="inv_1", version=3, at=b.NOON, to="marie@example.com", message_id="0100018e")
    assert data_of(sent) == {"to": "marie@example.com"}


def test_instants_and_lists_are_plain():
    declined = ChargeDeclined(
        subject="inv_1",
        version=3,
        at=b.NOON,
        attempt=1,
        amount=b.cad("5"),
        code="card_declined",
        kind="soft",
        reason="try later",
        retry_at=b.NOON,
    )
    assert data_of(declined)["retry_at"] == "2026-03-02T17:00:00Z"
    invoiced = QuoteInvoiced(subject="quo_1", version=3, at=b.NOON, invoice_ids=("inv_1", "inv_2"))
    assert data_of(invoiced) == {"invoice_ids": ["inv_1", "inv_2"]}


def test_what_is_unknown_is_null():
    assert data_of(InvoiceScheduled(subject="inv_1", version=2, at=b.NOON, send_on=None)) == {"send_on": None}


def test_a_signature_is_over_the_time_and_the_bytes_for_each_secret():
    body = json.dumps({"name": "Élodie"}, ensure_ascii=False).encode()
    expected = [hmac.new(each.encode(), b"1772470800." + body, hashlib.sha256).hexdigest() for each in (SECRET, OTHER)]
    assert signature(body, secrets=[SECRET], at=1_772_470_800) == f"t=1772470800,v1={expected[0]}"
    assert signature(body, secrets=[SECRET, OTHER], at=1_772_470_800).split(",")[1:] == [f"v1={e}" for e in expected]
