"""What the cloud runs as event functions: the pumps, the clock, and word of what became of mails."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from chalice.app import Chalice

from infra.local.attention import Attention
from infra.local.clock import Clock
from infra.local.functions import context, function
from infra.local.pumps import Pumps, Settled


class Works(Protocol):
    """The event functions at work, in this process or another."""

    def settle(self, at_most_s: float) -> Settled:
        """Wait until streams and queues are empty and every function has finished."""

    def sweep(self) -> bool:
        """Wake the sweep now; whether it succeeded."""

    def reconcile(self) -> bool:
        """Have every payment account compared now; whether that could be asked for."""

    def tell_of_mail(self, event: dict[str, Any]) -> bool:
        """Hand an event of SES's to the app; whether the app listens to them."""

    def status(self) -> Mapping[str, Mapping[str, int]]:
        """What waits in each queue, and what was given up."""

    def finish(self, at_most_s: float) -> bool:
        """Settle if that is possible in this time, and end; whether nothing is left to do."""


class WorksHere:
    """The event functions of an app, in threads of this process.

    folder, data: as for Pumps.
    """

    def __init__(
        self, app: Chalice, *, client: Callable[[str], Any], folder: Path, data: Path, attention: Attention
    ) -> None:
        self._app = app
        self._pumps = Pumps(app, client=client, folder=folder, data=data, attention=attention)
        self._clock = Clock(app, now=_machine_time, attention=attention)

    def start(self) -> None:
        self._pumps.start()
        self._clock.thread.start()

    def settle(self, at_most_s: float) -> Settled:
        return self._pumps.settle(at_most_s=at_most_s)

    def sweep(self) -> bool:
        return self._clock.tick()

    def reconcile(self) -> bool:
        return self._clock.tick("reconcile")

    def tell_of_mail(self, event: dict[str, Any]) -> bool:
        found = function(self._app, "bounced")
        if found is not None:
            found(event, context("bounced"))
        return found is not None

    def status(self) -> Mapping[str, Mapping[str, int]]:
        return {"waiting": self._pumps.waiting(), "dead_letters": self._pumps.dead_letters()}

    def finish(self, at_most_s: float) -> bool:
        return self._pumps.finish(at_most_s=at_most_s)


def _machine_time() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # EventBridge's clock is the machine's
