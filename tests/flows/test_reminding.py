"""The bell: a client reminded by hand of an invoice that is not paid."""

import pytest

from tests.flows.desk import LEASE, MARIE, OFFICE, take


def ring(world, invoice, **more):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/remind", {}, **more)


def overdue(world, **client):
    invoice = world.invoice(world.client(**client))
    world.time.move_to("2026-04-13T16:00:00Z")
    world.settle()
    return invoice


@pytest.mark.row("H56", "H57", "H6")
@pytest.mark.parametrize(
    ("language", "subject", "facts"),
    [
        (
            "fr",
            "Plomberie Tremblay : rappel de la facture 00001",
            ["Montant à payer : 1 149,75 $", "Échéance : 1er avril 2026", "Jours de retard : 12"],
        ),
        (
            "en",
            "Reminder: invoice 00001 from Plomberie Tremblay",
            ["Amount due: $1,149.75", "Due date: April 1, 2026", "Days overdue: 12"],
        ),
    ],
)
def test_the_bell_mails_a_reminder_in_the_clients_language(world, language, subject, facts):
    invoice = overdue(world, language=language)

    rung = ring(world, invoice)
    assert (rung.status, rung["reminder"]["state"], rung["reminded_at"]) == (202, "queued", None)
    world.settle()

    (mail,) = world.mails
    assert (mail.to, mail.subject, mail.reply_to) == (MARIE, subject, OFFICE)
    assert [fact for fact in facts if fact not in mail.text] == []
    assert list(mail.attachments) == ["00001.pdf"]
    assert world.portal(mail.portal_link).address.endswith(f"/portal/invoices/{invoice['id']}")
    seen = world.see(invoice)
    assert (seen["reminder"]["state"], seen["reminded_at"] is not None, seen["sent_at"]) == ("sent", True, None)
    assert world.timeline(invoice)[-2:] == ["invoice.reminder_requested", "invoice.reminded"]


@pytest.mark.row("H56")
def test_a_reminder_before_the_due_date_says_nothing_of_days(world):
    invoice = world.invoice(world.client(language="en"))
    ring(world, invoice)
    world.settle()

    assert "Days overdue" not in world.mails[-1].text


@pytest.mark.row("H57")
def test_the_bell_is_there_only_for_what_is_invoiced_and_not_paid(world):
    draft, void, paid = world.draft(), world.invoice(), world.invoice()
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {})
    take(world, paid, "1149.75")
    before = world.everything()["core"]

    assert ring(world, draft).problem == (409, "invoice_not_issued")
    assert ring(world, void).problem == (409, "invoice_void")
    assert ring(world, paid).problem == (409, "invoice_paid")
    assert world.everything()["core"] == before


@pytest.mark.row("H57")
def test_what_is_paid_in_part_is_reminded_of_with_what_is_left(world):
    invoice = world.invoice(world.client(language="en"))
    take(world, invoice, "1000.00")
    ring(world, invoice)
    world.settle()

    assert "Amount due: $149.75" in world.mails_to(MARIE)[-1].text


@pytest.mark.row("H56")
def test_a_client_is_reminded_once_a_day_by_the_days_of_the_business(world):
    invoice = overdue(world)
    assert ring(world, invoice).status == 202
    world.settle()

    again = ring(world, invoice)
    assert again.problem == (409, "reminded_today")
    assert "12:00" in again["detail"]
    world.time.move_to("2026-04-14T03:59:00Z")  # 23:59 in Montreal
    assert ring(world, invoice).problem_code == "reminded_today"
    world.time.move_to("2026-04-14T04:01:00Z")
    assert ring(world, invoice).status == 202
    world.settle()

    assert len(world.mails) == 2


@pytest.mark.row("H56")
def test_a_client_without_an_address_cannot_be_reminded(world):
    invoice = overdue(world, email=None)

    assert ring(world, invoice).problem == (409, "no_email")


@pytest.mark.row("H56", "C44")
def test_a_reminder_that_comes_back_is_told_and_may_be_sent_again(world):
    invoice = overdue(world)
    ring(world, invoice)
    world.settle()

    (mailed,) = world.ok("GET", "/v1/reminders")["data"]
    world.mail_news(mailed, "Email Bounced", bounce={"bounceType": "Permanent"})

    seen = world.see(invoice)
    assert (seen["reminder"], seen["reminded_at"]) == ({"state": "bounced", "detail": "Permanent"}, None)
    assert seen["delivery"]["state"] == "none"
    assert world.mails_to(OFFICE)[-1].subject == "00001 n\N{RIGHT SINGLE QUOTATION MARK}est pas parvenu à Marie Gagnon"
    assert ring(world, invoice).status == 202
    world.settle()
    assert world.see(invoice)["reminder"]["state"] == "sent"


@pytest.mark.row("H56")
def test_nothing_goes_out_when_the_money_came_before_the_mail(world):
    invoice = overdue(world)
    ring(world, invoice)
    take(world, invoice, "1149.75")
    world.settle()

    assert [mail.subject for mail in world.mails_to(MARIE) if "rappel" in mail.subject] == []
    assert world.see(invoice)["reminder"]["state"] == "none"
    assert "invoice.reminder_dropped" in world.timeline(invoice)


@pytest.mark.row("H56", "C12")
def test_one_ring_is_one_mail_however_often_everything_is_delivered(world):
    invoice = overdue(world)
    for _ in range(3):
        ring(world, invoice, Idempotency_Key="click")
        world.settle(times=2)
    world.replay("reversed")

    assert len(world.mails) == 1
    assert world.timeline(invoice).count("invoice.reminded") == 1


@pytest.mark.row("H56")
def test_a_mail_provider_that_is_down_makes_the_reminder_late_and_not_double(world):
    invoice = overdue(world)
    ring(world, invoice)
    world.faults.crash_before("ses", "SendRawEmail")
    world.settle(failures=1)
    world.time.pass_(**LEASE)
    world.settle()

    assert len(world.mails) == 1


def test_a_technician_rings_no_bell(world):
    invoice = world.invoice()

    assert ring(world, invoice, key=world.key("technician")).problem == (403, "forbidden")
