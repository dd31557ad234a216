"""Builders of the calculation's values; a test states only what matters to it."""

from decimal import Decimal

from chalicelib.domain.figures import Figures
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import TaxLine

GST = TaxRate(code="GST", name="TPS", rate_percent=Decimal(5))
QST = TaxRate(code="QST", name="TVQ", rate_percent=Decimal("9.975"))


def eur(amount):
    return Money.rounded(Decimal(amount), "EUR")


def a_line(unit_price="100", *, quantity="1", base_quantity="1", **rest):
    return Line(
        **{
            "description": "Work",
            "unit_price": Decimal(unit_price),
            "quantity": Decimal(quantity),
            "base_quantity": Decimal(base_quantity),
            **rest,
        }
    )


def a_rate(rate_percent="0", *, code="VAT", **rest):
    return TaxRate(**{"code": code, "name": code, "rate_percent": Decimal(rate_percent), **rest})


def by_code(*rates):
    return {rate.code: rate for rate in rates}


def allotted(total, taxes, *, bases=None):
    """Figures that were computed elsewhere: a total and the amount of each tax in it."""
    whole = eur(total)
    lines = tuple(
        TaxLine(code=code, name=code, rate_percent=None, base=eur((bases or {}).get(code, "0")), amount=eur(amount))
        for code, amount in taxes.items()
    )
    tax_total = Money(sum(line.amount.minor for line in lines), "EUR")
    zero = Money.zero("EUR")
    return Figures(
        currency="EUR",
        rounding="document",
        line_nets=(whole - tax_total,),
        subtotal=whole - tax_total,
        discount_total=zero,
        charge_total=zero,
        net_total=whole - tax_total,
        taxes=lines,
        tax_total=tax_total,
        withheld_total=zero,
        total=whole,
        payable=whole,
        prepaid_total=zero,
        rounding_adjustment=zero,
        amount_due=whole,
    )
