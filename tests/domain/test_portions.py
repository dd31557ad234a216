import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import portion, shares
from tests.domain.examples import allotted, eur


def amounts(figures):
    return {tax.code: str(tax.amount) for tax in figures.taxes}


def bases(figures):
    return {tax.code: str(tax.base) for tax in figures.taxes}


def test_portions_sum_to_the_whole_and_the_last_takes_what_is_left():
    whole = allotted("1149.75", {"GST": "50.00", "QST": "99.75"}, bases={"GST": "1000", "QST": "1000"})

    deposit, balance = shares(whole, [eur("344.93"), eur("804.82")])

    assert (amounts(deposit), str(deposit.net_total)) == ({"GST": "15.00", "QST": "29.93"}, "300.00")
    assert (amounts(balance), str(balance.net_total)) == ({"GST": "35.00", "QST": "69.82"}, "700.00")
    assert bases(deposit) == {"GST": "300.00", "QST": "300.00"}
    assert bases(balance) == {"GST": "700.00", "QST": "700.00"}
    assert deposit.line_nets == (eur("300"),)


@pytest.mark.parametrize("parts", [[], ["600", "600"]])
def test_parts_that_do_not_sum_to_the_whole_are_refused(parts):
    with pytest.raises(Invalid) as caught:
        shares(allotted("1149.75", {}), [eur(part) for part in parts])

    assert caught.value.code == "shares_off"


def test_nothing_has_no_portions():
    with pytest.raises(Invalid) as caught:
        portion(allotted("0", {}), eur("0"))

    assert caught.value.code == "nothing_to_share"
