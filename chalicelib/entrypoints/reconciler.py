"""Rounds of comparing payment accounts with the provider: asked for every 15 minutes, gone on with page by page."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Refused
from chalicelib.domain.reconciliation import Round
from chalicelib.domain.webhook_signature import ProviderEvent
from chalicelib.entrypoints import metrics
from chalicelib.entrypoints.reactions import store_of
from chalicelib.entrypoints.runtime import logger
from chalicelib.entrypoints.tasks import hearing
from chalicelib.usecases import reconciling
from chalicelib.usecases.checkouts import account_named
from chalicelib.usecases.reconciling import Desk, Orders
from chalicelib.wiring import BusinessStore

COMPARED_AT_ONCE = timedelta(seconds=8)
"""A batch is five messages, and the function has a minute for it."""


def ask() -> int:
    """Have every payment account compared, each by a message of its own; answers how many."""
    count = 0
    for business_id, account in wiring.directory().payment_accounts():
        wiring.payments().put({"deed": "reconcile", "business": business_id, "account": account}, group=account)
        count += 1
    return count


def go_on(task: dict[str, Any]) -> None:
    """Go on with a round for a while; what is left is a message again, and where it ended is written down."""
    began, store = wiring.now(), store_of(task["business"])
    round_ = _round(task, store, now=began)
    desk = _desk(round_, task["business"], store, real_now=began)
    try:
        while round_.step is not None:
            round_ = reconciling.go_on(round_, desk)
            if round_.step is not None and wiring.now() - began >= COMPARED_AT_ONCE:
                wiring.payments().put(task | {"round": wiring.packed(round_)}, group=round_.account)
                return
    except Refused as refused:
        logger.info("not compared", account=round_.account, code=refused.code)
        reconciling.give_up(round_, code=refused.code, real_now=began, store=store)
        return
    reconciling.finish(round_, desk)
    if round_.missed:
        logger.warning("events missed", account=round_.account, count=round_.missed)
        metrics.count("MissedEvents", round_.missed, at=began)


def _round(task: dict[str, Any], store: BusinessStore, *, now: datetime) -> Round:
    if "round" in task:
        return wiring.round_in(task["round"])
    grace = timedelta(seconds=wiring.config().events_take_s)
    return reconciling.begin(task["account"], grace=grace, real_now=now, store=store)


def _desk(round_: Round, business_id: str, store: BusinessStore, *, real_now: datetime) -> Desk:
    business = store.get(Business)
    return Desk(
        account=account_named(round_.account, business),
        real_now=real_now,
        now=wiring.now(business),
        ids=wiring.ids,
        store=store,
        directory=wiring.directory(),
        gateway=wiring.gateway(),
        orders=_orders(round_.account, business_id),
    )


def _orders(account: str, business_id: str) -> Orders:
    payments, documents = wiring.payments(), wiring.documents()
    unheard = {"deed": "settle", "event": None, "account": account, "payment": None, "session": None}

    def hear(event: ProviderEvent, key: str) -> None:
        payments.put(hearing(event, account, key) | {"healing": event.type}, group=account)

    def settle(payment_intent_id: str, because: str) -> None:
        payments.put(unheard | {"payment": payment_intent_id, "healing": because}, group=account)

    def look(session_id: str) -> None:
        payments.put(unheard | {"session": session_id, "healing": "page"}, group=account)

    def refund(refund_id: str) -> None:
        payments.put({"deed": "refund", "business": business_id, "id": refund_id}, group=business_id)

    def tell(after: str, until: str) -> None:
        told = {"deed": "reconciled", "business": business_id, "id": account, "after": after, "until": until}
        documents.put(told, group=business_id)

    def remind(payment_id: str) -> None:
        documents.put({"deed": "unmatched", "business": business_id, "id": payment_id}, group=business_id)

    return Orders(hear=hear, settle=settle, look=look, refund=refund, tell=tell, remind=remind)
