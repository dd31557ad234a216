"""A batch: invoices over many contracts, drafted, issued and exported together, each alone in its failure (A1 on)."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.batch_events import (
    BatchAsked,
    BatchCancelled,
    BatchPaused,
    BatchPlanned,
    BatchProgressed,
    BatchResumed,
)
from chalicelib.domain.batch_plan import BatchPlan, InvoicePer
from chalicelib.domain.errors import Refused
from chalicelib.domain.ids import ULID_TIME_LENGTH, derived_id
from chalicelib.domain.itemised import Grouping
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

UNUSUAL = 3
"""So many times the last run is asked about first (Kill Bill's safety bound)."""

LOOKED_AFTER = timedelta(minutes=10)
"""A worker that has not gone on for so long is taken for dead."""


class Step(StrEnum):
    """What is being done to all of its invoices."""

    DRAFT = "draft"
    ISSUE = "issue"


class BatchStatus(StrEnum):
    PLANNED = "planned"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    ISSUING = "issuing"
    ISSUED = "issued"
    PAUSED = "paused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An invoice that could not be drafted or issued, and why; place: which of the plan's."""

    place: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What failed in one part on one step, when it was done last; looked up by batch, step and part."""

    batch_id: str
    step: Step
    part: int
    failures: tuple[Failure, ...]

    @property
    def id(self) -> str:
        return f"{self.batch_id}/{self.step}/{self.part:05d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Its plan is in parts beside it, and its invoices name it.

    invoices: how many were planned; amounts: their totals by currency, as planned.
    step: what is being done, or was last; next_part: where that goes on; done, failed: on that step so far.
    send: that what is issued is mailed, too, and what was issued before and never mailed.
    began_at, moved_at: of the step, for its pace.
    """

    id: str
    version: int = 1
    name: str
    plan_hash: str
    per: InvoicePer
    grouping: Grouping
    parts: int
    invoices: int
    amounts: tuple[Money, ...]
    step: Step | None = None
    next_part: int = 0
    done: int = 0
    failed: int = 0
    send: bool = False
    began_at: datetime | None = None
    moved_at: datetime | None = None
    created_at: datetime
    drafted_at: datetime | None = None
    issued_at: datetime | None = None
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether a worker is to go on with it."""
        return self.step is not None and not (self.paused_at or self.cancelled_at) and self.next_part < self.parts

    @property
    def status(self) -> BatchStatus:
        if self.cancelled_at:
            return BatchStatus.CANCELLED
        if self.paused_at:
            return BatchStatus.PAUSED
        if self.step is None:
            return BatchStatus.PLANNED
        if self.step is Step.DRAFT:
            return BatchStatus.DRAFTED if self.drafted_at else BatchStatus.DRAFTING
        return BatchStatus.ISSUED if self.issued_at else BatchStatus.ISSUING

    @property
    def look_at(self) -> datetime | None:
        """When somebody looks whether its worker still lives."""
        return self.moved_at + LOOKED_AFTER if self.is_running and self.moved_at else None

    def amount_in(self, currency: str) -> Money:
        return next((one for one in self.amounts if one.currency == currency), Money.zero(currency))

    def ends_at(self, now: datetime) -> datetime | None:
        """When the step will be done at its present pace; None where that cannot be told."""
        if not self.is_running or not self.began_at or not self.next_part:
            return None
        return now + (now - self.began_at) * (self.parts - self.next_part) / self.next_part


BatchMoved = BatchAsked | BatchPaused | BatchResumed | BatchCancelled


def invoice_id(batch: Batch, place: int) -> str:
    """The id of a planned invoice: the same whoever drafts it, and however often."""
    return derived_id("inv", f"{batch.id}\n{place}", at=batch.created_at)


def beginning_of_ids(batch: Batch) -> str:
    """What the ids of all its invoices begin with: a prefix, and the batch's own millisecond."""
    return invoice_id(batch, 0)[: len("inv_") + ULID_TIME_LENGTH]


def planned(
    id: str, name: str, plan: BatchPlan, *, amounts: tuple[Money, ...], at: datetime
) -> tuple[Batch, BatchPlanned]:
    batch = Batch(
        id=id,
        name=name,
        plan_hash=plan.hash,
        per=plan.selection.per,
        grouping=plan.selection.grouping,
        parts=len(plan.parts(id)),
        invoices=len(plan.invoices),
        amounts=amounts,
        created_at=at,
    )
    return batch, BatchPlanned(subject=id, version=1, at=at, name=name, count=batch.invoices)


def asked(batch: Batch, step: Step, *, send: bool = False, at: datetime) -> tuple[Batch, BatchAsked]:
    """The batch with a step to be done to all of its invoices.

    Once they are issued it is asked for again to issue what failed, or to mail what was not to be mailed before.
    Raises Refused for one that is not ready for it.
    """
    if not _is_ready(batch, step, send=send) or batch.paused_at or batch.cancelled_at:
        verb = "run" if step is Step.DRAFT else "issue"
        raise Refused("batch_not_ready", f"You cannot {verb} batch {batch.id} because it is {batch.status}.")
    after = replace(
        batch,
        version=batch.version + 1,
        step=step,
        next_part=0,
        done=0,
        failed=0,
        send=send,
        began_at=at,
        moved_at=at,
        issued_at=None,
    )
    return after, BatchAsked(subject=batch.id, version=after.version, at=at, step=step, send=send)


def _is_ready(batch: Batch, step: Step, *, send: bool) -> bool:
    if step is Step.DRAFT:
        return batch.step is None
    if batch.status is BatchStatus.ISSUED:
        return batch.failed > 0 or (send and not batch.send)
    return batch.status is BatchStatus.DRAFTED


def progressed(batch: Batch, *, done: int, failed: int, at: datetime) -> tuple[Batch, BatchProgressed]:
    """The batch with one more part of its step behind it."""
    after = replace(
        batch,
        version=batch.version + 1,
        next_part=batch.next_part + 1,
        done=batch.done + done,
        failed=batch.failed + failed,
        moved_at=at,
    )
    if after.next_part >= after.parts:
        after = replace(after, drafted_at=at) if after.step is Step.DRAFT else replace(after, issued_at=at)
    event = BatchProgressed(
        subject=batch.id, version=after.version, at=at, part=batch.next_part, done=done, failed=failed
    )
    return after, event


def paused(batch: Batch, *, at: datetime) -> tuple[Batch, BatchPaused]:
    """The batch held: nobody goes on with it, or begins a step; the transaction that is under way still ends.

    Raises Refused for one that is held already, or over.
    """
    if batch.paused_at or batch.cancelled_at or batch.issued_at:
        raise Refused("batch_not_running", f"You cannot pause batch {batch.id} because it is {batch.status}.")
    after = replace(batch, version=batch.version + 1, paused_at=at)
    return after, BatchPaused(subject=batch.id, version=after.version, at=at)


def resumed(batch: Batch, *, at: datetime) -> tuple[Batch, BatchResumed]:
    """The batch gone on with; the time for which it was held does not count for its pace."""
    if not batch.paused_at or batch.cancelled_at:
        raise Refused("batch_not_paused", f"You cannot resume batch {batch.id} because it is {batch.status}.")
    began_at = batch.began_at and batch.began_at + (at - batch.paused_at)
    after = replace(batch, version=batch.version + 1, paused_at=None, began_at=began_at, moved_at=at)
    return after, BatchResumed(subject=batch.id, version=after.version, at=at)


def cancelled(batch: Batch, *, at: datetime) -> tuple[Batch, BatchCancelled]:
    """The batch as one with which nobody goes on; what was drafted or issued so far stays."""
    if batch.cancelled_at or batch.issued_at:
        raise Refused("batch_over", f"You cannot cancel batch {batch.id} because it is {batch.status}.")
    after = replace(batch, version=batch.version + 1, cancelled_at=at)
    return after, BatchCancelled(subject=batch.id, version=after.version, at=at)
