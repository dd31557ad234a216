"""Bugs in what is decided and done: too much, too little, too soon, twice."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.sqs import SqsQueue
from chalicelib.adapters.stripe import gateway
from chalicelib.domain import dispatch, invoice, invoice_life, numbering, payment_life
from chalicelib.domain.money import Money
from chalicelib.entrypoints import events, reactions, workers
from chalicelib.ports import Once, Save
from chalicelib.usecases import checkouts, invoicing_quotes, issuing, paying, sending, sweeping
from tests.simulation.planted.book import both, bug, commits


@bug("a failure to queue work is logged and forgotten", "an_invoice_is_sent_twice", when="lost_request")
def a_queue_that_forgets() -> Any:
    right = reactions._queue

    def queue(*given: Any, **words: str) -> None:
        try:
            right(*given, **words)
        except Exception:  # noqa: BLE001 - that is the bug
            return

    return patch.object(reactions, "_queue", queue)


@bug("records that failed are answered as done")
def no_partial_answers() -> Any:
    right = events.each_record

    def each_record(*given: Any, **named: Any) -> Any:
        right(*given, **named)
        return {"batchItemFailures": []}

    return patch.object(events, "each_record", each_record)


@bug("a quote's drafts are not let through once only")
def a_reaction_that_is_not_idempotent() -> Any:
    ids = count()
    right = invoicing_quotes._id_of

    def id_of(quote: Any, wish: Any, place: int) -> str:
        known = right(quote, wish, place)
        return f"{known[:-4]}{next(ids):04d}"

    def ever_anew(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        commit(store, *(c for c in changes if not (isinstance(c, Once) and c.key.startswith("quote:"))))

    return both(patch.object(invoicing_quotes, "_id_of", id_of), commits(ever_anew))


@bug("what is paid is one cent too much when part of it becomes credit")
def a_sum_off_by_one() -> Any:
    right = payment_life.shared

    def shared(movement: Money, **named: Any) -> Any:
        found = right(movement, **named)
        if not found.to_credit:
            return found
        cent = Money(1, movement.currency)
        return replace(found, to_invoice=found.to_invoice + cent, to_credit=found.to_credit - cent)

    return patch.object(payment_life, "shared", shared)


@bug(
    "every try to open a payment page has a key of its own at the provider, and every page takes money",
    "whatever_page_is_open_is_paid",
    "two_instalments_are_paid_by_card_at_once",
)
def a_retry_that_charges_twice() -> Any:
    tries = count()
    return patch.object(gateway, "idempotency_key", lambda purpose, *identity: f"{purpose}-{next(tries)}")


@bug(
    "a page that must not be paid any more is forgotten, and not closed at the provider",
    "whatever_page_is_open_is_paid",
    "two_instalments_are_paid_by_card_at_once",
)
def a_page_left_open() -> Any:
    return patch.object(checkouts, "_brings_money_once_closed", lambda *_, **__: False)


@bug("an invoice can be voided although money was paid on it", "it_is_voided_while_it_is_paid")
def void_after_a_payment() -> Any:
    right = invoice_life.voided

    def voided(paid: Any, **named: Any) -> Any:
        void, event = right(replace(paid, paid_total=Money.zero(paid.currency)), **named)
        return replace(void, paid_total=paid.paid_total), event

    return patch.object(paying.invoices, "voided", voided)


@bug("the day of a draft is taken from the plan before it was issued", "a_draft_gets_its_day", when="crash_before")
def the_plan_forgotten_first() -> Any:
    right = sweeping.issue_due

    def issue_due(invoice_id: str, *, now: Any, store: Any, press: Any) -> bool:
        draft = store.get(invoice.Invoice, invoice_id)
        if draft.issued_at or not draft.scheduled_for or draft.scheduled_for > now:
            return right(invoice_id, now=now, store=store, press=press)
        store.commit(Save(*invoice_life.scheduled(draft, on=None, morning=None, at=now)))
        sweeping.issue_invoice(invoice_id, send=True, now=now, store=store, press=press)
        return True

    return patch.object(sweeping, "issue_due", issue_due)


@bug("a mail is written down as sent before the provider accepted it")
def sent_before_it_was_accepted() -> Any:
    def mailed(document: Any, business: Any, *, now: Any, store: Any, **_: Any) -> None:
        store.commit(Save(*dispatch.sent(document, to="marie@example.com", message_id="made-up", at=now)))

    return patch.object(sending, "_mailed", mailed)


@bug("the issue date follows this sandbox's clock, wherever the series stands", "many_are_issued_at_once_in_one_series")
def dates_that_go_back() -> Any:
    right = numbering.take

    def take(series: Any, *, document_id: str, on: Any) -> Any:
        return right(replace(series, last_date=None), document_id=document_id, on=on)

    return patch.object(issuing, "take", take)


@bug(
    "news of a mail is learned at once, and not queued to wait for our own record of the mail",
    "an_invoice_is_sent_twice",
    "a_client_pays_a_mailed_invoice",
)
def news_that_cannot_wait() -> Any:
    """So it was, until the simulator lost a bounce: a call that comes three times in three minutes waits too short."""
    right = SqsQueue.put

    def put(queue: SqsQueue, body: Any, *, group: str) -> None:
        if body["deed"] == "news":
            workers.deliver({"body": json.dumps(body)})
        else:
            right(queue, body, group=group)

    return patch.object(SqsQueue, "put", put)
