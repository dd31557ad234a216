from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.tax import checked
from tests.domain.examples import a_rate

ONE = Decimal(1)


@pytest.mark.parametrize(
    ("rate", "at", "code"),
    [
        pytest.param(a_rate(kind="fixed"), "/amount", "tax_amount", id="fixed without amount"),
        pytest.param(a_rate("5", amount=ONE), "/amount", "tax_amount", id="percent with amount"),
        pytest.param(a_rate("5", kind="fixed", amount=ONE), "/rate_percent", "tax_rate", id="fixed with percent"),
        pytest.param(a_rate("5", category="E"), "/rate_percent", "tax_rate", id="exempt and taxed"),
        pytest.param(a_rate("5", included=True, withheld=True), "/withheld", "tax_withheld", id="held twice"),
        pytest.param(a_rate("-5", included=True), "/rate_percent", "tax_rate", id="negative in a price"),
    ],
)
def test_a_rate_that_contradicts_itself_is_refused(rate, at, code):
    with pytest.raises(Invalid) as caught:
        checked(rate, at="/tax_rates/3")

    assert [(fault.at, fault.code) for fault in caught.value.faults] == [(f"/tax_rates/3{at}", code)]


@pytest.mark.parametrize(
    "rate",
    [
        a_rate("-20"),
        a_rate("0", category="K"),
        a_rate(kind="fixed", amount=ONE, included=True),
        a_rate("15", withheld=True),
    ],
)
def test_a_rate_that_makes_sense_is_taken_as_it_is(rate):
    assert checked(rate) is rate
