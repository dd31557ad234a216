"""The time of a world, its businesses, and what its API answers."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests import builders as b


@dataclass(slots=True)
class Time:
    """What every clock shows: noon of 2 March 2026 in Montreal, a millisecond later at each look."""

    instant: datetime = b.NOON

    def __call__(self) -> datetime:
        self.instant += timedelta(milliseconds=1)
        return self.instant

    def pass_(self, **step: float) -> None:
        """``pass_(days=3)``"""
        self.instant += timedelta(**step)

    def move_to(self, instant: str) -> None:
        """To a later instant, ``2026-03-09T12:00:00Z``."""
        later = datetime.fromisoformat(instant).astimezone(UTC)
        assert later >= self.instant, "time only goes forward"
        self.instant = later


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]  # names in lower case
    raw: bytes

    @property
    def body(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.text) if self.text else None

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def problem_code(self) -> str:
        """The stable code of a refusal; empty where nothing was refused."""
        return str(self.body["code"]) if self.status >= 400 and self.text.startswith("{") else ""

    @property
    def problem(self) -> tuple[int, str]:
        """The status and the code of a refusal."""
        return self.status, self.body["code"]


@dataclass(frozen=True, slots=True)
class House:
    """One business: its id, its owner's key, its Stripe account."""

    id: str
    key: str
    account: str
