"""Projects as JSON: what is agreed of them, how they go on, and their billing plan."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.domain.billing_plan import PlanEntry, PlanState
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.progress import Work
from chalicelib.domain.project import MOST_WORK, Project, ProjectModel, agreed
from chalicelib.domain.schedule import Instalment, InstalmentTerm, plan
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import (
    Amount,
    Code,
    Day,
    Figure,
    LongText,
    Percent,
    Shape,
    one_of,
    refusal,
)
from chalicelib.usecases.projecting import ShownPlan

Agreed = tuple[str, str, Money]


class WorkIn(Shape):
    """A line of what is agreed; id: by which its progress is told, its place where none is given."""

    id: Code | None = None
    description: LongText
    amount: Amount


class MilestoneIn(Shape):
    """A part of the total that is billed when it is reached: a percentage, an amount, or the rest."""

    id: Code | None = None
    label: LongText
    percent: Percent | None = None
    amount: Amount | None = None
    remainder: bool = False

    @model_validator(mode="after")
    def _either(self) -> Self:
        one_of(self, "percent", "amount", "remainder")
        return self

    def term(self, place: int, currency: str) -> InstalmentTerm:
        at = f"/project/milestones/{place}/amount"
        amount = None if self.amount is None else Money.exactly(self.amount, currency, at=at)
        return InstalmentTerm(label=self.label, percent=self.percent, amount=amount, remainder=self.remainder)


class ProjectIn(Shape):
    """Lines of work that are billed by their progress, or milestones; amounts are before tax.

    total: what the contract comes to; it may be left out where the amounts say it.
    deposit_percent: of the total, asked for when the contract is activated, and taken off again in step with the work.
    retainage_percent: held back of the work until it is released.
    """

    total: Amount | None = None
    work: Annotated[list[WorkIn], Field(max_length=MOST_WORK)] = Field(default_factory=list)
    milestones: Annotated[list[MilestoneIn], Field(max_length=MOST_WORK)] = Field(default_factory=list)
    deposit_percent: Percent = Decimal(0)
    retainage_percent: Percent = Decimal(0)

    @model_validator(mode="after")
    def _one_model(self) -> Self:
        if bool(self.work) == bool(self.milestones):
            raise refusal("one_of", "Give lines of work or milestones.")
        return self

    def project(self, currency: str) -> Project:
        """Raises Invalid for parts that do not come to the total."""
        model = ProjectModel.PROGRESS if self.work else ProjectModel.MILESTONES
        return agreed(
            model,
            self._work(currency) if self.work else self._milestones(currency),
            currency=currency,
            deposit_percent=self.deposit_percent,
            retainage_percent=self.retainage_percent,
        )

    def _work(self, currency: str) -> list[Agreed]:
        lines = [
            (
                one.id or f"{place}",
                one.description,
                Money.exactly(one.amount, currency, at=f"/project/work/{place - 1}/amount"),
            )
            for place, one in enumerate(self.work, start=1)
        ]
        total = sum((amount for _, _, amount in lines), Money.zero(currency))
        if self.total is not None and total != Money.exactly(self.total, currency, at="/project/total"):
            raise Invalid("amounts_off", f"The work adds up to {total}, not {self.total:f}.", at="/project/total")
        return lines

    def _milestones(self, currency: str) -> list[Agreed]:
        terms = [one.term(place, currency) for place, one in enumerate(self.milestones)]
        zero = Money.zero(currency)
        if self.total is not None:
            total = Money.exactly(self.total, currency, at="/project/total")
        elif all(term.amount for term in terms):
            total = sum((term.amount or zero for term in terms), zero)
        else:
            raise Invalid("missing", "Percentages and a rest need the total that they are of.", at="/project/total")
        amounts = {one.id: one.amount for one in _planned(terms, total)}
        return [
            (one.id or f"{place}", one.label, amounts.get(f"{place}", zero))
            for place, one in enumerate(self.milestones, start=1)
        ]


class ProgressIn(Shape):
    """progress: by line, how much of it is done by now, in per cent; lines that are left out stay as they are."""

    progress: Annotated[dict[Code, Percent], Field(max_length=MOST_WORK)]


class AcceptIn(Shape):
    on: Day


class WorkOut(Shape):
    """billed: what was asked for it so far, before deposit and retainage, on an invoice or still to be put on one."""

    id: str
    description: str
    amount: Figure
    percent: Figure
    billed: Figure

    @classmethod
    def of(cls, one: Work) -> "WorkOut":
        return cls(
            id=one.id,
            description=one.description,
            amount=f"{one.amount}",
            percent=plain(one.percent),
            billed=f"{one.billed}",
        )


class MilestoneOut(Shape):
    id: str
    label: str
    amount: Figure
    completed: bool

    @classmethod
    def of(cls, one: Work) -> "MilestoneOut":
        return cls(id=one.id, label=one.description, amount=f"{one.amount}", completed=bool(one.billed))


class ProjectOut(Shape):
    """deposit_left: what of the deposit is still to be taken off; release_on: what is withheld is released by then."""

    total: Figure
    model: ProjectModel
    work: list[WorkOut]
    milestones: list[MilestoneOut]
    deposit_percent: Figure
    retainage_percent: Figure
    situations: int
    deposit: Figure
    deposit_left: Figure
    withheld: Figure
    remaining: Figure
    accepted_on: date | None
    release_on: date | None

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        by_progress = project.model is ProjectModel.PROGRESS
        return cls(
            total=f"{project.total}",
            model=project.model,
            work=[WorkOut.of(one) for one in project.work] if by_progress else [],
            milestones=[] if by_progress else [MilestoneOut.of(one) for one in project.work],
            deposit_percent=plain(project.deposit_percent),
            retainage_percent=plain(project.retainage_percent),
            situations=project.situations,
            deposit=f"{project.deposit}",
            deposit_left=f"{project.ahead}",
            withheld=f"{project.withheld}",
            remaining=f"{project.remaining}",
            accepted_on=project.accepted_on,
            release_on=project.release_on,
        )


class PlanEntryOut(Shape):
    """Some of the total; item_id, invoice_id: what asks for it, and the document that it is on."""

    part: str
    description: str
    amount: Figure
    state: PlanState
    item_id: str | None
    invoice_id: str | None
    invoice_number: str | None


class PlanSumsOut(Shape):
    """What is in each state; together they are the total."""

    planned: Figure
    due: Figure
    on_draft: Figure
    billed: Figure
    paid: Figure
    waived: Figure
    withheld: Figure


class BillingPlanOut(Shape):
    contract_id: str
    currency: str
    total: Figure
    entries: list[PlanEntryOut]
    sums: PlanSumsOut

    @classmethod
    def of(cls, shown: ShownPlan) -> "BillingPlanOut":
        return cls(
            contract_id=shown.contract.id,
            currency=shown.contract.currency,
            total=f"{shown.plan.total}",
            entries=[_entry(one, shown) for one in shown.plan.entries],
            sums=PlanSumsOut(**{state.value: f"{amount}" for state, amount in shown.plan.sums.items()}),
        )


def _entry(one: PlanEntry, shown: ShownPlan) -> PlanEntryOut:
    on_document = one.state in {PlanState.ON_DRAFT, PlanState.BILLED, PlanState.PAID}
    invoice = shown.invoices.get(one.item.invoice_id or "") if one.item and on_document else None
    return PlanEntryOut(
        part=one.part,
        description=one.description,
        amount=f"{one.amount}",
        state=one.state,
        item_id=one.item.id if one.item else None,
        invoice_id=invoice.id if invoice else None,
        invoice_number=invoice.number if invoice else None,
    )


def _planned(terms: list[InstalmentTerm], total: Money) -> tuple[Instalment, ...]:
    """The milestones as a schedule of the total, its faults told of the milestones."""
    try:
        return plan(terms, total)
    except Invalid as invalid:
        faults = [
            Fault(one.at.replace("/schedule", "/project/milestones"), one.code, one.detail) for one in invalid.faults
        ]
        raise Invalid(invalid.code, invalid.detail, faults=faults) from invalid
