"""Money in Stripe's units: never multiplied by a hundred by mistake, never rounded."""

import pytest

from chalicelib.adapters.stripe.amounts import for_stripe, from_stripe, units_of
from chalicelib.domain.errors import Refused
from chalicelib.domain.money import Money

PAIRS = [
    pytest.param(Money(12345, "EUR"), 12345, id="123.45 EUR"),
    pytest.param(Money(12345, "JPY"), 12345, id="12,345 JPY has no decimals anywhere"),
    pytest.param(Money(12340, "KWD"), 12340, id="12.340 KWD has three"),
    pytest.param(Money(500, "ISK"), 50000, id="500 ISK: none by ISO 4217, two at Stripe, always 00"),
    pytest.param(Money(5000, "UGX"), 500000, id="5,000 UGX: the same"),
    pytest.param(Money(500000, "MGA"), 5000, id="5,000.00 MGA: two by ISO 4217, none at Stripe"),
    pytest.param(Money(17500, "HUF"), 17500, id="175.00 HUF has two"),
]


@pytest.mark.row("C30")
@pytest.mark.parametrize(("amount", "units"), PAIRS)
def test_an_amount_keeps_its_worth_both_ways(amount, units):
    assert for_stripe(amount) == units
    assert from_stripe(units, amount.currency.lower()) == amount


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        pytest.param(Money(49, "USD"), "amount_too_small", id="49 cents"),
        pytest.param(Money(29, "GBP"), "amount_too_small", id="29 pence"),
        pytest.param(Money(49, "JPY"), "amount_too_small", id="49 yen"),
        pytest.param(Money(17499, "HUF"), "amount_too_small", id="174.99 HUF"),
        pytest.param(Money(0, "EUR"), "amount_too_small", id="nothing"),
        pytest.param(Money(-100, "EUR"), "amount_too_small", id="less than nothing"),
        pytest.param(Money(100_000_000, "USD"), "amount_too_large", id="a million dollars"),
        pytest.param(Money(12345, "KWD"), "amount_not_payable_online", id="a fils that Stripe cannot count"),
        pytest.param(Money(500001, "MGA"), "amount_not_payable_online", id="a hundredth of an ariary"),
    ],
)
def test_what_stripe_cannot_take_is_refused_before_it_is_asked(amount, code):
    with pytest.raises(Refused) as refused:
        for_stripe(amount)
    assert refused.value.code == code


def test_a_fee_in_a_fraction_of_a_krona_is_rounded():
    assert from_stripe(1480, "isk") == Money(15, "ISK")


def test_what_goes_back_may_be_as_little_as_there_is():
    assert [units_of(Money(1, "CAD")), units_of(Money(1, "ISK"))] == [1, 100]
    with pytest.raises(Refused, match="three decimals"):
        units_of(Money(12345, "KWD"))


def test_the_smallest_amounts_are_taken():
    smallest = [Money(50, "USD"), Money(30, "GBP"), Money(50, "JPY"), Money(99_999_999, "EUR")]
    assert [for_stripe(amount) for amount in smallest] == [50, 30, 50, 99_999_999]
