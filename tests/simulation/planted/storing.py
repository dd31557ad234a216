"""Bugs in how things are written: apart, too early, too late, without a condition."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb import rows
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import DynamoTables, Increase, Overwrite, Put, Table
from chalicelib.domain import numbering
from chalicelib.ports import Advance, Keep, Move, Once, Save
from tests.simulation.planted.book import bug, commits


@bug("the number is taken in a transaction of its own, before the invoice's")
def number_outside_the_transaction() -> Any:
    def apart(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        for change in changes:
            if isinstance(change, Advance):
                commit(store.aside(), change)
        commit(store, *(change for change in changes if not isinstance(change, Advance)))

    return commits(apart)


@bug("the register of numbers is written after the invoice")
def register_after_the_invoice() -> Any:
    def apart(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        numbers = [c for c in changes if isinstance(c, Keep) and isinstance(c.record, numbering.Number)]
        commit(store, *(change for change in changes if change not in numbers))
        for change in numbers:
            commit(store.aside(), change)

    return commits(apart)


@bug("what a client owes is moved after the payment was booked")
def aggregates_after_the_effect() -> Any:
    def apart(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        moves = [change for change in changes if isinstance(change, Move)]
        commit(store, *(change for change in changes if change not in moves))
        for move in moves:
            commit(store.aside(), move)

    return commits(apart)


@bug(
    "a payment is marked as booked in a transaction before the booking",
    "it_is_paid_by_card_and_by_hand_at_once",
    "two_instalments_are_paid_by_card_at_once",
)
def marker_before_the_effect() -> Any:
    def apart(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        marks = [c for c in changes if isinstance(c, Once) and c.key.startswith("payment:")]
        if any(store.seen(mark) for mark in marks):
            return
        for mark in marks:
            commit(store.aside(), mark)
        commit(store, *(change for change in changes if change not in marks))

    return commits(apart)


@bug("an idempotent request is remembered before its effect")
def requests_remembered_early() -> Any:
    def early(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        request, store.request = store.request, None
        if request:
            store.tables.write([request.marker(store.caller.business_id, changes)])
        commit(store, *changes)

    return commits(early)


@bug(
    "a payment is marked as booked in a transaction after the booking",
    "it_is_paid_and_refunded",
    "two_instalments_are_paid_by_card_at_once",
)
def marker_after_the_effect() -> Any:
    def apart(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        marks = [c for c in changes if isinstance(c, Once) and c.key.startswith("payment:")]
        if any(store.seen(mark) for mark in marks):
            return
        commit(store, *(change for change in changes if change not in marks))
        for mark in marks:
            commit(store.aside(), mark)

    return commits(apart)


@bug("a changed entity is written without looking whether somebody else changed it")
def no_condition_on_the_version() -> Any:
    right = rows.of

    def of(change: Any, caller: Any, *, sandbox: bool) -> list[Any]:
        writes = right(change, caller, sandbox=sandbox)
        if not isinstance(change, Save):
            return writes
        return [
            Overwrite(table=write.table, item=write.item)
            if isinstance(write, Put) and (write.version is not None or write.table is Table.JOURNAL)
            else write
            for write in writes
        ]

    return patch.object(rows, "of", of)


@bug("the state is saved without the event that explains it")
def no_event() -> Any:
    right = rows.of

    def of(change: Any, caller: Any, *, sandbox: bool) -> list[Any]:
        writes = right(change, caller, sandbox=sandbox)
        if isinstance(change, Save) and change.because.type == "invoice.checkout_closed":
            return [write for write in writes if getattr(write, "table", None) is not Table.JOURNAL]
        return writes

    return patch.object(rows, "of", of)


@bug("the client's aggregates are added to by single updates, which the SDK may send twice")
def single_updates_that_add() -> Any:
    right = DynamoTables.write

    def write(tables: DynamoTables, writes: Any) -> None:
        right(tables, [each for each in writes if not isinstance(each, Increase)])
        for each in writes:
            if isinstance(each, Increase):
                tables.client.update_item(**tables._action(each)["Update"])

    return patch.object(DynamoTables, "write", write)


@bug("an idempotent request is remembered after its effect, not with it")
def requests_remembered_late() -> Any:
    def late(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        request, store.request = store.request, None
        commit(store, *changes)
        if request:
            store.tables.write([request.marker(store.caller.business_id, changes)])

    return commits(late)


@bug("what a client paid too much is booked on the payment, and not added to the client's credit")
def a_lost_credit() -> Any:
    def without(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        commit(store, *(replace(c, credit_total=None) if isinstance(c, Move) else c for c in changes))

    return commits(without)
