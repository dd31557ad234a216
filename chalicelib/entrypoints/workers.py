"""Heavy work taken from the queues."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from chalicelib import wiring
from chalicelib.domain.audit import Audit
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import PaymentAccount, UnknownOutcome
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.own_key import Waiting
from chalicelib.entrypoints import announcer, exporter, metrics, reconciler
from chalicelib.entrypoints.reactions import store_of
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Store
from chalicelib.usecases import (
    charging,
    charging_late,
    following,
    hearing,
    holding,
    recovering,
    recurring,
    refunding,
    reminder_delivery,
    sending,
    settling,
    storing,
)
from chalicelib.usecases.auditing import audit_on, keep_audit
from chalicelib.usecases.chaining import keep_heads
from chalicelib.usecases.checkouts import account_named, opens_no_more
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.paying import close_what_is_not_offered

DELIVERED: Mapping[str, Callable[..., None]] = {
    "invoice": partial(sending.deliver, Invoice),
    "credit_note": partial(sending.deliver, CreditNote),
    "reminder": reminder_delivery.deliver_reminder,
}
AUDITED_AT_ONCE = timedelta(seconds=15)
"""A batch is five messages, and the function has two minutes for it."""


def deliver(record: dict[str, Any]) -> None:
    """Draw and mail one document, or tell somebody what happened."""
    task = json.loads(record["body"])
    store, id = store_of(task["business"]), task["id"]
    now, post = wiring.now(store.get(Business)), _post()
    match task["deed"]:
        case "invoice" | "credit_note" | "reminder" as mail:
            DELIVERED[mail](id, now=now, store=store, press=wiring.press(), files=wiring.files(), post=post)
        case "quote":
            sending.deliver_quote(id, now=now, store=store, press=wiring.press(), post=post)
        case "payment" | "statement" | "answer" | "failure":
            announcer.tell_of_documents(task, store=store, post=post)
        case (
            "key"
            | "returned"
            | "webhook"
            | "declined"
            | "reconciled"
            | "unmatched"
            | "rate_unknown"
            | "plan_not_billed"
        ):
            announcer.tell_of_what_was_lost(task, store=store, post=post)
        case "accounting_refused" | "booked_void" | "not_exported":
            announcer.tell_of_exports(task, store=store, post=post)
        case "news":
            learn = reminder_delivery.learn_of_reminder if id.startswith("rem_") else hearing.learn_of_mail
            learn(id, task["message"], outcome=task["outcome"], reason=task["reason"], now=now, store=store)
        case "claim" | "release" | "follow" | "late_fee" | "audit" | "keep_heads" | "move_plans":
            _go_on(task, now=now, store=store)
        case "export":
            exporter.go_on(task, store=store)
        case "examine":
            raise Refused("cannot_be_followed", f"Nothing could follow from event {task['event']}: {task['reason']}")
        case unknown:
            raise ValueError(f"nobody knows how to do {unknown!r}")


def _go_on(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    """Work of many transactions, wherever it stands."""
    match task["deed"]:
        case "claim":
            holding.claim_rest(task["id"], now=now, store=store)
        case "release":
            holding.release_rest(task["id"], int(task["revision"]), now=now, store=store)
        case "follow":
            _follow(task, now=now, store=store)
        case "move_plans":
            _move_plans(task, now=now, store=store)
        case "late_fee":
            _charge_late_fee(task, now=now, store=store)
        case "audit":
            _audit(task, now=now, store=store)
        case "keep_heads":
            _keep_heads(now, store)


def settle(record: dict[str, Any]) -> None:
    """Book one payment as the provider knows it now, or close a page that must not be paid any more."""
    task = json.loads(record["body"])
    match task["deed"]:
        case "settle":
            _settle(task)
        case "recover":
            _recover(task)
        case "close" | "refund" | "charge" | "forget":
            _do_at_the_provider(task)
        case "reconcile":
            reconciler.go_on(task)
        case "examine":
            raise Refused("malformed_event", f"Event {task['event']} is of no shape we know; look it up at Stripe.")
        case unknown:
            raise ValueError(f"nobody knows how to do {unknown!r}")


def _settle(task: dict[str, Any]) -> None:
    """Raises Refused for an account of nobody: the event ends among the dead letters, where somebody is told."""
    business_id = wiring.directory().business_of_account(task["account"])
    if business_id is None:
        raise Refused("unknown_account", f"There is no business for the payment account {task['account']}.")
    store = store_of(business_id)
    business = store.get(Business)
    now, account = wiring.now(business), account_named(task["account"], business)
    key = business.key_at(account.account_id)
    try:
        _read(task, account, now=now, store=store)
        if key and key.refused and task["event"]:  # what is asked for again tells no end, or it would ask for itself
            recovering.end_outage(key.endpoint, now=now, store=store)
    except Refused as refused:
        if not opens_no_more(account, refused):
            raise
        recovering.await_key(
            account,
            payment_intent_id=task["payment"],
            session_id=task["session"],
            customer_id=task.get("customer"),
            now=now,
            store=store,
        )
        logger.info("waits for a key", account=account.account_id)
    if task["event"]:
        wiring.directory().applied(task["event"])


def _read(task: dict[str, Any], account: PaymentAccount, *, now: datetime, store: Store) -> None:
    gateway = wiring.gateway()
    if task.get("customer"):
        storing.learn_of_customer(task["customer"], account=account, now=now, store=store, gateway=gateway)
        return
    read, id = (settling.settle_checkout, task["session"]) if task["session"] else (settling.settle, task["payment"])
    read(id, now=now, ids=wiring.ids, store=store, gateway=gateway, account=account, healing=task.get("healing"))


def _recover(task: dict[str, Any]) -> None:
    """Ask again for what waited for a key, a page at a time."""
    store, endpoint = store_of(task["business"]), task["endpoint"]

    def queue(row: Waiting) -> None:
        asked = {"deed": "settle", "event": None, "account": endpoint}
        told = {"payment": row.payment_intent_id, "session": row.session_id, "customer": row.customer_id}
        wiring.payments().put(asked | told, group=endpoint)

    after = recovering.recover(
        endpoint,
        until=task["until"],
        queue=queue,
        after=task["after"],
        now=wiring.now(store.get(Business)),
        store=store,
    )
    if after:
        wiring.payments().put(task | {"after": after}, group=endpoint)


def _do_at_the_provider(task: dict[str, Any]) -> None:
    store = store_of(task["business"])
    now = wiring.now(store.get(Business))
    match task["deed"]:
        case "close":
            _close(task, now=now, store=store)
        case "refund":
            _refund(task, now=now, store=store)
        case "charge":
            _charge(task, now=now, store=store)
        case "forget":
            storing.forget_with_client(task["id"], now=now, store=store, gateway=wiring.gateway)


def _close(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    try:
        close_what_is_not_offered(task["id"], now=now, store=store, gateway=wiring.gateway)
    except Refused as refused:
        if refused.code != "payment_under_way":
            raise
        logger.info("page was paid meanwhile", invoice=task["id"])


def _refund(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    try:
        refunding.ask_for(task["id"], now=now, ids=wiring.ids, store=store, gateway=wiring.gateway())
    except UnknownOutcome:
        logger.info("will be asked again", id=task["id"])  # by the sweep, until the provider has told of it


def _charge(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    hands = charging.Hands(now=now, real_now=wiring.now(), ids=wiring.ids, store=store, gateway=wiring.gateway)
    charging.go_on(task["id"], hands=hands)


def _audit(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    """Go on with an audit for a while; what is left is a message again, what was found is kept and told."""
    began = wiring.now()
    audit = wiring.audit_in(task["audit"]) if "audit" in task else Audit(checked_at=began)
    audit = audit_on(audit, enough=lambda _: wiring.now() - began >= AUDITED_AT_ONCE, now=now, store=store)
    if not audit.complete:
        wiring.documents().put(task | {"audit": wiring.packed(audit)}, group=task["business"])
        return
    keep_audit(audit, now=now, store=store)
    wiring.documents().put(task | {"deed": "keep_heads"}, group=task["business"])
    for finding in audit.findings:
        if finding.violated:
            logger.error(
                "invariant violated", business=task["business"], code=finding.invariant, count=finding.violated
            )
    if audit.violated:
        metrics.count("InvariantViolations", audit.violated, at=began)


def _keep_heads(now: datetime, store: Store) -> None:
    """Every night, where nobody can change them: of a sandbox none."""
    business, vault = store.get(Business), wiring.heads()
    if vault and not business.sandbox:
        keep_heads(business, day=business.today(now), vault=vault, store=store)


def _follow(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    """Plan the reminders of unpaid invoices anew, of a client, or of all a page at a time."""
    if task["id"] != task["business"]:
        following.follow_client(task["id"], now=now, store=store)
        _move_plans(task, now=now, store=store)
    elif after := following.follow_settings(after=task["after"], now=now, store=store):
        wiring.documents().put(task | {"after": after}, group=task["business"])


def _move_plans(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    """Have the next instants of plans follow clocks that were changed, of a client, or of all, a page at a time."""
    client_id = task["id"] if task["id"] != task["business"] else None
    if after := recurring.follow_clocks(client_id, after=task["after"], now=now, store=store):
        wiring.documents().put(task | {"deed": "move_plans", "after": after}, group=task["business"])


def _charge_late_fee(task: dict[str, Any], *, now: datetime, store: Store) -> None:
    """Make the document of a late fee; it goes out by its event."""
    through = date.fromisoformat(task["through"])
    charging_late.charge_what_is_due(
        task["id"], through=through, now=now, ids=wiring.ids, store=store, wordings=wiring.wording
    )


def _post() -> Post:
    return Post(
        mailer=wiring.mailer(),
        writer=wiring.writer(),
        wordings=wiring.wording,
        public_url=wiring.config().public_url,
        real_now=wiring.now(),
        random=wiring.random_bytes,
    )
