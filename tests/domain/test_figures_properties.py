"""What holds for every document, tried on many."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.figures import compute, portion, shares
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import InstalmentTerm, paid_so_far, plan
from chalicelib.domain.sharing import equal_parts, share
from tests.domain.examples import GST, QST, a_line, a_rate, by_code

DAY = date(2026, 3, 1)
# a shared machine may be slow; what is proved here does not depend on it
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
RATES = by_code(
    GST,
    QST,
    a_rate("20", code="IN", included=True),
    a_rate("6", code="RAISES", affects_next=True),
    a_rate("15", code="HELD", withheld=True),
    a_rate(code="ECO", kind="fixed", amount=Decimal("0.15")),
)
CURRENCIES = st.sampled_from(["JPY", "CAD", "KWD"])
WEIGHTS = st.lists(st.integers(-50, 1_000), min_size=1, max_size=12)
AMOUNTS = st.integers(-(10**9), 10**9)


@st.composite
def documents(draw):
    currency = draw(CURRENCIES)
    prices = st.decimals(-1_000, 10_000, places=4)
    quantities = st.decimals(-10, 100, places=3)
    codes = st.lists(st.sampled_from(sorted(RATES)), max_size=4, unique=True).map(tuple)
    percents = st.decimals(0, 100, places=2)
    lines = draw(st.lists(st.tuples(prices, quantities, codes, percents), max_size=8))
    allowance = draw(st.integers(0, 10_000))
    return {
        "lines": [
            a_line(f"{price:f}", quantity=f"{quantity:f}", taxes=taxes, allowances=(Adjustment(percent=percent),))
            for price, quantity, taxes, percent in lines
        ],
        "currency": currency,
        "rates": RATES,
        "allowances": [Adjustment(amount=Money(allowance, currency))] if lines else [],
        "charges": [Adjustment(percent=draw(percents)), Adjustment(percent=draw(percents), taxes=("GST",))],
        "rounding": draw(st.sampled_from(["document", "line"])),
    }


def worked_out(document):
    return compute(document["lines"], **{name: value for name, value in document.items() if name != "lines"})


def summed(amounts):
    return sum(amount.minor for amount in amounts)


@unhurried
@given(documents())
def test_the_parts_of_a_document_sum_to_its_total(document):
    found = worked_out(document)

    assert summed(found.line_nets) == found.subtotal.minor
    assert summed(tax.amount for tax in found.taxes if not tax.withheld) == found.tax_total.minor
    assert found.net_total + found.tax_total == found.total
    assert found.total - found.withheld_total == found.payable == found.amount_due


@unhurried
@given(documents())
def test_prices_that_hold_a_tax_come_to_what_they_say(document):
    found = worked_out(document)
    on_top = summed(tax.amount for tax in found.taxes if not tax.withheld and not RATES[tax.code].included)

    assert found.total.minor == found.subtotal.minor - found.discount_total.minor + found.charge_total.minor + on_top


@unhurried
@given(documents())
def test_a_credit_is_the_exact_negative_of_its_invoice(document):
    found = worked_out(document)
    mirrored = worked_out(
        {
            **document,
            "lines": [replace(line, quantity=-line.quantity) for line in document["lines"]],
            "allowances": [replace(one, amount=-one.amount) for one in document["allowances"]],
        }
    )

    assert mirrored.total == -found.total
    assert mirrored.net_total == -found.net_total
    assert [(tax.base, tax.amount) for tax in mirrored.taxes] == [(-tax.base, -tax.amount) for tax in found.taxes]


@unhurried
@given(documents(), st.lists(st.integers(1, 100), min_size=1, max_size=6))
def test_the_shares_of_a_document_sum_to_it_in_every_figure(document, weights):
    whole = worked_out(document)
    if not whole.total:
        return
    amounts = [Money(minor, whole.currency) for minor in share(whole.total.minor, weights)]

    parts = shares(whole, amounts)

    assert [part.total for part in parts] == amounts
    assert summed(part.net_total for part in parts) == whole.net_total.minor
    for index, tax in enumerate(whole.taxes):
        assert summed(part.taxes[index].amount for part in parts) == tax.amount.minor
        assert summed(part.taxes[index].base for part in parts) == tax.base.minor


@unhurried
@given(documents())
def test_the_whole_is_its_own_portion(document):
    whole = worked_out(document)
    if whole.total:
        assert portion(whole, whole.total).taxes == whole.taxes


@unhurried
@given(AMOUNTS, WEIGHTS)
def test_shares_sum_to_their_total_and_mirror(total, weights):
    parts = share(total, weights)

    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert share(-total, weights) == tuple(-part for part in parts)


@unhurried
@given(AMOUNTS, st.integers(1, 40))
def test_equal_parts_sum_to_their_total(minor, count):
    total = Money(minor, "CAD")

    assert summed(equal_parts(total, count)) == minor


@unhurried
@given(AMOUNTS, st.lists(st.integers(1, 10_000), min_size=1, max_size=9))
def test_instalments_sum_to_their_total_and_none_turns_its_sign(minor, hundredths):
    """Percentages that sum to 100 exactly, in hundredths of a percent."""
    parts = share(10_000, hundredths)
    total = Money(minor, "CAD")

    instalments = plan([InstalmentTerm(percent=Decimal(part) / 100) for part in parts], total)

    assert summed(part.amount for part in instalments) == minor
    assert all(part.amount.minor * minor > 0 for part in instalments)


@unhurried
@given(AMOUNTS, st.integers(1, 9), AMOUNTS)
def test_payments_fill_the_instalments_and_nothing_else(minor, count, paid):
    total = Money(minor, "CAD")
    terms = [InstalmentTerm(percent=Decimal(100) / 16)] * (count - 1) + [InstalmentTerm(remainder=True)]

    states = paid_so_far(plan(terms, total), Money(paid, "CAD"), today=DAY)

    within_total = min(paid, minor) if minor > 0 else max(paid, minor)
    assert summed(state.paid for state in states) == (within_total if within_total * minor > 0 else 0)
