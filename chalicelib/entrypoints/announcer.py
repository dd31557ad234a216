"""Telling people what happened, as the queue of documents asks for it."""

from typing import Any

from chalicelib import wiring
from chalicelib.ports import Store
from chalicelib.usecases import charge_letters, export_letters, notifying, plan_letters, recovering, stating
from chalicelib.usecases.finding import announce_findings, announce_unmatched
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.returning import announce_returns


def tell_of_documents(task: dict[str, Any], *, store: Store, post: Post) -> None:
    """Of an answer, of money, of a mail that did not arrive; or how an account stands."""
    id = task["id"]
    match task["deed"]:
        case "payment":
            notifying.announce_payment(id, store=store, renderer=wiring.renderer(), post=post)
        case "statement":
            stating.mail_statement(id, event=task["event"], store=store, renderer=wiring.renderer(), post=post)
        case "answer":
            notifying.announce_answer(id, reason=task.get("reason", ""), store=store, post=post)
        case "failure":
            notifying.announce_failure(id, event=task["event"], reason=task["reason"], store=store, post=post)


def tell_of_what_was_lost(task: dict[str, Any], *, store: Store, post: Post) -> None:
    """Of what somebody has to see to."""
    match task["deed"]:
        case "key":
            recovering.announce_outage(store=store, post=post)
        case "returned":
            announce_returns(task["id"], store=store, post=post)
        case "declined":
            charge_letters.announce_decline(task["id"], event=task["event"], store=store, post=post)
        case "webhook":
            notifying.announce_silence(task["id"], event=task["event"], store=store, post=post)
        case "reconciled":
            announce_findings(task["id"], after=task["after"], until=task["until"], store=store, post=post)
        case "unmatched":
            announce_unmatched(task["id"], store=store, post=post)
        case "rate_unknown":
            notifying.announce_unknown_rate(task["id"], store=store, post=post)
        case "plan_not_billed":
            plan_letters.announce_not_billed(task["id"], event=task["event"], store=store, post=post)


def tell_of_exports(task: dict[str, Any], *, store: Store, post: Post) -> None:
    """Of what is not in an accounting program that is connected."""
    match task["deed"]:
        case "accounting_refused":
            export_letters.announce_shut_out(task["id"], event=task["event"], store=store, post=post)
        case "booked_void":
            export_letters.announce_booked_void(task["id"], store=store, post=post)
        case "not_exported":
            export_letters.announce_lack(task["id"], store=store, post=post)
