"""The marks that laws want, of whichever country; and those of the European Union."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.errors import Refused
from chalicelib.domain.identifiers import EUROPEAN_UNION
from chalicelib.domain.legal import Legal, Operations, Size, VatScheme
from chalicelib.domain.mark import PaperKind
from chalicelib.domain.marks import RULES, must_be_stated
from chalicelib.domain.party import Address, Party, Registration
from tests import builders as b
from tests.domain.law import BARE, BERLIN, VAT, buyer, case, french, missing, of_category, said

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
    seller = french(registrations=(b.SIREN, VAT))
    reverse = of_category("AE", exemption_reason="CGI art. 283-2")

    assert words in said(seller, client, rate=reverse)
    assert missing(seller, client, rate=reverse) == []
    assert missing(french(), replace(client, registrations=()), rate=reverse) == ["eu.reverse_charge.numbers"] * 2


def test_a_client_is_where_its_vat_number_is_from_unless_it_says_otherwise():
    seller = french(registrations=(b.SIREN, VAT), legal=Legal(size=Size.LARGE, operations=Operations.SERVICES))
    german = buyer(address=Address(city="Berlin"), registrations=(Registration(name="", number="DE136695976"),))

    assert "Reverse charge (article 196 of Directive 2006/112/EC)." in said(seller, german, rate=of_category("AE"))
    assert missing(seller, german, rate=of_category("AE"), on=date(2026, 9, 1)) == []
    greek = replace(german, registrations=(Registration(name="", number="EL094259216"),))
    athens = replace(greek, address=Address(city="Athens", country="GR"))
    for seen in (greek, athens):
        assert "Reverse charge" in said(replace(seller, address=Address(country="GR")), seen, rate=of_category("AE"))


@pytest.mark.parametrize("state", sorted(EUROPEAN_UNION - {"DE"}))
def test_a_business_of_any_state_says_that_its_german_client_owes_the_tax(state):
    seller = Party(name="Smith", address=Address(city="Here", country=state))
    german = buyer(address=BERLIN, registrations=(Registration(name="", number="DE136695976"),))

    lines = said(seller, german, rate=of_category("AE"))
    assert lines.count("Reverse charge (article 196 of Directive 2006/112/EC).") == 1
    assert "eu.reverse_charge.numbers" in missing(seller, german, rate=of_category("AE"))


def test_goods_for_another_state_need_both_numbers_and_an_export_none():
    german = buyer(address=BERLIN)
    supply = of_category("K", exemption_reason="262 ter I")

    assert missing(french(), german, rate=supply) == ["eu.intra_community", "eu.intra_community"]
    assert missing(french(), buyer(address=b.MONTREAL), rate=of_category("G", exemption_reason="262 I")) == []
    assert "Exempt export (article 146 of Directive 2006/112/EC)." in said(
        french(), buyer(address=b.MONTREAL), rate=of_category("G", exemption_reason="262 I")
    )


def test_a_client_outside_the_union_has_no_number_there():
    seller = french(registrations=(b.SIREN, VAT))

    assert missing(seller, buyer(address=b.MONTREAL), rate=of_category("AE")) == []


def test_what_is_taxed_where_the_client_is_is_no_matter_of_the_franchise():
    small = french(registrations=(b.SIREN, VAT), legal=Legal(vat_scheme=VatScheme.FRANCHISE))
    german = buyer(address=BERLIN, registrations=(Registration(name="", number="DE136695976"),))

    lines = said(small, german, rate=of_category("AE"))
    assert "Reverse charge (article 196 of Directive 2006/112/EC)." in lines
    assert not any("293 B" in line for line in lines)
    assert missing(french(legal=small.legal), german, rate=of_category("AE")) == ["eu.reverse_charge.numbers"]


def test_a_small_business_without_a_vat_number_may_have_its_client_at_home_owe_the_tax():
    small = french(legal=Legal(vat_scheme=VatScheme.FRANCHISE))
    contractor = buyer(registrations=(VAT,))

    assert missing(small, contractor, rate=of_category("AE")) == []
    assert missing(small, buyer(), rate=of_category("AE")) == ["eu.reverse_charge.numbers"]
    lines = said(small, contractor, rate=of_category("AE"))
    assert {"VAT not applicable, art. 293 B of the CGI.", "Reverse charge"} <= set(lines)


def test_goods_for_northern_ireland_are_supplied_as_in_the_union():
    belfast = buyer(
        address=Address(city="Belfast", country="GB"), registrations=(Registration(name="", number="XI123456789"),)
    )

    assert missing(french(registrations=(b.SIREN, VAT)), belfast, rate=of_category("K")) == []


# All of them


def test_a_refusal_names_the_rule_its_source_and_where_the_mark_is_set():
    with pytest.raises(Refused) as refused:
        must_be_stated(case(french(registrations=())), "invoice inv_1")

    assert refused.value.code == "mark_missing"
    assert refused.value.detail == (
        "You cannot issue invoice inv_1 because the law wants the SIREN of the business"
        " (fr.identity: C. com., art. R123-237; set tax_registrations of the business)."
    )
    (fault,) = refused.value.faults
    assert (fault.code, fault.detail) == (
        "fr.identity",
        "The law wants the SIREN of the business; set tax_registrations of the business.",
    )


def test_a_refusal_names_all_that_is_missing_at_once():
    nothing = french(registrations=(), address=Address(country="FR"), legal=Legal(form="SARL"))

    with pytest.raises(Refused) as refused:
        must_be_stated(case(nothing, rate=BARE), "invoice inv_1")
    places = ("tax_registrations", "legal.capital", "address", "registration_number")
    rules = ("fr.identity", "fr.company", "fr.address", "fr.vat_number")
    assert [word for word in (*places, *rules) if word not in refused.value.detail] == []
    assert refused.value.detail.count("(fr.") == 5  # the capital and the register are two


def test_a_credit_note_is_refused_only_for_what_the_business_itself_can_say():
    """What a client has not given, or an invoice said wrongly, must not keep anybody from taking it back."""
    never_said = {need.what for rule in RULES for need in rule.needs if not need.own}

    assert never_said == {
        "the client's name",
        "the client's address",
        "the client's SIREN",
        "the client's VAT number, as its country writes it",
        "the article that exempts from VAT",
        "no VAT charged by a business in franchise",
        "VAT, or what frees from it",
        "GST (5 %) and QST (9.975 %) each at its own rate",
    }
    nowhere = buyer(address=Address(country="DE"))
    wrong = of_category("AE"), of_category("E"), b.a_rate("TPS TVQ", "14.975")
    assert missing(french(registrations=(b.SIREN, VAT)), nowhere, rate=wrong, kind=PaperKind.CREDIT_NOTE) == []


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
