"""Money put where it belongs, and given up: as it is asked for."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    CurrencyCode,
    Day,
    LongText,
    Shape,
    ShortText,
    one_of,
)
from chalicelib.usecases.allocating import MOST_ALLOCATIONS


class AllocationIn(Shape):
    """What is put on one invoice."""

    invoice_id: Code
    amount: Amount


class ClientPaymentIn(Shape):
    """Money received from a client, for several invoices or none yet.

    allocations: on which invoices it is put; without them it goes to those due, the earliest first; ``[]`` keeps all
    of it as credit. currency: the business's, unless said.
    """

    amount: Amount
    currency: CurrencyCode | None = None
    method: Literal["cash", "cheque", "transfer", "card_terminal", "other"]
    received_on: Day | None = None
    reference: ShortText | None = None
    allocations: Annotated[list[AllocationIn], Field(max_length=MOST_ALLOCATIONS)] | None = None


class AllocateIn(Shape):
    """amount: as much as fits, unless said."""

    invoice_id: Code
    amount: Amount | None = None


class MatchIn(Shape):
    """Where a quarantined payment belongs: on an invoice, or on a client's account."""

    invoice_id: Code | None = None
    client_id: Code | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        one_of(self, "invoice_id", "client_id")
        return self


class WriteOffIn(Shape):
    reason: LongText
