"""A project: one billing plan of deposit, work or milestones, and retainage, whose sum is always the contract's.

Whatever becomes due is asked for once, as an item. At any time what was asked for, what is withheld of it and what
remains to be asked for come to the total, to the cent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.progress import WHOLE, Work, progressed, share_of
from chalicelib.domain.values import dataclass

MOST_WORK = 40
"""With the deposit and the retainage, a situation over all of it is one transaction."""

DEPOSIT, RECOVERY, RETAINAGE, RELEASE = "deposit", "recovery", "retainage", "release"
"""The parts of a plan beside its work: asked for at first, and taken off again; withheld, and released again."""


class ProjectModel(StrEnum):
    """What its billing follows: the progress of each line of work, or milestones, each of them reached or not."""

    PROGRESS = "progress"
    MILESTONES = "milestones"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What becomes due of one part; below zero where it is taken off. at: how much is done of it, from and to."""

    part: str
    amount: Money
    description: str = ""
    at: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What was agreed, and how far it was asked for.

    work: the lines, or the milestones. situations: how many times something became due.
    deposit, recovered: what was asked for at first, and what of it the situations took off again since.
    retained, released: what was withheld of the situations, and what of that was released.
    release_on: when what is withheld is released at the latest.
    """

    model: ProjectModel
    work: tuple[Work, ...]
    deposit_percent: Decimal = Decimal(0)
    retainage_percent: Decimal = Decimal(0)
    situations: int = 0
    deposit: Money
    recovered: Money
    retained: Money
    released: Money
    accepted_on: date | None = None
    release_on: date | None = None

    @property
    def total(self) -> Money:
        return self._sum(one.amount for one in self.work)

    @property
    def earned(self) -> Money:
        """What was asked for the work so far, before the deposit and the retainage are taken off."""
        return self._sum(one.billed for one in self.work)

    @property
    def ahead(self) -> Money:
        """What of the deposit no situation took off yet."""
        return self.deposit - self.recovered

    @property
    def withheld(self) -> Money:
        return self.retained - self.released

    @property
    def remaining(self) -> Money:
        """What is neither asked for nor withheld yet."""
        return self.total - self.earned - self.ahead

    @property
    def asked(self) -> dict[str, Money]:
        """By part, what was asked for it so far: what its items come to."""
        rest = {DEPOSIT: self.deposit, RECOVERY: -self.recovered, RETAINAGE: -self.retained, RELEASE: self.released}
        return {work_part(one.id): one.billed for one in self.work} | rest

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, Money.zero(self.deposit.currency))


def agreed(
    model: ProjectModel,
    lines: Iterable[tuple[str, str, Money]],
    *,
    currency: str,
    deposit_percent: Decimal,
    retainage_percent: Decimal,
) -> Project:
    """A project of which nothing was asked for yet; lines: id, description and amount of each.

    Raises Invalid for amounts that are not above zero, and for more taken off than a situation comes to.
    """
    zero = Money.zero(currency)
    work = tuple(Work(id=id, description=text, amount=amount, billed=zero) for id, text, amount in lines)
    field = "work" if model is ProjectModel.PROGRESS else "milestones"
    ids = [one.id for one in work]
    for place, one in enumerate(work):
        if one.amount.minor <= 0:
            raise Invalid("not_positive", "What is agreed is above 0.", at=f"/project/{field}/{place}/amount")
        if one.id in ids[:place]:
            raise Invalid("line_twice", f"Two lines bear the id {one.id!r}.", at=f"/project/{field}/{place}/id")
    for name, percent in (("deposit_percent", deposit_percent), ("retainage_percent", retainage_percent)):
        if percent < 0:
            raise Invalid("not_a_percentage", "This is between 0 and 100 per cent.", at=f"/project/{name}")
    if deposit_percent + retainage_percent > WHOLE:
        detail = "Deposit and retainage together cannot be more than 100 per cent."
        raise Invalid("percentages_off", detail, at="/project/retainage_percent")
    return Project(
        model=model,
        work=work,
        deposit_percent=deposit_percent,
        retainage_percent=retainage_percent,
        deposit=zero,
        recovered=zero,
        retained=zero,
        released=zero,
    )


def begun(project: Project) -> tuple[Project, tuple[Due, ...]]:
    """The project in force, and its deposit."""
    deposit = share_of(project.total, project.deposit_percent)
    return _with_dues(project, replace(project, deposit=deposit))


def advanced(project: Project, percents: Mapping[str, Decimal]) -> tuple[Project, tuple[Due, ...]]:
    """The project as far as it is done now, and what becomes due by that; of lines that are not named, nothing.

    Raises Invalid for a line that is not there, or no percentage.
    """
    work = progressed(project.work, percents)
    billed = tuple(replace(one, billed=one.earned) if one.id in percents else one for one in work)
    after = replace(project, work=billed)
    retained = max(share_of(after.earned, project.retainage_percent), project.released)
    return _with_dues(project, replace(after, recovered=_recovered(project, after), retained=retained))


def released(project: Project) -> tuple[Project, tuple[Due, ...]]:
    """The project with all that is withheld released."""
    return _with_dues(project, replace(project, released=project.retained))


def agreed_anew(before: Project, wanted: Project) -> Project:
    """A project in force with other lines (avenant): what was asked for stays, and the sum is the new total.

    Raises Refused (``project_billed``) for what was asked for already and would be more than what is agreed on.
    """
    if (wanted.model, wanted.deposit_percent) != (before.model, before.deposit_percent):
        raise _billed("its deposit was asked for; only its lines and the retainage can change")
    known = {one.id: one for one in before.work}
    gone = [one.id for one in before.work if one.billed and one.id not in {each.id for each in wanted.work}]
    if gone:
        raise _billed(f"{', '.join(gone)} was billed")
    work = tuple(_kept(one, known[one.id], before.model) if one.id in known else one for one in wanted.work)
    after = replace(before, work=work, retainage_percent=wanted.retainage_percent)
    if after.remaining.minor < 0:
        raise _billed(f"{before.earned + before.ahead} were asked for, and it would come to {after.total}")
    return after


def work_part(id: str) -> str:
    """What a line or a milestone is called as a part of the plan."""
    return f"work:{id}"


def _kept(one: Work, was: Work, model: ProjectModel) -> Work:
    """A line that was agreed before, as far as it was asked for."""
    wrong = one.amount != was.amount if model is ProjectModel.MILESTONES and was.billed else one.amount < was.billed
    if wrong:
        raise _billed(f"{was.billed} were billed of {was.id}; give it that amount at least")
    return replace(one, percent=was.percent, billed=was.billed)


def _billed(why: str) -> Refused:
    return Refused("project_billed", f"You cannot change the project so because {why}.")


def _with_dues(before: Project, after: Project) -> tuple[Project, tuple[Due, ...]]:
    """The project one situation on, and what its parts come to more than before."""
    texts = {work_part(one.id): one for one in after.work}
    percents = {work_part(one.id): one.percent for one in before.work}
    asked = before.asked
    dues = tuple(
        Due(
            part=part,
            amount=amount - asked[part],
            description=texts[part].description if part in texts else "",
            at=_from_to(after, percents[part], texts[part].percent) if part in texts else None,
        )
        for part, amount in after.asked.items()
        if amount != asked[part]
    )
    return (replace(after, situations=before.situations + 1) if dues else after), dues


def _from_to(project: Project, before: Decimal, now: Decimal) -> tuple[Decimal, Decimal] | None:
    return (before, now) if project.model is ProjectModel.PROGRESS else None


def _recovered(before: Project, after: Project) -> Money:
    """What is taken off of the deposit: in step with what remains to be done (pro-05), given back where that grows."""
    step = after.earned - before.earned
    of, over = (before.ahead, before.total - before.earned) if step.minor > 0 else (before.recovered, before.earned)
    if not over.minor:
        return before.recovered
    return before.recovered + Money.rounded(
        Fraction(of.decimal) * Fraction(step.decimal) / Fraction(over.decimal), of.currency
    )
