"""An invoice, a quote and a payment by themselves and beside what they follow from (I2, I3, I4, I8, I9)."""

from dataclasses import replace

import pytest

from chalicelib.domain.imputation import Allocation
from chalicelib.domain.invariants import check, of_invoice, of_payment, of_quote
from chalicelib.domain.invoice import Checkout
from chalicelib.domain.sales import Body
from tests import builders as b
from tests.domain import ledger
from tests.domain.ledger import details

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
        ("withdrawn_total", "of its payments was taken by disputes 0.00 CAD and it says 15.00 CAD."),
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
    assert details(of_payment(odd)) == [
        ("I3", "payment pay_1 because -1.00 of it is applied, 0.00 elsewhere, and 121.00 is credit.")
    ]


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


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("refunded", "elsewhere 15.00 of it is refunded, and 0.00 is"),
        ("disputed", "elsewhere 15.00 of it is disputed, and 0.00 is"),
        ("freed", "elsewhere 15.00 of it is credit, and 0.00 is"),
    ],
)
def test_other_invoices_that_tell_of_more_than_went_back(field, sentence):
    told = Allocation(invoice_id="inv_2", amount=b.cad("0"), **{field: b.cad("15")})
    payment = b.a_payment("100", applied=b.cad("100"), allocations=(told,))
    assert details(of_payment(payment)) == [("I4", f"payment pay_1 because {sentence}.")]


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
    applied = b.a_payment("1", invoice_id="inv_3", applied=b.cad("1"))
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
