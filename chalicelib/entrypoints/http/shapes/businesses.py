"""A business's settings as JSON."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field, model_validator

from chalicelib.domain.business import Business
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.terms import DaysThenEndOfMonth, DueTerms, EndOfMonthThenDays, NetDays, OnDayOfMonth
from chalicelib.entrypoints.http.shapes.accounting import AccountingShape
from chalicelib.entrypoints.http.shapes.addresses import AddressField, AddressOut, Country, Language
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.appearance import AppearanceIn, AppearanceOut
from chalicelib.entrypoints.http.shapes.documents import Codes, Rounding, TaxRateIn
from chalicelib.entrypoints.http.shapes.e_invoicing import EInvoicingOut, EInvoicingShape
from chalicelib.entrypoints.http.shapes.late_fees import LateFeeShape, LateFeeTermsOut
from chalicelib.entrypoints.http.shapes.legal import LegalOut, LegalShape, RegistrationShape
from chalicelib.entrypoints.http.shapes.payment_accounts import PaymentsIn, PaymentsShape
from chalicelib.entrypoints.http.shapes.reminders import StepOut, Steps, WindowOut, WindowShape, steps_out
from chalicelib.entrypoints.http.shapes.sales import Sending
from chalicelib.entrypoints.http.shapes.scalars import (
    CurrencyCode,
    Email,
    Figure,
    LongText,
    Shape,
    ShortText,
    TemplateName,
    Zone,
    one_of,
    refusal,
)

MOST_RATES, MOST_GROUPS, MOST_DAYS = 100, 50, 366
Few = Annotated[int, Field(ge=0, le=MOST_DAYS)]


class TaxGroupShape(Shape):
    name: ShortText
    codes: Codes


class NumberingShape(Shape):
    """How invoice numbers look; a change goes on counting where the series was, or at a later start.

    A prefix does not end in a digit, or it could print a number that another prefix has printed already.
    """

    prefix: Annotated[str, Field(max_length=20, pattern=r"^([A-Za-z0-9+\-_/ .]*[A-Za-z+\-_/ .])?$")] = ""
    padding: Annotated[int, Field(ge=1, le=12)] = 5
    start: Annotated[int, Field(ge=1, le=10**9)] = 1
    yearly_reset: bool = False


class DueTermsShape(Shape):
    """When an invoice is due: net days; days then end of month; end of month then days; on a day of the month.

    on_day: after the end of the month, on to that day of the next one ("30 days end of month the 10th").
    """

    net_days: Few | None = None
    days_then_end_of_month: Few | None = None
    on_day: Annotated[int, Field(ge=1, le=31)] | None = None
    end_of_month_then_days: Few | None = None
    day_of_month: Annotated[int, Field(ge=1, le=31)] | None = None
    at_least_days: Few = 0

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        one_of(self, "net_days", "days_then_end_of_month", "end_of_month_then_days", "day_of_month")
        if self.on_day is not None and self.days_then_end_of_month is None:
            raise refusal("one_of", "A day of the month goes with days_then_end_of_month.")
        return self

    def due_terms(self) -> DueTerms:
        if self.days_then_end_of_month is not None:
            return DaysThenEndOfMonth(days=self.days_then_end_of_month, on_day=self.on_day)
        if self.end_of_month_then_days is not None:
            return EndOfMonthThenDays(end_of_month_days=self.end_of_month_then_days)
        if self.day_of_month is not None:
            return OnDayOfMonth(day_of_month=self.day_of_month, at_least_days=self.at_least_days)
        return NetDays(days=self.net_days or 0)

    @classmethod
    def of(cls, terms: DueTerms) -> "DueTermsShape":
        match terms:
            case NetDays(days=days):
                return cls(net_days=days)
            case DaysThenEndOfMonth(days=days, on_day=day):
                return cls(days_then_end_of_month=days, on_day=day)
            case EndOfMonthThenDays(end_of_month_days=days):
                return cls(end_of_month_then_days=days)
            case OnDayOfMonth(day_of_month=day, at_least_days=days):
                return cls(day_of_month=day, at_least_days=days)


class InvoiceDefaultsShape(Shape):
    due_days: Few | None = None
    due_terms: DueTermsShape | None = None
    notes: LongText | None = None
    terms: LongText | None = None
    template: TemplateName | None = None
    rounding: Rounding | None = None


class AutomationShape(Shape):
    """What the approval of a quote makes by itself: nothing, one draft, or one for each instalment, with its day.

    Recommended wherever quotes are used, most of all for work in several stages: no invoice is forgotten.
    """

    invoice_on_quote_approval: Literal["off", "single", "per_instalment"] | None = None
    send: Literal["manual", "on_date", "at_once"] | None = None
    auto_charge: bool | None = None
    remind: bool | None = None


class BusinessPatch(Shape):
    """What of the business is to be changed; what is left out stays."""

    name: ShortText | None = None
    legal_name: ShortText | None = None
    address: AddressField | None = None
    email: Email | None = None
    phone: ShortText | None = None
    logo: ShortText | None = None
    country: Country | None = None
    currency: CurrencyCode | None = None
    time_zone: Zone | None = None
    locale: ShortText | None = None
    languages: Annotated[list[Language], Field(min_length=1, max_length=10)] | None = None
    tax_rates: Annotated[list[TaxRateIn], Field(max_length=MOST_RATES)] | None = None
    tax_groups: Annotated[list[TaxGroupShape], Field(max_length=MOST_GROUPS)] | None = None
    tax_registrations: Annotated[list[RegistrationShape], Field(max_length=MOST_RATES)] | None = None
    numbering: NumberingShape | None = None
    invoice_defaults: InvoiceDefaultsShape | None = None
    automation: AutomationShape | None = None
    reminders: Steps | None = None
    reminder_window: WindowShape | None = None
    late_fee: LateFeeShape | None = None
    legal: LegalShape | None = None
    appearance: AppearanceIn | None = None
    e_invoicing: EInvoicingShape | None = None
    accounting: AccountingShape | None = None
    payments: PaymentsIn | None = None


class TaxRatesPatch(Shape):
    """All the rates, in an object or as a bare list."""

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:  # noqa: ANN401 - whatever was sent
        return {"tax_rates": value} if isinstance(value, list) else value

    tax_rates: Annotated[list[TaxRateIn], Field(max_length=MOST_RATES)]


class TaxRateOut(Shape):
    code: str
    name: str
    kind: str
    rate_percent: Figure
    amount: Figure | None
    included: bool
    affects_next: bool
    affected: bool
    withheld: bool
    category: str
    exemption_reason: str | None
    registration_number: str | None

    @classmethod
    def of(cls, rate: TaxRate) -> "TaxRateOut":
        return cls(
            code=rate.code,
            name=rate.name,
            kind=rate.kind,
            rate_percent=plain(rate.rate_percent),
            amount=None if rate.amount is None else plain(rate.amount),
            included=rate.included,
            affects_next=rate.affects_next,
            affected=rate.affected,
            withheld=rate.withheld,
            category=rate.category,
            exemption_reason=rate.exemption_reason,
            registration_number=rate.registration_number,
        )


class TaxRatesOut(Shape):
    version: int
    tax_rates: list[TaxRateOut]


class BusinessOut(Shape):
    id: str
    version: int
    name: str
    legal_name: str | None
    address: AddressOut
    email: str | None
    phone: str | None
    logo: str | None
    country: str
    currency: str
    time_zone: str
    locale: str
    languages: list[str]
    tax_rates: list[TaxRateOut]
    tax_groups: list[TaxGroupShape]
    tax_registrations: list[RegistrationShape]
    numbering: NumberingShape
    invoice_defaults: InvoiceDefaultsShape
    automation: AutomationShape
    reminders: list[StepOut]
    reminder_window: WindowOut
    late_fee: LateFeeTermsOut | None
    legal: LegalOut
    appearance: AppearanceOut
    e_invoicing: EInvoicingOut
    accounting: AccountingShape
    payments: PaymentsShape
    sandbox: bool
    created_at: datetime

    @classmethod
    def of(cls, business: Business, *, public_url: str) -> "BusinessOut":
        due = business.invoice_defaults.due
        return cls(
            id=business.id,
            version=business.version,
            name=business.name,
            legal_name=business.legal_name,
            address=AddressOut.of(business.address),
            email=business.email,
            phone=business.phone,
            logo=business.logo,
            country=business.country,
            currency=business.currency,
            time_zone=business.time_zone,
            locale=business.locale,
            languages=list(business.languages),
            tax_rates=[TaxRateOut.of(rate) for rate in business.tax_rates],
            tax_groups=[TaxGroupShape(name=group.name, codes=list(group.codes)) for group in business.tax_groups],
            tax_registrations=[RegistrationShape.of(entry) for entry in business.tax_registrations],
            numbering=NumberingShape(
                prefix=business.numbering.prefix,
                padding=business.numbering.padding,
                start=business.numbering.start,
                yearly_reset=business.numbering.yearly_reset,
            ),
            invoice_defaults=InvoiceDefaultsShape(
                due_days=due.days if isinstance(due, NetDays) else None,
                due_terms=DueTermsShape.of(due),
                notes=business.invoice_defaults.notes,
                terms=business.invoice_defaults.terms,
                template=business.invoice_defaults.template,
                rounding=cast("Rounding", business.invoice_defaults.rounding),
            ),
            automation=AutomationShape(
                invoice_on_quote_approval=business.automation.invoice_on_quote_approval.value,
                send=cast("Sending", business.automation.send.value),
                auto_charge=business.automation.auto_charge,
                remind=business.automation.remind,
            ),
            reminders=steps_out(business.reminders),
            reminder_window=WindowOut.of(business.reminder_window),
            late_fee=LateFeeTermsOut.of(business.late_fee),
            legal=LegalOut.of(business.legal),
            appearance=AppearanceOut.of(business.appearance),
            e_invoicing=EInvoicingOut.of(business.e_invoicing),
            accounting=AccountingShape.of(business.accounting),
            payments=PaymentsShape.of(business, public_url=public_url),
            sandbox=business.sandbox,
            created_at=business.created_at,
        )
