"""E-invoices out of our documents: what each of the norm's terms says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.e_invoice import Identifier, Note, TaxPoint
from chalicelib.domain.e_invoice_checks import RULES, violations
from chalicelib.domain.e_invoice_units import coded
from chalicelib.domain.e_invoicing import Profile
from chalicelib.domain.legal import Legal, Operations, VatScheme
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.party import Address, Registration
from tests.e_invoices.building import (
    BERLIN,
    BUYER,
    EXEMPT,
    IBAN,
    LYON,
    MARCH,
    SELLER,
    TVA_20,
    WITHIN_EU,
    a_content,
    a_line_sold,
    eur,
    terms_of,
    the_parties,
)
from tests.e_invoices.telling import told

# --- who


def test_the_parties_are_known_by_their_numbers():
    one = told()
    seller = one.seller
    assert (seller.name, seller.trading_name) == ("Rénovation Boréale SARL", "Rénovation Boréale")
    assert seller.legal_id == Identifier(value="999999998", scheme="0002")
    assert seller.identifiers == (Identifier(value="99999999800019", scheme="0009"),)
    assert (seller.vat_id, seller.tax_id) == ("FR11999999998", "")
    assert seller.endpoint == Identifier(value="999999998", scheme="0225")
    assert one.buyer.endpoint == Identifier(value="787878784", scheme="0225")


@pytest.mark.parametrize(
    ("numbers", "country", "endpoint"),
    [
        pytest.param(("DE123456789",), "DE", ("DE123456789", "9930"), id="a German by VAT number"),
        pytest.param((), "DE", ("syndic@erables.example", "EM"), id="somebody without a number by mail"),
        pytest.param(("FR19787878784",), "FR", ("787878784", "0225"), id="a French one by the SIREN in its VAT number"),
    ],
)
def test_an_electronic_address_follows_from_a_number_or_is_that_for_mail(numbers, country, endpoint):
    buyer = replace(
        BUYER,
        address=Address(city="X", country=country),
        registrations=tuple(Registration(name="", number=number) for number in numbers),
    )
    given = told(parties=the_parties(buyer=buyer)).buyer.endpoint
    assert (given.value, given.scheme) == endpoint


def test_who_does_not_say_a_country_is_at_home():
    one = told(parties=the_parties(buyer=replace(BUYER, address=Address(city="Lyon"))))
    assert one.buyer.address.country == "FR"


def test_a_seller_without_a_vat_number_is_known_by_another():
    seller = replace(SELLER, registrations=(Registration(name="SIREN", number="999999998"),))
    assert (told(parties=the_parties(seller)).seller.vat_id, told(parties=the_parties(seller)).seller.tax_id) == (
        "",
        "999999998",
    )


# --- what


def test_an_invoice_tells_its_days_numbers_and_account():
    one = told(
        a_content(notes="Merci", terms="30 jours"),
        purchase_order="BC-1",
        service_period=MARCH,
        buyer_reference="R-1",
        parties=the_parties(delivery=BERLIN),
    )
    assert (one.number, one.type_code, one.currency) == ("F-2026-0148", "380", "EUR")
    assert (one.issued_on, one.due_on, one.period) == (date(2026, 3, 31), date(2026, 4, 30), MARCH)
    assert (one.purchase_order, one.buyer_reference, one.terms) == ("BC-1", "R-1", "30 jours")
    assert (one.paying.code, one.paying.account, one.paying.reference) == ("58", IBAN, "F-2026-0148")
    assert one.delivered_to == BERLIN
    assert one.notes[-1] == Note(text="Merci")


def test_lines_tell_their_unit_quantity_price_and_what_is_taken_off_them():
    line = a_line_sold(
        "Joints\nÉpoxy gris",
        "7.35",
        quantity=Decimal(3),
        unit="kg",
        catalog_code="J1",
        allowances=(Adjustment(percent=Decimal(10), reason="Fidélité"),),
        charges=(Adjustment(amount=eur("2")),),
    )
    (one,) = told(a_content(line)).lines
    assert (one.name, one.description, one.code) == ("Joints", "Époxy gris", "J1")
    assert (one.quantity, one.unit, one.price, one.net) == (Decimal(3), "KGM", Decimal("7.35"), Decimal("21.85"))
    (allowance,), (charge,) = one.allowances, one.charges
    assert (allowance.amount, allowance.base, allowance.percent) == (Decimal("2.20"), Decimal("22.05"), Decimal(10))
    assert (allowance.reason, charge.amount, charge.reason) == ("Fidélité", Decimal("2.00"), "Frais")
    assert one.quantity * one.price - allowance.amount + charge.amount == one.net


def test_a_price_below_zero_is_a_quantity_below_zero():
    (_, discount) = told(a_content(a_line_sold(), a_line_sold("Remise", "-10", quantity=Decimal(2)))).lines
    assert (discount.quantity, discount.price, discount.net) == (Decimal(-2), Decimal(10), Decimal("-20.00"))


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("h", ("HUR", "")),
        ("Heures", ("HUR", "")),
        ("jour", ("DAY", "")),
        (None, ("C62", "")),
        ("m²", ("MTK", "")),
        ("HUR", ("HUR", "")),
        ("tournée", ("ZZ", "tournée")),
    ],
)
def test_a_unit_has_its_code_or_is_named(unit, code):
    assert coded(unit) == code


def test_an_allowance_on_the_document_is_told_for_each_rate_that_bears_it():
    lines = (a_line_sold(price="300"), a_line_sold(price="100", taxes=("TVA10",)))
    one = told(a_content(*lines, allowances=(Adjustment(percent=Decimal(5), reason="Remise"),)))
    assert [(levy.amount, levy.base, levy.rate) for levy in one.allowances] == [
        (Decimal("15.00"), Decimal("300.00"), Decimal(20)),
        (Decimal("5.00"), Decimal("100.00"), Decimal(10)),
    ]
    assert [(group.rate, group.base, group.tax) for group in one.vat] == [
        (Decimal(20), Decimal("285.00"), Decimal("57.00")),
        (Decimal(10), Decimal("95.00"), Decimal("9.50")),
    ]
    assert violations(one) == ()


def test_two_taxes_of_one_rate_are_one_group():
    other = replace(TVA_20, code="TVA20B")
    one = told(a_content(a_line_sold(), a_line_sold(taxes=("TVA20B",)), rates=(TVA_20, other)))
    (group,) = one.vat
    assert (group.base, group.tax) == (Decimal("200.00"), Decimal("40.00"))


def test_an_exemption_tells_its_reason_and_the_franchise_its_code():
    franchise = replace(EXEMPT, exemption_reason="TVA non applicable, art. 293 B du CGI")
    (group,) = told(a_content(a_line_sold(taxes=("EXO",)), rates=(franchise,))).vat
    assert (group.reason, group.reason_code) == ("TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE")


def test_what_was_paid_beforehand_and_rounded_off_is_told():
    one = told(a_content(prepaid=eur("50"), rounding_adjustment=eur("0.01")))
    assert (one.sums.total, one.sums.paid, one.sums.rounding, one.sums.due) == tuple(
        map(Decimal, ("120.00", "50.00", "0.01", "70.01"))
    )
    assert violations(one) == ()


def test_what_goes_to_another_state_of_the_union_goes_to_the_buyer_unless_said_otherwise():
    berlin = replace(BUYER, address=BERLIN, registrations=(Registration(name="USt", number="DE123456789"),))
    sold = a_content(a_line_sold(taxes=("IC",)), rates=(WITHIN_EU,))
    one = told(sold, the_parties(buyer=berlin), service_period=MARCH)
    assert (one.delivered_to, violations(one)) == (BERLIN, ())
    assert told(sold, the_parties(buyer=berlin, delivery=LYON), service_period=MARCH).delivered_to == LYON


# --- what France and Peppol want


def test_the_marks_of_the_law_are_remarks_under_their_subjects():
    subjects = [note.subject for note in told(terms=terms_of(Profile.EXTENDED_CTC_FR)).notes]
    assert {"PMT", "PMD", "AAB"} <= set(subjects)


def test_peppol_takes_one_remark():
    one = told(a_content(notes="Merci"), terms=terms_of(Profile.PEPPOL), buyer_reference="R")
    (note,) = one.notes
    assert note.text.endswith("\nMerci")
    assert one.process == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
    assert violations(one) == ()


@pytest.mark.parametrize(
    ("scheme", "operations", "point"),
    [
        (VatScheme.NORMAL, Operations.SERVICES, TaxPoint.PAYMENT),
        (VatScheme.NORMAL, Operations.GOODS, None),
        (VatScheme.DEBITS, Operations.SERVICES, TaxPoint.INVOICE),
    ],
)
def test_tax_on_services_falls_due_when_they_are_paid_or_by_option_when_they_are_invoiced(scheme, operations, point):
    seller = replace(SELLER, legal=Legal(vat_scheme=scheme, operations=operations))
    assert told(parties=the_parties(seller)).tax_point == point


# --- the rules


def test_no_two_rules_of_a_profile_say_the_same():
    for rules in RULES.values():
        told_apart = [(rule.id, rule.wants) for rule in rules]
        assert len(set(told_apart)) == len(told_apart)
    assert min(map(len, RULES.values())) >= 130


def test_a_violation_names_the_rule_and_the_place():
    one = told(parties=the_parties(replace(SELLER, registrations=(), email=None)))
    found = {(broken.rule, broken.at) for broken in violations(one)}
    assert found == {("BR-CO-26", "/seller"), ("BR-S-02", "/seller")}


def test_the_document_s_currency_may_have_no_cents():
    seller = replace(SELLER, address=LYON)
    one = told(a_content(currency="JPY"), parties=the_parties(seller))
    assert (one.sums.total, violations(one)) == (Decimal(120), ())
