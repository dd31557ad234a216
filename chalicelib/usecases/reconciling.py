"""Comparing a payment account with what the provider says of it, and healing what nobody had told us."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain import payout as payouts
from chalicelib.domain import reconciliation
from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.own_key import names_an_endpoint
from chalicelib.domain.payment import Payment
from chalicelib.domain.payout import MOST_PARTS, Payout
from chalicelib.domain.reconciliation import OVERDUE, Finding, Round, Standing, Step, What
from chalicelib.domain.refund import Refund
from chalicelib.domain.settlement import Charge, Dispute, RefundStatus
from chalicelib.domain.settlement import Refund as Refunded
from chalicelib.domain.values import dataclass
from chalicelib.domain.webhook_signature import ProviderEvent, Use
from chalicelib.ports import (
    Add,
    Directory,
    Filter,
    Gateway,
    Ids,
    Keep,
    Note,
    Once,
    Page,
    Save,
    Store,
    Unfinished,
)
from chalicelib.usecases.reading import payment_of

PAGE = 100
LONGEST_REFUND = timedelta(days=30)
"""A refund that is pending for longer is not asked for every day any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What is to be done elsewhere, each a piece of work of its own; all of it may be asked for again.

    hear:   of an event, by what remembers it. settle: a payment, and why; look: at a page. refund: by our id of it.
    tell:   of the findings up to one; remind: of a payment that belongs to nobody.
    """

    hear: Callable[[ProviderEvent, str], None]
    settle: Callable[[str, str], None]
    look: Callable[[str], None]
    refund: Callable[[str], None]
    tell: Callable[[str, str], None]
    remind: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a comparison is made with. real_now: whatever a sandbox's clock says; now: by it."""

    account: PaymentAccount
    real_now: datetime
    now: datetime
    ids: Ids
    store: Store
    directory: Directory
    gateway: Gateway
    orders: Orders


def begin(account_id: str, *, grace: timedelta, real_now: datetime, store: Store) -> Round:
    """The next round of an account, from where the last one ended, to what is older than the grace."""
    standing = store.find(Standing, account_id)
    opened = store.get(Business).created_at
    return reconciliation.begun(account_id, standing, opened=opened, grace=grace, now=real_now)


def go_on(round_: Round, desk: Desk) -> Round:
    """The round gone on with by one page. Raises Refused when the provider lets nobody in."""
    match round_.step:
        case Step.EVENTS:
            return _events(round_, desk)
        case Step.MOVEMENTS:
            return _movements(round_, desk)
        case Step.PAYMENTS:
            return _payments(round_, desk)
        case Step.PAGES:
            return _pages(round_, desk)
        case Step.REFUNDS:
            return _refunds(round_, desk)
        case Step.UNMATCHED:
            return _unmatched(round_, desk)
    return round_


def finish(round_: Round, desk: Desk) -> None:
    """Write down that everything was read up to the round's end, and have the business told what was found."""
    own = Filter(fits=lambda finding: finding.account == round_.account)
    newest: tuple[Finding, ...] = desk.store.page(Finding, own, limit=1).rows
    last = newest[0].id if newest else ""

    def deed() -> None:
        standing = desk.store.find(Standing, round_.account)
        told = standing.told_up_to if standing else ""
        if last > told:
            desk.orders.tell(told, last)
        after = reconciliation.ended(round_, standing, told_up_to=last, now=desk.real_now)
        desk.store.commit(Note(after))

    desk.store.persistently(deed)


def give_up(round_: Round, *, code: str, real_now: datetime, store: Store) -> None:
    """Write down that the provider let nobody in; the next round begins where this one did."""

    def deed() -> None:
        standing = store.find(Standing, round_.account)
        store.commit(Note(reconciliation.refused(standing, round_, code=code, now=real_now)))

    store.persistently(deed)


def _events(round_: Round, desk: Desk) -> Round:
    page = desk.gateway.events(desk.account, since=round_.since, until=round_.until, after=_place(round_))
    events = [event for event in page.rows if event.use is Use.SETTLE]
    missed = 0
    for event in events:
        key = f"{round_.account}#{event.id}"
        known = desk.directory.notice(key, at=desk.real_now)
        if known != "applied":
            missed += 1
            desk.orders.hear(event, key)
    return _turned(round_, page, seen=len(events), missed=missed)


def _movements(round_: Round, desk: Desk) -> Round:
    page = desk.gateway.movements(desk.account, since=round_.again_from, until=round_.until, after=_place(round_))
    for movement in page.rows:
        if movement.kind is MovementKind.PAYOUT:
            _pay_out(movement, desk)
        elif movement.payment_intent_id and movement.kind is not MovementKind.OTHER:
            if not _is_booked(movement, payment_of(movement.payment_intent_id, desk.store)):
                desk.orders.settle(movement.payment_intent_id, "balance")
        else:
            _report(movement, desk)
    return _turned(round_, page)


