"""Doing what has become due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import dispatch
from chalicelib.domain.business import Business, Sending, at_time
from chalicelib.domain.errors import Conflict, DomainError, Refused
from chalicelib.domain.events import ClockMoved
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.values import dataclass
from chalicelib.ports import Directory, Due, Press, Save, Store
from chalicelib.usecases.billing_plans import bill_due
from chalicelib.usecases.charge_plans import charge_when_due
from chalicelib.usecases.charging_late import ask_for_late_fee
from chalicelib.usecases.contracting import turn_when_due
from chalicelib.usecases.issuing import issue_due, issue_invoice
from chalicelib.usecases.quoting import expire_quote
from chalicelib.usecases.reminding import remind_when_due

FARTHEST_DAYS = 800
ELSEWHERE = {"go_on_batch", "post", "ask_refund", "go_on_export"}
"""What takes as long as somebody else's server likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What one sweep did: how many things, and what it could not do and why, by a code; it stays due or was parked."""

    done: int
    failed: tuple[tuple[Due, str], ...]


def sweep(
    *,
    now: datetime,
    directory: Directory,
    store_of: Callable[[str], Store],
    clock_of: Callable[[Business], datetime],
    post: Callable[[Due], None],
    press: Press,
) -> Swept:
    """Do everything that is due; one thing that fails stops nothing else, and sweeping again does nothing twice.

    post: has what waits for a webhook, or for the payment provider, done by the function that may take so long.
    Raises ExceptionGroup at the end for what failed by our own mistake.
    """
    done, failed, mistakes = 0, [], []
    for due in directory.due(until=now):
        try:
            if due.kind in ELSEWHERE:
                post(due)
                done += 1
                continue
            store = store_of(due.business_id)
            done += carry_out(due, now=clock_of(store.get(Business)), store=store, press=press)
        except DomainError as error:
            failed.append((due, error.code))
        except Exception as error:  # noqa: BLE001 - raised again below: what comes after it must not wait for a repair
            mistakes.append(error)
    if mistakes:
        raise ExceptionGroup("some of what is due could not be done", mistakes)
    return Swept(done=done, failed=tuple(failed))


def carry_out(due: Due, *, now: datetime, store: Store, press: Press) -> bool:
    """Do one due thing if its time has come by the business's clock; answers whether there was something to do."""
    if due.kind in ELSEWHERE:
        return False
    if due.kind == "expire_quote":
        return expire_quote(due.id, now=now, store=store)
    if due.kind == "remind_client":
        return remind_when_due(due.id, now=now, store=store)
    if due.kind == "charge_client":
        return charge_when_due(due.id, now=now, store=store)
    if due.kind == "turn_period":
        return turn_when_due(due.id, now=now, store=store)
    if due.kind == "bill_plan":
        return _bill_plan(due.id, now=now, store=store, press=press)
    if due.kind == "charge_late_fee":
        return ask_for_late_fee(due.id, now=now, store=store)
    try:
        return issue_due(due.id, now=now, store=store, press=press)
    except Conflict:
        raise
    except DomainError as error:
        _park(due.id, reason=error.detail, now=now, store=store)
        raise


def send_at_once(invoice_id: str, *, now: datetime, store: Store, press: Press) -> None:
    """Issue and send a draft that is to go out as soon as it is there; one that cannot is parked, the business told.

    One that is only to be issued is not sent.
    """
    draft = store.find(Invoice, invoice_id)
    if draft is None or draft.issued_at or draft.send not in {Sending.AT_ONCE, Sending.ISSUE}:
        return
    try:
        issue_invoice(invoice_id, send=draft.send is Sending.AT_ONCE, now=now, store=store, press=press)
    except Conflict:
        raise
    except DomainError as error:
        _park(invoice_id, reason=error.detail, now=now, store=store)


def move_clock(to: datetime, *, now: datetime, directory: Directory, store: Store, press: Press) -> Business:
    """Move a sandbox's clock forward; everything due in between happens in order, each at its own time.

    Raises Refused for a real business, a move back, or one further than is sensible.
    """
    business = store.get(Business)
    if (to - now).days > FARTHEST_DAYS:
        raise Refused("clock_too_far", f"You cannot move the clock more than {FARTHEST_DAYS} days at once.")
    at_time(business, to)
    tried: set[tuple[datetime, Due]] = set()
    before = store.aside()
    while waiting := [found for found in directory.due_in_sandbox(business.id, until=to) if found not in tried]:
        at, due = waiting[0]
        tried.add((at, due))
        moment = max(at, before.get(Business).clock or now)
        _set_clock(moment, now=now, store=before)
        try:
            carry_out(due, now=moment, store=before, press=press)
        except DomainError:
            continue  # it was parked, and the business is told
    return _set_clock(to, now=now, store=store)


def _set_clock(to: datetime, *, now: datetime, store: Store) -> Business:
    def deed() -> Business:
        business = store.get(Business)
        if business.clock == to:
            return business
        moved = at_time(business, to)
        store.commit(Save(moved, ClockMoved(subject=business.id, version=moved.version, at=now)))
        return moved

    return store.persistently(deed)


def _bill_plan(plan_id: str, *, now: datetime, store: Store, press: Press) -> bool:
    """Each period's invoice is issued before the next is drafted, so that numbers follow the periods."""
    drafts = 0
    for draft in bill_due(plan_id, now=now, store=store, wordings=press.wordings):
        send_at_once(draft, now=now, store=store, press=press)
        drafts += 1
    return drafts > 0


def _park(invoice_id: str, *, reason: str, now: datetime, store: Store) -> None:
    """Take the day from a draft that cannot go out, and have the business told why; it is not tried for ever."""

    def deed() -> None:
        invoice = store.find(Invoice, invoice_id)
        if invoice is None or invoice.issued_at:
            return
        waiting = replace(invoice, send=Sending.MANUAL, send_on=None, scheduled_for=None)
        store.commit(Save(*dispatch.failed(waiting, reason=reason, at=now)))

    store.persistently(deed)
