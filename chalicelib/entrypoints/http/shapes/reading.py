"""From the shapes of a request to the domain's values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.errors import Invalid
from chalicelib.domain.exemption import CODE as EXEMPTION
from chalicelib.domain.item import Item
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import DaysAfter, Due, DueOn, EndOfMonth, InstalmentTerm, UnderTerms
from chalicelib.domain.tax import TaxRate, checked
from chalicelib.domain.terms import DaysThenEndOfMonth, EndOfMonthThenDays
from chalicelib.entrypoints.http.shapes.documents import (
    AdjustmentIn,
    DocumentAdjustmentIn,
    DocumentIn,
    DueIn,
    InstalmentIn,
    LineIn,
    TaxRateIn,
)


def to_lines(
    lines: Sequence[LineIn],
    *,
    currency: str,
    catalogue: Mapping[str, CatalogueEntry] | None = None,
    default_taxes: tuple[str, ...] = (),
    instead: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None,
    items: Mapping[str, Item] | None = None,
) -> tuple[Line, ...]:
    """The lines, with what they leave out taken from the items they bill, or from the catalogue.

    default_taxes: of lines that name no taxes, and whose catalogue entry names none.
    instead: what such lines bear for an exempt client, from what they would have borne.
    Raises Invalid for an unknown catalogue code, a missing description or price, or an amount that its currency cannot
    express.
    """
    known = items or {}
    return tuple(
        _to_line(
            line,
            [known[id] for id in (line.item_id or "", *line.item_ids) if id in known],
            currency=currency,
            catalogue=catalogue or {},
            default_taxes=default_taxes,
            instead=instead,
            at=f"/lines/{index}",
        )
        for index, line in enumerate(lines)
    )


def to_allowances(document: DocumentIn, *, currency: str) -> tuple[Adjustment, ...]:
    """The allowances of a document, the short forms included."""
    short = _short_form(document, currency=currency, at="")
    return short or tuple(
        _to_document_adjustment(allowance, currency=currency, at=f"/allowances/{index}")
        for index, allowance in enumerate(document.allowances)
    )


def to_charges(document: DocumentIn, *, currency: str) -> tuple[Adjustment, ...]:
    return tuple(
        _to_document_adjustment(charge, currency=currency, at=f"/charges/{index}")
        for index, charge in enumerate(document.charges)
    )


def to_rates(rates: Sequence[TaxRateIn], *, at: str = "/tax_rates") -> tuple[TaxRate, ...]:
    """The tax rates.

    Raises Invalid for a code given twice or reserved, and for a rate whose parts contradict each other.
    """
    for index, rate in enumerate(rates):
        if rate.code in {earlier.code for earlier in rates[:index]}:
            raise Invalid("tax_twice", f"The tax {rate.code!r} is given twice.", at=f"{at}/{index}/code")
        if rate.code == EXEMPTION:
            detail = f"You cannot call a tax {EXEMPTION!r} because that is what exempt clients bear."
            raise Invalid("reserved_code", detail, at=f"{at}/{index}/code")
    return tuple(checked(_to_rate(rate), at=f"{at}/{index}") for index, rate in enumerate(rates))


def to_terms(schedule: Sequence[InstalmentIn], *, currency: str) -> tuple[InstalmentTerm, ...]:
    return tuple(
        InstalmentTerm(
            id=instalment.id,
            label=instalment.label or "",
            percent=instalment.percent,
            amount=to_money(instalment.amount, currency=currency, at=f"/schedule/{index}/amount"),
            remainder=instalment.remainder,
            due=_to_due(instalment.due),
            holdback=instalment.holdback,
        )
        for index, instalment in enumerate(schedule)
    )


def to_money(amount: Decimal | None, *, currency: str, at: str = "/amount") -> Money | None:
    """The amount. Raises Invalid at its place for more decimals than its currency has."""
    return None if amount is None else Money.exactly(amount, currency, at=at)


def _to_line(
    line: LineIn,
    items: Sequence[Item],
    *,
    currency: str,
    catalogue: Mapping[str, CatalogueEntry],
    default_taxes: tuple[str, ...],
    instead: Callable[[tuple[str, ...]], tuple[str, ...]] | None,
    at: str,
) -> Line:
    item = items[0] if line.item_id and items else None
    line = _from_item(line, item) if item else line
    entry = _entry(line, catalogue, at=at)
    usual = entry.taxes if entry and entry.taxes is not None else default_taxes
    unsaid = instead(usual) if instead else usual
    return Line(
        description=_description(line, entry, at=at),
        quantity=line.quantity,
        unit_price=_unit_price(line, entry, at=at),
        base_quantity=line.base_quantity,
        unit=line.unit or (entry.unit if entry else None),
        allowances=_short_form(line, currency=currency, at=at)
        or _to_adjustments(line.allowances, currency=currency, at=f"{at}/allowances"),
        charges=_to_adjustments(line.charges, currency=currency, at=f"{at}/charges"),
        taxes=unsaid if line.taxes is None else tuple(line.taxes),
        catalog_code=line.catalog_code or (item.catalog_code if item else None),
        item_id=line.item_id,
        item_ids=tuple(line.item_ids),
        item_version=item.version if item else None,
        group=line.group,
        on_account=bool(items) and all(one.on_account for one in items),
    )


def _from_item(line: LineIn, item: Item) -> LineIn:
    """The line with what it leaves out taken from the item that it bills."""
    its = {name: getattr(item, name) for name in ("description", "quantity", "unit", "unit_price")}
    its["taxes"] = None if item.taxes is None else list(item.taxes)
    return line.model_copy(update={name: its[name] for name in its.keys() - line.model_fields_set})


def _entry(line: LineIn, catalogue: Mapping[str, CatalogueEntry], *, at: str) -> CatalogueEntry | None:
    if line.catalog_code is None:
        return None
    if line.catalog_code not in catalogue:
        detail = f"There is no {line.catalog_code!r} in the catalogue."
        raise Invalid("unknown_catalog_code", detail, at=f"{at}/catalog_code")
    return catalogue[line.catalog_code]


def _description(line: LineIn, entry: CatalogueEntry | None, *, at: str) -> str:
    if line.description:
        return line.description
    if entry is None:
        raise Invalid("missing", "A line needs a description or a catalogue code.", at=f"{at}/description")
    return entry.told


def _unit_price(line: LineIn, entry: CatalogueEntry | None, *, at: str) -> Decimal:
    if line.unit_price is not None:
        return line.unit_price
    if entry is None:
        raise Invalid("missing", "A line needs a unit price or a catalogue code.", at=f"{at}/unit_price")
    return entry.unit_price


def _short_form(discounted: LineIn | DocumentIn, *, currency: str, at: str) -> tuple[Adjustment, ...]:
    """The one allowance that discount_percent or discount_amount stands for."""
    if discounted.discount_percent is None and discounted.discount_amount is None:
        return ()
    amount = to_money(discounted.discount_amount, currency=currency, at=f"{at}/discount_amount")
    return (Adjustment(percent=discounted.discount_percent, amount=amount),)


def _to_adjustments(adjustments: Sequence[AdjustmentIn], *, currency: str, at: str) -> tuple[Adjustment, ...]:
    return tuple(
        _to_adjustment(adjustment, currency=currency, at=f"{at}/{index}")
        for index, adjustment in enumerate(adjustments)
    )


def _to_adjustment(adjustment: AdjustmentIn, *, currency: str, at: str) -> Adjustment:
    amount = to_money(adjustment.amount, currency=currency, at=f"{at}/amount")
    return Adjustment(percent=adjustment.percent, amount=amount, reason=adjustment.reason)


def _to_document_adjustment(adjustment: DocumentAdjustmentIn, *, currency: str, at: str) -> Adjustment:
    taxes = None if adjustment.taxes is None else tuple(adjustment.taxes)
    return replace(_to_adjustment(adjustment, currency=currency, at=at), taxes=taxes)


def _to_rate(rate: TaxRateIn) -> TaxRate:
    taxed = bool(rate.rate_percent) or rate.amount is not None
    return TaxRate(
        code=rate.code,
        name=rate.name or rate.code,
        kind=rate.kind,
        rate_percent=rate.rate_percent,
        amount=rate.amount,
        included=rate.included,
        affects_next=rate.affects_next,
        affected=rate.affected,
        withheld=rate.withheld,
        category=rate.category or ("S" if taxed else "Z"),
        exemption_reason=rate.exemption_reason,
        registration_number=rate.registration_number,
    )


def _to_due(due: DueIn | None) -> Due | None:
    if due is None:
        return None
    if due.on:
        return DueOn(on=due.on)
    if due.days_after:
        return DaysAfter(days_after=due.days_after, days=due.days or 0, months=due.months or 0)
    if due.days_then_end_of_month is not None:
        return UnderTerms(terms=DaysThenEndOfMonth(days=due.days_then_end_of_month, on_day=due.on_day))
    if due.end_of_month_then_days is not None:
        return UnderTerms(terms=EndOfMonthThenDays(end_of_month_days=due.end_of_month_then_days))
    return EndOfMonth(end_of_month=due.end_of_month or 0)
