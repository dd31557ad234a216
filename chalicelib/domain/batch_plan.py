"""What a batch of invoices over contracts would be, worked out beforehand and known by a hash (A7 to A39)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.contract import Contract, ContractStatus, ContractType
from chalicelib.domain.contract_state import Standing, standing_of
from chalicelib.domain.item import Item, ItemKind, total_of
from chalicelib.domain.itemised import Grouping
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class InvoicePer(StrEnum):
    """What becomes one invoice (A38)."""

    CLIENT = "client"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which contracts and items are billed, and how. What is None or empty narrows nothing.

    contracts: only these; left_out, items_left_out: not these. since, until: the days on which items were done.
    least, most: what of a contract is to be billed at least and at most, in major units.
    """

    types: tuple[ContractType, ...] = ()
    taxable: bool | None = None
    clients: tuple[str, ...] = ()
    contracts: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()
    items_left_out: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    per: InvoicePer = InvoicePer.CLIENT
    grouping: Grouping = Grouping.TIME_ENTRY

    def shows(self, contract: Contract) -> bool:
        """Whether a contract is in the list at all, as far as it says itself."""
        return (
            contract.status is not ContractStatus.DRAFT
            and (not self.types or contract.type in self.types)
            and self.taxable in {None, contract.taxable}
            and (not self.clients or contract.client_id in self.clients)
        )

    @property
    def names_days(self) -> bool:
        return self.since is not None or self.until is not None

    def covers(self, done: date) -> bool:
        return (self.since is None or self.since <= done) and (self.until is None or done <= self.until)

    def takes(self, contract_id: str) -> bool:
        """Whether a contract that is shown is billed, too."""
        chosen = self.contracts is None or contract_id in self.contracts
        return chosen and contract_id not in self.left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why what is selected cannot be billed all the same, or not all of it."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A contract in the list of a batch (A7 to A11); selected: its items that would be billed, by id."""

    contract: Contract
    standing: Standing
    items: tuple[Item, ...]
    selected: frozenset[str]
    obstacle: Obstacle | None = None

    def stopped(self, obstacle: Obstacle) -> "Row":
        return replace(self, selected=frozenset(), obstacle=obstacle)

    @property
    def billed(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.id in self.selected)

    @property
    def selected_balance(self) -> Money:
        return total_of(self.billed, self.contract.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedInvoice:
    """One invoice to be drafted: for whom, of which contracts, with which items as they were, and what it comes to."""

    client_id: str
    client_name: str
    contracts: tuple[str, ...]
    items: tuple[tuple[str, int], ...]
    net: Money
    tax: Money
    total: Money

    @property
    def said(self) -> str:
        """Everything that it depends on, in one line."""
        items = " ".join(f"{id}:{version}" for id, version in self.items)
        money = f"{self.net} {self.tax} {self.total} {self.net.currency}"
        return f"{self.client_id} | {' '.join(self.contracts)} | {items} | {money}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a batch comes to in one currency (A12 to A18)."""

    invoices: int
    unbilled_tickets: int
    hours_worked: Decimal
    billable: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """Some of a plan's invoices, in their order; holder: the plan's hash, or the batch that it became.

    parts, on: of the whole plan; they stand in each part. selection: of the whole plan, in its first part only, since
    it may name thousands. kept_until: one that no batch took over yet.
    """

    holder: str
    number: int
    parts: int
    on: date
    selection: Selection | None = None
    invoices: tuple[PlannedInvoice, ...]
    kept_until: datetime | None = None

    @property
    def id(self) -> str:
        return f"{self.holder}/{self.number:05d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """on: the day it is of; hash: known by it, whoever works it out."""

    on: date
    selection: Selection
    invoices: tuple[PlannedInvoice, ...]
    hash: str = field(default="")

    def hashed(self) -> "BatchPlan":
        said = "\n".join([f"{self.selection!r}", *(invoice.said for invoice in self.invoices)])
        return replace(self, hash=f"bpl_{hashlib.sha256(said.encode()).hexdigest()[:32]}")

    def parts(self, holder: str, *, kept_until: datetime | None = None) -> tuple[PlanPart, ...]:
        """The plan in parts of which each is issued in one transaction; at least one."""
        chunks = list(_chunked(self.invoices)) or [()]
        return tuple(
            PlanPart(
                holder=holder,
                number=n,
                parts=len(chunks),
                on=self.on,
                selection=None if n else self.selection,
                invoices=chunk,
                kept_until=kept_until,
            )
            for n, chunk in enumerate(chunks)
        )


AT_ONCE = 24
"""Invoices that are issued in one transaction: four writes each, and those of the batch and the series."""

MOST_ITEMS_IN_A_PART = 2_000


def row_of(contract: Contract, items: Sequence[Item], days: Mapping[str, date], selection: Selection) -> Row | None:
    """A contract as the list shows it; everything due that is ready is selected, unless it is left out (A35).

    None where the list does not show it, as one of which nothing was done on the days asked for.
    items: those on no document; days: when each was done.
    """
    shown = tuple(item for item in items if selection.covers(days[item.id]))
    if selection.names_days and not shown:
        return None
    standing = standing_of(contract, shown, days)
    if not _between(standing.ready, selection):
        return None
    ready = {item.id for item in shown if item.id not in standing.waits}
    chosen = ready - set(selection.items_left_out) if selection.takes(contract.id) else set()
    return Row(contract=contract, standing=standing, items=shown, selected=frozenset(chosen))


def to_invoice(rows: Sequence[Row], per: InvoicePer) -> tuple[tuple[Row, ...], ...]:
    """The rows that share an invoice: those of a client in one currency, or each alone; in the order of their names."""
    together: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_by_name):
        if row.selected:
            one = row.contract
            key = (one.client_id, one.currency) if per is InvoicePer.CLIENT else (one.id,)
            together[key].append(row)
    return tuple(tuple(some) for some in together.values())


def totals_of(rows: Sequence[Row], invoices: Sequence[PlannedInvoice]) -> tuple[Totals, ...]:
    """What is selected comes to, by currency."""
    billed = [item for row in rows for item in row.billed]
    own_jobs = {row.contract.job_id for row in rows}
    return tuple(
        _totals(
            [item for item in billed if item.amount.currency == currency],
            [one for one in invoices if one.net.currency == currency],
            currency,
            own_jobs,
        )
        for currency in sorted({one.net.currency for one in invoices})
    )


def _totals(items: Sequence[Item], invoices: Sequence[PlannedInvoice], currency: str, own_jobs: set[str]) -> Totals:
    zero = Money.zero(currency)
    tickets = {item.visit_id or item.job_id for item in items if item.visit_id or item.job_id not in own_jobs}
    return Totals(
        invoices=len(invoices),
        unbilled_tickets=len(tickets - {None}),
        hours_worked=sum((item.quantity for item in items if item.kind is ItemKind.TIME), Decimal(0)),
        billable=sum((one.net for one in invoices), zero),
        tax=sum((one.tax for one in invoices), zero),
        total=sum((one.total for one in invoices), zero),
    )


def _between(ready: Money, selection: Selection) -> bool:
    """Whether what can be billed is within the bounds that are asked for (A28)."""
    amount = ready.decimal
    return (selection.least is None or selection.least <= amount) and (
        selection.most is None or amount <= selection.most
    )


def _by_name(row: Row) -> tuple[str, ...]:
    one = row.contract
    return one.client_name.casefold(), one.client_id, one.name.casefold(), one.id


def _chunked(invoices: Sequence[PlannedInvoice]) -> Iterator[tuple[PlannedInvoice, ...]]:
    some: list[PlannedInvoice] = []
    items = 0
    for one in invoices:
        if some and (len(some) == AT_ONCE or items + len(one.items) > MOST_ITEMS_IN_A_PART):
            yield tuple(some)
            some, items = [], 0
        some.append(one)
        items += len(one.items)
    if some:
        yield tuple(some)
