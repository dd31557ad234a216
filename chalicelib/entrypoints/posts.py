"""What `notify` does with the queue of events to be told: each gets its place in the feed, and is posted to webhooks.

The events of a business are one group of the queue, so they come one after the other; so does what is to be posted to
one webhook, so that a slow or dead one holds up nobody else.
"""

import json
from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.entrypoints.reactions import store_of
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Due
from chalicelib.usecases.carrying import Round, carry
from chalicelib.usecases.sequencing import give_sequence
from chalicelib.usecases.subscribing import wanting
from chalicelib.wiring import BusinessStore

POSTED_AT_ONCE = timedelta(seconds=25)
"""The function has a minute; the last post may take ten seconds more."""


def notify(record: dict[str, Any]) -> None:
    task = json.loads(record["body"])
    store = store_of(task["business"])
    match task["deed"]:
        case "sequence":
            _sequence(task, store)
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
    if due.kind == "ask_refund":
        task = {"deed": "refund", "business": due.business_id, "id": due.id}
        wiring.payments().put(task, group=due.business_id)
        return
    wake(due.business_id, due.id, because=f"{wiring.now():%Y-%m-%dT%H:%M}")


def round_of(store: BusinessStore, business: Business) -> Round:
    return Round(clock=wiring.now, now=wiring.now(business), store=store, courier=wiring.courier(), seal=wiring.seal())


def _sequence(task: dict[str, Any], store: BusinessStore) -> None:
    told_as = give_sequence(
        task["event"], subject=task["subject"], version=task["version"], type=task["type"], store=store
    )
    for webhook in wanting(told_as, store):
        wake(task["business"], webhook.id, because=task["event"])


def _post(task: dict[str, Any], store: BusinessStore) -> None:
    began = wiring.now()

    def enough() -> bool:
        return wiring.now() - began >= POSTED_AT_ONCE

    if carry(task["id"], enough=enough, round_=round_of(store, store.get(Business))):
        logger.info("more to post", business=task["business"], id=task["id"])
        wake(task["business"], task["id"], because=began.isoformat())
