"""A payment asked for twice at once under one Idempotency-Key, and another beside it, under every interleaving.

Deaths come before and after every step, and whoever died asks again. Each key's money is booked once.
"""

import pytest

from chalicelib.adapters.dynamodb import codec, keys, rows
from chalicelib.adapters.dynamodb.requests import Request
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Cancelled, Table
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Method, Payment
from chalicelib.usecases.paying import take_payment
from tests import builders as b
from tests.adapters.deeds import added
from tests.fakes.tables import MemoryTables
from tests.proof.interleaving import Broken, Exploration, Participant, Read

INVOICE = keys.of(b.BUSINESS, Invoice, "inv_1")


class MarksLater(DynamoStore):
    """The request's marker is written after its effect."""

    def commit(self, *changes):
        request, self.request = self.request, None
        DynamoStore.commit(self, *changes)
        if request:
            self.tables.write([request.marker(b.BUSINESS, changes)])


class MarksBefore(DynamoStore):
    """The request's marker is written before its effect."""

    def commit(self, *changes):
        request, self.request = self.request, None
        if request:
            self.tables.write([request.marker(b.BUSINESS, changes)])
        DynamoStore.commit(self, *changes)


def payer(amount, *, name, key, kind=DynamoStore):
    """Somebody who books cash and asks again, with the same key, until an answer comes."""

    def run(script):
        request = Request.of(key, "POST", "/payments", amount.encode(), gone_at=None)
        if request.target(script, b.BUSINESS) is not None:
            return False
        version = script.get(Table.CORE, INVOICE)["version"]
        store = kind(tables=script, caller=b.a_caller(), request=request)
        try:
            take_payment(
                "inv_1",
                amount=b.cad(amount),
                method=Method.CASH,
                received_on=b.TODAY,
                reference=key,
                now=b.NOON,
                ids=lambda prefix: f"{prefix}_{name}_{version}",  # another one when something was booked meanwhile
                store=store,
            )
        except Cancelled:
            return True
        return False

    return Participant(name=name, run=run)


def booked(tables):
    items = [item for item in tables.rows(Table.CORE) if item.get("kind") == "Payment"]
    return [codec.loads(Payment, item["doc"]) for item in items]


def sound(tables):
    payments = booked(tables)
    invoice = rows.entity_in(Invoice, tables.get(Table.CORE, INVOICE))
    told = [payment.reference for payment in payments]
    assert len(set(told)) == len(told), "one request's money is booked twice"
    assert invoice.paid_total.minor == sum(payment.amount.minor for payment in payments), "the invoice tells otherwise"


def ended(tables):
    assert {payment.reference for payment in booked(tables)} == {"one", "other"}, "a request's money is not booked"


def named(question):
    if isinstance(question, Read):
        return f"reads {'the marker' if question.key['SK'] == 'IK' else 'the invoice'}"
    return f"writes {len(question.writes)} items"


def explored(*participants):
    tables = MemoryTables()
    store = DynamoStore(tables=tables, caller=b.a_caller())
    store.commit(added(b.a_business()), added(b.a_client()))
    store.commit(added(b.an_issued_invoice()))
    quiet = {
        (row["PK"], row["SK"]): row for row in tables.rows(Table.CORE) if row.get("kind") in {"Business", "Client"}
    }
    return Exploration(participants=participants, quiet=quiet, sound=sound, ended=ended, told=named).run(tables)


def people(kind):
    both = [payer("40.00", name=name, key="one", kind=kind) for name in ("first", "second")]
    return *both, payer("30.00", name="third", key="other", kind=kind)


@pytest.mark.row("C7", "C9", "C16")
def test_a_payment_asked_for_twice_beside_another_is_booked_once():
    seen = explored(*people(DynamoStore))
    print(seen)  # noqa: T201 - for pytest -rP
    assert seen.contents == 12


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        pytest.param(MarksLater, "one request's money is booked twice", id="the marker after the effect"),
        pytest.param(MarksBefore, "a request's money is not booked", id="the marker before the effect"),
    ],
)
def test_a_marker_that_is_not_in_the_effects_transaction_is_found(kind, rule):
    with pytest.raises(Broken) as found:
        explored(*people(kind))
    print(found.value)  # noqa: T201 - for pytest -rP
    assert found.value.rule == rule
