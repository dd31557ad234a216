"""Corners where automation could stop, repeat itself, or do what nobody asked for."""

import pytest

from chalicelib.domain.business import Automation, InvoicingMode, Sending

MARIE, OFFICE = "marie@example.com", "bureau@plomberie.example"
PER_INSTALMENT = Automation(invoice_on_quote_approval=InvoicingMode.PER_INSTALMENT, send=Sending.ON_DATE)
FREE = [{"description": "Garantie", "unit_price": "100.00", "discount_percent": "100"}]
THIRDS = [
    {"label": "Un", "amount": "33.33", "due": {"days_after": "approval", "days": 1}},
    {"label": "Deux", "amount": "33.33", "due": {"days_after": "approval", "days": 2}},
    {"label": "Trois", "remainder": True, "due": {"days_after": "approval", "days": 3}},
]


@pytest.mark.row("P36")
def test_a_quote_that_comes_to_nothing_does_not_stop_the_automation(world):
    world.business(automation=PER_INSTALMENT)
    free, other = world.quote(lines=FREE), world.quote()

    world.approve(free)
    world.approve(other)
    world.settle()

    assert [invoice["total"] for invoice in world.invoices_of(other)] == ["1149.75"]
    assert [invoice["total"] for invoice in world.invoices_of(free)] == ["0.00"]


def test_an_invoice_that_comes_to_nothing_is_paid_when_it_is_issued(world):
    invoice = world.invoice(lines=FREE)

    assert (invoice["status"], invoice["total"], invoice["number"]) == ("paid", "0.00", "00001")


@pytest.mark.row("P36")
def test_per_instalment_without_a_schedule_is_one_draft(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote()

    world.approve(quote)
    world.settle()

    assert [invoice["total"] for invoice in world.invoices_of(quote)] == ["1149.75"]


@pytest.mark.row("P37")
def test_an_empty_draft_is_not_issued_on_its_day_and_the_business_is_told(world):
    draft = world.draft(lines=[], send_on="2026-03-09")

    world.time.move_to("2026-03-09T16:00:00Z")
    world.sweep()
    world.settle()

    seen = world.see(draft)
    assert (seen["number"], seen["status"], seen["delivery"]["state"]) == (None, "draft", "failed")
    assert [mail.to for mail in world.mails] == [OFFICE]


@pytest.mark.row("P37")
def test_one_draft_that_cannot_go_out_stops_no_other(world):
    client = world.client()
    empty = world.draft(client, lines=[], send_on="2026-03-09")
    good = world.draft(client, send_on="2026-03-09")

    world.time.move_to("2026-03-09T16:00:00Z")
    world.sweep()
    world.settle()

    assert world.see(good)["number"] == "00001"
    assert world.see(empty)["number"] is None


@pytest.mark.row("P36", "C24")
def test_generated_drafts_keep_their_share_of_each_cent_when_their_words_are_edited(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(lines=[{"description": "Visite", "unit_price": "86.98"}], schedule=THIRDS)
    world.approve(quote)
    world.settle()

    drafts = world.invoices_of(quote)
    assert [draft["total"] for draft in drafts] == ["33.33", "33.33", "33.35"]
    edited = [
        world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"notes": "Merci", "due_date": "2026-06-01"}).body
        for draft in drafts
    ]

    assert [draft["total"] for draft in edited] == ["33.33", "33.33", "33.35"]
    assert [tax["amount"] for draft in edited for tax in draft["taxes"] if tax["code"] == "TPS"] == ["1.45"] * 3
    assert [draft["taxes"] for draft in edited] == [draft["taxes"] for draft in drafts]


@pytest.mark.row("P36", "P37")
def test_one_invoice_of_a_quote_goes_out_on_the_day_that_was_chosen_for_it(world):
    wanted = {"mode": "single", "send": "on_date", "send_on": "2026-04-01"}
    quote = world.quote(invoicing=wanted)
    assert quote["invoicing"] == wanted
    world.approve(quote)
    world.settle()
    (draft,) = world.invoices_of(quote)
    assert (draft["status"], draft["send_on"]) == ("scheduled", "2026-04-01")

    world.time.move_to("2026-04-01T16:00:00Z")
    world.sweep()
    world.settle()

    assert (world.see(draft)["status"], world.see(draft)["due_date"]) == ("sent", "2026-05-01")


@pytest.mark.row("P36")
def test_an_empty_draft_is_not_issued_at_once_either_and_the_business_is_told(world):
    quote = world.quote(lines=[], invoicing={"mode": "single", "send": "at_once"})
    world.approve(quote)
    world.settle(times=2)
    world.replay()

    (draft,) = world.invoices_of(quote)
    assert (draft["number"], draft["status"], draft["delivery"]["state"]) == (None, "draft", "failed")
    assert [mail.to for mail in world.mails] == [OFFICE, OFFICE]


@pytest.mark.row("P37")
def test_a_day_that_is_past_already_goes_out_with_the_next_sweep(world):
    draft = world.draft(send_on="2026-02-20")

    world.sweep()
    world.settle()

    assert (world.see(draft)["issue_date"], world.see(draft)["status"]) == ("2026-03-02", "sent")


