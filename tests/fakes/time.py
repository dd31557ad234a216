"""A clock that a test moves, and ids that follow each other."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chalicelib.domain.ids import ULID_RANDOM_BYTES, new_id

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
"""A Monday; noon in Montreal."""


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    at: datetime = NOON

    def __call__(self, *_: Any) -> datetime:
        return self.at

    def move(self, **step: float) -> datetime:
        """Go on by ``days=``, ``hours=``...; answers the new time."""
        self.at += timedelta(**step)
        return self.at


@dataclass(slots=True)
class Ids:
    """The same ids in every run, each later than the one before."""

    clock: Clock = field(default_factory=Clock)
    _made: Any = field(default_factory=lambda: count(1))

    def __call__(self, prefix: str) -> str:
        return new_id(prefix, at=self.clock(), random=next(self._made).to_bytes(ULID_RANDOM_BYTES, "big"))
