"""Of what there is an e-invoice, in which profile, and of what there can be none."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.e_invoice_due import due, of_credit
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import EInvoiceForm, EInvoicing, Profile
from chalicelib.domain.errors import Invalid
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.party import Address, Party
from chalicelib.domain.tax import TaxRate
from tests import builders as b
from tests.e_invoices.building import (
    BUYER,
    SELLER,
    TVA_10,
    TVA_20,
    a_content,
    a_line_sold,
    an_issued,
    eur,
    terms_of,
    the_parties,
)
from tests.e_invoices.telling import refused
from tests.fakes.wording import PlainWording


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
