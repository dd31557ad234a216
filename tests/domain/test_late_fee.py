"""What paying late costs: days, rates, amounts that change, and what was charged already."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.late_fee import LateFeeTerms, Movement, checked, late_fee
from chalicelib.domain.money import Money
from chalicelib.domain.statutory_rates import StatutoryRate
from tests.domain.examples import eur
from tests.usecases.till import code_of

DUE = date(2026, 1, 31)
HALF = LateFeeTerms(yearly_rate_percent=Decimal("36.5"))  # a thousandth a day
LATER = StatutoryRate(since=date(2026, 7, 1), until=date(2026, 12, 31), percent=Decimal(12))


def after(days):
    return DUE + timedelta(days=days)


def debt(amount="1000.00", on=DUE):
    return Movement(on=on, amount=eur(amount))


def owed(terms=HALF, *, debts=None, payments=(), charged=None, through=None):
    """Of 1,000.00, ten days late."""
    return late_fee(
        terms,
        debts or (debt(),),
        payments,
        charged_through=charged,
        through=through or after(10),
        flat_currency="EUR",
    )


@pytest.mark.row("C43")
def test_interest_runs_from_the_day_after_the_due_date():
    assert owed(through=DUE) is None
    assert [(fee.days, f"{fee.interest}") for fee in (owed(through=after(1)), owed())] == [(1, "1.00"), (10, "10.00")]


@pytest.mark.row("C43")
def test_it_stops_on_the_payment_date():
    paid = [debt(on=after(4))]

    assert [owed(payments=paid, through=after(days)).days for days in (4, 5, 300)] == [4, 4, 4]


def test_what_was_charged_is_not_charged_again_and_fixed_sums_come_once():
    terms = LateFeeTerms(yearly_rate_percent=Decimal("36.5"), flat=Decimal(15))

    first, second = owed(terms), owed(terms, charged=after(10), through=after(30))
    assert (first.since, f"{first.total}") == (after(1), "25.00")
    assert (second.since, f"{second.total}", f"{second.flat}") == (after(11), "20.00", "0.00")
    assert owed(terms, charged=after(30), through=after(30)) is None


def test_each_instalment_is_late_for_itself():
    halves = (debt("500.00"), debt("500.00", on=after(5)))

    fee = owed(debts=halves)
    assert [(one.days, f"{one.amount}") for one in fee.stretches] == [(5, "500.00"), (5, "1000.00")]


def test_who_pays_within_the_days_of_grace_owes_nothing_and_who_pays_later_all_of_it():
    terms = LateFeeTerms(yearly_rate_percent=Decimal("36.5"), grace_days=5)

    assert owed(terms, through=after(5)) is None
    assert owed(terms, payments=[debt(on=after(5))]) is None
    assert owed(terms, payments=[debt(on=after(6))]).days == 6


def test_a_least_amount_is_charged_where_less_interest_came_together():
    terms = LateFeeTerms(yearly_rate_percent=Decimal("36.5"), minimum=Decimal(25))

    assert (f"{owed(terms).interest}", owed(terms).is_raised) == ("25.00", True)
    assert f"{owed(terms, through=after(40)).interest}" == "40.00"
    assert f"{owed(terms, charged=after(10), through=after(15)).interest}" == "5.00"


def test_a_rate_of_the_law_stands_for_its_half_year_and_nobody_guesses_the_next():
    french = LateFeeTerms(statutory="FR")
    over_the_summer = {"debts": (debt(on=date(2026, 6, 20)),), "through": date(2026, 7, 10)}

    assert code_of(lambda: owed(french, **over_the_summer)) == "rate_unknown"
    known = owed(LateFeeTerms(statutory="FR", rates=(LATER,)), **over_the_summer)
    assert [(one.days, str(one.percent)) for one in known.stretches] == [(10, "12.15"), (10, "12")]


def test_fixed_sums_are_of_their_own_currency():
    dollars = (Movement(on=DUE, amount=Money(100_000, "CAD")),)
    terms = LateFeeTerms(statutory="FR", flat=Decimal(15))

    fee = owed(terms, debts=dollars)
    assert (f"{fee.flat}", f"{fee.recovery}", fee.total.currency) == ("0.00", "0.00", "CAD")


def test_terms_that_cannot_be_are_refused():
    assert code_of(lambda: checked(LateFeeTerms(statutory="MC"), country="FR")) == "unknown_statute"
    dear = LateFeeTerms(yearly_rate_percent=Decimal("35.01"))
    assert code_of(lambda: checked(dear, country="CA")) == "criminal_rate"
    assert checked(dear, country="FR") == dear
