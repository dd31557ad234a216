"""What the approval of a quote makes by itself, and how often."""

import pytest

from chalicelib.domain.business import Automation, InvoicingMode, Sending
from tests.flows.desk import at_once

DEPOSIT_AND_REST = [
    {"label": "Acompte", "percent": "40", "due": {"days_after": "approval", "days": 7}},
    {"label": "Solde", "remainder": True, "due": {"days_after": "approval", "days": 37}},
]
PER_INSTALMENT = Automation(invoice_on_quote_approval=InvoicingMode.PER_INSTALMENT, send=Sending.ON_DATE)


def brief(invoice):
    return invoice["status"], invoice["total"], invoice["send_on"]


@pytest.mark.row("P35", "P39")
def test_without_automation_an_approved_quote_makes_nothing(world):
    quote = world.quote()

    world.approve(quote)
    world.settle()

    assert world.invoices_of(quote) == []
    assert world.see(quote)["status"] == "approved"


@pytest.mark.row("P38")
def test_to_whoever_builds_an_app_automation_is_recommended(world):
    settings = world.ok("GET", "/openapi.json")["components"]["schemas"]["AutomationShape"]

    assert "Recommended wherever quotes are used" in settings["description"]
    assert "per_instalment" in str(settings["properties"]["invoice_on_quote_approval"])


@pytest.mark.row("P36", "P38", "P39")
def test_by_the_business_setting_an_approved_quote_makes_one_draft(world):
    world.ok("PATCH", "/v1/business", {"automation": {"invoice_on_quote_approval": "single"}})
    quote = world.quote()

    world.approve(quote)
    world.settle()

    (draft,) = world.invoices_of(quote)
    assert brief(draft) == ("draft", "1149.75", None)
    assert (draft["number"], draft["quote_id"]) == (None, quote["id"])
    assert world.see(quote)["status"] == "invoiced"


@pytest.mark.row("P17", "P36", "P37", "P47")
def test_per_instalment_each_draft_waits_for_its_own_day(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)

    world.approve(quote)
    world.settle()

    deposit, rest = world.invoices_of(quote)
    assert deposit["id"] < rest["id"], "a list shows them in the instalments' order"
    assert brief(deposit) == ("scheduled", "459.90", "2026-03-09")
    assert brief(rest) == ("scheduled", "689.85", "2026-04-08")
    assert [(tax["base"], tax["amount"]) for tax in deposit["taxes"]] == [("400.00", "20.00"), ("400.00", "39.90")]
    assert [(tax["base"], tax["amount"]) for tax in rest["taxes"]] == [("600.00", "30.00"), ("600.00", "59.85")]


@pytest.mark.row("P36")
def test_the_quotes_own_setting_goes_before_the_businesss(world):
    world.business(automation=PER_INSTALMENT)
    quiet = world.quote(schedule=DEPOSIT_AND_REST, invoicing={"mode": "off"})
    whole = world.quote(schedule=DEPOSIT_AND_REST, invoicing={"mode": "single", "send": "manual"})

    world.approve(quiet)
    world.approve(whole)
    world.settle()

    assert world.invoices_of(quiet) == []
    (draft,) = world.invoices_of(whole)
    assert brief(draft) == ("draft", "1149.75", None)
    assert [(part["label"], part["amount"], part["due_on"]) for part in draft["schedule"]] == [
        ("Acompte", "459.90", "2026-03-09"),
        ("Solde", "689.85", "2026-04-08"),
    ]


@pytest.mark.row("C11", "P36")
def test_twenty_approvals_at_once_make_the_drafts_once(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)

    answers = at_once(*[lambda: world.api("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Marie Gagnon"})] * 20)
    world.settle()

    assert {answer.status for answer in answers} == {200}
    assert len(world.invoices_of(quote)) == 2
    assert world.timeline(quote) == ["quote.drafted", "quote.approved", "quote.invoiced"]
    assert [mail.subject for mail in world.mails] == [f"Marie Gagnon a approuvé le devis {quote['id']}"]


@pytest.mark.row("C11")
def test_approving_again_later_changes_nothing(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)
    world.settle()
    before = world.everything()

    again = world.approve(quote, by="Somebody Else")
    world.settle()

    assert (again["status"], again["approved_by"]) == ("invoiced", "Marie Gagnon")
    assert world.everything() == before


@pytest.mark.row("C6", "C11")
@pytest.mark.parametrize("order", ["kept", "reversed", "shuffled"])
def test_drafts_are_made_once_though_the_stream_says_everything_again(world, order):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)
    world.settle(times=2)
    before, mails = world.everything(), len(world.mails)

    world.replay(order)

    assert world.everything() == before
    assert len(world.mails) == mails == 1


@pytest.mark.row("C11")
def test_a_generated_draft_that_was_deleted_does_not_come_back(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)
    world.settle()
    deposit, rest = world.invoices_of(quote)

    world.ok("DELETE", f"/v1/invoices/{deposit['id']}")
    world.replay()
    world.approve(quote)
    world.settle()

    assert [invoice["id"] for invoice in world.invoices_of(quote)] == [rest["id"]]


@pytest.mark.row("P35", "P36", "C11")
def test_a_crash_before_the_drafts_are_written_is_made_up_for(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)

    world.faults.crash_before("dynamodb", "TransactWriteItems")
    world.settle(failures=1)
    assert world.invoices_of(quote) == []
    world.settle()

    assert [brief(invoice)[1] for invoice in world.invoices_of(quote)] == ["459.90", "689.85"]


@pytest.mark.row("C11")
def test_a_crash_after_the_drafts_were_written_makes_no_second_ones(world):
    world.business(automation=PER_INSTALMENT)
    quote = world.quote(schedule=DEPOSIT_AND_REST)
    world.approve(quote)

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    world.settle(failures=1)
    world.settle()

    assert len(world.invoices_of(quote)) == 2
    assert world.timeline(quote).count("quote.invoiced") == 1
