"""What of the work is there for whoever asks: for a technician his own visits, and nothing of those of others."""

from collections.abc import Iterable

from chalicelib.domain.access import Role, allows
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import NotFound
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Envelope
from chalicelib.domain.plan import Plan
from chalicelib.domain.visit import Visit
from chalicelib.entrypoints.http.contract import Call
from chalicelib.ports import Filter
from chalicelib.usecases import filing


def only_of(call: Call) -> str | None:
    """Whose visits there are for the caller: a technician's are his; None: everybody's."""
    return call.actor if call.role is Role.TECHNICIAN else None


def seen_job(call: Call, job_id: str) -> Job:
    """The job; a technician sees those in which he has a visit. Raises NotFound."""
    job, own = filing.present_job(job_id, call.store), only_of(call)
    if own:
        visits = Filter(job_id=job_id, fits=lambda visit: visit.technician_id == own)
        if not call.store.page(Visit, visits, limit=1).rows:
            raise NotFound("job", job_id)
    return job


def seen_visits(call: Call, visits: Iterable[Visit]) -> list[Visit]:
    own = only_of(call)
    return [visit for visit in visits if own in {None, visit.technician_id}]


def seen_items(call: Call, items: Iterable[Item]) -> list[Item]:
    """Those of the items that are there for the caller: for a technician none of another's visit."""
    all_of = list(items)
    if only_of(call) is None:
        return all_of
    ids = {item.visit_id for item in all_of if item.visit_id}
    own = {visit.id for visit in seen_visits(call, call.store.many(Visit, sorted(ids)) if ids else ())}
    return [item for item in all_of if item.visit_id is None or item.visit_id in own]


def seen_credit_notes(call: Call, notes: Iterable[CreditNote]) -> list[CreditNote]:
    """Those who may not see credit notes see none of them elsewhere either."""
    return list(notes) if allows(call.role, "credit_notes.read") else []


def seen_plans(call: Call, plans: Iterable[Plan]) -> list[Plan]:
    return list(plans) if allows(call.role, "plans.read") else []


def seen_events(call: Call, told: Iterable[Envelope]) -> list[Envelope]:
    """What was told of that is there for the caller.

    For a technician that is nothing of another's visits and their items, and nothing of credit notes and plans.

    What was deleted is told to the office only: nothing says any more whose it was.
    """
    all_of = list(told)
    if only_of(call) is None:
        return all_of
    subjects = {one.event.subject for one in all_of}
    of_the_office = {id for id in subjects if id.startswith(("crn_", "pln_"))}
    work = {id for id in subjects if id.startswith(("vis_", "itm_"))}
    visits = call.store.many(Visit, sorted(id for id in work if id.startswith("vis_")))
    items = call.store.many(Item, sorted(id for id in work if id.startswith("itm_")))
    seen = {visit.id for visit in seen_visits(call, visits)} | {item.id for item in seen_items(call, items)}
    return [one for one in all_of if one.event.subject not in (work - seen) | of_the_office]
