"""EventBridge's part: wakes each function at its time (minute, quarter, night), or at once when somebody asks."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from chalice.app import Chalice

from infra.local.attention import Attention
from infra.local.functions import context, function, request_id

logger = logging.getLogger("quittance.local")
NIGHT = 3  # o'clock, UTC
QUARTER = 15  # minutes


class Clock:
    """now: this machine's time; a sandbox business has its own, which the app knows."""

    def __init__(self, app: Chalice, *, now: Callable[[], datetime], attention: Attention) -> None:
        self._app = app
        self._now = now
        self._attention = attention
        self._sweeping = threading.Lock()
        self.failures = 0
        self.thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def tick(self, name: str = "sweep") -> bool:
        """Wake this function now, if the app has it; returns whether it succeeded. One at a time."""
        found = function(self._app, name)
        if found is None:
            return True
        with self._sweeping:
            try:
                found(scheduled(name, self._now()), context(name))
            except Exception:
                logger.exception("%s failed", name)
                self.failures += 1
                return False
        return True

    def _run(self) -> None:
        before = self._now()
        while not self._attention.stopped:
            now = self._now()
            if (now.hour, now.minute) != (before.hour, before.minute):
                self.tick()
                if _quarter(before) != _quarter(now):
                    self.tick("reconcile")
                if _night(before) != _night(now):
                    self.tick("audit")
                before = now
            self._attention.wait_until(lambda: False, at_most_s=60 - self._now().second)


def _quarter(at: datetime) -> datetime:
    """The quarter of an hour that it is."""
    return at.replace(minute=at.minute - at.minute % QUARTER, second=0, microsecond=0)


def _night(at: datetime) -> date:
    """The day that began with the last night's audit; a machine that slept through it audits when it wakes."""
    return (at - timedelta(hours=NIGHT)).date()


def scheduled(name: str, at: datetime) -> dict[str, Any]:
    """The event of an EventBridge rule with a schedule."""
    return {
        "version": "0",
        "id": request_id(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "us-east-1",
        "resources": [f"arn:aws:events:us-east-1:000000000000:rule/{name}"],
        "detail": {},
    }
