from decimal import Decimal
from fractions import Fraction

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money, exponent
from tests.domain.examples import eur


@pytest.mark.row("C26", "C27")
@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("12.345"), "12.35"),
        (Decimal("-12.345"), "-12.35"),
        (Decimal("-156435.885"), "-156435.89"),
        (Fraction(1, 3), "0.33"),
        (Decimal("999999999999.999999"), "1000000000000.00"),
    ],
)
def test_halves_go_away_from_zero(amount, shown):
    assert str(Money.rounded(amount, "EUR")) == shown


@pytest.mark.row("C30")
def test_decimals_are_those_of_iso_4217():
    assert [exponent(code) for code in ("JPY", "EUR", "RSD", "KWD", "CLF")] == [0, 2, 2, 3, 4]


@pytest.mark.row("C30")
@pytest.mark.parametrize("currency", ["JPY", "EUR", "KWD", "CLF"])
@pytest.mark.parametrize("minor", [0, 1, 9, 10, 99, 100, 1_000, 10_000, 123_456_789, 10**16])
def test_an_amount_is_written_as_the_decimal_that_it_is(minor, currency):
    for amount in (Money(minor, currency), -Money(minor, currency)):
        assert str(amount) == f"{amount.decimal:f}"


def test_an_amount_is_taken_exactly_or_refused():
    assert Money.exactly(Decimal("10.500"), "EUR") == Money(1050, "EUR")
    with pytest.raises(Invalid) as finer:
        Money.exactly(Decimal("10.5"), "JPY", at="/amount")
    with pytest.raises(Invalid) as larger:
        Money.exactly(Decimal("1000000000000.01"), "EUR", at="/amount")

    assert [(fault.at, fault.code) for fault in finer.value.faults] == [("/amount", "too_many_decimals")]
    assert [(fault.at, fault.code) for fault in larger.value.faults] == [("/amount", "too_large")]


def test_amounts_of_two_currencies_do_not_mix():
    assert eur("1") + eur("2") - eur("4") == -eur("1")
    assert bool(eur("0.01")) is True
    assert bool(Money.zero("EUR")) is False
    with pytest.raises(Invalid) as caught:
        eur("1") + Money(1, "CAD")
    assert caught.value.code == "currency_mismatch"


def test_a_currency_that_iso_does_not_list_is_refused():
    with pytest.raises(Invalid) as caught:
        exponent("EURO")

    assert caught.value.code == "unknown_currency"
