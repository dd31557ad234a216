"""Deeds that cross each other on the way: what was not seen, not written yet, or done otherwise meanwhile."""

import json

import pytest

from chalicelib.adapters.ses import SesMailer
from chalicelib.domain.business import Automation, InvoicingMode, Sending
from chalicelib.entrypoints.runtime import Failed
from chalicelib.usecases import invoicing_quotes, sweeping
from tests.flows import till

MARIE = "marie@example.com"
TODAY = "2026-03-02"
PARTS = [
    {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 7}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 37}},
]
PER_INSTALMENT = Automation(invoice_on_quote_approval=InvoicingMode.PER_INSTALMENT, send=Sending.ON_DATE)
DEARER = {"lines": [{"description": "Chaudière", "unit_price": "9000"}]}


def sent(world, document, place="invoices"):
    world.ok("POST", f"/v1/{place}/{document['id']}/send", {})
    world.settle()
    return world.see(document)


def totals(world, quote):
    return [invoice["total"] for invoice in world.invoices_of(quote)]


# --- a quote invoiced by hand, and by itself


@pytest.mark.row("C11", "K6")
def test_a_quote_invoiced_by_hand_before_its_approval_was_followed_up_is_billed_once(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=PARTS)
    world.approve(quote)

    world.ok("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})
    world.settle()
    world.replay("reversed")

    assert totals(world, quote) == ["1149.75"]


def meanwhile(monkeypatch, deed):
    """Just before a quote's drafts are written, once."""
    write, waiting = invoicing_quotes._commit_once, [deed]

    def late(*args, **kwargs):
        if waiting:
            waiting.pop()()
        return write(*args, **kwargs)

    monkeypatch.setattr(invoicing_quotes, "_commit_once", late)


@pytest.mark.row("C11", "K6")
def test_of_two_ways_to_invoice_a_quote_at_one_moment_the_quicker_counts(world, monkeypatch):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=PARTS)
    world.approve(quote)
    meanwhile(monkeypatch, world.settle)

    answer = world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {"mode": "single"})

    assert answer.problem == (409, "quote_invoiced")
    assert totals(world, quote) == ["459.90", "689.85"]


@pytest.mark.row("C10")
def test_a_quote_edited_while_it_is_invoiced_makes_no_draft_of_what_it_was(world, monkeypatch):
    quote = world.quote()
    meanwhile(monkeypatch, lambda: world.ok("PATCH", f"/v1/quotes/{quote['id']}", DEARER))

    answer = world.api("POST", f"/v1/quotes/{quote['id']}/invoices", {})

    assert answer.problem == (409, "quote_changed")
    assert (world.invoices_of(quote), world.see(quote)["status"]) == ([], "draft")


# --- a quote approved


@pytest.mark.row("C10")
def test_a_client_approves_what_the_page_showed_and_nothing_else(world):
    quote = world.quote()
    sent(world, quote, "quotes")
    page = world.portal(world.mails_to(MARIE)[-1].portal_link)
    world.ok("PATCH", f"/v1/quotes/{quote['id']}", DEARER)

    page.send("/approve", name="Marie Gagnon")

    assert page.status == 409
    assert world.see(quote)["approved_at"] is None


# --- news of mails


@pytest.mark.row("C44")
def test_a_bounce_quicker_than_our_own_record_comes_again_and_counts(world, monkeypatch):
    invoice = world.invoice()
    send = SesMailer.send

    def bouncing_at_once(mailer, mail):
        message_id = send(mailer, mail)
        bounce = {"bounceType": "Permanent"}
        world.mail_news(invoice, "Email Bounced", message_id=message_id, settled=False, bounce=bounce)
        return message_id

    monkeypatch.setattr(SesMailer, "send", bouncing_at_once)
    sent(world, invoice)
    world.settle()

    assert world.see(invoice)["delivery"] == {"state": "bounced", "detail": "Permanent"}


@pytest.mark.row("C44")
def test_an_old_mails_bounce_does_not_hold_up_the_next_one(world):
    invoice = world.invoice()
    sent(world, invoice)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {})

    world.mail_news(invoice, "Email Bounced", bounce={"bounceType": "Permanent"})
    world.settle()

    assert world.see(invoice)["delivery"]["state"] == "sent"
    assert len(world.mails_to(MARIE)) == 2


@pytest.mark.row("C44")
@pytest.mark.parametrize("news", ["Email Bounced", "Email Rejected"])
def test_a_second_mail_that_comes_back_does_not_make_the_first_unsent(world, news):
    invoice = world.invoice()
    first = sent(world, invoice)["sent_at"]
    world.time.pass_(days=3)
    sent(world, invoice)

    world.mail_news(invoice, news)

    seen = world.see(invoice)
    assert (seen["status"], seen["sent_at"]) == ("sent", first)


