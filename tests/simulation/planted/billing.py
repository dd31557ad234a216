"""Bugs in what is billed: an item on two documents, or in no balance, or in two."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain import item
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.ports import Move, Save
from chalicelib.usecases import claiming, holding, invoicing, paying, publishing
from tests.simulation.planted.book import both, bug, commits


@bug("an issued invoice leaves its items in the balance", "an_item_is_edited_while_its_draft_is_issued")
def an_issue_that_bills_twice() -> Any:
    def without(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        issuing = any(isinstance(c, Save) and isinstance(c.entity, Invoice) and c.entity.seq for c in changes)
        commit(store, *(replace(c, unbilled_total=None) if issuing and isinstance(c, Move) else c for c in changes))

    return commits(without)


@bug("an item that another draft took is taken all the same", "two_drafts_race_for_one_item")
def a_claim_over_a_claim() -> Any:
    def taken(store: DynamoStore, changes: tuple[Any, ...], commit: Callable[..., None]) -> None:
        commit(store, *(_as_it_is_now(store, c) if _is_claim(c) else c for c in changes))

    return commits(taken)


@bug("a voided invoice keeps its items", "an_invoice_of_items_is_voided_and_they_are_billed_again")
def a_void_that_keeps_its_items() -> Any:
    return patch.object(paying, "releasing", lambda *_, **__: ())


@bug("a deleted draft keeps its items", "a_draft_of_items_is_deleted_against_its_issue")
def a_deletion_that_keeps_its_items() -> Any:
    return patch.object(invoicing, "releasing", lambda *_, **__: ())


@bug("an item is edited though its invoice was issued", "an_item_is_edited_while_its_draft_is_issued")
def an_edit_of_what_is_billed() -> Any:
    return patch.object(publishing, "_followed", lambda *_, **__: [])


@bug("an item is waived though a draft claims it", "an_item_is_waived_against_its_billing")
def a_waiver_of_what_is_claimed() -> Any:
    right = item.waived

    def waived(known: Item, **named: Any) -> Any:
        after, event = right(replace(known, invoice_id=None), **named)
        return replace(after, invoice_id=known.invoice_id), event

    return patch.object(item, "waived", waived)


@bug("many items of a voided invoice are given back by nobody", "two_drafts_race_for_many_items")
def a_void_that_keeps_its_many_items() -> Any:
    def nothing(*_: Any, **__: Any) -> None:
        return None

    return both(patch.object(paying, "release_rest", nothing), patch.object(holding, "release_rest", nothing))


@bug("a draft of many items takes what another took meanwhile", "two_drafts_race_for_many_items")
def many_claims_over_claims() -> Any:
    return patch.object(claiming, "_must_be_billable", lambda *_: None)


def _is_claim(change: Any) -> bool:
    return isinstance(change, Save) and isinstance(change.entity, Item) and change.entity.invoice_id is not None


def _as_it_is_now(store: DynamoStore, change: Save) -> Save:
    """The same claim of the item as whoever was quicker left it."""
    version = store.get(Item, change.entity.id).version + 1
    return Save(replace(change.entity, version=version), replace(change.because, version=version))
