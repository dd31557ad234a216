"""The marks that French law wants: what is printed by itself, and what is refused before a number is given."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Insurance, Legal, Operations, Size, VatScheme
from chalicelib.domain.mark import PaperKind
from chalicelib.domain.marks import missing_marks
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Registration
from chalicelib.domain.statutory_rates import StatutoryRate
from tests import builders as b
from tests.domain.law import (
    BARE,
    BERLIN,
    SPRING,
    SUMMER,
    TVA,
    VAT,
    agreed,
    buyer,
    case,
    french,
    missing,
    notices,
    of_category,
    said,
)

PENALTIES = "Late payment penalties, from the day after the due date: "
RCS = Registration(name="RCS", number="Paris B 732 829 320")
LATER = StatutoryRate(since=date(2026, 7, 1), until=date(2026, 12, 31), percent=Decimal("12.4"))
GIVEN = LateFeeTerms(statutory="FR", rates=(LATER,))


def test_a_french_invoice_says_penalties_the_40_euros_and_that_there_is_no_discount():
    assert said(french()) == [
        "Dupont, SIREN 732\u00a0829\u00a0320.",
        f"{PENALTIES}12.15 % a year (refinancing rate of the European Central Bank plus 10 points).",
        "Fixed sum for the cost of collection where payment is late: 40.00 EUR (C. com. art. L441-10, D441-5).",
        "Discount for early payment: none.",
    ]


def test_a_consumer_is_told_of_none_of_them():
    assert said(french(), buyer(consumer=True)) == ["Dupont, SIREN 732\u00a0829\u00a0320."]


@pytest.mark.parametrize(
    ("seller", "client", "on", "rate"),
    [
        pytest.param(None, None, SUMMER, "the refinancing rate of the European Central Bank", id="not known yet"),
        pytest.param(agreed("10"), None, SPRING, "10 % a year", id="agreed"),
        pytest.param(agreed("3"), None, SPRING, "7.86 % a year", id="raised to the least"),
        pytest.param(agreed("10"), agreed("9"), SPRING, "9 % a year", id="agreed with this client"),
        pytest.param(GIVEN, None, SUMMER, "12.4 % a year (refinancing", id="given by the business"),
    ],
)
def test_the_rate_of_penalties_is_that_of_the_day(seller, client, on, rate):
    penalties = said(french(late_fee=seller), buyer(late_fee=client), on=on)[1]

    assert penalties.startswith(PENALTIES + rate)


def test_a_company_says_its_form_its_capital_and_its_register():
    legal = Legal(form="SARL", capital=Money(10_000_00, "EUR"))
    company = french(legal_name="Dupont et fils", legal=legal, registrations=(b.SIREN, RCS))

    assert said(company, kind=PaperKind.ORDER) == [
        "Dupont et fils, SARL with a capital of 10000.00 EUR, SIREN 732\u00a0829\u00a0320, RCS Paris B 732 829 320."
    ]
    assert missing(company) == []
    assert said(replace(company, legal_name="Dupont SARL"))[0].startswith("Dupont, SARL with a capital of")
    lyon = replace(company, registrations=(b.SIREN, Registration(name="R.C.S. Lyon", number="732 829 320")))
    assert missing(lyon) == []
    bare = french(legal=Legal(form="S.A.R.L."))
    assert missing(bare) == ["fr.company", "fr.company"]
    assert missing(french(legal=Legal(form="EI"))) == []


@pytest.mark.parametrize(
    ("seller", "expected"),
    [
        pytest.param({"registrations": ()}, ["fr.identity"], id="no SIREN"),
        pytest.param({"registrations": (VAT,)}, [], id="the VAT number holds it"),
        pytest.param({"registrations": (Registration(name="SIRET", number="732 829 320 00074"),)}, [], id="SIRET too"),
        pytest.param({"address": Address(country="FR")}, ["fr.address"], id="no address"),
        pytest.param({"address": b.MONTREAL, "country": "FR"}, [], id="an address elsewhere"),
    ],
)
def test_a_french_seller_says_who_and_where_it_is(seller, expected):
    assert missing(french(**seller)) == expected


def test_a_quote_wants_who_and_where_a_seller_is_and_no_more():
    nobody = french(registrations=(), address=Address(country="FR"))

    assert missing(nobody, rate=BARE, kind=PaperKind.QUOTE) == ["fr.identity", "fr.address"]
    german = buyer(address=BERLIN)
    assert missing(french(), german, rate=of_category("AE"), kind=PaperKind.QUOTE) == []


@pytest.mark.parametrize(
    ("price", "rate", "expected"),
    [
        pytest.param("151", BARE, ["fr.vat_number"], id="VAT without a number"),
        pytest.param("150", BARE, [], id="up to 150 it may be left out"),
        pytest.param("151", TVA, [], id="beside the tax"),
        pytest.param("151", of_category("E", exemption_reason="CGI art. 261"), [], id="nothing charged"),
        pytest.param("151", of_category("E"), ["fr.exemption"], id="exempt without the article"),
    ],
)
def test_vat_has_a_number_and_an_exemption_its_article(price, rate, expected):
    assert missing(french(), price=price, rate=rate) == expected


def test_a_business_client_has_an_address_and_a_person_need_not():
    nowhere = Address()

    assert missing(french(), buyer(address=nowhere, registrations=(VAT,))) == ["fr.buyer_address"]
    assert missing(french(), buyer(address=nowhere)) == []
    assert missing(french(), buyer(address=nowhere, registrations=(VAT,), consumer=True)) == []


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2027, 12, 31), "VAT not applicable, art. 293 B of the CGI."),
        (date(2028, 1, 1), "VAT not applicable, small business exemption."),
    ],
)
def test_the_franchise_names_the_article_that_is_in_force(on, words):
    small = french(legal=Legal(vat_scheme=VatScheme.FRANCHISE))

    assert words in said(small, rate=(), on=on, kind=PaperKind.QUOTE)
    assert missing(small, rate=(), kind=PaperKind.CREDIT_NOTE) == []
    (wrong,) = missing_marks(case(small))
    assert (wrong.rule.id, wrong.need.at) == (
        "fr.franchise",
        "legal.vat_scheme of the business, or write the lines without taxes",
    )


def test_a_credit_note_that_gives_back_vat_says_nothing_of_the_franchise():
    small = french(legal=Legal(vat_scheme=VatScheme.FRANCHISE))

    assert not any("293 B" in line for line in said(small, kind=PaperKind.CREDIT_NOTE))
    assert any("293 B" in line for line in said(small, rate=(), kind=PaperKind.CREDIT_NOTE))


@pytest.mark.parametrize(
    ("seller", "client", "rate", "expected"),
    [
        pytest.param({}, {"registrations": (VAT,)}, (), ["fr.untaxed"], id="nothing said"),
        pytest.param({}, {"registrations": (VAT,)}, TVA, [], id="taxed"),
        pytest.param({}, {"registrations": (VAT,)}, of_category("O"), [], id="out of scope"),
        pytest.param({"legal": Legal(vat_scheme=VatScheme.FRANCHISE)}, {"registrations": (VAT,)}, (), [], id="293 B"),
        pytest.param({}, {}, (), [], id="perhaps a person"),
        pytest.param({}, {"registrations": (VAT,), "consumer": True}, (), [], id="a person"),
        pytest.param({}, {"registrations": (VAT,), "address": b.MONTREAL}, (), [], id="abroad"),
    ],
)
def test_a_business_that_is_charged_no_vat_is_told_why(seller, client, rate, expected):
    assert missing(french(**seller), buyer(**client), rate=rate) == expected


@pytest.mark.parametrize(
    ("on", "percents", "kind", "certified"),
    [
        pytest.param(date(2025, 2, 15), ["10"], PaperKind.QUOTE, [], id="a form apart until then"),
        pytest.param(date(2025, 2, 16), ["10"], PaperKind.QUOTE, ["10 %."], id="from then on"),
        pytest.param(SPRING, ["5.5"], PaperKind.INVOICE, ["save energy."], id="energy"),
        pytest.param(SPRING, ["10", "5.5"], PaperKind.INVOICE, ["10 %.", "save energy."], id="both"),
        pytest.param(SPRING, ["20"], PaperKind.INVOICE, [], id="at the full rate"),
        pytest.param(SPRING, ["10"], PaperKind.CREDIT_NOTE, [], id="nothing is certified of what is given back"),
    ],
)
def test_work_on_dwellings_at_a_reduced_rate_has_the_client_certify_it(on, percents, kind, certified):
    rates = tuple(b.a_rate(percent, percent, registration_number="FR44732829320") for percent in percents)
    builder, restaurant = french(legal=Legal(dwelling_works=True)), french()

    lines = [line for line in said(builder, rate=rates, on=on, kind=kind) if "undersigned" in line]
    assert [ending for line, ending in zip(lines, certified, strict=True) if not line.endswith(ending)] == []
    titles = [passage.title for passage in notices(builder, rate=rates, on=on, kind=kind)]
    assert titles == ["Legal notices", *(["To be signed by the client"] if certified else [])]
    assert not any("undersigned" in line for line in said(restaurant, rate=rates, on=on, kind=kind))


def test_a_client_without_a_country_is_at_home():
    large = french(legal=Legal(size=Size.LARGE, operations=Operations.SERVICES))

    assert missing(large, buyer(address=Address()), on=date(2026, 9, 1)) == ["fr.buyer_siren.large"]
    assert missing(large, buyer(address=Address(), consumer=True), on=date(2026, 9, 1)) == []


def test_what_a_business_sells_debits_and_its_insurance_are_said_where_it_set_them():
    insured = Insurance(insurer="MAAF", contract="12-34", area="France")
    trade = Legal(
        operations=Operations.SERVICES, vat_scheme=VatScheme.DEBITS, insurance=insured, early_discount="2 % à 10 jours"
    )

    assert said(french(legal=trade))[1:3] + said(french(legal=trade))[-2:] == [
        "The seller has opted to pay VAT on debits.",
        "Nature of the operation: Supply of services.",
        "Discount for early payment: 2 % à 10 jours",
        "Professional insurance: MAAF, contract 12-34, covering France.",
    ]


@pytest.mark.parametrize(
    ("size", "on", "client", "expected"),
    [
        pytest.param(Size.LARGE, date(2026, 8, 31), {}, [], id="not yet"),
        pytest.param(
            Size.LARGE, date(2026, 9, 1), {}, ["fr.buyer_siren.large", "fr.operations.large"], id="large businesses"
        ),
        pytest.param(Size.SMALL, date(2027, 8, 31), {}, [], id="small ones a year later"),
        pytest.param(
            Size.SMALL, date(2027, 9, 1), {}, ["fr.buyer_siren.small", "fr.operations.small"], id="then they, too"
        ),
        pytest.param(
            Size.SMALL, date(2027, 9, 1), {"registrations": (VAT,)}, ["fr.operations.small"], id="a SIREN is known"
        ),
        pytest.param(Size.SMALL, date(2027, 9, 1), {"consumer": True}, [], id="a person has none"),
        pytest.param(Size.SMALL, date(2027, 9, 1), {"address": BERLIN}, ["fr.operations.small"], id="nor one abroad"),
    ],
)
def test_what_e_invoicing_adds_is_wanted_from_its_day(size, on, client, expected):
    assert missing(french(legal=Legal(size=size)), buyer(**client), on=on) == expected


def test_the_siren_of_a_french_client_is_said_as_soon_as_it_is_known():
    assert "SIREN of the client: 732\u00a0829\u00a0320." in said(french(), buyer(registrations=(VAT,)))
    assert not any("client" in line for line in said(french()))
