"""Nobody is reminded twice, nor of what was paid (I17), and what is to be mailed is mailed (I13)."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain import invoice_reminders
from chalicelib.domain import reminder as reminders
from chalicelib.domain.books import Books
from chalicelib.domain.events import InvoiceVoided
from chalicelib.domain.follow_up import Owed
from chalicelib.domain.invariants import check
from chalicelib.domain.journal import Envelope
from chalicelib.domain.ladder import Reached, Step
from chalicelib.domain.payment_events import InvoiceSettled
from tests import builders as b

DUE = date(2026, 4, 1)
DAY = date(2026, 4, 11)
GONE = {"to": "m@example.com", "message_id": "1", "template": "t", "language": "fr", "facts": (), "invoice_ids": ()}


def told(*events):
    return tuple(Envelope.around(event, b.a_caller()) for event in events)


def found(books, invariant="I17", **more):
    return [one.detail for one in check(books, **more) if one.invariant == invariant]


def owed(days):
    return Owed(due_on=DUE, step=Step(days=days), passed_over=(), marks=(Reached(due_on=DUE, days=days),))


def climbed(*steps, between=()):
    """An issued invoice's events of coming to steps, and what happened between the first and the second."""
    invoice = b.an_issued_invoice()
    happened = []
    for place, days in enumerate(steps):
        invoice, event = invoice_reminders.stepped(invoice, owed(days), reminder_id="rem_1", at=b.NOON)
        happened.append(event)
        if not place:
            for make in between:
                invoice, event = make(invoice)
                happened.append(event)
    return Books(invoices=(invoice,), envelopes=told(*happened))


def a_reminder(**more):
    reminder, event = reminders.rung(b.an_issued_invoice(), client_name="Marie", day=DAY, before=None, at=b.NOON)
    return replace(reminder, **more), event


def dropped(invoice):
    return invoice_reminders.dropped(invoice, at=b.NOON)


def mailed(invoice):
    return invoice_reminders.sent(invoice, to="m@example.com", message_id="1", at=b.NOON)


def settled(due):
    def make(invoice):
        event = InvoiceSettled(
            subject=invoice.id,
            version=invoice.version + 1,
            at=b.NOON,
            payment_id="pay_1",
            paid_total=b.cad("1"),
            amount_due=b.cad(due),
        )
        return replace(invoice, version=invoice.version + 1), event

    return make


def voided(invoice):
    event = InvoiceVoided(subject=invoice.id, version=invoice.version + 1, at=b.NOON)
    return replace(invoice, version=invoice.version + 1), event


def test_steps_are_climbed_one_after_another():
    assert found(climbed(1, 10, 20)) == []
    assert found(climbed(10, 10)) != []
    assert found(climbed(10, 1)) != []


def test_a_step_whose_mail_never_went_out_may_come_again_and_one_that_did_may_not():
    assert found(climbed(1, 1, between=[dropped])) == []
    assert found(climbed(1, 1, between=[mailed, dropped])) != []


def test_nothing_is_reminded_of_that_is_paid_or_void():
    assert found(climbed(1, 10, between=[settled("0.00")])) != []
    assert found(climbed(1, 10, between=[voided])) != []
    assert found(climbed(1, 10, between=[settled("0.00"), settled("5.00")])) == []


def test_a_client_has_one_reminder_of_a_day():
    one, _ = a_reminder()
    other = replace(one, id="rem_other")

    assert len(found(Books(others=(one, other)))) == 1
    assert found(Books(others=(one, replace(other, day=DAY + timedelta(days=1))))) == []
    assert found(Books(others=(one, reminders.withdrawn(other, at=b.NOON)[0]))) == []
    assert len(found(Books(others=(other,), envelopes=()))) == 1  # its id is not that of its day


def test_a_reminder_is_mailed_again_only_after_it_came_back():
    reminder, queued = a_reminder()
    first, one = reminders.mailed(reminder, at=b.NOON, **GONE)
    again, two = reminders.mailed(first, at=b.NOON, **GONE)
    back, failed = reminders.returned(first, reason="full", at=b.NOON)
    later, three = reminders.mailed(back, at=b.NOON, **GONE)

    assert len(found(Books(others=(again,), envelopes=told(queued, one, two)))) == 1
    assert found(Books(others=(later,), envelopes=told(queued, one, failed, three))) == []


def test_what_is_to_be_mailed_is_mailed_within_minutes():
    reminder, queued = a_reminder()
    books = Books(others=(reminder,), envelopes=told(queued))

    assert found(books, "I13", now=b.later(minutes=10)) == []
    assert len(found(books, "I13", now=b.later(minutes=20))) == 1
