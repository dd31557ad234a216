"""The billing plan of a project: every part of it with its state; together they come to the contract's total."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus, in_force
from chalicelib.domain.money import Money
from chalicelib.domain.project import RECOVERY, RETAINAGE, Project, work_part
from chalicelib.domain.values import dataclass


class PlanState(StrEnum):
    """Where a part of the total is: to come, to be billed, on a document, given up, or kept back."""

    PLANNED = "planned"
    DUE = "due"
    ON_DRAFT = "on_draft"
    BILLED = "billed"
    PAID = "paid"
    WAIVED = "waived"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """Some of the total; item: what asks for it, None for what is not asked for yet, or withheld."""

    part: str
    description: str
    amount: Money
    state: PlanState
    item: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingPlan:
    total: Money
    entries: tuple[PlanEntry, ...]

    @property
    def sums(self) -> dict[PlanState, Money]:
        """What is in each state; together they are the total."""
        return {
            state: _sum((one.amount for one in self.entries if one.state is state), self.total) for state in PlanState
        }


def billing_plan(project: Project, items: Iterable[Item], invoices: Mapping[str, Invoice]) -> BillingPlan:
    """items: all that ask for a part of the project; invoices: those that claim them, by id."""
    ordered = sorted((item for item in items if item.part), key=lambda item: (item.occurred_at, item.id))
    asked = (
        PlanEntry(
            part=item.part or "",
            description=item.description,
            amount=item.amount,
            state=state_of(item, in_force(invoices.get(item.invoice_id or ""))),
            item=item,
        )
        for item in ordered
    )
    return BillingPlan(total=project.total, entries=(*asked, *_to_come(project)))


def state_of(item: Item, invoice: Invoice | None) -> PlanState:
    """invoice: the one in force that claims the item."""
    if item.status is ItemStatus.WAIVED:
        return PlanState.WAIVED
    if invoice is None:
        return PlanState.DUE
    if invoice.issued_at is None:
        return PlanState.ON_DRAFT
    return PlanState.PAID if invoice.paid_at else PlanState.BILLED


def differences(project: Project, items: Iterable[Item]) -> Iterator[tuple[str, Money, Money]]:
    """The parts whose items do not come to what was asked for them: the part, what they come to, what was asked."""
    zero = Money.zero(project.deposit.currency)
    found: dict[str, Money] = {}
    for item in items:
        if item.part:
            found[item.part] = found.get(item.part, zero) + item.amount
    asked = project.asked
    for part in sorted({*found, *asked}):
        one, other = found.get(part, zero), asked.get(part, zero)
        if one != other:
            yield part, one, other


def _to_come(project: Project) -> Iterator[PlanEntry]:
    """What is not asked for yet: of each line, less the deposit that they take off; and what is withheld."""
    for one in project.work:
        if one.planned:
            yield _entry(work_part(one.id), one.planned, PlanState.PLANNED, one.description)
    if project.ahead:
        yield _entry(RECOVERY, -project.ahead, PlanState.PLANNED)
    if project.withheld:
        yield _entry(RETAINAGE, project.withheld, PlanState.WITHHELD)


def _entry(part: str, amount: Money, state: PlanState, description: str = "") -> PlanEntry:
    return PlanEntry(part=part, description=description, amount=amount, state=state)


def _sum(amounts: Iterable[Money], like: Money) -> Money:
    return sum(amounts, Money.zero(like.currency))
