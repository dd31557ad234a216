"""A business: its days, its taxes, its name on paper, and a sandbox's clock."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chalicelib.domain.business import TaxGroup, at_time
from chalicelib.domain.errors import Refused
from chalicelib.domain.party import Party, Registration
from tests import builders as b


@pytest.mark.row("C39")
@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("America/Toronto", date(2026, 3, 1)),
        ("UTC", date(2026, 3, 1)),
        ("Australia/Sydney", date(2026, 3, 2)),
        ("Pacific/Kiritimati", date(2026, 3, 2)),
        ("Pacific/Pago_Pago", date(2026, 3, 1)),
    ],
)
def test_today_is_the_date_where_the_business_is(zone, today):
    assert b.a_business(time_zone=zone).today(datetime(2026, 3, 1, 15, 0, tzinfo=UTC)) == today


@pytest.mark.row("C36", "C37")
@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        pytest.param("America/Toronto", date(2026, 3, 7), datetime(2026, 3, 7, 9, tzinfo=UTC), id="winter"),
        pytest.param("America/Toronto", date(2026, 3, 8), datetime(2026, 3, 8, 8, tzinfo=UTC), id="the clock goes on"),
        pytest.param("America/Toronto", date(2026, 11, 1), datetime(2026, 11, 1, 9, tzinfo=UTC), id="and back"),
        pytest.param("Australia/Sydney", date(2026, 3, 1), datetime(2026, 2, 28, 17, tzinfo=UTC), id="the day before"),
    ],
)
def test_the_day_of_work_begins_at_four_in_the_morning_there(zone, day, instant):
    assert b.a_business(time_zone=zone).morning_of(day) == instant


def test_a_business_speaks_the_language_asked_for_else_its_first():
    business = b.a_business(languages=("fr", "en"))
    assert [business.speaks(language) for language in ("en", "fr", "de", None)] == ["en", "fr", "fr", "fr"]


@pytest.mark.row("P13", "P14")
def test_a_line_without_taxes_bears_the_first_group_else_every_rate_else_none():
    groups = (TaxGroup(name="TPS only", codes=("TPS",)), TaxGroup(name="both", codes=("TPS", "TVQ")))
    assert b.a_business(tax_groups=groups).default_taxes == ("TPS",)
    assert b.a_business().default_taxes == ("TPS", "TVQ")
    assert b.a_business(tax_rates=()).default_taxes == ()


def test_rates_are_found_by_their_code():
    assert b.a_business().rates == {"TPS": b.TPS, "TVQ": b.TVQ}


@pytest.mark.row("H41", "H44")
def test_a_seller_is_named_with_every_registration_once():
    own = Registration(name="NEQ", number="1140000000")
    twice = Registration(name="TPS/TVH", number="123456789 RT0001")
    seller = b.a_business(legal_name="9000-0000 Québec inc.", tax_registrations=(own, twice)).as_seller()
    assert seller == Party(
        name="Plomberie Tremblay",
        legal_name="9000-0000 Québec inc.",
        email="bureau@plomberie.example",
        phone="+1 514 555 0100",
        address=b.MONTREAL,
        registrations=(own, twice, Registration(name="TVQ", number="1234567890 TQ0001")),
    )


def test_a_rate_without_a_registration_prints_none_and_one_without_a_name_prints_its_code():
    rates = (b.a_rate("A", "1"), b.a_rate("B", "2", name="", registration_number="7"))
    assert b.a_business(tax_rates=rates).as_seller().registrations == (Registration(name="B", number="7"),)


def test_a_buyer_is_named_with_a_tax_number_where_there_is_one():
    assert b.a_client().as_buyer() == Party(name="Marie Gagnon", email="marie@example.com", address=b.QUEBEC_CITY)
    assert b.a_client(tax_number="BE1").as_buyer().registrations == (Registration(name="", number="BE1"),)


@pytest.mark.parametrize("clock", [None, b.NOON, b.later(hours=1)])
def test_a_sandboxs_clock_goes_forward(clock):
    moved = at_time(b.a_business(sandbox=True, clock=clock), b.later(hours=1))
    assert moved == b.a_business(sandbox=True, version=2, clock=b.later(hours=1))


def test_a_sandboxs_clock_never_goes_back():
    with pytest.raises(Refused) as refused:
        at_time(b.a_business(sandbox=True, clock=b.NOON), b.later(seconds=-1))
    assert refused.value.code == "clock_goes_forward"
    assert refused.value.detail == "You cannot move the clock back from 2026-03-02T17:00:00+00:00."


def test_a_real_business_has_no_clock_to_move():
    with pytest.raises(Refused) as refused:
        at_time(b.a_business(), b.NOON)
    assert refused.value.code == "not_a_sandbox"


def test_a_tax_group_stands_for_its_codes_and_a_code_for_itself():
    business = b.a_business(tax_groups=(TaxGroup(name="Québec", codes=("TPS", "TVQ")),))
    assert business.taxes_named(("Québec",)) == ("TPS", "TVQ")
    assert business.taxes_named(("TVQ", "Québec")) == ("TVQ", "TPS")
    assert business.taxes_named(("unheard of",)) == ("unheard of",)


@pytest.mark.parametrize(
    ("region", "spoken"), [("QC", "fr+en"), ("Qu\u00e9bec", "fr+en"), ("ON", "en+fr"), (None, "en+fr")]
)
def test_of_two_languages_french_stands_first_in_quebec(region, spoken):
    business = b.a_business(languages=("en+fr", "en"), address=replace(b.MONTREAL, region=region))

    assert (business.speaks("de"), business.speaks("en")) == (spoken, "en")
