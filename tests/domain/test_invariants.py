"""What always holds: sound books show nothing, and each kind of damage is named, with both figures."""

from dataclasses import replace

import pytest

from chalicelib.domain.books import Books, Violation
from chalicelib.domain.invariants import (
    check,
    of_clearing,
    of_client,
    of_entity,
    of_invoice,
    of_journal,
    of_payment,
    of_quote,
)
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.money import Money
from chalicelib.domain.promises import INVARIANTS
from tests import builders as b
from tests.domain import ledger
from tests.domain.ledger import details

TOMORROW = b.later(days=1)


@pytest.fixture(scope="module")
def sound():
    return ledger.sound()


def test_sound_books_show_nothing(sound):
    assert check(sound, now=TOMORROW) == ()


def test_books_of_which_little_is_at_hand_show_nothing(sound):
    part = Books(invoices=sound.invoices, quotes=sound.quotes, payments=sound.payments)
    assert check(part, now=TOMORROW) == ()
    assert check(Books()) == ()


def test_they_are_numbered_and_each_is_a_sentence():
    assert list(INVARIANTS) == [f"I{n}" for n in range(1, 23)]
    assert all(statement.endswith(".") for statement in INVARIANTS.values())


# --- I5, I6: a client's aggregates


def test_something_to_be_billed_that_is_no_item():
    found = of_client(ledger.a_balance(unbilled="3"), [], [])
    assert details(found) == [
        ("I5", "client cli_1 because what is to be billed comes to 0.00 CAD and it says 3.00 CAD.")
    ]


def test_items_count_as_to_be_billed_in_their_own_currency():
    items = [b.cad("2"), b.cad("1"), Money(500, "EUR")]
    assert list(of_client(ledger.a_balance(unbilled="3"), [], [], unbilled=items)) == []


@pytest.mark.parametrize(
    ("due", "credit", "sentence"),
    [
        ("14.97", "5.02", "what is due comes to 14.98 CAD and it says 14.97 CAD."),
        ("14.98", "5.00", "its credit comes to 5.02 CAD and it says 5.00 CAD."),
    ],
)
def test_what_a_client_owes_and_holds_is_what_its_documents_say(sound, due, credit, sentence):
    broken = replace(sound, balances=(ledger.a_balance(due=due, credit=credit),))
    assert details(check(broken)) == [("I6", f"client cli_1 because {sentence}")]


# --- I7, I14: billed once


def test_an_instalment_on_two_invoices_in_force(sound):
    (quote,) = sound.quotes
    twice = [invoice for invoice in sound.invoices if invoice.quote_id] + [
        b.an_invoice(id="inv_x", quote_id="quo_1", instalment_id="2")
    ]
    assert details(of_quote(quote, invoices=twice)) == [
        ("I7", "quote quo_1 because 2 invoices in force bill its instalment 2, not 1.")
    ]


def test_a_quote_billed_whole_and_in_parts(sound):
    (quote,) = sound.quotes
    mixed = [*sound.invoices, b.an_invoice(id="inv_x", quote_id="quo_1")]
    assert details(of_quote(quote, invoices=mixed)) == [
        ("I7", "quote quo_1 because it is billed as a whole and in 2 parts.")
    ]


def test_an_instalment_billed_again_after_its_invoice_was_voided(sound):
    (quote,) = sound.quotes
    again = replace(b.an_issued_invoice(id="inv_x", quote_id="quo_1", instalment_id="2"), voided_at=ledger.AT)
    found = of_quote(quote, invoices=[*sound.invoices, again], envelopes=sound.envelopes)
    assert details(found) == [("I14", "quote quo_1 because it is billed by inv_x too.")]


def test_a_quote_that_says_it_was_billed_and_was_not(sound):
    (quote,) = sound.quotes
    untold = ledger.without(sound, "quo_1", 3).envelopes
    assert details(of_quote(quote, invoices=[], envelopes=untold)) == [
        (
            "I14",
            "quote quo_1 because the journal tells of its billing so many times: 0 and it should be 1.",
        )
    ]


# --- I10: the ledger


