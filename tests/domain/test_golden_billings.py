"""Public cases of consumption, time and progress, and the corners that they leave out."""

from decimal import Decimal

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.progress import Work, progressed
from chalicelib.domain.project import ProjectModel, advanced, agreed, begun
from chalicelib.domain.time_terms import RoundingMode, TimeRate, TimeRounding, in_hours, rate_for, rounded_to
from chalicelib.domain.usage_price import Tier, UsageModel, UsagePrice, checked
from tests.domain.examples import eur
from tests.golden import cases, schedules

MODES = {"ceiling": RoundingMode.UP, "floor": RoundingMode.DOWN, "half_up": RoundingMode.NEAREST}


def named(operation):
    return [pytest.param(case, id=id) for id, case in cases(operation).items()]


def case(id):
    return schedules()[id]["input"], schedules()[id]["expected"]


def price_of(given):
    tiers = tuple(
        Tier(
            up_to=Decimal(tier["up_to"]) if tier["up_to"] else None,
            unit_price=Decimal(tier.get("unit", "0")),
            flat=Decimal(tier.get("flat", "0")),
        )
        for tier in given.get("tiers", ())
    )
    amounts = {name: Decimal(given[name]) for name in ("size", "price", "free") if name in given}
    return checked(UsagePrice(model=UsageModel(given["model"]), tiers=tiers, **amounts))


@pytest.mark.row("K30")
@pytest.mark.parametrize("case", named("usage"))
def test_consumption_costs_what_its_tiers_say(case):
    assert price_of(case["input"]).charge(Decimal(case["input"]["units"]), "EUR") == eur(case["expected"]["amount"])


@pytest.mark.row("K30")
def test_prices_below_a_cent_are_added_up_before_they_are_rounded():
    given, expected = case("use-01")
    tiers = tuple(Tier(up_to=end and Decimal(end), unit_price=Decimal(price)) for end, price in given["tiers"])

    charge = UsagePrice(model=UsageModel.GRADUATED, tiers=tiers).charge(Decimal(given["units"]), "EUR")

    assert str(charge) == expected


@pytest.mark.row("K30")
def test_packages_beyond_the_free_part_are_charged_in_full_once_started():
    given, expected = case("use-02")
    named_ = {"size": given["size"], "price": given["price"], "free": given["included"]}
    price = UsagePrice(model=UsageModel.PACKAGE, **{name: Decimal(value) for name, value in named_.items()})

    assert str(price.charge(Decimal(given["units"]), "EUR")) == expected
    assert price.charge(Decimal(given["included"]), "EUR") == eur("0")


def test_a_minimum_is_charged_where_less_was_consumed():
    price = UsagePrice(model=UsageModel.GRADUATED, tiers=(Tier(unit_price=Decimal("0.10")),), minimum=Decimal(20))

    assert [str(price.charge(Decimal(units), "CAD")) for units in (0, 199, 201)] == ["20.00", "20.00", "20.10"]


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ((), "tiers_open"),
        ((Tier(up_to=Decimal(5)),), "tiers_open"),
        ((Tier(), Tier()), "tiers_open"),
        ((Tier(up_to=Decimal(5)), Tier(up_to=Decimal(5)), Tier()), "tiers_unordered"),
        ((Tier(up_to=Decimal(0)), Tier()), "tiers_unordered"),
    ],
)
def test_tiers_that_do_not_follow_each_other_are_refused(tiers, code):
    with pytest.raises(Invalid) as refused:
        checked(UsagePrice(model=UsageModel.VOLUME, tiers=tiers))
    assert refused.value.code == code


def test_a_package_of_nothing_is_refused():
    with pytest.raises(Invalid, match="more than 0"):
        checked(UsagePrice(model=UsageModel.PACKAGE, size=Decimal(0)))


@pytest.mark.parametrize("case", [one for one in named("rounding") if one.values[0]["input"]["mode"] in MODES])
def test_units_are_rounded_to_a_step(case):
    given = case["input"]

    rounded = rounded_to(Decimal(given["value"]), step=Decimal(given["step"]), mode=MODES[given["mode"]])

    assert rounded == Decimal(case["expected"]["value"])


@pytest.mark.row("K27")
@pytest.mark.parametrize("case", named("time_rounding"))
def test_time_is_rounded_to_a_step(case):
    given = case["input"]

    rounded = rounded_to(Decimal(given["seconds"]), step=Decimal(given["step_seconds"]), mode=MODES[given["mode"]])

    assert rounded == Decimal(case["expected"]["seconds"])