@pytest.mark.row("P37")
def test_a_day_taken_away_by_an_edit_is_gone(world):
    draft = world.draft(send_on="2026-03-09")

    edited = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"send_on": None})
    world.time.pass_(days=30)
    world.sweep()

    assert edited["status"] == "draft"
    assert world.see(draft)["number"] is None


@pytest.mark.row("P37")
def test_a_deleted_draft_does_not_go_out(world):
    draft = world.draft(send_on="2026-03-09")
    world.ok("DELETE", f"/v1/invoices/{draft['id']}")

    world.time.pass_(days=30)
    world.sweep()
    world.settle()

    assert world.mails == []
    assert world.timeline(draft) == ["invoice.drafted", "invoice.removed"]


@pytest.mark.row("P37")
def test_issuing_a_scheduled_draft_by_hand_sends_nothing_on_its_day(world):
    draft = world.draft(send_on="2026-03-09")
    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})

    world.time.pass_(days=30)
    world.sweep()
    world.settle()

    assert world.mails == []
    assert world.see(draft)["number"] == "00001"


@pytest.mark.row("P26")
def test_a_business_whose_own_mail_is_refused_does_not_keep_the_receipt_from_the_client(world):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})

    world.faults.refuse("ses", "SendRawEmail", "MessageRejected", "Address is on the suppression list")
    world.settle()

    assert [mail.to for mail in world.mails] == [MARIE]


@pytest.mark.row("C44")
def test_a_business_that_cannot_be_told_leaves_no_message_that_fails_for_ever(world):
    draft = world.draft()
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})

    world.faults.refuse("ses", "SendRawEmail", "MessageRejected", "no", times=2)
    world.settle()
    world.settle()

    assert world.see(draft)["delivery"]["state"] == "failed"
    assert world.aws.messages("documents") == []


@pytest.mark.row("C44")
def test_a_throttled_mail_provider_is_asked_again(world):
    draft = world.draft()
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})

    world.faults.refuse("ses", "SendRawEmail", "Throttling", "Maximum sending rate exceeded")
    world.settle(failures=1)
    assert world.see(draft)["status"] == "issued"
    world.time.pass_(seconds=301)
    world.settle()

    assert world.see(draft)["status"] == "sent"
    assert len(world.mails) == 1


@pytest.mark.row("P26")
def test_without_an_address_of_the_business_nobody_is_told_and_nothing_fails(world):
    world.business(email=None)
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1149.75", "method": "cash"})

    world.settle()

    assert [mail.to for mail in world.mails] == [MARIE]


def test_a_quote_past_its_last_day_is_not_approved_though_the_sweep_has_not_come_yet(world):
    quote = world.quote(valid_until="2026-03-10")
    world.time.move_to("2026-03-11T12:00:00Z")

    assert world.api("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"}).problem == (409, "quote_expired")


def test_an_approved_quote_is_neither_declined_nor_deleted(world):
    quote = world.quote()
    world.approve(quote)
    before = world.everything()

    assert world.api("POST", f"/v1/quotes/{quote['id']}/decline", {"by": "x"}).problem == (409, "quote_not_open")
    assert world.api("DELETE", f"/v1/quotes/{quote['id']}").problem == (409, "quote_not_draft")
    assert world.everything() == before


@pytest.mark.row("K6")
def test_converting_per_instalment_answers_all_the_drafts(world):
    quote = world.quote(schedule=[*THIRDS[:2], {"label": "Reste", "remainder": True}])
    world.approve(quote)

    made = world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "per_instalment"})

    assert [invoice["total"] for invoice in made["data"]] == ["33.33", "33.33", "1083.09"]
    assert [invoice["send_on"] for invoice in made["data"]] == ["2026-03-03", "2026-03-04", None]


@pytest.mark.row("C29")
def test_the_taxes_in_the_books_are_those_on_the_invoices(world):
    client = world.client()
    lines = [
        {"description": "Vis", "quantity": "3", "unit_price": "0.335"},
        {"description": "A", "unit_price": "12.49"},
    ]
    invoices = [world.invoice(client, lines=lines, discount_percent=f"{n}") for n in range(1, 8)]
    void = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {})

    printed = {
        code: sum(int(tax["amount"].replace(".", "")) for i in invoices for tax in i["taxes"] if tax["code"] == code)
        for code in ("TPS", "TVQ")
    }

    assert world.booked_taxes() == printed


@pytest.mark.row("C46")
def test_a_thousand_lines_are_drawn_without_starting_any_program(world, monkeypatch):
    def no_program(*_, **__):
        raise AssertionError("a program was started")

    monkeypatch.setattr("subprocess.Popen", no_program)
    lines = [{"description": f"Pièce {n}", "unit_price": "1.00"} for n in range(1_000)]
    draft = world.draft(lines=lines)
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    (pdf,) = world.mails[0].attachments.values()
    assert pdf.startswith(b"%PDF-")
    assert world.see(draft)["pdf"]["missing_glyphs"] == []


@pytest.mark.row("C48")
def test_what_the_fonts_cannot_draw_is_reported(world):
    draft = world.draft(lines=[{"description": "\U00012000 tablette", "unit_price": "1.00"}])
    world.ok("POST", f"/v1/invoices/{draft['id']}/send", {})
    world.settle()

    seen = world.see(draft)
    assert seen["status"] == "sent"
    assert seen["pdf"]["missing_glyphs"] == ["\U00012000"]
