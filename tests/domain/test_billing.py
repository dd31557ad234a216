"""Billing in parts: whatever is billed and given back, in any order, comes to the whole, to the cent."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain import sales_document as sales
from chalicelib.domain.billing import claim_of, in_part, portion_of
from chalicelib.domain.figures import less, plus
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.sales import Body, worked_out
from chalicelib.domain.sales_document import SalesDocument, SalesKind, SalesStatus, left_of
from chalicelib.domain.sound_sales import of_sale
from tests import builders as b

PRICES = st.decimals(min_value=Decimal("0.01"), max_value=Decimal("999.999999"), places=6)
QUANTITIES = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(50), places=2)
PERCENTS = st.decimals(min_value=Decimal("0.1"), max_value=Decimal(30), places=1)
OFF = st.one_of(
    st.just(()),
    PERCENTS.map(lambda percent: (Adjustment(percent=percent),)),
    st.just((Adjustment(amount=b.cad("0.03")),)),
)
TAXES = st.sampled_from([(), ("TPS",), ("TPS", "TVQ")])
LINES = st.builds(
    b.a_line, unit_price=PRICES, quantity=QUANTITIES, allowances=OFF, charges=OFF, taxes=TAXES, id=st.just("")
)
CONTENTS = st.builds(
    lambda lines, off, more, rounding: worked_out(b.content(*lines, allowances=off, charges=more, rounding=rounding))[
        0
    ],
    st.lists(LINES, min_size=1, max_size=4),
    OFF,
    OFF,
    st.sampled_from(["document", "line"]),
)


def an_order(content, **more):
    plain = {"id": "ord_1", "kind": SalesKind.ORDER, "client_id": b.CLIENT, "client_name": "Marie", "language": "fr"}
    return SalesDocument(**plain | {"figures": worked_out(content)[1], "created_at": b.NOON} | more)


def billed(order, content, quantities, id):
    """The order of which an invoice bills so much, and what that invoice sells."""
    sold = worked_out(portion_of(order, content, quantities))[0]
    claim = claim_of(id, sold, order.id, content.lines)
    return sales.billed(order, claim, lines=content.lines, at=b.NOON)[0], sold


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a shared machine may be slow
@given(content=CONTENTS, chances=st.lists(st.integers(0, 100), min_size=1, max_size=8), data=st.data())
def test_whatever_is_billed_and_given_back_comes_to_the_whole(content, chances, data):
    order, live = an_order(content), {}
    for step, chance in enumerate(chances):
        quantities = tuple((left * chance / 100).quantize(Decimal("0.01")) for left in left_of(order, content.lines))
        if live and data.draw(st.booleans()):
            id = data.draw(st.sampled_from(sorted(live)))
            claim = claim_of(id, live.pop(id), order.id, content.lines)
            order = sales.given_back(order, claim, lines=content.lines, deleted=True, at=b.NOON)[0]
        elif any(quantities):
            order, live[f"inv_{step}"] = billed(order, content, quantities, f"inv_{step}")
        assert_sound(order, content, live)
    rest = left_of(order, content.lines)
    if any(rest):
        order, live["inv_last"] = billed(order, content, rest, "inv_last")
    assert order.status is SalesStatus.INVOICED
    assert_sound(order, content, live)

    whole, (first, *others) = content.figures(), [sold.figures() for sold in live.values()]
    together = replace(first, line_nets=())
    for other in others:
        together = plus(together, replace(other, line_nets=()))
    assert {tax.code: tax for tax in together.taxes} == {tax.code: tax for tax in whole.taxes}
    assert replace(together, taxes=()) == replace(whole, line_nets=(), taxes=())


def assert_sound(order, content, live):
    invoices = [b.an_invoice(id=id, sources=(order.id,), figures=sold.figures()) for id, sold in live.items()]
    firsts = {id: Body(id=id, revision=1, content=sold) for id, sold in live.items()}
    body = Body(id=order.id, revision=1, content=content)
    assert list(of_sale(order, body=body, invoices=invoices, firsts=firsts)) == []


def test_all_of_a_content_is_the_content_itself():
    content = worked_out(b.content())[0]
    assert in_part(content, tuple(line.quantity for line in content.lines)) is content


def test_what_its_own_lines_come_to_is_not_given():
    content = worked_out(b.content(b.a_line(quantity=Decimal(4), unit_price=Decimal(25))))[0]
    portion = portion_of(an_order(content), content, (Decimal(3),))
    assert portion.given is None
    assert [(line.quantity, line.origins[0].line_id) for line in portion.lines] == [(Decimal(3), "1")]


def test_a_document_less_itself_is_nothing():
    figures = worked_out(b.content())[1]
    assert less(figures, figures).total == b.cad("0")
    assert {tax.amount for tax in less(figures, figures).taxes} == {b.cad("0")}
