"""Accounting programs beside a world: what is booked there, and what is lost on the way."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.accounting import Xero
from chalicelib.adapters.accounting.calls import Answered
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.export_format import Target
from infra.local.accounting import Program
from tests.simulation.scheduler import Crash

if TYPE_CHECKING:
    from tests.simulation.world import World

KINDS = ("Invoices", "CreditNotes")
GRANTED = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 1800}


@dataclass(slots=True)
class Programs:
    """organisations: one for each business that connected, by its id there."""

    world: "World"
    organisations: dict[str, Program] = field(default_factory=dict)

    def accounting(self, _: Target) -> Xero:
        return Xero(calls=self)  # type: ignore[arg-type]

    def __call__(self, method: str, url: str, *, headers: Any, body: Any = None) -> Answered:
        """``Calls``: a request may be lost, or its answer, or whoever asks dies."""
        if url.endswith("/connect/token"):
            return Answered(status=200, body=GRANTED)
        program = self.organisations[headers["Xero-tenant-id"]]
        sent = json.dumps(body).encode() if isinstance(body, dict) else body or b""
        fault = self.world.strike_receiver(f"{method} {url.partition('?')[0]}") if method == "PUT" else None
        if fault in {"receiver_500", "receiver_lost_request"}:
            raise UnknownOutcome("program_silent", "The accounting program did not answer; try again.")
        if fault == "receiver_crash" and self.world.pace.random() < 0.5:
            raise Crash
        answered = program.answer(method, url, headers, sent)
        if fault == "receiver_crash":
            raise Crash
        if fault == "receiver_lost_answer" or answered is None:
            raise UnknownOutcome("program_silent", "The accounting program did not answer; try again.")
        status, said = answered
        return Answered(status=status, body=said)

    def booked(self, organisation: str) -> Counter[str]:
        """How often each of our documents is there."""
        program = self.organisations.get(organisation)
        rows: Iterator[Any] = (row for kind in KINDS for row in program.rows(kind)) if program else iter(())
        return Counter(str(row["Reference"]) for row in rows)
