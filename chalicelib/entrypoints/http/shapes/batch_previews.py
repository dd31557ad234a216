"""What a batch would be, as JSON."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.domain.batch_plan import InvoicePer, Row, Selection, Totals
from chalicelib.domain.contract import ContractType
from chalicelib.domain.contract_state import BillableContract
from chalicelib.domain.errors import Invalid
from chalicelib.domain.item import BillableState, Item, ItemKind
from chalicelib.domain.itemised import Grouping
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Figure, Price, Shape, refusal
from chalicelib.usecases.foreseeing import Foreseen

MOST_CHOSEN, MOST_ROWS, USUAL_ROWS = 10_000, 500, 100
MOST_ITEMS = 10_000
"""Shown at once, but for one contract that has more: an answer of Lambda's holds 6 MB."""

Types = list[Annotated[ContractType, Field(strict=False)]]
Chosen = Annotated[list[Code], Field(max_length=MOST_CHOSEN)]
Per = Annotated[InvoicePer, Field(strict=False)]
By = Annotated[Grouping, Field(strict=False)]


class SelectionIn(Shape):
    """Which contracts are billed, and how; everything due that is ready, unless it says otherwise.

    contracts: only these. exclude_contracts, exclude_items: not these. from, to: the days on which items were done.
    min_balance, max_balance: what can be billed of a contract. invoice_per: one invoice for each client, or contract.
    """

    types: Types = Field(default_factory=list)
    taxable: bool | None = None
    client_ids: Chosen = Field(default_factory=list)
    contracts: Chosen | None = None
    exclude_contracts: Chosen = Field(default_factory=list)
    exclude_items: Chosen = Field(default_factory=list)
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None
    min_balance: Price | None = None
    max_balance: Price | None = None
    invoice_per: Per = InvoicePer.CLIENT
    group_by: By = Grouping.TIME_ENTRY

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise refusal("days_turned", "The days of a batch end before they begin.")
        if self.min_balance is not None and self.max_balance is not None and self.max_balance < self.min_balance:
            raise refusal("balances_turned", "The largest balance of a batch is less than its least.")
        return self

    def selection(self) -> Selection:
        return Selection(
            types=tuple(self.types),
            taxable=self.taxable,
            clients=tuple(self.client_ids),
            contracts=None if self.contracts is None else tuple(dict.fromkeys(self.contracts)),
            left_out=tuple(self.exclude_contracts),
            items_left_out=tuple(self.exclude_items),
            since=self.since,
            until=self.until,
            least=self.min_balance,
            most=self.max_balance,
            per=self.invoice_per,
            grouping=self.group_by,
        )


class BatchPreviewIn(SelectionIn):
    """limit, after: at most so many rows, and those after this contract; the totals are of all."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = USUAL_ROWS
    after: Code | None = None


class RowItemOut(Shape):
    id: str
    kind: ItemKind
    description: str
    quantity: Figure
    amount: Figure
    billable_state: BillableState
    clears_on: date | None
    selected: bool

    @classmethod
    def of(cls, item: Item, row: Row) -> "RowItemOut":
        waits = row.standing.waits.get(item.id)
        return cls(
            id=item.id,
            kind=item.kind,
            description=item.description,
            quantity=plain(item.quantity),
            amount=f"{item.amount}",
            billable_state=BillableState.OPEN_PERIOD if waits else BillableState.READY,
            clears_on=waits,
            selected=item.id in row.selected,
        )


class RowOut(Shape):
    """A contract in the list: what is due of it, and what of that would be billed.

    code, detail: why nothing of it, or not all, is billed, as far as that is known beforehand.
    """

    contract_id: str
    contract_name: str
    contract_type: ContractType
    client_id: str
    client_name: str
    taxable: bool
    currency: str
    total_balance: Figure
    selected_balance: Figure
    billable_state: BillableContract
    billable_reason: str
    clears_on: date | None
    selected: bool
    code: str | None
    detail: str | None
    items: list[RowItemOut]

    @classmethod
    def of(cls, row: Row) -> "RowOut":
        contract = row.contract
        return cls(
            contract_id=contract.id,
            contract_name=contract.name,
            contract_type=contract.type,
            client_id=contract.client_id,
            client_name=contract.client_name,
            taxable=contract.taxable,
            currency=contract.currency,
            total_balance=f"{row.standing.total}",
            selected_balance=f"{row.selected_balance}",
            billable_state=row.standing.state,
            billable_reason=row.standing.reason,
            clears_on=row.standing.clears_on,
            selected=bool(row.selected),
            code=row.obstacle.code if row.obstacle else None,
            detail=row.obstacle.detail if row.obstacle else None,
            items=[RowItemOut.of(item, row) for item in row.items],
        )


class BatchTotalsOut(Shape):
    currency: str
    invoices_to_create: int
    unbilled_tickets: int
    hours_worked: Figure
    billable_amount: Figure
    tax: Figure
    total: Figure

    @classmethod
    def of(cls, totals: Totals) -> "BatchTotalsOut":
        return cls(
            currency=totals.total.currency,
            invoices_to_create=totals.invoices,
            unbilled_tickets=totals.unbilled_tickets,
            hours_worked=plain(totals.hours_worked),
            billable_amount=f"{totals.billable}",
            tax=f"{totals.tax}",
            total=f"{totals.total}",
        )


class BatchPreviewOut(Shape):
    """rows: some of the contracts, by client; totals: of all that is selected; next_after: where the rows go on."""

    plan_hash: str
    on: date
    rows: list[RowOut]
    next_after: str | None
    totals: list[BatchTotalsOut]

    @classmethod
    def of(cls, foreseen: Foreseen, *, limit: int, after: str | None) -> "BatchPreviewOut":
        ordered = sorted(foreseen.rows, key=lambda row: (row.contract.client_name.casefold(), row.contract.id))
        places = {row.contract.id: place for place, row in enumerate(ordered)}
        if after and after not in places:
            raise Invalid("unknown_place", f"There is no contract {after} in this list.", at="/after")
        start = places[after] + 1 if after else 0
        shown = list(_few(ordered[start : start + limit]))
        more = start + len(shown) < len(ordered)
        return cls(
            plan_hash=foreseen.plan.hash,
            on=foreseen.plan.on,
            rows=[RowOut.of(row) for row in shown],
            next_after=shown[-1].contract.id if more else None,
            totals=[BatchTotalsOut.of(totals) for totals in foreseen.totals],
        )


def _few(rows: Sequence[Row]) -> Iterator[Row]:
    """The first rows, as far as their items fit into one answer; one at least."""
    items = 0
    for row in rows:
        items += len(row.items)
        if items > MOST_ITEMS and row is not rows[0]:
            return
        yield row
