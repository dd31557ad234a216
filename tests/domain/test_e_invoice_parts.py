"""E-invoices of deposits, of parts of a whole and of what is left of one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.e_invoice_checks import tolerated, violations
from chalicelib.domain.e_invoicing import Profile
from chalicelib.domain.figures import shares
from chalicelib.domain.lines import Adjustment, Line
from tests.e_invoices.building import (
    a_content,
    a_line_sold,
    eur,
    terms_of,
)
from tests.e_invoices.telling import told


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