def test_an_event_that_does_not_balance(sound):
    (issue, *_) = ledger.events_of(sound, "inv_1")[1:]
    lost = replace(issue, event=replace(issue.event, postings=issue.event.postings[1:]))
    assert details(of_journal([lost])) == [
        (
            "I10",
            f"event {issue.id} because its postings sum to -114.98 CAD and they should sum to 0.00 CAD.",
        )
    ]


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        (Account.RECEIVABLE, "the journal's receivable for it is 1.00 CAD and it should be 0.00 CAD."),
        (Account.REVENUE, "the journal's revenue for it is -99.00 CAD and it should be -100.00 CAD."),
        (Account.TAX, "the journal's tax for it is -13.98 CAD and it should be -14.98 CAD."),
    ],
)
def test_an_invoice_whose_bookings_are_not_what_it_says(sound, account, sentence):
    own = list(ledger.events_of(sound, "inv_1", "pay_1"))
    off = replace(own[0].event, postings=(Posting(account, b.cad("1")), Posting(Account.ROUNDING, b.cad("-1"))))
    found = of_invoice(
        ledger.invoice(sound, "inv_1"),
        payments=[ledger.payment(sound, "pay_1")],
        envelopes=[replace(own[0], event=off), *own[1:]],
    )
    assert details(found) == [("I10", f"invoice 00001 because {sentence}")]


def test_a_payment_the_journal_of_its_invoice_does_not_tell_of(sound):
    own = [e for e in ledger.events_of(sound, "inv_1", "pay_1") if e.event.type != "invoice.paid"]
    found = of_invoice(ledger.invoice(sound, "inv_1"), payments=[ledger.payment(sound, "pay_1")], envelopes=own)
    assert details(found) == [
        ("I10", "invoice 00001 because the journal tells of its payments [] and it has ['pay_1'].")
    ]


@pytest.mark.parametrize(
    ("id", "account", "was"),
    [
        ("pay_1", Account.CASH, "120.00"),
        ("pay_1", Account.RECEIVABLE, "-114.98"),
        ("pay_1", Account.CUSTOMER_CREDIT, "-5.02"),
        ("pay_2", Account.CLEARING, "100.00"),
        ("pay_3", Account.UNMATCHED, "-7.00"),
    ],
)
def test_a_payment_whose_bookings_are_not_what_it_says(sound, id, account, was):
    first, *rest = ledger.events_of(sound, id)
    left_out = tuple(posting for posting in first.event.postings if posting.account is not account)
    told = [replace(first, event=replace(first.event, postings=left_out)), *rest]
    booked = "-14.98" if id == "pay_2" else "0.00"
    assert details(of_payment(ledger.payment(sound, id), envelopes=told)) == [
        (
            "I10",
            f"payment {id} because the journal's {account} for it is {booked} CAD and it should be {was} CAD.",
        )
    ]


# --- I11: every version has its event


@pytest.mark.parametrize(
    ("version", "lost", "sentence"),
    [
        (3, 2, "it is at version 3 and the journal differs at [2]."),
        (2, None, "it is at version 2 and the journal differs at [3]."),
        (4, None, "it is at version 4 and the journal differs at [4]."),
    ],
)
def test_a_version_without_its_event_or_an_event_without_its_version(sound, version, lost, sentence):
    told = ledger.events_of(ledger.without(sound, "quo_1", lost), "quo_1")
    assert details(of_entity("quo_1", version, told)) == [("I11", f"quo_1 because {sentence}")]


def test_something_gone_that_nobody_took_away(sound):
    broken = replace(sound, clients=())
    assert check(broken) == (
        Violation(
            invariant="I11",
            subject="cli_1",
            detail="You cannot trust cli_1 because it is not there and none of its 1 events took it away.",
        ),
    )


def test_something_there_that_was_taken_away(sound):
    assert details(of_entity("inv_gone", 2, sound.envelopes)) == [
        ("I11", "inv_gone because it is at version 2 and was taken away.")
    ]


# --- I12: the provider's own report


def test_a_clearing_account_that_is_not_what_the_provider_reports(sound):
    less = (ledger.a_movement("99.00", "pi_pay_2"), ledger.a_movement("7", "pi_pay_3"))
    assert details(check(replace(sound, movements=less))) == [("I12", reported("acct_1", "107.00", "106.00"))]


def test_without_the_providers_report_the_clearing_account_is_not_judged(sound):
    assert check(replace(sound, movements=None)) == ()


def test_money_at_the_provider_that_nobody_booked(sound):
    stray = ledger.a_movement("3", "pi_9", account="acct_2")
    assert details(of_clearing([], [], [stray])) == [("I12", reported("acct_2", "0.00", "3.00"))]


def reported(account, ours, theirs):
    beside = f"the clearing account is {ours} CAD and the provider's report comes to {theirs} CAD."
    return f"payment account {account} because {beside}"


def test_a_loss_beyond_a_payment_that_nobody_booked():
    missing = reported("acct_1", "0.00", "-5.00")
    assert details(of_clearing([], [], [ledger.a_movement("-5", "pi_9")])) == [("I12", missing)]
