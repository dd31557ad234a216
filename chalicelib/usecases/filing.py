"""Jobs: opened by hand or by whatever is made without one (P31, P49), changed, and filed to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain import job as jobs
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.job import Job, JobStatus
from chalicelib.domain.party import Address
from chalicelib.domain.sales import Content
from chalicelib.ports import Add, Change, Ids, Save, Store
from chalicelib.usecases.checking import present_client, unchanged


def filed(
    job_id: str | None,
    *,
    client: Client,
    title: str,
    site: Address | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
) -> tuple[Job, tuple[Change, ...]]:
    """The job that something of a client's belongs to, and what opens that job if it names none.

    title, site: what a job that is opened is called, and where its work is done.
    The changes go into the transaction of what is filed, behind its own.
    Raises NotFound for an unknown job, Invalid (``foreign_job``) for another client's, Refused (``job_closed``).
    """
    if job_id is not None:
        return _of_client(job_id, client.id, store), ()
    job, event = jobs.opened(ids("job"), client, title=title, address=site, at=now)
    return job, (Add(job, event),)


def refiled(before: str | None, wanted: str | None, *, client_id: str, store: Store) -> None:
    """Raise, as ``filed`` does, unless what was filed to one job may be filed to another."""
    if wanted == before:
        return
    if wanted is None:
        raise Invalid(
            "missing", "You cannot take this out of its job because everything is filed to one.", at="/job_id"
        )
    _of_client(wanted, client_id, store)


def title_of(content: Content) -> str:
    """What a job is called that a document opens."""
    return next((line.description for line in content.lines), "")


def sited(content: Content, site: Address | None) -> Content:
    """The content of a document with where the work is done, if it does not say so itself (P9)."""
    if site is None or content.addresses.service_site:
        return content
    return replace(content, addresses=replace(content.addresses, service_site=site))


def open_job(
    client_id: str,
    *,
    title: str | None,
    address: Address | None,
    notes: str | None,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Job:
    client = present_client(client_id, store)
    job, event = jobs.opened(ids("job"), client, title=title or "", address=address, notes=notes, at=now)
    store.commit(Add(job, event))
    return job


def change_job(
    job_id: str,
    change: Callable[[Job], Job],
    *,
    fields: tuple[str, ...],
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Job:
    """The job with what ``change`` makes of it. fields: what that is, for the journal."""

    def deed() -> Job:
        job = unchanged(present_job(job_id, store), if_match)
        after, event = jobs.changed(job, change(job), fields=fields, at=now)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def remove_job(job_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take away a job to which nothing is filed. Raises Refused (``job_in_use``) for any other."""

    def deed() -> None:
        job = unchanged(present_job(job_id, store), if_match)
        if _holds_anything(job_id, store):
            raise Refused("job_in_use", f"You cannot delete job {job_id} because something is filed to it.")
        store.commit(Save(*jobs.removed(job, at=now)))

    store.persistently(deed)


def present_job(job_id: str, store: Store) -> Job:
    """The job, provided it was not deleted; one that something was filed to at that very moment is there again.

    Raises NotFound.
    """
    job = store.get(Job, job_id)
    if job.removed_at and not _holds_anything(job_id, store):
        raise NotFound("job", job_id)
    return job


def _of_client(job_id: str, client_id: str, store: Store) -> Job:
    job = present_job(job_id, store)
    if job.client_id != client_id:
        detail = f"You cannot file this to job {job_id} because that is another client's."
        raise Invalid("foreign_job", detail, at="/job_id")
    if job.status is JobStatus.CLOSED:
        raise Refused("job_closed", f"You cannot file this to job {job_id} because it is closed; open it again first.")
    return job


def _holds_anything(job_id: str, store: Store) -> bool:
    rows: tuple[Any, ...] = store.folder(job_id, limit=2).rows
    return any(not isinstance(row, Job) for row in rows)
