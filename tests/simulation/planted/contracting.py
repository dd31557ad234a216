"""Bugs in contracts and batches: invoices drafted again under new ids, and periods closed without what counted."""

from typing import Any
from unittest.mock import patch

from chalicelib import wiring
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.tally import Tally
from chalicelib.ports import Add, Save
from chalicelib.usecases import running
from tests.simulation.planted.book import bug, commits


@bug(
    "a part of a batch that is done again drafts its invoices under new ids",
    "a_batch_is_run_while_its_invoices_change",
    "two_batches_want_the_same",
)
def a_part_under_new_ids() -> Any:
    return patch.object(running, "invoice_id", lambda *_: wiring.ids("inv"))


@bug(
    "a period is closed, and what counted in it is left open",
    "time_is_entered_while_its_period_is_closed",
    "consumption_is_told_again_and_again",
)
def a_period_closed_without_its_tally() -> Any:
    def closes(change: Any) -> bool:
        return isinstance(change, Add | Save) and isinstance(change.entity, Tally) and bool(change.entity.closed_at)

    def without(store: DynamoStore, changes: tuple[Any, ...], right: Any) -> None:
        right(store, *(change for change in changes if not closes(change)))

    return commits(without)