@pytest.mark.row("K27")
def test_rounding_each_entry_bills_more_than_rounding_the_day():
    given, expected = case("tim-01")
    rounding, rate = TimeRounding(step_minutes=Decimal(given["step_minutes"])), Decimal(given["rate"])
    minutes = [Decimal(worked) for worked in given["minutes"]]

    def cost(total):
        return str(Money.rounded(in_hours(total) * rate, "EUR"))

    assert cost(sum(rounding.rounded(worked) for worked in minutes)) == expected["per_entry"]
    assert cost(rounding.rounded(sum(minutes))) == expected["per_day"]
    assert cost(sum(minutes)) == expected["exact"]


@pytest.mark.row("K27")
def test_the_nearest_step_takes_a_tie_up():
    given, expected = case("tim-03")
    rounding = TimeRounding(step_minutes=Decimal(given["step"]), mode=RoundingMode.NEAREST)

    assert [rounding.rounded(Decimal(minutes)) for minutes in given["minutes"]] == expected


@pytest.mark.row("K27")
def test_a_minimum_is_billed_of_whatever_was_worked():
    given, expected = case("tim-04")
    rounding = TimeRounding(step_minutes=Decimal(given["step"]), least_minutes=Decimal(given["minimum"]))

    hours = [in_hours(rounding.rounded(Decimal(minutes))) for minutes in given["minutes"]]

    assert [str(Money.rounded(each * Decimal(given["rate"]), "EUR")) for each in hours] == expected
    assert rounding.rounded(Decimal(0)) == 0


@pytest.mark.row("K27")
def test_the_rate_that_fits_best_is_billed():
    rates = [
        TimeRate(unit_price=Decimal(100)),
        TimeRate(unit_price=Decimal(120), catalog_code="SR"),
        TimeRate(unit_price=Decimal(90), person="key_1"),
        TimeRate(unit_price=Decimal(110), person="key_1", catalog_code="SR"),
    ]

    def price(person, code):
        return rate_for(rates, person=person, catalog_code=code).unit_price

    assert [price("key_1", "SR"), price("key_1", None), price("key_2", "SR"), price(None, None)] == [110, 90, 120, 100]
    assert rate_for(rates[1:2], person=None, catalog_code=None) is None


def situations(amounts, percents, *, deposit="0"):
    """What each situation comes to; percents: of each, by line."""
    lines = [(f"{n}", "", eur(amount)) for n, amount in enumerate(amounts)]
    shares = {"deposit_percent": Decimal(deposit), "retainage_percent": Decimal(0)}
    project, _ = begun(agreed(ProjectModel.PROGRESS, lines, currency="EUR", **shares))
    bills = []
    for wanted in percents:
        project, dues = advanced(project, {f"{n}": Decimal(percent) for n, percent in enumerate(wanted)})
        bills.append(str(sum((due.amount for due in dues), eur("0"))))
    return bills


@pytest.mark.row("K29")
@pytest.mark.parametrize("id", ["pro-02", "pro-03"])
def test_a_situation_bills_what_is_done_less_what_was_billed(id):
    given, expected = case(id)

    assert situations(given["items"], given["progress_percent"]) == expected


@pytest.mark.row("K29")
@pytest.mark.parametrize("case", named("progress_billing"))
def test_situations_of_several_lines_add_up(case):
    given = case["input"]

    bills = situations(given["items"], [one["progress"] for one in given["situations"]])

    assert bills == case["expected"]["amounts"]


@pytest.mark.row("K29")
def test_a_deposit_is_consumed_at_its_rate_by_every_situation():
    given, expected = case("pro-05")
    whole, done = Decimal(given["contract"]), Decimal(0)
    percents = []
    for net in map(Decimal, given["situations_net"]):
        done += net
        percents.append([done / whole * 100])

    assert situations([given["contract"]], percents, deposit=given["deposit"].rstrip(" %")) == expected


@pytest.mark.parametrize(("progress", "code"), [({"9": "5"}, "unknown_line"), ({"0": "101"}, "not_a_percentage")])
def test_progress_that_cannot_be_is_refused(progress, code):
    work = (Work(id="0", description="", amount=eur("1"), billed=eur("0")),)
    with pytest.raises(Invalid) as refused:
        progressed(work, {id: Decimal(percent) for id, percent in progress.items()})
    assert refused.value.code == code