def _payments(round_: Round, desk: Desk) -> Round:
    page = desk.gateway.payments(desk.account, since=round_.again_from, until=round_.until, after=_place(round_))
    for sighting in page.rows:
        foreign = sighting.metadata.get("business_id") != desk.store.caller.business_id
        if foreign and names_an_endpoint(round_.account):
            continue  # another sale of the same account
        if reconciliation.differs(sighting, payment_of(sighting.payment_intent_id, desk.store)):
            desk.orders.settle(sighting.payment_intent_id, "comparison")
    return _turned(round_, page)


def _pages(round_: Round, desk: Desk) -> Round:
    """Pages that should have ended by themselves, and of which nobody told us that they have."""
    wanted = Filter(unfinished=Unfinished.DUE)
    page = desk.store.page(Invoice, wanted, limit=PAGE, after=round_.after)
    for invoice in page.rows:
        opened = invoice.checkout
        if opened is None or not opened.session_id or opened.account_id != round_.account:
            continue
        if opened.expires_at < desk.real_now - OVERDUE / 2:
            desk.orders.look(opened.session_id)
    return _turned(round_, page)


def _refunds(round_: Round, desk: Desk) -> Round:
    """Refunds whose end nobody told us, or that were never asked for."""
    page = desk.store.page(Refund, Filter(), limit=PAGE, after=round_.after)
    for refund in page.rows:
        waits = refund.status in {RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION}
        if not waits or refund.created_at > desk.now - OVERDUE:
            continue
        payment = desk.store.get(Payment, refund.payment_id)
        if payment.facts is None or payment.facts.account != round_.account:
            continue
        if refund.is_to_be_asked:
            desk.orders.refund(refund.id)
        else:
            desk.orders.settle(payment.facts.payment_intent_id, "refund")
    oldest = page.rows[-1].created_at if page.rows else desk.now
    if oldest < desk.now - LONGEST_REFUND:
        return reconciliation.turned(round_, None)
    return _turned(round_, page)


def _unmatched(round_: Round, desk: Desk) -> Round:
    page = desk.store.page(Payment, Filter(unfinished=Unfinished.UNMATCHED), limit=PAGE, after=round_.after)
    for payment in page.rows:
        here = payment.facts is not None and payment.facts.account == round_.account
        if here and payment.created_at < desk.now - reconciliation.DAILY:
            desk.orders.remind(payment.id)
    return _turned(round_, page)


def _pay_out(movement: Movement, desk: Desk) -> None:
    """Book a payout, or what came back of one; each movement once."""

    def deed() -> None:
        known = desk.store.find(Payout, movement.source)
        if known is None:
            _first_paid_out(movement, desk)
        elif movement.id not in known.movements:
            desk.store.commit(Save(*payouts.moved(known, movement, at=desk.now)))

    desk.store.persistently(deed)


def _first_paid_out(movement: Movement, desk: Desk) -> None:
    parts = desk.gateway.paid_out(movement.source, account=desk.account, most=MOST_PARTS)
    today = desk.store.get(Business).today(desk.now)
    unheard = payouts.blank(movement, parts=parts, today=today, at=desk.now)
    payout, event = payouts.moved(unheard, movement, at=desk.now)
    try:
        desk.store.commit(Add(payout, event))
    except AlreadyDone as error:
        raise Conflict("conflict", f"Payout {payout.id} was booked at the same moment.") from error


def _report(movement: Movement, desk: Desk) -> None:
    """What moved and is nothing that we book: it is told once."""
    found = Finding(
        id=desk.ids("fnd"),
        account=movement.account,
        what=What.MOVEMENT,
        because=movement.type,
        amount=movement.net,
        at=desk.now,
    )
    with suppress(AlreadyDone):
        desk.store.commit(Keep(found), Once(f"movement:{movement.id}"))


def _is_booked(movement: Movement, known: Payment | None) -> bool:
    facts = known.facts if known else None
    if facts is None:
        return False
    told: tuple[Any, ...] = {
        MovementKind.CHARGE: facts.charges,
        MovementKind.REFUND: facts.refunds,
        MovementKind.DISPUTE: facts.disputes,
    }[movement.kind]
    return any(one.id == movement.source and one.fee is not None and _tells_of(movement, one) for one in told)


def _tells_of(movement: Movement, known: Charge | Refunded | Dispute) -> bool:
    """Whether what is known has come as far as the movement: money that came back is known to have."""
    if movement.amount.minor <= 0 or isinstance(known, Charge):
        return True
    if isinstance(known, Dispute):
        return known.movements > 1
    return known.status in {RefundStatus.FAILED, RefundStatus.CANCELED}


def _place(round_: Round) -> str | None:
    return round_.after["after"] if round_.after else None


def _turned(round_: Round, page: Page, *, seen: int = 0, missed: int = 0) -> Round:
    return reconciliation.turned(round_, dict(page.next) if page.next else None, seen=seen, missed=missed)
