"""What a payment cost is booked once, its difference when it changes, each currency for itself."""

from dataclasses import replace
from decimal import Decimal

from chalicelib.domain import costs
from chalicelib.domain.costs import Costs, costs_of
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Dispute, DisputeStatus, Refund, RefundStatus
from tests import builders as b


def booked(before, after):
    return sorted((each.account, f"{each.amount} {each.amount.currency}") for each in costs.booked(before, after))


def with_fee(facts, fee):
    return replace(facts, charges=(replace(facts.charges[0], fee=fee),))


def test_a_fee_that_is_not_known_yet_costs_nothing():
    assert costs_of(b.facts()) == costs.NOTHING
    assert booked(costs.NOTHING, costs_of(b.facts())) == []


def test_a_fee_leaves_clearing_and_is_booked_by_its_difference():
    before, after = Costs(fees=(b.cad("3.63"),)), Costs(fees=(b.cad("4.00"),))
    assert booked(costs.NOTHING, before) == [(Account.CLEARING, "-3.63 CAD"), (Account.FEES, "3.63 CAD")]
    assert booked(before, after) == [(Account.CLEARING, "-0.37 CAD"), (Account.FEES, "0.37 CAD")]
    assert booked(after, after) == []


def test_what_a_refund_and_a_dispute_cost_counts_and_what_comes_back_of_it():
    facts = with_fee(b.facts(), b.cad("3.63"))
    refund = Refund(id="re_1", status=RefundStatus.SUCCEEDED, amount=b.cad("10"), fee=b.cad("-0.20"))
    dispute = Dispute(id="du_1", status=DisputeStatus.LOST, amount=b.cad("50"), movements=1, fee=b.cad("15"))
    whole = replace(facts, refunds=(refund,), disputes=(dispute,))
    assert costs_of(whole) == Costs(fees=(b.cad("18.43"),))


def test_a_fee_in_another_currency_stays_in_it():
    one, other = b.cad("3.63"), Money(250, "EUR")
    moved = booked(Costs(fees=(one,)), Costs(fees=(one, other)))
    assert moved == [(Account.CLEARING, "-2.50 EUR"), (Account.FEES, "2.50 EUR")]
    assert Costs(fees=(one, other)).all_in("CAD") == one


def exchanging(*parts):
    """Facts of 114.98 CAD that came to 84.00 USD less 2.00, with refunds or disputes after it."""
    facts = replace(b.facts(), charges=(replace(b.facts().charges[0], fee=usd("2.00"), settled=usd("84.00")),))
    refunds = tuple(one for one in parts if isinstance(one, Refund))
    return replace(facts, refunds=refunds, disputes=tuple(one for one in parts if isinstance(one, Dispute)))


def usd(amount):
    return Money.exactly(Decimal(amount), "USD")


def test_what_the_provider_exchanged_leaves_one_currency_and_enters_the_other():
    assert booked(costs.NOTHING, costs_of(exchanging())) == [
        (Account.CLEARING, "-114.98 CAD"),
        (Account.CLEARING, "-2.00 USD"),
        (Account.CLEARING, "84.00 USD"),
        (Account.EXCHANGE, "-84.00 USD"),
        (Account.EXCHANGE, "114.98 CAD"),
        (Account.FEES, "2.00 USD"),
    ]
    assert costs_of(exchanging()).all_in("CAD") == b.cad("0")


def test_a_refund_at_another_rate_is_exchanged_at_that_and_one_that_failed_comes_back():
    back = Refund(id="re_1", status=RefundStatus.SUCCEEDED, amount=b.cad("100"), settled=usd("-75.00"))
    failed = replace(back, status=RefundStatus.FAILED, settled=usd("-1.00"))
    before, after, again = costs_of(exchanging()), costs_of(exchanging(back)), costs_of(exchanging(failed))
    assert booked(before, after) == [
        (Account.CLEARING, "-75.00 USD"),
        (Account.CLEARING, "100.00 CAD"),
        (Account.EXCHANGE, "-100.00 CAD"),
        (Account.EXCHANGE, "75.00 USD"),
    ]
    assert (again.exchanged, again.settled) == (b.cad("114.98"), (usd("83.00"),))


def test_a_dispute_is_exchanged_as_long_as_it_holds_the_money():
    held = Dispute(id="du_1", status=DisputeStatus.LOST, amount=b.cad("114.98"), movements=1, settled=usd("-86.00"))
    won = replace(held, status=DisputeStatus.WON, movements=2, settled=usd("0"))
    assert (costs_of(exchanging(held)).exchanged, costs_of(exchanging(held)).settled) == (None, (usd("-2.00"),))
    assert costs_of(exchanging(won)) == costs_of(exchanging())


def test_what_goes_back_beyond_what_came_is_a_loss_and_comes_back_when_it_is_won():
    refund = Refund(id="re_1", status=RefundStatus.SUCCEEDED, amount=b.cad("14.98"))
    dispute = Dispute(id="du_1", status=DisputeStatus.NEEDS_RESPONSE, amount=b.cad("114.98"), movements=1)
    held = costs_of(replace(b.facts(), refunds=(refund,), disputes=(dispute,)))
    assert held.lost == b.cad("14.98")
    assert booked(costs.NOTHING, held) == [(Account.CLEARING, "-14.98 CAD"), (Account.LOSSES, "14.98 CAD")]
    assert booked(held, costs.NOTHING) == [(Account.CLEARING, "14.98 CAD"), (Account.LOSSES, "-14.98 CAD")]
