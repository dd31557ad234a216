"""What is told to the outside: each event gets its place in the feed, and `notify` posts it to webhooks.

What is to be posted to one webhook is a group of the queue of its own, so that a slow or dead one holds up nobody else.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any, Self

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.feed import TOLD, Told
from chalicelib.domain.journal import Caller
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints import batcher, exporter
from chalicelib.entrypoints.reactions import store_of
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Due
from chalicelib.usecases.carrying import Round, carry
from chalicelib.usecases.sequencing import give_sequences
from chalicelib.usecases.subscribing import wanting
from chalicelib.wiring import BusinessStore

POSTED_AT_ONCE = timedelta(seconds=25)
"""The function has a minute; the last post may take ten seconds more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What of a batch of the journal's is told to the outside, by business.

    waiting: what has no places yet; told: under which names the rest is told, and the last event of it.
    """

    waiting: dict[str, list[Told]]
    told: dict[str, tuple[frozenset[str], str]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Mapping[str, Any]]) -> Self:
        waiting = defaultdict(list)
        for business, event in filter(None, map(wiring.place_wanted_by, records)):
            if event.type in TOLD:
                waiting[business].append(event)
        return cls(waiting=waiting)

    def tell(self, record: Mapping[str, Any]) -> None:
        """Tell all of the batch that is of this record's business, before what follows from it is told, too."""
        business, _ = wiring.place_wanted_by(record) or ("", None)
        if events := self.waiting.pop(business, None):
            self.told[business] = give_sequences(events, store=_store_to_tell(business)), events[-1].event_id

    def wake_webhooks(self) -> None:
        """Have it posted; whoever has no webhooks is asked for them, and pays for nothing else."""
        for business, (types, last) in self.told.items():
            for webhook in wanting(types, _store_to_tell(business)):
                wake(business, webhook.id, because=last)


def notify(record: dict[str, Any]) -> None:
    task = json.loads(record["body"])
    store = store_of(task["business"])
    match task["deed"]:
        case "post":
            _post(task, store)
        case unknown:
            raise ValueError(f"nobody knows how to do {unknown!r}")


def wake(business: str, webhook_id: str, *, because: object) -> None:
    """Have what waits for a webhook posted; for one reason once in five minutes."""
    task = {"deed": "post", "business": business, "id": webhook_id, "because": f"{because}"}
    wiring.hooks().put(task, group=webhook_id)


def wake_again(due: Due) -> None:
    """What was to be posted, or asked of the payment provider, and was not: at its time, or after a worker died."""
    if due.kind == "go_on_export":
        exporter.ask(due.business_id, due.id)
        return
    if due.kind == "go_on_batch":
        batcher.ask(due.business_id, due.id, because=f"{wiring.now():%Y-%m-%dT%H:%M}")
        return
    if due.kind == "ask_refund":
        task = {"deed": "refund", "business": due.business_id, "id": due.id}
        wiring.payments().put(task, group=due.business_id)
        return
    wake(due.business_id, due.id, because=f"{wiring.now():%Y-%m-%dT%H:%M}")


def round_of(store: BusinessStore, business: Business) -> Round:
    return Round(clock=wiring.now, now=wiring.now(business), store=store, courier=wiring.courier(), seal=wiring.seal())


def _store_to_tell(business: str) -> BusinessStore:
    return wiring.store(Caller(business_id=business, actor="quittance"))


def _post(task: dict[str, Any], store: BusinessStore) -> None:
    began = wiring.now()

    def enough() -> bool:
        return wiring.now() - began >= POSTED_AT_ONCE

    if carry(task["id"], enough=enough, round_=round_of(store, store.get(Business))):
        logger.info("more to post", business=task["business"], id=task["id"])
        wake(task["business"], task["id"], because=began.isoformat())
