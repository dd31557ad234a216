"""Reminders by hand: what crosses their way, and the late news of them."""

from dataclasses import replace

import pytest

from chalicelib.domain import invoice_reminders
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Conflict
from chalicelib.domain.invoice import Invoice
from tests import builders as b
from tests.usecases.desk import Desk
from tests.usecases.till import code_of


@pytest.fixture
def desk():
    return Desk()


def standing(desk, invoice):
    found = desk.store().get(Invoice, invoice.id)
    return found.reminder.state, found.reminded_at is not None


def test_two_who_ring_at_once_ring_once(desk):
    invoice = desk.invoiced()
    desk.tables.meanwhile(lambda: desk.ring(invoice))

    assert code_of(lambda: desk.ring(invoice)) == "reminded_today"
    assert desk.events(invoice.id).count("invoice.reminder_requested") == 1


def test_nothing_is_mailed_that_nobody_asked_for(desk):
    desk.invoiced()

    desk.mail_reminders()

    assert desk.letters() == []


def test_two_workers_at_one_reminder_mail_it_once(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)

    desk.mail_reminders()
    desk.mail_reminders()

    assert desk.letters() == [("reminder", "marie@example.com")]
    assert standing(desk, invoice) == (DeliveryState.SENT, True)


def test_the_pdf_is_drawn_for_a_reminder_where_there_is_none_yet(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)

    desk.mail_reminders()

    assert desk.events(invoice.id)[-2:] == ["invoice.rendered", "invoice.reminded"]
    assert len(desk.outbox.mails[0].attachments) == 1


def test_a_reminder_that_the_provider_rejects_did_not_go_out_and_may_be_rung_again(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)
    desk.outbox.refuses.add("marie@example.com")

    desk.mail_reminders()

    assert standing(desk, invoice) == (DeliveryState.FAILED, False)
    assert desk.ring(invoice).reminder.requests == 2


def test_what_was_void_before_its_reminder_went_out_is_not_reminded_of(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)
    desk.void(invoice)

    desk.mail_reminders()

    assert desk.letters() == []
    assert standing(desk, invoice) == (DeliveryState.NONE, False)


def test_news_of_a_reminder_leave_the_invoices_own_mail_alone(desk):
    invoice = desk.invoiced()
    desk.asked_to_send(invoice)
    desk.deliver(invoice)
    desk.ring(invoice)
    desk.mail_reminders()

    desk.hear_of_reminder("delivered", message="message-2")
    assert standing(desk, invoice) == (DeliveryState.SENT, True)
    for _ in range(2):
        desk.hear_of_reminder("bounced", message="message-2")

    assert standing(desk, invoice) == (DeliveryState.BOUNCED, False)
    assert desk.see(invoice).delivery.state is DeliveryState.SENT
    assert desk.events(invoice.id).count("invoice.reminder_failed") == 1


def test_an_older_reminder_stays_sent_when_a_later_one_comes_back(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)
    desk.mail_reminders()
    first = desk.see(invoice).reminded_at
    desk.clock.move(days=1)
    desk.ring(invoice)
    desk.mail_reminders()

    desk.hear_of_reminder("failed", message="message-2")

    assert desk.see(invoice).reminded_at == first


def test_news_that_are_quicker_than_our_own_note_wait_for_it(desk):
    invoice = desk.invoiced()
    desk.ring(invoice)

    with pytest.raises(Conflict):
        desk.hear_of_reminder("bounced")


def test_nobody_is_reminded_of_what_is_disputed_or_was_given_back(desk):
    invoice = desk.invoiced()
    disputed = replace(invoice, disputed_total=b.cad("10.00"))
    refunded = replace(invoice, refunded_total=b.cad("10.00"))

    assert code_of(lambda: invoice_reminders.requested(disputed, at=b.NOON)) == "invoice_disputed"
    assert code_of(lambda: invoice_reminders.requested(refunded, at=b.NOON)) == "invoice_refunded"
