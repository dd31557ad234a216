"""How a project goes on: begun, done bit by bit, accepted, and what was withheld of it released."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain import project as projects
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract, must_be_active
from chalicelib.domain.contract_life import looked_at
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.progress import WHOLE
from chalicelib.domain.project import Due, Project, ProjectModel
from chalicelib.domain.project_events import (
    ContractAccepted,
    ContractMilestoneCompleted,
    ContractProgressed,
    ContractRetainageReleased,
)
from chalicelib.domain.retainage import release_on

Dues = tuple[Due, ...]


def project_of(contract: Contract) -> Project:
    """What was agreed. Raises Refused (``not_a_project``) for a contract of another type."""
    if contract.project is None:
        detail = f"You cannot do this with contract {contract.id} because it has no work and no milestones."
        raise Refused("not_a_project", detail)
    return contract.project


def begun(contract: Contract) -> tuple[Contract, Dues]:
    """A contract just put in force, with its deposit due; one without a project as it is."""
    if contract.project is None:
        return contract, ()
    project, dues = projects.begun(contract.project)
    return replace(contract, project=project), dues


def progressed(
    contract: Contract, percents: Mapping[str, Decimal], *, business: Business, at: datetime
) -> tuple[Contract, ContractProgressed | None, Dues]:
    """The contract as far as its work is done now; without an event where it was so far already.

    Raises Refused (``by_milestones``) for one that is billed by those.
    """
    project = _active(contract, "tell the progress of")
    if project.model is not ProjectModel.PROGRESS:
        raise Refused("by_milestones", f"You cannot tell the progress of {contract.id}: it is billed by milestones.")
    after, dues = projects.advanced(project, percents)
    if after == project:
        return contract, None, ()
    told = _with(contract, after, business)
    event = ContractProgressed(
        subject=contract.id, version=told.version, at=at, situation=after.situations, amount=_sum(dues, project)
    )
    return told, event, dues


def completed(
    contract: Contract, milestone_id: str, *, business: Business, at: datetime
) -> tuple[Contract, ContractMilestoneCompleted | None, Dues]:
    """The contract with a milestone reached; without an event where it was reached before.

    Raises NotFound for one that it does not have.
    """
    project = _active(contract, "complete a milestone of")
    known = {one.id for one in project.work} if project.model is ProjectModel.MILESTONES else set()
    if milestone_id not in known:
        raise NotFound("milestone", milestone_id)
    after, dues = projects.advanced(project, {milestone_id: WHOLE})
    if after == project:
        return contract, None, ()
    told = _with(contract, after, business)
    event = ContractMilestoneCompleted(
        subject=contract.id,
        version=told.version,
        at=at,
        milestone_id=milestone_id,
        situation=after.situations,
        amount=_sum(dues, project),
    )
    return told, event, dues


def accepted(
    contract: Contract, *, on: date, business: Business, at: datetime
) -> tuple[Contract, ContractAccepted | None]:
    """The contract with its work accepted; without an event where that day was told before."""
    project = project_of(contract)
    if not contract.activated_at:
        must_be_active(contract, "accept the work of")
    if project.accepted_on == on:
        return contract, None
    after = replace(project, accepted_on=on, release_on=release_on(on, business.country))
    told = _with(contract, after, business)
    event = ContractAccepted(subject=contract.id, version=told.version, at=at, on=on, due_on=after.release_on)
    return told, event


def released(
    contract: Contract, *, business: Business, at: datetime
) -> tuple[Contract, ContractRetainageReleased | None, Dues]:
    """The contract with all that is withheld released, ended or not; without an event where nothing is."""
    project = project_of(contract)
    after, dues = projects.released(project)
    if not dues:
        return contract, None, ()
    told = _with(contract, after, business)
    event = ContractRetainageReleased(subject=contract.id, version=told.version, at=at, amount=_sum(dues, project))
    return told, event, dues


def _active(contract: Contract, deed: str) -> Project:
    project = project_of(contract)
    must_be_active(contract, deed)
    return project


def _with(contract: Contract, project: Project, business: Business) -> Contract:
    return looked_at(replace(contract, version=contract.version + 1, project=project), business)


def _sum(dues: Dues, project: Project) -> Money:
    return sum((due.amount for due in dues), Money.zero(project.deposit.currency))
