"""What happens to the fees for paying an invoice late."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeCharged(Event):
    """A document was made of what is owed for the days up to one."""

    type: ClassVar[str] = "invoice.late_fee_charged"
    late_fee_id: str
    since: date
    through: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeDue(Event):
    """Days came for which the fee is charged by itself; the document follows."""

    type: ClassVar[str] = "invoice.late_fee_due"
    through: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeRefused(Event):
    """The fee that was to be charged by itself could not be; a person may charge it."""

    type: ClassVar[str] = "invoice.late_fee_refused"
    reason: str
