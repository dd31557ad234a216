"""A bill that somebody sent as an e-invoice: whether its figures are what our own reckoning comes to."""

from collections.abc import Iterator
from decimal import Decimal

from chalicelib.domain.e_invoice import EInvoice, ELine, Levy, VatGroup
from chalicelib.domain.figures import Figures, compute
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A figure of a bill that comes to something else; at: a JSON pointer to it."""

    at: str
    stated: Decimal
    computed: Decimal


def computed(bill: EInvoice) -> Figures | None:
    """What the bill comes to by its lines; None for a profile that leaves these out.

    Raises Invalid for what cannot be reckoned with: an unknown currency, figures beyond 10^12, too many lines.
    """
    if not bill.lines:
        return None
    return compute(
        [_line(line, bill.currency) for line in bill.lines],
        currency=bill.currency,
        rates={rate.code: rate for rate in _rates(bill)},
        allowances=[_adjustment(levy, bill.currency, shared=False) for levy in bill.allowances],
        charges=[_adjustment(levy, bill.currency, shared=False) for levy in bill.charges],
        prepaid=Money.rounded(bill.sums.paid, bill.currency),
        rounding_adjustment=Money.rounded(bill.sums.rounding, bill.currency),
    )


def differences(bill: EInvoice) -> tuple[Difference, ...]:
    """Every figure that is not what our own reckoning comes to; nothing where there are no lines to reckon with."""
    ours = computed(bill)
    return tuple(one for one in _compared(bill, ours) if one.stated != one.computed) if ours else ()


def _compared(bill: EInvoice, ours: Figures) -> Iterator[Difference]:
    for place, (line, net) in enumerate(zip(bill.lines, ours.line_nets, strict=True)):
        yield Difference(at=f"/lines/{place}/net", stated=line.net, computed=net.decimal)
    for place, group in enumerate(bill.vat):
        base, tax = _of_group(group, ours.taxes, bill.currency)
        yield Difference(at=f"/taxes/{place}/base", stated=group.base, computed=base.decimal)
        yield Difference(at=f"/taxes/{place}/amount", stated=group.tax, computed=tax.decimal)
    sums = bill.sums
    for name, stated, amount in (
        ("subtotal", sums.lines, ours.subtotal),
        ("discount_total", sums.allowances, ours.discount_total),
        ("charge_total", sums.charges, ours.charge_total),
        ("net_total", sums.net, ours.net_total),
        ("tax_total", sums.tax, ours.tax_total),
        ("total", sums.total, ours.total),
        ("amount_due", sums.due, ours.amount_due),
    ):
        yield Difference(at=f"/{name}", stated=stated, computed=amount.decimal)


def _of_group(group: VatGroup, taxes: tuple[TaxLine, ...], currency: str) -> tuple[Money, Money]:
    code = _code(group.category, group.rate)
    found = next((tax for tax in taxes if tax.code == code), None)
    return (found.base, found.amount) if found else (Money.zero(currency), Money.zero(currency))


def _rates(bill: EInvoice) -> Iterator[TaxRate]:
    on_lines = {(line.category, line.rate) for line in bill.lines}
    on_levies = {(levy.category, levy.rate) for levy in (*bill.allowances, *bill.charges)}
    for category, rate in on_lines | on_levies:
        yield TaxRate(code=_code(category, rate), rate_percent=rate or Decimal(0), category=category)


def _code(category: str, rate: Decimal | None) -> str:
    return f"{category} {(rate or Decimal(0)).normalize():f}"


def _line(line: ELine, currency: str) -> Line:
    return Line(
        description=line.name,
        quantity=line.quantity,
        unit_price=line.price,
        base_quantity=line.base_quantity,
        allowances=tuple(_adjustment(levy, currency, shared=True) for levy in line.allowances),
        charges=tuple(_adjustment(levy, currency, shared=True) for levy in line.charges),
        taxes=(_code(line.category, line.rate),),
    )


def _adjustment(levy: Levy, currency: str, *, shared: bool) -> Adjustment:
    """shared: on a line, whose taxes it bears."""
    taxes = None if shared else (_code(levy.category, levy.rate),)
    return Adjustment(amount=Money.rounded(levy.amount, currency), taxes=taxes)
