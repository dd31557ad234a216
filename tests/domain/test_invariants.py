"""What always holds: sound books show nothing, and each kind of damage is named, with both figures."""

from dataclasses import replace

import pytest

from chalicelib.domain.books import Books, Violation
from chalicelib.domain.invariants import (
    INVARIANTS,
    check,
    of_clearing,
    of_client,
    of_entity,
    of_invoice,
    of_journal,
    of_payment,
    of_quote,
)
from chalicelib.domain.invoice import Checkout
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body
from tests import builders as b
from tests.domain import ledger

TOMORROW = b.later(days=1)


@pytest.fixture(scope="module")
def sound():
    return ledger.sound()


def invoice_of(books, id, **changed):
    return replace(ledger.invoice(books, id), **changed)


def judged(books, id, **changed):
    """What is wrong with one invoice changed by hand, beside everything that is known of it."""
    paid = [payment for payment in books.payments if payment.invoice_id == id]
    told = ledger.events_of(books, id, *(payment.id for payment in paid))
    one = invoice_of(books, id, **changed)
    return list(of_invoice(one, body=books.bodies[id, 1], payments=paid, envelopes=told))


def details(violations):
    return [(violation.invariant, violation.detail.removeprefix("You cannot trust ")) for violation in violations]


def test_sound_books_show_nothing(sound):
    assert check(sound, now=TOMORROW) == ()


def test_books_of_which_little_is_at_hand_show_nothing(sound):
    part = Books(invoices=sound.invoices, quotes=sound.quotes, payments=sound.payments)
    assert check(part, now=TOMORROW) == ()
    assert check(Books()) == ()


def test_there_are_fourteen_and_each_is_a_sentence():
    assert list(INVARIANTS) == [f"I{n}" for n in range(1, 15)]
    assert all(statement.endswith(".") for statement in INVARIANTS.values())


# --- I2: documents add up


def test_a_total_that_is_not_the_net_and_its_taxes(sound):
    figures = replace(b.figures_of(b.content()), total=b.cad("115.00"))
    assert details(of_invoice(b.an_invoice(figures=figures))) == [
        (
            "I2",
            "invoice inv_1 because its net and taxes come to 114.98 CAD and its total is 115.00 CAD.",
        ),
        (
            "I2",
            "invoice inv_1 because what is payable of it is 115.00 CAD and it asks for 114.98 CAD.",
        ),
    ]


def test_instalments_that_do_not_come_to_the_total(sound):
    (quote,) = sound.quotes
    short = replace(quote, schedule=quote.schedule[:1])
    assert details(of_quote(short)) == [
        ("I2", "quote quo_1 because its instalments come to 57.49 CAD and its total is 114.98 CAD.")
    ]


def test_lines_that_do_not_come_to_the_total(sound):
    dearer = Body(
        id="inv_1",
        revision=1,
        content=replace(sound.bodies["inv_2", 1].content, lines=(b.a_line(net=b.cad("100")),) * 2),
    )
    found = details(of_invoice(ledger.invoice(sound, "inv_1"), body=dearer))
    assert found == [("I2", "invoice 00001 because its lines come to 229.95 CAD and its total is 114.98 CAD.")]


def test_lines_whose_own_figures_are_not_what_they_come_to(sound):
    content = sound.bodies["inv_1", 1].content
    wrong = replace(content, lines=(replace(content.lines[0], net=b.cad("99")),))
    found = details(of_invoice(ledger.invoice(sound, "inv_1"), body=Body(id="inv_1", revision=1, content=wrong)))
    assert found == [("I2", "invoice 00001 because its lines come to 100.00 CAD and they say 99.00 CAD.")]


def test_a_document_whose_lines_are_not_there(sound):
    torn = replace(sound, bodies={key: body for key, body in sound.bodies.items() if body.id != "inv_q2"})
    assert details(check(torn)) == [("I2", "inv_q2 because its lines are not there.")]


# --- I3: what is paid, and what is due


def test_a_paid_total_that_is_not_what_the_payments_brought(sound):
    found = list(
        of_invoice(invoice_of(sound, "inv_2", paid_total=b.cad("99.99")), payments=[ledger.payment(sound, "pay_2")])
    )
    assert details(found) == [("I3", "invoice 00002 because its payments come to 100.00 CAD and it says 99.99 CAD.")]


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("refunded_total", "of its payments went back 14.98 CAD and it says 15.00 CAD."),
        ("disputed_total", "of its payments is in dispute 0.00 CAD and it says 15.00 CAD."),
    ],
)
def test_what_went_back_or_is_in_dispute_is_what_the_payments_say(sound, field, sentence):
    found = judged(sound, "inv_2", **{field: b.cad("15.00")})
    assert details(found) == [("I3", f"invoice 00002 because {sentence}")]


def test_more_paid_than_was_due(sound):
    found = of_invoice(invoice_of(sound, "inv_1", paid_total=b.cad("115.00")))
    assert details(found) == [("I3", "invoice 00001 because -0.02 CAD is due, less than nothing.")]


def test_instalments_of_which_another_sum_is_paid_than_of_the_whole():
    sold = b.content(schedule=b.halves())
    quote = b.a_quote(sold)
    paid = b.an_issued_invoice(sold, schedule=quote.schedule)
    paid = replace(paid, paid_total=b.cad("57.49"), instalments_paid=(b.cad("57.00"), ledger.ZERO))
    received = b.a_payment("57.49", applied=b.cad("57.49"))
    assert details(of_invoice(paid, payments=[received])) == [
        (
            "I3",
            "invoice 00001 because of its instalments is paid 57.00 CAD and of the whole is paid 57.49 CAD.",
        )
    ]


