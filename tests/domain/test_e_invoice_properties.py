"""Whatever is sold, credited, billed in parts or on deposit: its e-invoice breaks no rule and comes to the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.credit_parts import part_of_total, so_far, whole_part
from chalicelib.domain.deposit import rest_of, taken_off
from chalicelib.domain.e_invoice_checks import tolerated, violations
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import Profile
from chalicelib.domain.figures import shares
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import worked_out
from chalicelib.domain.tax import TaxRate
from tests.builders import NOON
from tests.e_invoices.building import EXEMPT, TVA_10, TVA_20, a_content, an_issued, eur, terms_of, the_parties
from tests.fakes.wording import PlainWording

TVA_55 = TaxRate(code="TVA55", rate_percent=Decimal("5.5"))
RATES = (TVA_20, TVA_10, TVA_55, EXEMPT)
CODES = st.sampled_from([rate.code for rate in RATES])

cents = st.integers(1, 200_00).map(lambda minor: Money(minor, "EUR"))
percents = st.integers(1, 30_00).map(lambda hundredths: Decimal(hundredths) / 100)
on_lines = st.one_of(
    st.builds(lambda amount: Adjustment(amount=amount), cents),
    st.builds(lambda percent: Adjustment(percent=percent), percents),
)
on_documents = st.builds(
    lambda one, code: replace(one, taxes=(code,) if code else None), on_lines, st.one_of(st.none(), CODES)
)
sold = st.builds(
    lambda quantity, price, base, code, allowances, charges: Line(
        description="Pose",
        quantity=Decimal(quantity) / 100,
        unit_price=Decimal(price) / 10_000,
        base_quantity=Decimal(base),
        taxes=(code,),
        allowances=tuple(allowances),
        charges=tuple(charges),
    ),
    st.integers(-10_00, 100_00),
    st.integers(-100_0000, 1000_0000),
    st.sampled_from([1, 1, 10]),
    CODES,
    st.lists(on_lines, max_size=2),
    st.lists(on_lines, max_size=1),
)
contents = st.builds(
    lambda lines, allowances, charges, rounding: a_content(
        *lines, rates=RATES, allowances=tuple(allowances), charges=tuple(charges), rounding=rounding
    ),
    st.lists(sold, min_size=1, max_size=5),
    st.lists(on_documents, max_size=2),
    st.lists(on_documents, max_size=1),
    st.sampled_from(["document", "line"]),
)
few = settings(max_examples=40, deadline=None)


def told(document, content, profile=Profile.EN16931):
    return written(document, content, the_parties(), terms=terms_of(profile), wording=PlainWording())


def is_sound(document, content):
    one = told(document, content)
    assert violations(one) == ()
    assert (one.sums.net, one.sums.tax) == (document.figures.net_total.decimal, document.figures.tax_total.decimal)
    assert violations(tolerated(told(document, content, Profile.EXTENDED_CTC_FR))) == ()


@few
@given(contents)
def test_an_invoice_is_sound(content):
    is_sound(*an_issued(content))


@few
@given(contents, st.integers(1, 100))
def test_what_is_credited_of_it_is_sound(content, percent):
    issued, priced = an_issued(content)
    assume(issued.figures.total.minor >= 100)
    amount = Money(issued.figures.total.minor * percent // 100, "EUR")
    before = so_far(priced, [])
    for part in (whole_part("inv_1", priced, before), part_of_total("inv_1", priced, before, amount)):
        is_sound(*a_note(part))


@few
@given(contents, st.integers(5, 95))
def test_its_parts_and_what_is_left_after_a_deposit_are_sound(content, percent):
    _, priced = an_issued(content)
    whole = priced.figures()
    assume(whole.total.minor >= 100)
    first = Money(whole.total.minor * percent // 100, "EUR")
    parts = [an_issued(a_part(share)) for share in shares(whole, [first, whole.total - first])]
    for part in parts:
        is_sound(*part)
    _, deposit = parts[0]
    lines = taken_off("inv_0", deposit.lines, described="Acompte")
    given = rest_of(whole, [deposit.figures()])
    is_sound(*an_issued(replace(priced, lines=(*priced.lines, *lines), given=given)))


@few
@given(contents, st.integers(2, 12))
def test_each_of_many_parts_is_sound_and_so_is_the_last_which_takes_what_rounding_left(content, count):
    whole = an_issued(content)[1].figures()
    assume(whole.total.minor >= 1000 * count)
    each = Money(whole.total.minor // count, "EUR")
    left = whole.total - Money(each.minor * (count - 1), "EUR")
    for share in shares(whole, [*[each] * (count - 1), left])[-2:]:
        is_sound(*an_issued(a_part(share)))


def a_note(content):
    priced, figures = worked_out(content)
    note = CreditNote(
        id="crn_1",
        invoice_id="inv_1",
        invoice_number="F-1",
        invoice_date=date(2026, 3, 1),
        client_id="cli_1",
        client_name="Les Érables",
        reason="Repris",
        figures=figures,
        freed=eur("0"),
        number="CN-1",
        seq=1,
        issue_date=date(2026, 4, 1),
        language="fr",
        created_at=NOON,
    )
    return note, priced


def a_part(share):
    """An instalment of a quote: one line with every tax of the whole."""
    codes = tuple(dict.fromkeys(tax.code for tax in share.taxes))
    line = Line(description="Acompte", unit_price=share.net_total.decimal, taxes=codes)
    return a_content(line, rates=RATES, given=replace(share, line_nets=(share.net_total,)))
