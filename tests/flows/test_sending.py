"""Invoices sent: at once, on their day, again."""

import hashlib

import pytest

from tests.flows.desk import MARIE, OFFICE, delivery, send


@pytest.mark.row("P18", "P19", "P20", "P22", "A52", "A54", "A59", "K20")
def test_sending_moves_a_draft_to_sent(world):
    draft = world.draft()
    assert (draft["status"], draft["number"]) == ("draft", None)

    asked = send(world, draft)
    assert asked.status == 202
    assert (asked["status"], asked["number"], asked["delivery"]["state"]) == ("issued", "00001", "queued")
    world.settle()

    assert delivery(world, draft) == ("sent", "sent", True)
    listed = world.ok("GET", "/v1/invoices?status=sent")["data"]
    assert [invoice["id"] for invoice in listed] == [draft["id"]]


@pytest.mark.row("P23", "P24", "K20", "K25")
@pytest.mark.parametrize(
    ("language", "subject", "invoice", "total", "due"),
    [
        ("fr", "Plomberie Tremblay : facture 00001", "Facture", "1 149,75 $", "1er avril 2026"),
        ("en", "Invoice 00001 from Plomberie Tremblay", "Invoice", "$1,149.75", "April 1, 2026"),
    ],
)
def test_the_mail_has_the_pdf_and_a_link_in_the_clients_language(world, language, subject, invoice, total, due):
    draft = world.draft(world.client(language=language))
    send(world, draft)
    world.settle()

    (mail,) = world.mails
    assert (mail.to, mail.subject, mail.reply_to) == (MARIE, subject, OFFICE)
    assert mail.sender == "Plomberie Tremblay <billing@example.com>"
    for part in (mail.text, mail.html):
        assert total in part
        assert due in part
        assert mail.portal_link in part
    (pdf,) = mail.attachments.values()
    assert pdf.startswith(b"%PDF-")
    page = world.portal(mail.portal_link)
    assert page.address.endswith(f"/portal/invoices/{draft['id']}")
    assert invoice in page.text
    assert total in page.text


@pytest.mark.row("C47")
def test_the_pdf_is_kept_under_its_hash_and_is_what_was_mailed(world):
    draft = world.draft()
    send(world, draft)
    world.settle()

    ((key, pdf),) = world.files().items()
    sha256 = hashlib.sha256(pdf).hexdigest()
    assert key == f"{world.house.id}/invoices/{draft['id']}/{sha256}.pdf"
    assert world.see(draft)["pdf"] == {"state": "ready", "sha256": sha256, "missing_glyphs": [], "e_invoice": None}
    assert world.mails[0].attachments == {"00001.pdf": pdf}
    shown = world.ok("GET", f"/v1/invoices/{draft['id']}/pdf")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.raw == pdf


def test_the_pdf_has_one_name_wherever_it_is_had(world):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F/2026 "}})
    draft = world.draft()
    send(world, draft)
    world.settle()

    (mail,) = world.mails
    path = f"/v1/invoices/{draft['id']}/pdf"
    page = world.portal(mail.portal_link)
    portal = world.request("GET", f"/portal/invoices/{draft['id']}/pdf", b"", {"cookie": page.cookie})

    assert list(mail.attachments) == ["F-2026-00001.pdf"]
    assert world.ok("GET", path).headers["content-disposition"] == 'inline; filename="F-2026-00001.pdf"'
    assert portal.headers["content-disposition"] == 'inline; filename="F-2026-00001.pdf"'


@pytest.mark.row("C47")
def test_the_pdf_does_not_change_when_the_client_moves(world):
    client = world.client()
    draft = world.draft(client)
    send(world, draft)
    world.settle()

    world.ok("PATCH", f"/v1/clients/{client['id']}", {"name": "Marie Tremblay"})
    world.ok("PATCH", "/v1/business", {"name": "Plomberie Nouvelle"})
    send(world, draft)
    world.settle()

    assert len(world.files()) == 1
    first, second = world.mails_to(MARIE)
    assert first.attachments == second.attachments


