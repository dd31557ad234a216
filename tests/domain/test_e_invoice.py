"""E-invoices out of our documents: what each of the norm's terms says, and what the norm cannot say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.e_invoice import EInvoice, Identifier, Note, TaxPoint
from chalicelib.domain.e_invoice_checks import RULES, tolerated, violations
from chalicelib.domain.e_invoice_due import due, of_credit
from chalicelib.domain.e_invoice_units import coded
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import EInvoiceForm, EInvoicing, Profile
from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import shares
from chalicelib.domain.legal import Legal, Operations, VatScheme
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.tax import TaxRate
from tests import builders as b
from tests.e_invoices.building import (
    BERLIN,
    BUYER,
    EXEMPT,
    IBAN,
    LYON,
    MARCH,
    SELLER,
    TVA_10,
    TVA_20,
    WITHIN_EU,
    a_content,
    a_line_sold,
    an_issued,
    eur,
    terms_of,
    the_parties,
)
from tests.fakes.wording import PlainWording


def told(content=None, parties=None, terms=None, buyer_reference="", **more) -> EInvoice:
    issued, priced = an_issued(content or a_content(), **more)
    return written(
        issued,
        priced,
        parties or the_parties(),
        terms=terms or terms_of(),
        wording=PlainWording(),
        buyer_reference=buyer_reference,
    )


def refused(content, **more):
    with pytest.raises(Invalid) as invalid:
        told(content, **more)
    assert invalid.value.code == "not_en16931"
    return [(fault.at, fault.detail) for fault in invalid.value.faults]


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


# --- deposits and parts


def test_a_deposit_is_a_prepayment_invoice_and_the_final_one_names_it():
    assert told(deposit=DepositTax.ON_RECEIPT).type_code == "386"
    deducted = Deducted(
        invoice_id="inv_0", number="F-1", issued_on=date(2026, 3, 1), total=eur("12"), tax=DepositTax.ON_RECEIPT
    )
    final = told(deposits=(deducted,), terms=terms_of(Profile.EXTENDED_CTC_FR))
    assert [(one.number, one.issued_on) for one in final.preceding] == [("F-1", date(2026, 3, 1))]
    assert final.process == "S4"


def test_an_instalment_of_several_rates_is_a_line_for_each():
    whole = a_content(a_line_sold(price="100.01"), a_line_sold(price="50", taxes=("TVA10",)))
    figures = whole.figures()
    half = shares(figures, [eur("87.51"), figures.total - eur("87.51")])[0]
    part = a_content(
        Line(description="Acompte", unit_price=half.net_total.decimal, taxes=("TVA20", "TVA10")),
        given=replace(half, line_nets=(half.net_total,)),
    )
    one = told(part)
    assert [(line.net, line.rate) for line in one.lines] == [(tax.base.decimal, tax.rate_percent) for tax in half.taxes]
    assert (one.sums.lines, one.sums.total) == (half.net_total.decimal, Decimal("87.51"))
    assert violations(one) == ()


def test_a_part_without_a_net_has_a_line_all_the_same():
    figures = a_content(a_line_sold(price="100"), a_line_sold(price="50", taxes=("TVA10",))).figures()
    zero, cent = eur("0"), eur("0.01")
    taxes = tuple(
        replace(tax, base=zero, amount=amount) for tax, amount in zip(figures.taxes, (cent, zero), strict=True)
    )
    given = replace(figures, net_total=zero, subtotal=zero, taxes=taxes, tax_total=cent, total=cent, amount_due=cent)
    part = a_content(
        Line(description="Repris", unit_price=Decimal(0), taxes=("TVA20", "TVA10")),
        given=replace(given, line_nets=(zero,)),
    )
    (line,) = told(part).lines
    assert (line.net, line.price) == (Decimal("0.00"), Decimal("0.00"))


def test_what_is_a_charge_alone_is_told_as_a_line():
    part = a_content(a_line_sold(price="0"), charges=(Adjustment(amount=eur("8.30"), reason="Port"),))
    content = replace(part, lines=(), given=replace(part.figures(), line_nets=()))
    one = told(content)
    (line,) = one.lines
    assert (line.name, line.net, line.category, line.rate) == ("Port", Decimal("8.30"), "S", Decimal(20))
    assert (one.sums.lines, one.sums.charges, one.charges) == (Decimal("8.30"), Decimal(0), ())
    assert violations(one) == ()


def test_what_goes_to_another_state_of_the_union_goes_to_the_buyer_unless_said_otherwise():
    berlin = replace(BUYER, address=BERLIN, registrations=(Registration(name="USt", number="DE123456789"),))
    sold = a_content(a_line_sold(taxes=("IC",)), rates=(WITHIN_EU,))
    one = told(sold, the_parties(buyer=berlin), service_period=MARCH)
    assert (one.delivered_to, violations(one)) == (BERLIN, ())
    assert told(sold, the_parties(buyer=berlin, delivery=LYON), service_period=MARCH).delivered_to == LYON


@pytest.mark.row("C56")
def test_the_last_of_many_parts_is_told_with_the_bases_that_its_lines_come_to():
    whole = a_content(a_line_sold(price="1732.89"), a_line_sold(price="769.63", taxes=("TVA10",))).figures()
    last = shares(whole, [*[eur("243.83")] * 11, whole.total - eur("2682.13")])[-1]
    part = a_content(
        Line(description="Solde", unit_price=last.net_total.decimal, taxes=("TVA20", "TVA10")),
        given=replace(last, line_nets=(last.net_total,)),
    )
    one = told(part, terms=terms_of(Profile.EXTENDED_CTC_FR))
    assert sum(tax.base.minor for tax in last.taxes) - last.net_total.minor == 11
    assert [group.base for group in one.vat] == [line.net for line in one.lines]
    assert (one.sums.net, one.sums.tax) == (last.net_total.decimal, last.tax_total.decimal)
    assert violations(tolerated(one)) == ()


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


# --- what has none


@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (replace(TVA_20, included=True), "A tax that prices include cannot be told; give prices without it."),
        (replace(TVA_20, withheld=True), "A tax that the client withholds cannot be told."),
        (TaxRate(code="TVA20", kind="fixed", amount=Decimal(1)), "A tax for each unit cannot be told."),
        (replace(TVA_20, rate_percent=Decimal(-5)), "A negative tax cannot be told."),
    ],
)
def test_a_tax_that_the_norm_cannot_say_is_named_with_its_place(rate, reason):
    assert refused(a_content(a_line_sold(), rates=(rate,))) == [("/lines/0/taxes", reason)]


def test_a_line_has_exactly_one_tax():
    content = a_content(a_line_sold(taxes=()), a_line_sold(), a_line_sold(taxes=("TVA20", "TVA10")))
    assert refused(content) == [
        ("/lines/0/taxes", "A line needs a tax with its category, also where it is 0 %."),
        ("/lines/2/taxes", "Only one tax can be told of a line."),
    ]


def test_a_quebec_invoice_has_no_e_invoice():
    lines = (Line(description="Visite", unit_price=Decimal(100), taxes=("TPS", "TVQ")),)
    content = a_content(*lines, currency="CAD", rates=(b.TPS, b.TVQ))
    assert [at for at, _ in refused(content, parties=the_parties(Party(name="Tremblay", address=b.MONTREAL)))] == [
        "/lines/0/taxes"
    ]


def test_an_allowance_bears_one_tax():
    content = a_content(allowances=(Adjustment(amount=eur("1"), taxes=("TVA20", "TVA10")),), rates=(TVA_20, TVA_10))
    issued, priced = an_issued(replace(content, allowances=()))
    with pytest.raises(Invalid, match="exactly one tax"):
        written(
            issued,
            replace(priced, allowances=content.allowances),
            the_parties(),
            terms=terms_of(),
            wording=PlainWording(),
        )


@pytest.mark.parametrize(
    ("more", "terms", "is_on"),
    [
        pytest.param({}, terms_of(), True, id="an invoice"),
        pytest.param({}, EInvoicing(form=EInvoiceForm.OFF), False, id="of a business that makes none"),
        pytest.param({"deposit": DepositTax.WHEN_APPLIED}, terms_of(), False, id="a deposit that is no invoice yet"),
        pytest.param({"series": "imported"}, terms_of(), False, id="what a former system issued"),
    ],
)
def test_not_everything_has_an_e_invoice(more, terms, is_on):
    issued, _ = an_issued(a_content(), **more)
    assert due(issued, the_parties(), terms).is_on is is_on


def test_a_consumer_is_on_no_network_and_need_not_have_one():
    issued, _ = an_issued(a_content())
    parties = the_parties(buyer=replace(BUYER, consumer=True))
    wanted = [due(issued, parties, terms_of(profile)) for profile in Profile]
    assert [terms.is_on for terms in wanted] == [True, False, False, False]
    assert [terms.where_possible for terms in wanted] == [True, False, False, False]
    assert due(issued, the_parties(), terms_of()) == terms_of()


@pytest.mark.parametrize(
    ("profile", "form", "country", "left"),
    [
        (Profile.EXTENDED_CTC_FR, EInvoiceForm.FACTUR_X, "FR", Profile.EXTENDED_CTC_FR),
        (Profile.EXTENDED_CTC_FR, EInvoiceForm.FACTUR_X, "RE", Profile.EXTENDED_CTC_FR),
        (Profile.EXTENDED_CTC_FR, EInvoiceForm.FACTUR_X, None, Profile.EXTENDED_CTC_FR),
        (Profile.EXTENDED_CTC_FR, EInvoiceForm.FACTUR_X, "US", Profile.EN16931),
        (Profile.EXTENDED_CTC_FR, EInvoiceForm.UBL, "DE", Profile.EN16931),
        (Profile.PEPPOL, EInvoiceForm.UBL, "DE", Profile.PEPPOL),
        (Profile.PEPPOL, EInvoiceForm.FACTUR_X, "DE", Profile.EN16931),
    ],
)
def test_who_is_on_no_network_is_told_in_the_norm_s_own_profile(profile, form, country, left):
    issued, _ = an_issued(a_content())
    parties = the_parties(buyer=replace(BUYER, address=Address(city="X", country=country)))
    assert due(issued, parties, terms_of(profile, form)).profile is left


def test_a_credit_note_is_in_the_profile_of_its_invoice_and_where_that_was_none_it_is_one_where_it_can_be():
    invoice, _ = an_issued(a_content())
    france = the_parties(replace(SELLER, e_invoicing=terms_of(Profile.EXTENDED_CTC_FR)))
    today = terms_of(Profile.PEPPOL, EInvoiceForm.UBL)
    assert of_credit(today, invoice, france) == replace(today, profile=Profile.EXTENDED_CTC_FR)
    assert of_credit(EInvoicing(), invoice, france).is_on is False
    for nothing in (None, the_parties(), the_parties(france.seller, replace(BUYER, consumer=True))):
        assert of_credit(today, invoice, nothing) == replace(today, where_possible=True)


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
