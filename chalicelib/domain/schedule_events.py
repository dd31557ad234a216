"""What happens to the payment schedule of an issued invoice."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReplanned(Event):
    """Its payments were agreed anew; schedule: all of it, what was paid included."""

    type: ClassVar[str] = "invoice.replanned"
    amount_due: Money
    due_date: date | None
    schedule: tuple[Instalment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentCompleted(Event):
    """The work that an instalment waited for is done; due_on: the day on which it falls due by that."""

    type: ClassVar[str] = "invoice.instalment_completed"
    instalment_id: str
    on: date
    due_on: date
    amount: Money
