"""Batches gone on with by `run`: for a while, and what is left is a message again."""

import json
import time
from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.batch import Batch
from chalicelib.domain.business import Business
from chalicelib.domain.journal import Caller
from chalicelib.entrypoints.runtime import logger
from chalicelib.usecases.exporting import export_batch_automatically
from chalicelib.usecases.running import go_on
from chalicelib.wiring import BusinessStore

RUN_AT_ONCE = timedelta(seconds=60)
"""The function has two minutes; a part takes a few seconds."""

BREATH_S = 0.04
"""Between two packed transactions, so that an invoice issued by hand gets its number in between."""


def ask(business: str, batch_id: str, *, because: str) -> None:
    """Have a batch gone on with; for one reason once in five minutes."""
    task = {"deed": "go_on", "business": business, "id": batch_id, "because": because}
    wiring.batches().put(task, group=business)


def export_when_issued(batch_id: str, store: BusinessStore) -> None:
    """What follows by itself once a batch is issued (A47)."""
    batch = store.find(Batch, batch_id)
    if batch and batch.issued_at:
        now = wiring.now(store.get(Business))
        export_batch_automatically(batch_id, issued_at=batch.issued_at, now=now, ids=wiring.ids, store=store)


def run(record: dict[str, Any]) -> None:
    task = json.loads(record["body"])
    store = wiring.store(Caller(business_id=task["business"], actor="quittance"))
    store.enter()
    began = wiring.now()
    left = go_on(
        task["id"],
        enough=lambda: wiring.now() - began >= RUN_AT_ONCE,
        breathe=lambda: time.sleep(BREATH_S),
        clock=lambda: wiring.now(store.get(Business)),
        store=store,
        press=wiring.press(),
    )
    if left:
        logger.info("more to bill", business=task["business"], id=task["id"])
        ask(task["business"], task["id"], because=began.isoformat())
