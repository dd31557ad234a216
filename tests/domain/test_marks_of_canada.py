"""The marks that Canada's law and Quebec's want."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.mark import PaperKind
from chalicelib.domain.party import Address, Party, Registration
from tests import builders as b
from tests.domain.law import agreed, missing, said

LICENSED = (("Licence RBQ", "5798"), ("TVQ", "12"))
MONTREALER = Party(name="Tremblay", address=b.MONTREAL)


def canadian(*numbers):
    return replace(MONTREALER, registrations=tuple(Registration(name=name, number=number) for name, number in numbers))


@pytest.mark.parametrize(
    ("seller", "price", "expected"),
    [
        pytest.param(MONTREALER, "80", [], id="under 100 in all"),
        pytest.param(MONTREALER, "100", ["ca.gst_number", "qc.qst_number"], id="from 100 on"),
        pytest.param(canadian(("TPS", "123456789 RT0001")), "100", ["qc.qst_number"], id="one is not the other"),
        pytest.param(canadian(("Taxes", "123456789 RT0001, 1234567890 TQ0001")), "100", [], id="both in one line"),
        pytest.param(canadian(*LICENSED), "100", ["ca.gst_number"], id="a licence is none"),
    ],
)
def test_each_tax_of_quebec_has_its_number_from_100_dollars_on(seller, price, expected):
    rates = (b.a_rate("TPS", "5"), b.a_rate("TVQ", "9.975"))

    assert missing(seller, rate=rates, price=price, currency="CAD") == expected


def test_numbers_beside_the_taxes_are_enough_and_nothing_is_said_in_words():
    assert missing(MONTREALER, rate=(b.TPS, b.TVQ), currency="CAD") == []
    assert said(MONTREALER, rate=(b.TPS, b.TVQ), currency="CAD") == []


@pytest.mark.parametrize("percent", ["14.975", "14.97", "9.97"])
@pytest.mark.parametrize("kind", [PaperKind.INVOICE, PaperKind.QUOTE, PaperKind.ORDER])
def test_no_paper_shows_both_taxes_in_one_rate_nor_quebecs_cut_off(percent, kind):
    both = b.a_rate("TPS TVQ", percent, registration_number="123456789 RT0001")
    ontario = replace(MONTREALER, address=replace(b.MONTREAL, region="ON"))

    for seller in (MONTREALER, ontario):
        assert missing(seller, rate=both, currency="CAD", kind=kind) == ["qc.no_combined_rate"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Taxes (14,975\u00a0%)", ["qc.no_combined_rate"]),
        ("TVQ 9.97%", ["qc.no_combined_rate"]),
        ("TVQ 9,975 %", []),
    ],
)
def test_nor_does_the_name_of_a_tax(name, expected):
    rate = replace(b.TVQ, name=name)

    assert missing(MONTREALER, rate=rate, currency="CAD") == expected


@pytest.mark.parametrize(
    ("name", "percent", "rule"),
    [
        ("TPS/TVH", "5", "ca.gst_number"),
        ("GST-HST", "13", "ca.gst_number"),
        ("T.P.S. (fédérale)", "5", "ca.gst_number"),
        ("TVQ/QST", "9.975", "qc.qst_number"),
        ("Taxe provinciale", "9.975", "qc.qst_number"),
        ("PST", "7", None),
        ("Taxe d'hébergement", "3.5", None),
    ],
)
def test_a_tax_is_known_however_its_name_is_written(name, percent, rule):
    rate = replace(b.a_rate("X", percent), name=name)

    assert missing(MONTREALER, rate=rate, currency="CAD") == ([rule] if rule else [])


def test_a_provinces_own_number_is_none_for_gst():
    vancouver = replace(canadian(("PST", "PST-1234-5678")), address=Address(region="BC", country="CA"))

    assert missing(vancouver, rate=(b.a_rate("GST", "5"), b.a_rate("PST", "7")), currency="CAD") == ["ca.gst_number"]


@pytest.mark.parametrize(("on", "expected"), [(date(2021, 4, 19), []), (date(2021, 4, 20), ["ca.gst_number"])])
def test_the_thresholds_hold_from_their_day_on(on, expected):
    assert missing(MONTREALER, rate=b.a_rate("TPS", "5"), currency="CAD", on=on) == expected


@pytest.mark.parametrize(
    ("price", "expected"), [("95.23", []), ("95.24", ["ca.gst_number"])], ids=["99.99 with tax", "100.00 with tax"]
)
def test_the_threshold_counts_the_total_with_taxes(price, expected):
    assert missing(MONTREALER, rate=b.a_rate("TPS", "5"), price=price, currency="CAD") == expected


def test_a_credit_note_names_the_numbers_whatever_it_comes_to():
    rates = (b.a_rate("TPS", "5"), b.a_rate("TVQ", "9.975"))

    assert missing(MONTREALER, rate=rates, price="1", currency="CAD", kind=PaperKind.CREDIT_NOTE) == [
        "ca.credit_note",
        "qc.credit_note",
    ]
    assert missing(MONTREALER, rate=(b.TPS, b.TVQ), price="1", currency="CAD", kind=PaperKind.CREDIT_NOTE) == []


def test_who_charges_no_tax_needs_no_number():
    """A small supplier, or one whose client is abroad."""
    abroad = Party(name="Smith", address=Address(country="US"))

    assert missing(MONTREALER, rate=(), price="10000", currency="CAD") == []
    assert missing(MONTREALER, abroad, rate=b.a_rate("TPS", "0", category="G"), price="10000", currency="USD") == []


def test_interest_that_was_agreed_on_is_said_by_the_year():
    seller = replace(MONTREALER, late_fee=agreed("24"))

    assert said(seller, rate=(b.TPS, b.TVQ), currency="CAD") == [
        "Interest for late payment: 24 % a year (2 % a month)."
    ]
