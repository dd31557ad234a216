"""Who waits for what: pumps sleep until something was written, and `settle` sleeps until the pumps have seen it all."""

import threading
import time
from collections import Counter
from collections.abc import Callable


class Attention:
    """Counts the writes to each place (a table, a queue) and wakes whoever waits for the next."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._writes: Counter[str] = Counter()
        self.stopped = False

    def call(self, place: str) -> None:
        """Something was written to this place."""
        with self._changed:
            self._writes[place] += 1
            self._changed.notify_all()

    def writes(self, place: str) -> int:
        """How many writes there were so far: what was read after this call holds them all."""
        return self._writes[place]

    def wait_beyond(self, place: str, writes: int, *, at_most_s: float) -> None:
        """Sleep until there is a write beyond these, or the time is up, or all is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopped or self._writes[place] > writes, at_most_s)

    def announce(self) -> None:
        """Something else than a write changed that somebody may wait for."""
        with self._changed:
            self._changed.notify_all()

    def wait_until(self, holds: Callable[[], bool], *, at_most_s: float) -> bool:
        """Sleep until this holds; returns whether it did in time."""
        deadline = time.monotonic() + at_most_s
        with self._changed:
            return self._changed.wait_for(lambda: self.stopped or holds(), max(0.0, deadline - time.monotonic()))

    def stop(self) -> None:
        with self._changed:
            self.stopped = True
            self._changed.notify_all()
