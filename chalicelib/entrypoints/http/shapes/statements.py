"""A client's statement as JSON."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method
from chalicelib.domain.statement import Aging, Kind, Movement, Statement
from chalicelib.entrypoints.http.shapes.addresses import LanguageAsked
from chalicelib.entrypoints.http.shapes.scalars import (
    CurrencyCode,
    Day,
    Disposition,
    Figure,
    PageNumber,
    Shape,
    TemplateName,
)
from chalicelib.usecases.stating import Period


class PeriodShape(Shape):
    """Which days, the first and the last included: until today, and from the first of that month, unless said.

    currency: the business's, unless said.
    """

    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None
    currency: CurrencyCode | None = None


class StatementQuery(PeriodShape):
    """format: ``json``, or in a template and a language ``pdf``, or one page of it as ``png``."""

    format: Literal["json", "pdf", "png"] = "json"
    template: TemplateName | None = None
    language: LanguageAsked | None = None
    page: PageNumber = 1
    disposition: Disposition = "inline"


class StatementSendIn(PeriodShape):
    """template: of the PDF of this mail; the business's usual one, unless said."""

    template: TemplateName | None = None


class MovementOut(Shape):
    """One line: ``debit`` is owed more by it, ``credit`` less; ``running_balance`` is what is owed after it.

    id: of the invoice, credit note or payment that moved the account; invoices: the numbers of those it concerns.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    day: Annotated[date, Field(alias="date")]
    at: datetime
    type: Kind
    id: str
    number: str | None
    invoices: list[str]
    due_on: date | None
    method: Method | None
    debit: Figure
    credit: Figure
    running_balance: Figure

    @classmethod
    def of(cls, movement: Movement) -> "MovementOut":
        zero = Money.zero(movement.amount.currency)
        booked: dict[str, Any] = {"date": movement.day}
        return cls(
            at=movement.at,
            type=movement.kind,
            id=movement.id,
            number=movement.number,
            invoices=list(movement.invoices),
            due_on=movement.due_on,
            method=Method(movement.method) if movement.method else None,
            debit=f"{max(movement.amount, zero)}",
            credit=f"{max(-movement.amount, zero)}",
            running_balance=f"{movement.balance}",
            **booked,
        )


class AgingOut(Shape):
    """What is open by how many days it has been due at the end of the period."""

    current: Figure
    days_1_30: Figure
    days_31_60: Figure
    days_61_90: Figure
    over_90: Figure

    @classmethod
    def of(cls, aging: Aging) -> "AgingOut":
        return cls(**{name: f"{getattr(aging, name)}" for name in cls.model_fields})


class StatementOut(Shape):
    """closing_balance is amount_due less credit_total, on the last day; below zero it is in the client's favour."""

    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    client_id: str
    currency: str
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]
    opening_balance: Figure
    debits: Figure
    credits: Figure
    closing_balance: Figure
    amount_due: Figure
    credit_total: Figure
    movements: list[MovementOut]
    aging: AgingOut

    @classmethod
    def of(cls, statement: Statement) -> "StatementOut":
        period: dict[str, Any] = {"from": statement.since, "to": statement.until}
        return cls(
            client_id=statement.client_id,
            currency=statement.currency,
            opening_balance=f"{statement.opening}",
            debits=f"{statement.debits}",
            credits=f"{statement.credits}",
            closing_balance=f"{statement.closing}",
            amount_due=f"{statement.receivable}",
            credit_total=f"{statement.credit}",
            movements=[MovementOut.of(one) for one in statement.movements],
            aging=AgingOut.of(statement.aging),
            **period,
        )


class StatementSentOut(Shape):
    """The statement that is on its way, and to whom."""

    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    client_id: str
    email: str
    currency: str
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]

    @classmethod
    def of(cls, client_id: str, email: str, period: Period) -> "StatementSentOut":
        told: dict[str, Any] = {"from": period.since, "to": period.until}
        return cls(client_id=client_id, email=email, currency=period.currency, **told)
