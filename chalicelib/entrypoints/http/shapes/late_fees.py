"""What is owed for paying late: what was agreed on, how it is reckoned, and its documents, as JSON."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.late_fee_document import formula
from chalicelib.domain.statutory_rates import StatutoryRate
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.http.shapes.addresses import Country
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import Amount, Day, Figure, Percent, Shape, refusal
from chalicelib.usecases.charging_late import Reckoning

MOST_RATES, MOST_GRACE = 40, 365


def _above_nothing(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise refusal("not_positive", "This must be above 0.")
    return amount


class StatutoryRateShape(Shape):
    """The law's yearly rate of a period; floor_percent: the least that a contract may agree on instead."""

    since: Annotated[Day, Field(alias="from")]
    until: Annotated[Day, Field(alias="to")]
    percent: Percent
    floor_percent: Percent | None = None

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.since > self.until:
            raise refusal("period_ends_before", "A period begins before it ends.")
        return self

    def rate(self) -> StatutoryRate:
        return StatutoryRate(since=self.since, until=self.until, percent=self.percent, floor=self.floor_percent)


class LateFeeShape(Shape):
    """What was agreed on for late payment: a flat sum, a yearly rate, or what the law of a country says."""

    flat: Annotated[Amount, AfterValidator(_above_nothing)] | None = None
    yearly_rate_percent: Annotated[Percent, AfterValidator(_above_nothing)] | None = None
    statutory: Country | None = None
    grace_days: Annotated[int, Field(ge=0, le=MOST_GRACE)] = 0
    minimum: Annotated[Amount, AfterValidator(_above_nothing)] | None = None
    rates: Annotated[list[StatutoryRateShape], Field(max_length=MOST_RATES)] = []  # noqa: RUF012
    automatic: bool = False

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.flat is None and self.yearly_rate_percent is None and self.statutory is None:
            raise refusal("one_of", "Give at least one of flat, yearly_rate_percent, statutory.")
        return self

    def terms(self, before: LateFeeTerms | None, *, today: date) -> LateFeeTerms:
        """The terms; what is charged by itself is charged for invoices from the day on which that was switched on."""
        since = before.since if before and before.automatic else today
        return LateFeeTerms(
            flat=self.flat,
            yearly_rate_percent=self.yearly_rate_percent,
            statutory=self.statutory,
            grace_days=self.grace_days,
            minimum=self.minimum,
            rates=tuple(rate.rate() for rate in self.rates),
            automatic=self.automatic,
            since=since if self.automatic else None,
        )


class StatutoryRateOut(Shape):
    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    since: Annotated[date, Field(serialization_alias="from")]
    until: Annotated[date, Field(serialization_alias="to")]
    percent: Figure
    floor_percent: Figure | None


class LateFeeTermsOut(Shape):
    flat: Figure | None
    yearly_rate_percent: Figure | None
    statutory: str | None
    grace_days: int
    minimum: Figure | None
    rates: list[StatutoryRateOut]
    automatic: bool

    @classmethod
    def of(cls, terms: LateFeeTerms | None) -> "LateFeeTermsOut | None":
        if terms is None or not terms.asks:
            return None
        return cls(
            flat=_figure(terms.flat),
            yearly_rate_percent=_figure(terms.yearly_rate_percent),
            statutory=terms.statutory,
            grace_days=terms.grace_days,
            minimum=_figure(terms.minimum),
            rates=[
                StatutoryRateOut(
                    since=rate.since,
                    until=rate.until,
                    percent=plain(rate.percent),
                    floor_percent=_figure(rate.floor),
                )
                for rate in terms.rates
            ],
            automatic=terms.automatic,
        )


class StretchOut(Shape):
    """Days, the first and the last included, of one amount overdue and one yearly rate."""

    first: date
    last: date
    days: int
    amount: Figure
    rate_percent: Figure


class LateFeeOut(Shape):
    """What is owed for paying late up to a day, beyond what was charged, and how it was reckoned.

    rate_percent: of the last day. formula: in the invoice's language.
    """

    invoice_id: str
    currency: str
    since: date | None
    through: date
    days: int
    rate_percent: Figure | None
    stretches: list[StretchOut]
    formula: str
    interest: Figure
    flat: Figure
    recovery: Figure
    total: Figure

    @classmethod
    def of(cls, reckoning: Reckoning, wording: Wording) -> "LateFeeOut":
        fee, currency = reckoning.fee, reckoning.invoice.currency
        nothing = f"{reckoning.invoice.amount_due - reckoning.invoice.amount_due}"
        stretches = fee.stretches if fee else ()
        return cls(
            invoice_id=reckoning.invoice.id,
            currency=currency,
            since=fee.since if fee else None,
            through=reckoning.through,
            days=fee.days if fee else 0,
            rate_percent=plain(stretches[-1].percent) if stretches else None,
            stretches=[
                StretchOut(
                    first=one.first,
                    last=one.last,
                    days=one.days,
                    amount=f"{one.amount}",
                    rate_percent=plain(one.percent),
                )
                for one in stretches
            ],
            formula=formula(fee, wording) if fee else "",
            interest=f"{fee.interest}" if fee else nothing,
            flat=f"{fee.flat}" if fee else nothing,
            recovery=f"{fee.recovery}" if fee else nothing,
            total=f"{fee.total}" if fee else nothing,
        )


class ChargeLateFeeIn(Shape):
    """Up to which day, today if it is left out; issue: under a number at once; send: and mailed."""

    through: Day | None = None
    issue: bool = False
    send: bool = False


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
