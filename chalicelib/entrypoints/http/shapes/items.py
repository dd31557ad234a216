"""Billable items as JSON."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import (
    BillableState,
    Item,
    ItemKind,
    ItemState,
    Visibility,
    as_held,
    billable_state,
    in_force,
    state_of,
)
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.scalars import (
    Code,
    Day,
    Figure,
    Instant,
    LongText,
    PositiveQuantity,
    Price,
    Quantity,
    Shape,
    ShortText,
    refusal,
)

Kind = Annotated[ItemKind, Field(strict=False)]
Seen = Annotated[Visibility, Field(strict=False)]


class ItemFields(Shape):
    """What of an item may be given; a catalogue code gives whatever else is left out.

    taxes: codes; left out, those of the catalogue, else the business's.
    minutes: so many were worked, instead of a quantity in hours; a contract rounds them as it says. person: by whom,
    where a contract has rates for persons.
    visibility: ``internal`` items are not shown to the client before they are billed.
    professional_notes: never shown to the client.
    """

    kind: Kind | None = None
    catalog_code: Code | None = None
    description: LongText | None = None
    occurred_at: Instant | None = None
    quantity: Quantity | None = None
    unit: ShortText | None = None
    unit_price: Price | None = None
    taxes: Codes | None = None
    job_id: Code | None = None
    visit_id: Code | None = None
    contract_id: Code | None = None
    minutes: PositiveQuantity | None = None
    person: Code | None = None
    visibility: Seen | None = None
    notes: LongText | None = None
    professional_notes: LongText | None = None


class ItemIn(ItemFields):
    client_id: Code


class ItemPatch(ItemFields):
    """What of an item is to be changed; what is left out stays, and null empties what may be empty."""


class ItemOut(Shape):
    """status and billable_state follow from what happened to the item and to its invoice.

    billable_reason: in words; clears_on: the day on which it can be billed, where that is known.
    amount: quantity times price, before tax, as it counts in the balance.
    """

    id: str
    version: int
    client_id: str
    kind: ItemKind
    catalog_code: str | None
    description: str
    occurred_at: datetime
    quantity: Figure
    unit: str | None
    unit_price: Figure
    taxes: list[str] | None
    amount: Figure
    currency: str
    job_id: str | None
    visit_id: str | None
    contract_id: str | None
    period: int | None
    minutes: Figure | None
    person: str | None
    visibility: Visibility
    notes: str | None
    professional_notes: str | None
    status: ItemState
    billable_state: BillableState
    billable_reason: str
    clears_on: date | None
    invoice_id: str | None
    created_at: datetime
    published_at: datetime | None
    waived_at: datetime | None

    @classmethod
    def of(cls, item: Item, invoice: Invoice | None, *, waits_until: date | None = None) -> "ItemOut":
        """invoice: the one that claims it; waits_until: the day on which the period of its contract is closed."""
        return cls(**item_out(item, invoice, waits_until=waits_until))


class PublicationOut(ItemOut):
    """The item, and what publishing does, or with ``dry_run`` would do, to the client's balance.

    balance_change: by how much what is to be billed changes; unbilled_total: what that is afterwards.
    message: the same as a question or a statement for whoever publishes.
    """

    dry_run: bool
    balance_change: Figure
    unbilled_total: Figure
    message: str


class ItemsWanted(Shape):
    """Which of the client's items are billed: all that are due, or those of a job, a visit, or some days.

    The days are those on which they were done, the first and the last included.
    """

    all_due: bool = False
    job_id: Code | None = None
    visit_id: Code | None = None
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _which(self) -> Self:
        choices = (self.all_due, self.job_id, self.visit_id, self.since or self.until)
        if sum(bool(choice) for choice in choices) != 1:
            raise refusal("one_of", "Give exactly one of all_due, job_id, visit_id, and the days from and to.")
        return self


ItemsChosen = ItemsWanted | Annotated[list[Code], Field(min_length=1)]
"""Their ids in the order in which they are billed, or what they have in common."""


def item_out(item: Item, invoice: Invoice | None, *, waits_until: date | None = None) -> dict[str, Any]:
    state, reason = billable_state(item, invoice, waits_until=waits_until)
    return {
        "id": item.id,
        "version": item.version,
        "client_id": item.client_id,
        "kind": item.kind,
        "catalog_code": item.catalog_code,
        "description": item.description,
        "occurred_at": item.occurred_at,
        "quantity": plain(item.quantity),
        "unit": item.unit,
        "unit_price": plain(item.unit_price),
        "taxes": None if item.taxes is None else list(item.taxes),
        "amount": f"{item.amount}",
        "currency": item.amount.currency,
        "job_id": item.job_id,
        "visit_id": item.visit_id,
        "contract_id": item.contract_id,
        "period": item.period,
        "minutes": None if item.minutes is None else plain(item.minutes),
        "person": item.person,
        "visibility": item.visibility,
        "notes": item.notes,
        "professional_notes": item.professional_notes,
        "status": state_of(item, invoice),
        "billable_state": state,
        "billable_reason": reason,
        "clears_on": waits_until if state is BillableState.OPEN_PERIOD else None,
        "invoice_id": as_held(item, in_force(invoice)).invoice_id,
        "created_at": item.created_at,
        "published_at": item.published_at,
        "waived_at": item.waived_at,
    }
