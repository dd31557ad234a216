"""From the domain's values to the shapes of an answer."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.exemption import TaxExemption
from chalicelib.domain.figures import Figures, compute
from chalicelib.domain.item import Item
from chalicelib.domain.lines import Adjustment, Line, priced, subtotals_of
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import Instalment, InstalmentState, dated, paid_so_far, plan
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import TaxLine
from chalicelib.entrypoints.http.shapes.documents import (
    AdjustmentOut,
    GroupOut,
    InstalmentOut,
    InstalmentStatus,
    LineOut,
    PreviewIn,
    PreviewOut,
    TaxLineOut,
)
from chalicelib.entrypoints.http.shapes.reading import (
    to_allowances,
    to_charges,
    to_lines,
    to_money,
    to_rates,
    to_terms,
)


def preview(
    document: PreviewIn,
    *,
    today: date,
    currency: str,
    rounding: str = "document",
    rates: Mapping[str, TaxRate] | None = None,
    default_taxes: tuple[str, ...] = (),
    exemption: TaxExemption | None = None,
    catalogue: Mapping[str, CatalogueEntry] | None = None,
    items: Mapping[str, Item] | None = None,
) -> PreviewOut:
    """A document worked out as it would be if it were issued today, or on its issue date; nothing is saved.

    currency, rounding, rates, default_taxes: the business's, where the document has none of its own.
    exemption: of the client whom it is for.
    Raises Invalid with the place of what is wrong.
    """
    currency = document.currency or currency
    known = {**(rates or {}), **{rate.code: rate for rate in to_rates(document.tax_rates)}}
    known |= {exemption.rate.code: exemption.rate} if exemption else {}
    lines = to_lines(
        document.lines,
        currency=currency,
        catalogue=catalogue,
        default_taxes=default_taxes,
        instead=(lambda codes: exemption.in_place_of(codes, known)) if exemption else None,
        items=items,
    )
    allowances, charges = to_allowances(document, currency=currency), to_charges(document, currency=currency)
    figures = compute(
        lines,
        currency=currency,
        rates=known,
        allowances=allowances,
        charges=charges,
        rounding=document.rounding or rounding,
        prepaid=to_money(document.prepaid_total, currency=currency, at="/prepaid_total"),
        rounding_adjustment=to_money(document.rounding_adjustment, currency=currency, at="/rounding_adjustment"),
    )
    instalments = plan(to_terms(document.schedule, currency=currency), figures.total)
    schedule = paid_so_far(dated(instalments, issue=document.issue_date or today), Money.zero(currency), today=today)
    written = priced(lines, currency=currency)
    return PreviewOut(
        **figures_out(figures),
        lines=lines_out(written),
        groups=groups_out(written, currency=currency),
        discount_percent=short_form(allowances).percent,
        discount_amount=short_form(allowances).amount,
        allowances=adjustments_out(allowances),
        charges=adjustments_out(charges),
        schedule=schedule_out(schedule),
    )


def lines_out(lines: Iterable[Line]) -> list[LineOut]:
    """The lines as they are shown; they must have been priced."""
    return [_line_out(line, position) for position, line in enumerate(lines, start=1)]


def groups_out(lines: Sequence[Line], *, currency: str) -> list[GroupOut]:
    """The groups in the order of their first lines."""
    subtotals = subtotals_of(lines, currency=currency)
    return [GroupOut(name=name, subtotal=f"{subtotal}") for name, subtotal in subtotals.items()]


def adjustments_out(adjustments: Iterable[Adjustment]) -> list[AdjustmentOut]:
    return [
        AdjustmentOut(
            percent=None if adjustment.percent is None else plain(adjustment.percent),
            amount=None if adjustment.amount is None else f"{adjustment.amount}",
            reason=adjustment.reason,
            taxes=None if adjustment.taxes is None else list(adjustment.taxes),
        )
        for adjustment in adjustments
    ]


def short_form(allowances: Sequence[Adjustment]) -> AdjustmentOut:
    """The lone allowance without a reason or taxes of its own, to be shown as discount_percent or discount_amount too.

    Its fields are null where there is no such allowance.
    """
    plainly = len(allowances) == 1 and allowances[0].reason is None and allowances[0].taxes is None
    return adjustments_out(allowances)[0] if plainly else AdjustmentOut(percent=None, amount=None, reason=None)


def figures_out(figures: Figures) -> dict[str, Any]:
    """The fields of ``FiguresOut``, for the shape of a whole document that has them all: built and checked once."""
    return {
        "currency": figures.currency,
        "rounding": figures.rounding,
        "subtotal": f"{figures.subtotal}",
        "discount_total": f"{figures.discount_total}",
        "charge_total": f"{figures.charge_total}",
        "net_total": f"{figures.net_total}",
        "taxes": [_tax_out(line) for line in figures.taxes],
        "tax_total": f"{figures.tax_total}",
        "withheld_total": f"{figures.withheld_total}",
        "total": f"{figures.total}",
        "payable": f"{figures.payable}",
        "prepaid_total": f"{figures.prepaid_total}",
        "rounding_adjustment": f"{figures.rounding_adjustment}",
        "amount_due": f"{figures.amount_due}",
    }


def schedule_out(states: Iterable[InstalmentState]) -> list[InstalmentOut]:
    return [
        InstalmentOut(
            id=state.instalment.id,
            label=state.instalment.label,
            due_on=state.instalment.due_on,
            amount=f"{state.instalment.amount}",
            paid=f"{state.paid}",
            credited=f"{state.credited}",
            status=cast("InstalmentStatus", state.status),
            holdback=state.instalment.holdback,
            awaits_completion=state.instalment.awaits_completion,
        )
        for state in states
    ]


def planned_out(schedule: Iterable[Instalment], currency: str) -> list[InstalmentOut]:
    """A schedule of which nothing is to be paid yet."""
    nothing = Money.zero(currency)
    return schedule_out(
        InstalmentState(instalment=one, paid=nothing, credited=nothing, status="upcoming") for one in schedule
    )


def plain(number: Decimal) -> str:
    """A number as it was given, without an exponent."""
    return f"{number:f}"


def _line_out(line: Line, position: int) -> LineOut:
    return LineOut(
        id=line.id or f"{position}",
        position=position,
        catalog_code=line.catalog_code,
        description=line.description,
        quantity=plain(line.quantity),
        unit=line.unit,
        unit_price=plain(line.unit_price),
        base_quantity=plain(line.base_quantity),
        discount_percent=short_form(line.allowances).percent,
        discount_amount=short_form(line.allowances).amount,
        allowances=adjustments_out(line.allowances),
        charges=adjustments_out(line.charges),
        taxes=list(line.taxes),
        item_id=line.item_id,
        item_ids=list(line.item_ids),
        group=line.group,
        net=f"{line.net}",
    )


def _tax_out(line: TaxLine) -> TaxLineOut:
    return TaxLineOut(
        code=line.code,
        name=line.name,
        rate_percent=None if line.rate_percent is None else plain(line.rate_percent),
        base=f"{line.base}",
        amount=f"{line.amount}",
        category=line.category,
        exemption_reason=line.exemption_reason,
        exemption_certificate=line.exemption_certificate,
        registration_number=line.registration_number,
        withheld=line.withheld,
    )
