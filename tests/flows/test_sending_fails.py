"""Mail that is rejected, bounces, has no address, or is crossed by a crash: never "sent" when it was not."""

import pytest

from tests.flows.desk import LEASE, MARIE, OFFICE, delivery, send


@pytest.mark.row("C44")
def test_what_the_mail_provider_rejects_is_never_sent_and_the_business_is_told(world):
    draft = world.draft()
    send(world, draft)

    world.faults.refuse("ses", "SendRawEmail", "MessageRejected", "Address is on the suppression list")
    world.settle()

    assert delivery(world, draft) == ("issued", "failed", False)
    assert world.see(draft)["delivery"]["detail"] == "Address is on the suppression list"
    (told,) = world.mails
    assert told.to == OFFICE
    assert "Address is on the suppression list" in told.text
    assert MARIE in told.text


@pytest.mark.row("C44")
def test_what_bounces_later_is_sent_no_more_and_the_business_is_told_once(world):
    draft = world.draft()
    send(world, draft)
    world.settle()
    assert delivery(world, draft) == ("sent", "sent", True)

    bounce = {"bounceType": "Permanent", "bouncedRecipients": [{"diagnosticCode": "550 no such user"}]}
    for _ in range(2):
        world.mail_news(draft, "Email Bounced", bounce=bounce)
        world.settle(times=2)

    assert delivery(world, draft) == ("issued", "bounced", False)
    assert world.see(draft)["delivery"]["detail"] == "550 no such user"
    (told,) = world.mails_to(OFFICE)
    assert "550 no such user" in told.text
    assert world.timeline(draft).count("invoice.bounced") == 1


@pytest.mark.row("C44")
def test_a_later_rejection_counts_as_not_sent(world):
    draft = world.draft()
    send(world, draft)
    world.settle()

    world.mail_news(draft, "Email Rejected", reject={"reason": "Bad content"})
    world.settle()

    assert delivery(world, draft) == ("issued", "failed", False)
    assert len(world.mails_to(OFFICE)) == 1


def test_a_confirmed_delivery_is_shown(world):
    draft = world.draft()
    send(world, draft)
    world.settle()

    world.mail_news(draft, "Email Delivered")

    assert delivery(world, draft) == ("sent", "delivered", True)


@pytest.mark.row("C44")
def test_news_of_an_older_mail_changes_nothing(world):
    draft = world.draft()
    send(world, draft)
    world.settle()
    old = world.message_id(draft)
    send(world, draft)
    world.settle()

    world.mail_news(draft, "Email Bounced", message_id=old, bounce={"bounceType": "Permanent"})

    assert delivery(world, draft) == ("sent", "sent", True)


@pytest.mark.row("C44")
def test_without_an_address_sending_is_refused_and_nothing_is_written(world):
    draft = world.draft(world.client(email=None))
    before = world.everything()

    refused = world.api("POST", f"/v1/invoices/{draft['id']}/send", {})

    assert refused.problem == (409, "no_email")
    assert world.everything() == before


@pytest.mark.row("C44", "P37")
def test_without_an_address_a_scheduled_invoice_is_issued_on_its_day_and_the_business_told(world):
    draft = world.draft(world.client(email=None), send_on="2026-03-09")

    world.time.move_to("2026-03-09T16:00:00Z")
    world.sweep()
    world.settle()

    assert delivery(world, draft) == ("issued", "failed", False)
    assert world.see(draft)["number"] == "00001"
    assert [mail.to for mail in world.mails] == [OFFICE]


@pytest.mark.row("C44", "C16")
def test_a_crash_after_the_provider_took_the_mail_is_made_up_for(world):
    """A lost mail is worse than a second one: it is sent again once the first try's lease is over."""
    draft = world.draft()
    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    world.settle()
    send(world, draft)

    world.faults.crash_after("ses", "SendRawEmail")
    world.settle(failures=1)
    assert delivery(world, draft) == ("issued", "queued", False)
    world.settle(failures=1)  # the lease stands: perhaps somebody is at it
    world.time.pass_(**LEASE)
    world.settle()

    assert delivery(world, draft) == ("sent", "sent", True)
    assert len(world.mails_to(MARIE)) == 2
    assert world.timeline(draft).count("invoice.sent") == 1


@pytest.mark.row("C47", "C16")
def test_a_crash_after_the_pdf_was_kept_keeps_one_pdf(world):
    draft = world.draft()
    send(world, draft)

    world.faults.crash_after("s3", "PutObject")
    world.settle(failures=1)
    assert world.see(draft)["pdf"]["state"] == "none"
    world.settle()

    assert len(world.files()) == 1
    assert len(world.mails_to(MARIE)) == 1
    assert delivery(world, draft) == ("sent", "sent", True)
    assert world.timeline(draft).count("invoice.rendered") == 1


@pytest.mark.row("C16")
@pytest.mark.parametrize("nth", range(1, 4))
def test_a_crash_after_any_write_of_the_delivery_ends_the_same(world, nth):
    draft = world.draft()
    send(world, draft)

    world.faults.crash_after("dynamodb", "TransactWriteItems", skip=nth - 1)
    for _ in range(4):
        world.pump.settle()
        world.time.pass_(**LEASE)

    assert delivery(world, draft) == ("sent", "sent", True)
    assert len(world.files()) == 1
    assert world.timeline(draft) == ["invoice.drafted", "invoice.issued", "invoice.rendered", "invoice.sent"]
