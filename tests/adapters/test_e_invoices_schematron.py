"""Our rules beside the official Schematrons: they find the same, in what is sound and in what is not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.adapters.wording import wording
from chalicelib.domain.e_invoice import Identifier, Levy, Note, Paying, Preceding, VatGroup
from chalicelib.domain.e_invoice_checks import tolerated, violations
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import Profile, Syntax
from chalicelib.domain.figures import shares
from chalicelib.domain.lines import Line
from chalicelib.domain.party import Address
from tests.e_invoices.building import (
    MARKS,
    a_content,
    a_line_sold,
    a_trader,
    an_e_invoice,
    an_e_line,
    an_issued,
    eur,
    of_category,
    terms_of,
    the_parties,
)
from tests.e_invoices.goldens import disagreements
from tests.e_invoices.schematron import broken_rules
from tests.golden_en16931 import computable

EVERY = 12  # of all of them ``python -m tests.e_invoices.goldens`` tells
SAMPLE = dict(list(computable().items())[::EVERY])
PLAIN = an_e_invoice()
CENT = Decimal("0.01")


def sums(**changed):
    return replace(PLAIN.sums, **{name: Decimal(amount) for name, amount in changed.items()})


def levied(**more):
    """The document with an allowance and a charge of 10 EUR, which undo each other."""
    levy = {"amount": Decimal("10.00"), "reason": "Remise", "category": "S", "rate": Decimal(20)} | more
    return replace(
        PLAIN,
        allowances=(Levy(**levy),),
        charges=(Levy(**levy),),
        sums=sums(allowances="10.00", charges="10.00"),
    )


def at_line(**changed):
    return replace(PLAIN, lines=(an_e_line(**changed),))


def in_group(one=PLAIN, **changed):
    return replace(one, vat=(replace(one.vat[0], **changed),))


TWINS = {
    "BR-CO-21": "BR-33",
    "BR-CO-22": "BR-38",
    "BR-CO-23": "BR-42",
    "BR-CO-24": "BR-44",
    "CII-SR-470": "BR-61",
    "BR-FR-32-LEGALID": "BR-FR-32",
}
LENIENT = {Syntax.CII: {"BR-06", "BR-07", "BR-25", "BR-S-01"}, Syntax.UBL: set()}
"""What one of the Schematrons does not see: that of CII takes a blank for a name."""
NOBODY = {"vat_id": "", "tax_id": ""}
NOWHERE = Address(lines=("Ailleurs",))
ANOTHER = VatGroup(category="S", rate=Decimal(10), base=Decimal("0.00"), tax=Decimal("0.00"))

BROKEN = {
    "nobody sells": (replace(PLAIN, seller=replace(PLAIN.seller, name=" ")), {"BR-06"}),
    "nobody buys": (replace(PLAIN, buyer=replace(PLAIN.buyer, name=" ")), {"BR-07"}),
    "no name of what is sold": (at_line(name=" "), {"BR-25"}),
    "a price below zero": (at_line(price=Decimal(-100)), {"BR-27"}),
    "an allowance without a reason": (levied(reason=""), {"BR-33", "BR-38"}),
    "a transfer to nowhere": (replace(PLAIN, paying=Paying(code="30")), {"BR-61"}),
    "a VAT number of no country": (replace(PLAIN, seller=replace(PLAIN.seller, vat_id="ZZ123")), {"BR-CO-09"}),
    "lines that do not add up": (replace(PLAIN, sums=sums(lines="201.00")), {"BR-CO-10", "BR-CO-13"}),
    "allowances that do not add up": (
        replace(levied(), sums=sums(allowances="11.00", charges="10.00")),
        {"BR-CO-11", "BR-CO-13"},
    ),
    "charges that do not add up": (
        replace(levied(), sums=sums(allowances="10.00", charges="11.00")),
        {"BR-CO-12", "BR-CO-13"},
    ),
    "a net of another amount": (replace(PLAIN, sums=sums(net="199.00", total="239.00", due="239.00")), {"BR-CO-13"}),
    "VAT of another amount": (replace(PLAIN, sums=sums(tax="41.00", total="241.00", due="241.00")), {"BR-CO-14"}),
    "a total of another amount": (replace(PLAIN, sums=sums(total="241.00", due="241.00")), {"BR-CO-15"}),
    "something else due": (replace(PLAIN, sums=sums(due="241.00")), {"BR-CO-16"}),
    "VAT off by more than rounding": (
        in_group(replace(PLAIN, sums=sums(tax="42.00", total="242.00", due="242.00")), tax=Decimal("42.00")),
        {"BR-CO-17", "BR-S-09"},
    ),
    "nobody knows who sells": (
        replace(PLAIN, seller=a_trader(**NOBODY, legal_id=None)),
        {"BR-CO-26", "BR-S-02"},
    ),
    "amounts in thousandths": (
        replace(PLAIN, sums=sums(paid="0.001", due="239.999")),
        {"BR-DEC-16", "BR-DEC-18"},
    ),
    "a base that nothing bears": (in_group(base=Decimal("203.00")), {"BR-S-08"}),
    "a rate of nothing": (
        replace(at_line(rate=Decimal(0)), vat=(replace(PLAIN.vat[0], rate=Decimal(0)),)),
        {"BR-CO-17", "BR-S-05", "BR-S-09"},
    ),
    "a reason why taxed is not taxed": (in_group(reason="because"), {"BR-S-10"}),
    "allowances at no rate": (levied(rate=Decimal(0)), {"BR-S-06", "BR-S-07"}),
    "a category without a group": (
        replace(PLAIN, lines=(*PLAIN.lines, an_e_line(id="2", net=Decimal("0.00"), category="Z", rate=Decimal(0)))),
        {"BR-Z-01"},
    ),
    "an exemption without a reason": (in_group(of_category("E"), reason=""), {"BR-E-10"}),
    "tax on what is exempt": (in_group(of_category("E"), tax=CENT), {"BR-E-09", "BR-CO-14"}),
    "an exempt line with a rate": (
        replace(of_category("E"), lines=(an_e_line(category="E", rate=Decimal(20)),)),
        {"BR-E-05"},
    ),
    "an exempt base of something else": (in_group(of_category("E"), base=Decimal("202.00")), {"BR-E-08"}),
    "a reverse charge to nobody": (of_category("AE", buyer=a_trader(**NOBODY, legal_id=None)), {"BR-AE-02"}),
    "a supply within the EU to nobody": (of_category("K", buyer=a_trader(**NOBODY)), {"BR-IC-02"}),
    "a supply within the EU on no day": (of_category("K", period=None), {"BR-IC-11"}),
    "a supply within the EU to nowhere": (of_category("K", delivered_to=None), {"BR-IC-12"}),
    "an export by nobody": (of_category("G", seller=a_trader(**NOBODY)), {"BR-G-02"}),
    "outside the scope with a VAT number": (of_category("O", seller=a_trader()), {"BR-O-02"}),
    "outside the scope beside within": (
        replace(of_category("O"), vat=(*of_category("O").vat, ANOTHER)),
        {"BR-O-11", "BR-S-01"},
    ),
}


FRENCH = {
    "a long number": (replace(PLAIN, number="F" * 36), {"BR-FR-01"}),
    "a number with a blank": (replace(PLAIN, number="F 1"), {"BR-FR-02"}),
    "a day of another century": (replace(PLAIN, due_on=date(2126, 4, 30)), {"BR-FR-03"}),
    "a type that platforms do not take": (replace(PLAIN, type_code="383"), {"BR-FR-04"}),
    "no remark on penalties": (replace(PLAIN, notes=MARKS[:1] + MARKS[2:]), {"BR-FR-05"}),
    "two remarks on penalties": (replace(PLAIN, notes=(*MARKS, MARKS[1])), {"BR-FR-06"}),
    "no case of billing": (replace(PLAIN, process="S0"), {"BR-FR-08"}),
    "a SIRET of somebody else": (
        replace(PLAIN, seller=a_trader(identifiers=(Identifier(value="12345678900019", scheme="0009"),))),
        {"BR-FR-09"},
    ),
    "no SIREN": (replace(PLAIN, seller=a_trader(legal_id=None)), {"BR-FR-10"}),
    "a French company without a SIREN": (
        replace(PLAIN, notes=(*MARKS, Note(text="B2B", subject="BAR")), buyer=replace(PLAIN.buyer, legal_id=None)),
        {"BR-FR-11"},
    ),
    "a buyer without an address": (replace(PLAIN, buyer=replace(PLAIN.buyer, endpoint=None)), {"BR-FR-12"}),
    "a seller without an address": (replace(PLAIN, seller=replace(PLAIN.seller, endpoint=None)), {"BR-FR-13"}),
    "a rate that France does not have": (
        replace(
            in_group(replace(PLAIN, sums=sums(tax="38.00", total="238.00", due="238.00")), tax=Decimal("38.00")),
            vat=(VatGroup(category="S", rate=Decimal(19), base=Decimal("200.00"), tax=Decimal("38.00")),),
            lines=(an_e_line(rate=Decimal(19)),),
        ),
        {"BR-FR-16"},
    ),
    "a directory address with a blank": (
        replace(PLAIN, buyer=replace(PLAIN.buyer, endpoint=Identifier(value="787878784 1", scheme="0225"))),
        {"BR-FR-23"},
    ),
    "an unknown treatment": (replace(PLAIN, notes=(*MARKS, Note(text="B2X", subject="BAR"))), {"BR-FR-20"}),
    "a SIREN of eight digits": (
        replace(PLAIN, seller=a_trader(legal_id=Identifier(value="12345678", scheme="0002"))),
        {"BR-FR-10", "BR-FR-32"},
    ),
    "due on no day": (replace(PLAIN, due_on=None), {"BR-CO-25"}),
    "a correction of nothing": (replace(PLAIN, type_code="384"), {"BR-FR-CO-04"}),
    "a credit note for nothing": (replace(PLAIN, type_code="381"), {"BR-FR-CO-05"}),
    "due before it is issued": (replace(PLAIN, due_on=date(2026, 3, 30)), {"BR-FR-CO-07"}),
    "paid already, but not wholly": (replace(PLAIN, process="S2"), {"BR-FR-CO-09"}),
    "another currency than the euro": (replace(PLAIN, currency="USD"), {"BR-FR-CO-12"}),
    "a quantity in hundred thousandths": (at_line(quantity=Decimal("2.00001")), {"BR-FR-DEC-02"}),
    "more cents off its rate than it has lines": (
        in_group(replace(PLAIN, sums=sums(tax="40.02", total="240.02", due="240.02")), tax=Decimal("40.02")),
        {"BR-FREXT-S-09"},
    ),
    "a price in ten millionths": (at_line(price=Decimal("100.0000001")), {"BR-FR-DEC-03"}),
}


@pytest.mark.parametrize("syntax", list(Syntax))
@pytest.mark.parametrize("profile", [Profile.EN16931, Profile.EXTENDED_CTC_FR])
@pytest.mark.parametrize("invoice", [pytest.param(one, id=file) for file, one in SAMPLE.items()])
def test_what_we_find_in_a_public_invoice_the_schematrons_find_and_nothing_else(invoice, profile, syntax):
    assert disagreements(invoice, profile, syntax) == {}


@pytest.mark.parametrize("category", ["S", "Z", "E", "AE", "K", "G", "O"])
@pytest.mark.parametrize("syntax", list(Syntax))
def test_what_is_sound_is_sound_to_the_schematrons(category, syntax):
    one = PLAIN if category == "S" else of_category(category)
    assert found(one, Profile.EXTENDED_CTC_FR, syntax) == (set(), set())


def test_what_goes_over_peppol_is_sound_to_the_schematron_of_the_norm():
    one = replace(PLAIN, notes=PLAIN.notes[:1])
    assert found(one, Profile.PEPPOL, Syntax.UBL) == (set(), set())
    assert found(PLAIN, Profile.PEPPOL, Syntax.UBL) == ({"PEPPOL-EN16931-R002"}, set())


@pytest.mark.parametrize("syntax", list(Syntax))
@pytest.mark.parametrize(("one", "rules"), [pytest.param(*case, id=name) for name, case in BROKEN.items()])
def test_what_breaks_a_rule_of_the_norm_breaks_it_for_the_schematron(one, rules, syntax):
    ours, theirs = found(one, Profile.EN16931, syntax)
    assert ours == rules
    assert rules <= also_named(theirs) | LENIENT[syntax]


@pytest.mark.parametrize("syntax", list(Syntax))
@pytest.mark.parametrize(("one", "rules"), [pytest.param(*case, id=name) for name, case in FRENCH.items()])
def test_what_breaks_a_rule_of_france_breaks_it_for_the_schematron(one, rules, syntax):
    ours, theirs = found(one, Profile.EXTENDED_CTC_FR, syntax)
    assert ours == rules
    assert rules <= also_named(theirs)


@pytest.mark.row("C56")
@pytest.mark.parametrize("syntax", list(Syntax))
def test_what_the_extension_of_france_does_not_let_pass_the_norm_does(syntax):
    one, _ = FRENCH["more cents off its rate than it has lines"]
    assert tolerated(one).profile is Profile.EN16931_FR
    assert found(one, Profile.EN16931_FR, syntax) == (set(), set())
    assert tolerated(PLAIN) is PLAIN
    assert tolerated(replace(one, profile=Profile.EN16931)).profile is Profile.EN16931


@pytest.mark.row("C56")
@pytest.mark.parametrize("profile", [Profile.EN16931, Profile.EXTENDED_CTC_FR])
@pytest.mark.parametrize("syntax", list(Syntax))
def test_the_last_of_many_parts_is_sound_though_rounding_left_it_eleven_cents(syntax, profile):
    whole = a_content(a_line_sold(price="1732.89"), a_line_sold(price="769.63", taxes=("TVA10",))).figures()
    last = shares(whole, [*[eur("243.83")] * 11, whole.total - eur("2682.13")])[-1]
    line = Line(description="Solde", unit_price=last.net_total.decimal, taxes=("TVA20", "TVA10"))
    issued, priced = an_issued(a_content(line, given=replace(last, line_nets=(last.net_total,))))
    one = tolerated(written(issued, priced, the_parties(), terms=terms_of(profile), wording=wording("fr", "FR")))
    assert found(one, one.profile, syntax) == (set(), set())


@pytest.mark.row("C57")
def test_what_a_pdf_holds_is_sound_to_the_schematron_of_its_profile():
    for profile in (Profile.EN16931, Profile.EN16931_FR, Profile.EXTENDED_CTC_FR):
        xml = FacturXInvoices().write(replace(PLAIN, profile=profile), syntax=Syntax.CII, within_pdf=True)
        assert broken_rules(xml, profile, Syntax.CII) == set()


def found(one, profile, syntax):
    one = replace(one, profile=profile)
    xml = FacturXInvoices().write(one, syntax=syntax)
    assert FacturXInvoices().schema_faults(xml) == ()
    return {violation.rule for violation in violations(one)}, broken_rules(xml, profile, syntax)


def also_named(rules):
    """With the names that the same rules bear elsewhere: in the norm itself, or in the check of its syntax."""
    return rules | {TWINS[rule] for rule in rules if rule in TWINS}


def test_every_rule_of_the_norm_and_of_france_is_told_apart_by_its_name():
    one = replace(PLAIN, preceding=(Preceding(number=""),))
    assert [(violation.rule, violation.at) for violation in violations(one)] == [
        ("BR-55", "/preceding/0/number"),
        ("BR-FR-02", "/preceding/0/number"),
    ]