@pytest.mark.row("P37", "P22")
def test_a_scheduled_invoice_goes_out_on_its_day_and_not_before(world):
    draft = world.draft(send_on="2026-03-09")
    assert (draft["status"], draft["number"]) == ("scheduled", None)

    world.time.move_to("2026-03-09T03:59:00Z")  # 23:59 on the 8th in Montreal
    world.sweep()
    world.settle()
    assert delivery(world, draft) == ("scheduled", "none", False)

    world.time.move_to("2026-03-09T16:00:00Z")
    world.sweep()
    world.sweep()
    world.settle()

    sent = world.see(draft)
    assert (sent["number"], sent["issue_date"], sent["due_date"], sent["status"]) == (
        "00001",
        "2026-03-09",
        "2026-04-08",
        "sent",
    )
    assert [mail.subject for mail in world.mails] == ["Plomberie Tremblay : facture 00001"]


@pytest.mark.row("P37", "P47")
def test_a_sandboxs_clock_does_each_day_in_its_order(world):
    world.business(sandbox=True)
    client = world.client()
    later = world.draft(client, send_on="2026-04-08")
    sooner = world.draft(client, send_on="2026-03-09")

    world.move_clock("2026-03-08T20:00:00Z")
    assert [world.see(each)["status"] for each in (sooner, later)] == ["scheduled", "scheduled"]
    world.move_clock("2026-05-20T12:00:00Z")

    sooner, later = world.see(sooner), world.see(later)
    assert (sooner["number"], sooner["issue_date"]) == ("00001", "2026-03-09")
    assert (later["number"], later["issue_date"]) == ("00002", "2026-04-08")
    assert (sooner["status"], later["status"]) == ("overdue", "overdue")
    assert world.api("POST", "/v1/sandbox/clock", {"now": "2026-05-01T00:00:00Z"}).problem == (
        409,
        "clock_goes_forward",
    )


def test_a_real_business_has_no_clock_of_its_own(world):
    refused = world.api("POST", "/v1/sandbox/clock", {"now": "2026-05-01T00:00:00Z"})

    assert refused.problem == (409, "not_a_sandbox")


@pytest.mark.row("P37", "G9")
def test_a_day_is_chosen_changed_and_taken_away(world):
    draft = world.draft()

    on = world.ok("POST", f"/v1/invoices/{draft['id']}/schedule", {"send_on": "2026-03-20"})
    assert (on["status"], on["send_on"]) == ("scheduled", "2026-03-20")
    off = world.ok("POST", f"/v1/invoices/{draft['id']}/schedule", {"send_on": None})
    assert (off["status"], off["send_on"]) == ("draft", None)
    world.time.pass_(days=30)
    world.sweep()
    world.settle()

    assert world.see(draft)["number"] is None
    assert world.mails == []


def test_an_invoice_is_sent_again_when_it_is_asked_for_again(world):
    draft = world.draft()
    send(world, draft)
    world.settle()

    send(world, draft)
    world.settle()

    first, second = world.mails_to(MARIE)
    assert first.subject == second.subject
    assert first.portal_link != second.portal_link
    assert world.see(draft)["number"] == "00001"
    assert world.timeline(draft).count("invoice.sent") == 2


def test_one_request_under_one_key_sends_one_mail(world):
    draft = world.draft()

    for _ in range(3):
        answer = send(world, draft, Idempotency_Key="click")
        world.settle()

    assert answer.headers["idempotent-replay"] == "true"
    assert len(world.mails) == 1


@pytest.mark.row("C6", "C12")
def test_everything_delivered_twice_sends_one_mail_and_keeps_one_pdf(world):
    draft = world.draft()
    send(world, draft)

    world.settle(times=2)
    world.replay("reversed")

    assert len(world.mails) == 1
    assert len(world.files()) == 1
    assert world.timeline(draft) == ["invoice.drafted", "invoice.issued", "invoice.rendered", "invoice.sent"]