def test_what_a_total_was_rounded_up_by_is_on_no_instalment():
    """100.02 are due of 100.00: two cents that belong to no instalment may be on none, or be missing from one."""
    figures = replace(b.figures_of("100"), rounding_adjustment=b.cad("0.02"), amount_due=b.cad("100.02"))
    schedule = b.a_quote(b.content(b.a_line(taxes=()), schedule=b.halves())).schedule
    one = b.an_issued_invoice(figures=figures, schedule=schedule)
    half = b.cad("50")
    received = b.a_payment("100.02", applied=b.cad("100.02"))
    for paid in ((half, half), (half, ledger.minus(half))):
        whole = replace(one, paid_total=b.cad("100.02"), paid_at=b.NOON, instalments_paid=paid)
        assert list(of_invoice(whole, payments=[received])) == []


def test_money_of_a_payment_that_is_nowhere(sound):
    lost = replace(ledger.payment(sound, "pay_1"), credited=ledger.ZERO)
    assert details(of_payment(lost)) == [
        (
            "I3",
            "payment pay_1 because what was placed of it is 114.98 CAD and what is kept of it is 120.00 CAD.",
        )
    ]


def test_less_than_nothing_of_a_payment_applied(sound):
    odd = replace(ledger.payment(sound, "pay_1"), applied=b.cad("-1"), credited=b.cad("121"))
    assert details(of_payment(odd)) == [("I3", "payment pay_1 because -1.00 of it is applied and 121.00 is credit.")]


def test_a_payment_that_is_not_what_the_provider_said(sound):
    card = ledger.payment(sound, "pay_2")
    silent = replace(card, facts=replace(card.facts, refunds=()))
    assert details(of_payment(silent)) == [
        (
            "I3",
            "payment pay_2 because it counts as given back 14.98 CAD and the provider said 0.00 CAD.",
        )
    ]


# --- I4: no more goes back than came


def test_more_given_back_than_was_received(sound):
    over = replace(ledger.payment(sound, "pay_1"), refunded=b.cad("130"), applied=ledger.ZERO, credited=ledger.ZERO)
    assert details(of_payment(over)) == [
        ("I4", "payment pay_1 because 130.00 of it went back and 120.00 was received.")
    ]


def test_more_credited_than_an_invoice_comes_to():
    over = b.an_invoice(credited_total=b.cad("200"))
    assert details(of_invoice(over)) == [
        ("I4", "invoice inv_1 because 200.00 CAD of it is credited and it comes to 114.98.")
    ]


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


# --- I8: the status follows


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"due_date": None}, "it is issued under number 00001."),
        ({"scheduled_for": TOMORROW}, "it is issued and waits for its day."),
        ({"paid_at": None}, "that it is paid is False and that nothing is due is True."),
        ({"refunded_at": TOMORROW}, "that it is refunded is True and that all went back is False."),
    ],
)
def test_facts_that_contradict_each_other(sound, changed, sentence):
    assert details(judged(sound, "inv_1", **changed)) == [("I8", f"invoice 00001 because {sentence}")]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"number": "00009"}, "invoice 00009 because it is a draft under number 00009."),
        ({"sent_at": TOMORROW}, "invoice inv_q1 because it is a draft and has gone out."),
    ],
)
def test_a_draft_has_no_number_and_goes_nowhere(sound, changed, sentence):
    assert details(judged(sound, "inv_q1", **changed)) == [("I8", sentence)]


# --- I9: a void invoice takes no money


def test_something_paid_of_a_void_invoice(sound):
    assert details(of_invoice(invoice_of(sound, "inv_3", paid_total=b.cad("1")))) == [
        (
            "I9",
            "invoice 00003 because it is void and what is paid of it is 1.00 CAD and what may be is 0.00 CAD.",
        )
    ]


def test_a_payment_applied_to_a_void_invoice(sound):
    applied = b.a_payment("1", applied=b.cad("1"))
    found = details(of_invoice(ledger.invoice(sound, "inv_3"), payments=[applied]))
    assert found == [
        ("I3", "invoice 00003 because its payments come to 1.00 CAD and it says 0.00 CAD."),
        (
            "I9",
            "invoice 00003 because it is void and its payments come to 1.00 CAD and they may come to 0.00 CAD.",
        ),
    ]


def test_a_void_invoice_that_can_be_paid_online(sound):
    page = Checkout(attempt=1, account_id="acct_1", amount=b.cad("1"), instalment_id=None, expires_at=TOMORROW)
    assert details(judged(sound, "inv_3", checkout=page)) == [
        ("I9", "invoice 00003 because it is void and can be paid online.")
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


def test_money_at_the_provider_that_nobody_booked(sound):
    stray = ledger.a_movement("3", "pi_9", account="acct_2")
    assert details(of_clearing([], [], [stray])) == [("I12", reported("acct_2", "0.00", "3.00"))]


def reported(account, ours, theirs):
    beside = f"the clearing account is {ours} CAD and the provider's report comes to {theirs} CAD."
    return f"payment account {account} because {beside}"


def test_a_loss_beyond_a_payment_is_not_the_clearing_accounts():
    assert list(of_clearing([], [], [ledger.a_movement("-5", "pi_9")])) == []
