"""Lines, taxes, schedules and figures, as quotes, invoices and previews take and give them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib.domain.lines import MOST_LINES
from chalicelib.domain.schedule import MOST_INSTALMENTS
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    Figure,
    LongText,
    Percent,
    PositiveQuantity,
    Price,
    Quantity,
    Shape,
    ShortText,
    one_of,
    refusal,
)

MOST_DAYS, MOST_MONTHS, MOST_ADJUSTMENTS, MOST_TAXES = 3_660, 120, 100, 20
MOST_ITEMS_OF_A_LINE = 1_000

Rounding = Literal["document", "line"]
InstalmentStatus = Literal["upcoming", "due", "overdue", "paid"]
Days = Annotated[int, Field(ge=0, le=MOST_DAYS)]
Months = Annotated[int, Field(ge=0, le=MOST_MONTHS)]
Codes = Annotated[list[Code], Field(max_length=MOST_TAXES)]


def lines_that_fit(lines: object) -> object:
    """The lines as they are; counted before anything else, so that a flood of them costs nothing."""
    if isinstance(lines, list) and len(lines) > MOST_LINES:
        raise refusal("too_many_lines", f"A document cannot have more than {MOST_LINES} lines.")
    return lines


class AdjustmentIn(Shape):
    """An allowance or a charge of a line: a percentage of its gross, or an amount."""

    percent: Percent | None = None
    amount: Amount | None = None
    reason: ShortText | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        one_of(self, "percent", "amount")
        return self


class DocumentAdjustmentIn(AdjustmentIn):
    """An allowance or a charge of the document: with its own taxes, or spread over those of the lines."""

    taxes: Codes | None = None


Adjustments = Annotated[list[AdjustmentIn], Field(max_length=MOST_ADJUSTMENTS)]
DocumentAdjustments = Annotated[list[DocumentAdjustmentIn], Field(max_length=MOST_ADJUSTMENTS)]


class LineIn(Shape):
    """One thing sold; discount_percent and discount_amount are short for one allowance.

    item_ids: the items that it bills together, where they are several.
    """

    catalog_code: Code | None = None
    description: LongText | None = None
    quantity: Quantity = Decimal(1)
    unit: ShortText | None = None
    unit_price: Price | None = None
    base_quantity: PositiveQuantity = Decimal(1)
    discount_percent: Percent | None = None
    discount_amount: Amount | None = None
    allowances: Adjustments = Field(default_factory=list)
    charges: Adjustments = Field(default_factory=list)
    taxes: Codes | None = None
    item_id: Code | None = None
    item_ids: Annotated[list[Code], Field(max_length=MOST_ITEMS_OF_A_LINE)] = Field(default_factory=list)
    group: ShortText | None = None

    @model_validator(mode="after")
    def _one_discount(self) -> Self:
        one_of(self, "discount_percent", "discount_amount", "allowances", at_least=0)
        one_of(self, "item_id", "item_ids", at_least=0)
        return self


class TaxRateIn(Shape):
    """A tax at one rate. Left out, the category is S, or Z where the tax is 0 %."""

    code: Code
    name: ShortText | None = None
    kind: Literal["percent", "fixed"] = "percent"
    rate_percent: Percent = Decimal(0)
    amount: Price | None = None
    included: bool = False
    affects_next: bool = False
    affected: bool = True
    withheld: bool = False
    category: Literal["S", "Z", "E", "AE", "K", "G", "O"] | None = None
    exemption_reason: ShortText | None = None
    registration_number: ShortText | None = None


class DueIn(Shape):
    """When an instalment is due: on a date, so long after an event, or by the month's end counted from the issue.

    ``end_of_month`` is the end of the month so many months after that of issue. "45 days end of month" has two
    readings: ``days_then_end_of_month`` goes to the end of the month the days end in (with ``on_day`` on to that day
    of the next), ``end_of_month_then_days`` counts the days from the end of the month of issue.
    """

    on: Day | None = None
    days_after: Literal["approval", "issue", "completion"] | None = None
    days: Days | None = None
    months: Months | None = None
    end_of_month: Months | None = None
    days_then_end_of_month: Days | None = None
    on_day: Annotated[int, Field(ge=1, le=31)] | None = None
    end_of_month_then_days: Days | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        one_of(self, "on", "days_after", "end_of_month", "days_then_end_of_month", "end_of_month_then_days")
        if (self.days is None and self.months is None) != (self.days_after is None):
            raise refusal("one_of", "Days or months and the event that they are counted from go together.")
        if self.on_day is not None and self.days_then_end_of_month is None:
            raise refusal("one_of", "A day of the month goes with days_then_end_of_month.")
        return self


class InstalmentIn(Shape):
    """A part of what is to be paid: a percentage of the total with tax, an amount, or the rest.

    ``holdback`` keeps it from being asked for before its day: a year after the work's acceptance, unless ``due`` says
    otherwise. ``id`` is for an issued invoice, whose schedule is agreed anew: that instalment again, of which only
    what is said changes; a paid one stays as it is.
    """

    id: Code | None = None
    label: ShortText | None = None
    percent: Percent | None = None
    amount: Amount | None = None
    remainder: bool = False
    due: DueIn | None = None
    holdback: bool = False

    @model_validator(mode="after")
    def _either(self) -> Self:
        one_of(self, "percent", "amount", "remainder", at_least=0 if self.id else 1)
        return self


class DocumentIn(Shape):
    """What a quote, an invoice and a preview have in common."""

    currency: CurrencyCode | None = None
    lines: Annotated[list[LineIn], BeforeValidator(lines_that_fit)]
    discount_percent: Percent | None = None
    discount_amount: Amount | None = None
    allowances: DocumentAdjustments = Field(default_factory=list)
    charges: DocumentAdjustments = Field(default_factory=list)
    rounding: Rounding | None = None
    prepaid_total: Amount | None = None
    rounding_adjustment: Amount | None = None
    schedule: Annotated[list[InstalmentIn], Field(max_length=MOST_INSTALMENTS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_discount(self) -> Self:
        one_of(self, "discount_percent", "discount_amount", "allowances", at_least=0)
        return self


class PreviewIn(DocumentIn):
    """A document to be worked out without saving it; its tax rates stand beside those of the business."""

    tax_rates: Annotated[list[TaxRateIn], Field(max_length=MOST_ADJUSTMENTS)] = Field(default_factory=list)
    issue_date: Day | None = None


class AdjustmentOut(Shape):
    percent: Figure | None
    amount: Figure | None
    reason: str | None
    taxes: list[str] | None = None


class LineOut(Shape):
    """A line; discount_percent or discount_amount repeats a lone allowance without a reason."""

    id: str
    position: int
    catalog_code: str | None
    description: str
    quantity: Figure
    unit: str | None
    unit_price: Figure
    base_quantity: Figure
    discount_percent: Figure | None
    discount_amount: Figure | None
    allowances: list[AdjustmentOut]
    charges: list[AdjustmentOut]
    taxes: list[str]
    item_id: str | None
    item_ids: list[str]
    group: str | None
    net: Figure


class GroupOut(Shape):
    """What the lines of one group come to, before document discounts and taxes."""

    name: str
    subtotal: Figure


class TaxLineOut(Shape):
    """One tax; the withheld ones are not part of tax_total."""

    code: str
    name: str
    rate_percent: Figure | None
    base: Figure
    amount: Figure
    category: str
    exemption_reason: str | None
    exemption_certificate: str | None
    registration_number: str | None
    withheld: bool


class InstalmentOut(Shape):
    """One instalment; credited: what of it a credit note took back; it is paid when nothing else is left of it.

    awaits_completion: its day is known once its work is called done.
    """

    id: str
    label: str
    due_on: date | None
    amount: Figure
    paid: Figure
    credited: Figure
    status: InstalmentStatus
    holdback: bool
    awaits_completion: bool


class FiguresOut(Shape):
    currency: str
    rounding: Rounding
    subtotal: Figure
    discount_total: Figure
    charge_total: Figure
    net_total: Figure
    taxes: list[TaxLineOut]
    tax_total: Figure
    withheld_total: Figure
    total: Figure
    payable: Figure
    prepaid_total: Figure
    rounding_adjustment: Figure
    amount_due: Figure


class PreviewOut(FiguresOut):
    lines: list[LineOut]
    groups: list[GroupOut]
    discount_percent: Figure | None
    discount_amount: Figure | None
    allowances: list[AdjustmentOut]
    charges: list[AdjustmentOut]
    schedule: list[InstalmentOut]