@pytest.mark.row("C44")
def test_a_quote_of_which_no_mail_arrived_was_never_sent(world):
    quote = world.quote()
    sent(world, quote, "quotes")

    world.mail_news(quote, "Email Bounced", bounce={"bounceType": "Permanent"})

    seen = world.see(quote)
    assert (seen["status"], seen["sent_at"], seen["delivery"]["state"]) == ("draft", None, "bounced")


# --- money by hand, and a page to pay on


@pytest.mark.row("P44", "C12")
def test_a_page_opened_after_the_cash_came_outlives_the_news_of_it(world):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "149.75", "method": "cash"})

    page = till.page(world, invoice)  # before anything follows from the cash
    world.settle()
    world.replay()
    world.pay_at_checkout(page)
    till.arrived(world)

    assert till.shown(world, invoice) == ("paid", "1149.75", "0.00")


# --- what goes out by itself


@pytest.mark.row("P37")
def test_what_cannot_be_done_by_our_own_mistake_stops_nothing_else_that_is_due(world, monkeypatch):
    broken, sound = world.draft(send_on=TODAY), world.draft(send_on=TODAY)
    issue = sweeping.issue_due

    def issue_the_sound_one(invoice_id, **world):
        if invoice_id == broken["id"]:
            raise ValueError("postings do not sum to zero")
        return issue(invoice_id, **world)

    monkeypatch.setattr(sweeping, "issue_due", issue_the_sound_one)
    with pytest.raises(Failed, match="ExceptionGroup"):
        world.sweep()

    assert (world.see(broken)["number"], world.see(sound)["number"]) == (None, "00001")


@pytest.mark.row("P37")
def test_who_may_not_send_may_choose_no_day_for_it_either(world):
    client, draft, technician = world.client(), world.draft(), world.key("technician")
    line = {"description": "Visite", "unit_price": "80"}
    written = {"client_id": client["id"], "lines": [line], "send_on": TODAY}

    answers = [
        world.api("POST", "/v1/invoices", written, key=technician),
        world.api("PATCH", f"/v1/invoices/{draft['id']}", {"send_on": TODAY}, key=technician),
        world.api("POST", f"/v1/quotes/{world.quote()['id']}/invoices", {"send_on": TODAY}, key=technician),
    ]

    assert [answer.problem for answer in answers] == [(403, "forbidden")] * 3


@pytest.mark.row("P8")
def test_a_day_set_or_taken_away_by_an_edit_says_so(world):
    draft = world.draft()

    dated = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"send_on": "2026-03-20"}).body
    free = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"send_on": None}).body

    assert [(one["send"], one["send_on"]) for one in (dated, free)] == [("on_date", "2026-03-20"), ("manual", None)]


# --- what an edit leaves alone, and what it does not


@pytest.mark.row("C22")
def test_a_patch_of_the_prefix_leaves_the_other_numbering_rules(world):
    world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "F-", "padding": 3, "yearly_reset": True}})

    numbering = world.ok("PATCH", "/v1/business", {"numbering": {"prefix": "G-"}})["numbering"]

    assert numbering == {"prefix": "G-", "padding": 3, "start": 1, "yearly_reset": True}


@pytest.mark.row("P8")
def test_an_amount_already_paid_counts_on_an_instalments_invoice_too(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=PARTS)
    world.approve(quote)
    world.settle()
    deposit, _ = world.invoices_of(quote)

    edited = world.ok("PATCH", f"/v1/invoices/{deposit['id']}", {"prepaid_total": "100.00"}).body

    assert (edited["total"], edited["amount_due"]) == ("459.90", "359.90")


@pytest.mark.row("C53")
def test_a_timeline_tells_of_its_own_kind_only(world):
    technician, key = world.key("technician"), world.ok("GET", "/v1/keys")["data"][0]["id"]

    answers = [world.api("GET", f"/v1/{place}/{key}/timeline", key=technician) for place in ("invoices", "quotes")]

    assert [answer.problem for answer in answers] == [(404, "not_found")] * 2


def test_a_document_that_no_transaction_can_hold_is_refused_in_words(world):
    world.ok("POST", "/v1/catalog", {"code": "PR", "name": "Visite", "unit_price": "1", "description": "x" * 10_000})
    body = {"client_id": world.client()["id"], "lines": [{"catalog_code": "PR"}] * 400}

    refused = world.api("POST", "/v1/invoices", json.dumps(body).encode())

    assert refused.problem == (413, "document_too_large")
