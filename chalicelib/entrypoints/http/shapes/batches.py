"""Batches of invoices as JSON."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.domain.batch import Batch, BatchStatus, Failure
from chalicelib.domain.batch_plan import InvoicePer, PlannedInvoice, Row, Selection, Totals
from chalicelib.domain.contract import ContractType
from chalicelib.domain.contract_state import BillableContract
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.item import BillableState, Item, ItemKind
from chalicelib.domain.itemised import Grouping
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Figure, Price, Shape, ShortText, refusal
from chalicelib.usecases.batching import Foreseen

MOST_CHOSEN, MOST_ROWS, USUAL_ROWS = 10_000, 500, 100

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


class PreviewIn(SelectionIn):
    """limit, after: so many rows, and those after this contract; the totals are of all."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = USUAL_ROWS
    after: Code | None = None


class BatchIn(SelectionIn):
    """With a ``plan_hash`` exactly what was previewed under it, or nothing; without one, what is selected now."""

    name: ShortText
    plan_hash: Code | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not self.name.strip():
            raise refusal("empty", "A batch needs a name.")
        return self

    def selected(self) -> Selection | None:
        """What was selected here; None where the plan says it all."""
        said = self.model_fields_set - {"name", "plan_hash"}
        return self.selection() if said or not self.plan_hash else None


class RunIn(Shape):
    """confirm: run it though it is over three times the last one."""

    plan_hash: Code | None = None
    confirm: bool = False


class IssueBatchIn(Shape):
    """send: mail what is issued, too."""

    send: bool = False


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
    """A contract in the list: what is due of it, and what of that would be billed."""

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


class PreviewOut(Shape):
    """rows: some of the contracts, by client; totals: of all that is selected; next_after: where the rows go on."""

    plan_hash: str
    on: date
    rows: list[RowOut]
    next_after: str | None
    totals: list[BatchTotalsOut]

    @classmethod
    def of(cls, foreseen: Foreseen, *, limit: int, after: str | None) -> "PreviewOut":
        ordered = sorted(foreseen.rows, key=lambda row: (row.contract.client_name.casefold(), row.contract.id))
        places = {row.contract.id: place for place, row in enumerate(ordered)}
        start = places.get(after, -1) + 1 if after else 0
        shown = ordered[start : start + limit]
        more = start + limit < len(ordered)
        return cls(
            plan_hash=foreseen.plan.hash,
            on=foreseen.plan.on,
            rows=[RowOut.of(row) for row in shown],
            next_after=shown[-1].contract.id if more else None,
            totals=[BatchTotalsOut.of(totals) for totals in foreseen.totals],
        )


class ProgressOut(Shape):
    """Of the step that is under way or was last; ends_at: when it will be done at its present pace."""

    step: str | None
    done: int
    failed: int
    planned: int
    ends_at: datetime | None


class BatchOut(Shape):
    """amounts: the totals as planned, by currency."""

    id: str
    version: int
    name: str
    status: BatchStatus
    plan_hash: str
    invoice_per: InvoicePer
    group_by: Grouping
    invoices_planned: int
    amounts: dict[str, Figure]
    progress: ProgressOut
    send: bool
    created_at: datetime
    drafted_at: datetime | None
    issued_at: datetime | None
    paused_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def of(cls, batch: Batch, *, now: datetime) -> "BatchOut":
        return cls(
            id=batch.id,
            version=batch.version,
            name=batch.name,
            status=batch.status,
            plan_hash=batch.plan_hash,
            invoice_per=batch.selection.per,
            group_by=batch.selection.grouping,
            invoices_planned=batch.invoices,
            amounts={amount.currency: f"{amount}" for amount in batch.amounts},
            progress=ProgressOut(
                step=batch.step,
                done=batch.done,
                failed=batch.failed,
                planned=batch.invoices,
                ends_at=batch.ends_at(now),
            ),
            send=batch.send,
            created_at=batch.created_at,
            drafted_at=batch.drafted_at,
            issued_at=batch.issued_at,
            paused_at=batch.paused_at,
            cancelled_at=batch.cancelled_at,
        )


class BatchLineOut(Shape):
    """What became of one planned invoice; outcome: planned, drafted, issued, removed, or failed, and why."""

    place: int
    client_id: str
    client_name: str
    contracts: list[str]
    planned_total: Figure
    currency: str
    outcome: str
    code: str | None
    detail: str | None
    invoice_id: str | None
    number: str | None
    status: InvoiceStatus | None
    total: Figure | None

    @classmethod
    def of(
        cls,
        place: int,
        planned: PlannedInvoice,
        invoice: Invoice | None,
        failure: Failure | None,
        *,
        outcome: str,
        today: date,
    ) -> "BatchLineOut":
        return cls(
            place=place,
            client_id=planned.client_id,
            client_name=planned.client_name,
            contracts=list(planned.contracts),
            planned_total=f"{planned.total}",
            currency=planned.total.currency,
            outcome=outcome,
            code=failure.code if failure else None,
            detail=failure.detail if failure else None,
            invoice_id=invoice.id if invoice else None,
            number=invoice.number if invoice else None,
            status=status_of(invoice, today) if invoice else None,
            total=f"{invoice.figures.total}" if invoice else None,
        )


class BatchLinesOut(Shape):
    """The invoices of a part of the plan; next_part: where the others are."""

    data: list[BatchLineOut]
    next_part: int | None
