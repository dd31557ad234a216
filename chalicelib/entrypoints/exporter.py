"""Exports made by `deliver`: gone on with for a while, and what is left is a message again."""

from datetime import timedelta
from typing import Any

from chalicelib import wiring
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.entrypoints.runtime import logger
from chalicelib.usecases import export_steps
from chalicelib.wiring import BusinessStore

EXPORTED_AT_ONCE = timedelta(seconds=12)
"""A batch is five messages, and the function has two minutes for it; to put a file together may take half a minute."""


def ask(business: str, export_id: str) -> None:
    wiring.documents().put({"deed": "export", "business": business, "id": export_id}, group=business)


def go_on(task: dict[str, Any], *, store: BusinessStore) -> None:
    began = wiring.now()

    def enough() -> bool:
        return wiring.now() - began >= EXPORTED_AT_ONCE

    try:
        more = export_steps.go_on(task["id"], enough=enough, hands=_hands(store))
    except UnknownOutcome as unknown:
        logger.info("will be gone on with", business=task["business"], id=task["id"], code=unknown.code)  # by the sweep
        return
    if more:
        logger.info("more to export", business=task["business"], id=task["id"])
        ask(task["business"], task["id"])


def _hands(store: BusinessStore) -> export_steps.Hands:
    return export_steps.Hands(
        clock=wiring.now,
        now=wiring.now(store.get(Business)),
        store=store,
        files=wiring.files(),
        sheets=wiring.sheets,
        renderer=wiring.renderer,
        wordings=wiring.wording,
        e_invoices=wiring.e_invoices,
        accounting=wiring.accounting,
        seal=wiring.seal,
    )
