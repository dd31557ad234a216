"""The marks that laws want: what is printed by itself, and what is refused before a number is given."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.errors import Refused
from chalicelib.domain.identifiers import EUROPEAN_UNION
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Insurance, Legal, Operations, Size, VatScheme
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import RULES, legal_notices, missing_marks, must_be_stated
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.statutory_rates import StatutoryRate
from tests import builders as b
from tests.fakes.wording import PlainWording

SPRING, SUMMER = date(2026, 3, 2), date(2026, 8, 1)
PARIS = Address(lines=("1 rue de la Paix",), city="Paris", postal_code="75002", country="FR")
LYON = replace(PARIS, city="Lyon", postal_code="69001")
BERLIN = Address(lines=("Unter den Linden 1",), city="Berlin", country="DE")
SIREN = Registration(name="SIREN", number="732 829 320")
VAT = Registration(name="TVA", number="FR44 732 829 320")
PENALTIES = "Late payment penalties, from the day after the due date: "
RCS = Registration(name="RCS", number="Paris B 732 829 320")
TVA = b.a_rate("TVA", "20", registration_number="FR44732829320")
BARE = b.a_rate("TVA", "20")


LATER = StatutoryRate(since=date(2026, 7, 1), until=date(2026, 12, 31), percent=Decimal("12.4"))
GIVEN = LateFeeTerms(statutory="FR", rates=(LATER,))
LICENSED = (("Licence RBQ", "5798"), ("TVQ", "12"))


def agreed(percent):
    return LateFeeTerms(yearly_rate_percent=Decimal(percent))


def french(**more):
    plain = {"name": "Dupont", "address": PARIS, "registrations": (SIREN,)}
    return Party(**plain | more)


def buyer(**more):
    return Party(**{"name": "Durand", "address": LYON} | more)


def case(seller, client=None, *, rate=TVA, price="1000", on=SPRING, kind=PaperKind.INVOICE, currency="EUR"):
    rates = rate if isinstance(rate, tuple) else (rate,)
    line = b.a_line(unit_price=Decimal(price), taxes=tuple(one.code for one in rates))
    _, figures = worked_out(Content(currency=currency, lines=(line,), rates=rates))
    return Case(kind=kind, figures=figures, parties=Parties(id="inv_1", seller=seller, buyer=client or buyer()), on=on)


def said(*args, **more):
    passages = legal_notices(case(*args, **more), PlainWording())
    return list(passages[0].paragraphs) if passages else []


def missing(*args, **more):
    return [one.rule.id for one in missing_marks(case(*args, **more))]


def of_category(category, **more):
    return b.a_rate(category, "0", category=category, **more)


# France


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
    company = french(legal_name="Dupont et fils", legal=legal, registrations=(SIREN, RCS))

    assert said(company, kind=PaperKind.ORDER) == [
        "Dupont et fils, SARL with a capital of 10000.00 EUR, SIREN 732\u00a0829\u00a0320, RCS Paris B 732 829 320."
    ]
    assert missing(company) == []
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
    assert (wrong.rule.id, wrong.need.at) == ("fr.franchise", "legal.vat_scheme of the business")


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


# The European Union


@pytest.mark.parametrize(
    ("client", "words"),
    [
        pytest.param(
            buyer(address=BERLIN, registrations=(Registration(name="", number="DE136695976"),)),
            "Reverse charge (article 196 of Directive 2006/112/EC).",
            id="across a border",
        ),
        pytest.param(buyer(registrations=(VAT,)), "Reverse charge", id="at home"),
    ],
)
def test_a_reverse_charge_says_so_and_needs_both_numbers(client, words):
    seller = french(registrations=(SIREN, VAT))
    reverse = of_category("AE", exemption_reason="CGI art. 283-2")

    assert words in said(seller, client, rate=reverse)
    assert missing(seller, client, rate=reverse) == []
    assert missing(french(), replace(client, registrations=()), rate=reverse) == ["eu.reverse_charge.numbers"] * 2


def test_goods_for_another_state_need_both_numbers_and_an_export_none():
    german = buyer(address=BERLIN)
    supply = of_category("K", exemption_reason="262 ter I")

    assert missing(french(), german, rate=supply) == ["eu.intra_community", "eu.intra_community"]
    assert missing(french(), buyer(address=b.MONTREAL), rate=of_category("G", exemption_reason="262 I")) == []
    assert "Exempt export (article 146 of Directive 2006/112/EC)." in said(
        french(), buyer(address=b.MONTREAL), rate=of_category("G", exemption_reason="262 I")
    )


def test_a_client_outside_the_union_has_no_number_there():
    seller = french(registrations=(SIREN, VAT))

    assert missing(seller, buyer(address=b.MONTREAL), rate=of_category("AE")) == []


# Canada and Quebec

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


def test_one_rate_for_both_taxes_is_refused_in_quebec():
    both = b.a_rate("TPS TVQ", "14.975", registration_number="123456789 RT0001")

    assert missing(MONTREALER, rate=both, currency="CAD") == ["qc.no_combined_rate"]
    ontario = replace(MONTREALER, address=replace(b.MONTREAL, region="ON"))
    assert missing(ontario, rate=both, currency="CAD") == []


def test_interest_that_was_agreed_on_is_said_by_the_year():
    seller = replace(MONTREALER, late_fee=agreed("24"))

    assert said(seller, rate=(b.TPS, b.TVQ), currency="CAD") == [
        "Interest for late payment: 24 % a year (2 % a month)."
    ]


# All of them


def test_a_refusal_names_the_rule_its_source_and_where_the_mark_is_set():
    with pytest.raises(Refused) as refused:
        must_be_stated(case(french(registrations=())), "invoice inv_1")

    assert refused.value.code == "mark_missing"
    assert refused.value.detail == (
        "You cannot issue invoice inv_1 because the SIREN of the business (fr.identity: C. com., art. R123-237)"
        " is not known; set tax_registrations of the business."
    )


@pytest.mark.parametrize("country", ["US", "CH", "GB", "JP", None])
def test_businesses_of_other_countries_are_asked_for_nothing_and_say_nothing(country):
    stranger = Party(name="Smith", address=Address(country=country))

    for category in ("S", "AE", "K", "G", "E", "O"):
        rate = of_category(category) if category != "S" else BARE
        assert (missing(stranger, rate=rate), said(stranger, rate=rate)) == ([], [])


def test_rules_are_told_apart_and_each_either_asks_or_says():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source and (rule.needs or rule.said) for rule in RULES)
    assert {country for rule in RULES for country in rule.sellers} == {"CA", *EUROPEAN_UNION}
