"""The ladder of reminders that a business or a client has, and the hours at which a client is mailed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass

FARTHEST_DAYS = 365
MOST_STEPS = 20
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


class Tone(StrEnum):
    """How a reminder speaks, from the mildest to the sternest."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    FIRM = "firm"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One reminder of a ladder.

    days: after the due date; before it where they are negative. language: None follows the client's.
    """

    days: int
    tone: Tone = Tone.NEUTRAL
    attach_pdf: bool = True
    pay_link: bool = True
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The reminders that an unpaid invoice brings, the earliest first; without steps it brings none.

    since: the day it was set up; what fell on an earlier day is not made up for by itself.
    """

    steps: tuple[Step, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When clients are mailed, by their own clocks; weekdays: 1 is Monday."""

    opens: time = time(9)
    closes: time = time(18)
    weekdays: tuple[int, ...] = EVERY_DAY

    def opening(self, day: date, *, zone: tzinfo, not_before: datetime) -> datetime:
        """The first instant from a day on, and not before another instant, at which a client may be mailed."""
        day = max(day, not_before.astimezone(zone).date())
        while True:
            opens, closes = (datetime.combine(day, at, zone).astimezone(UTC) for at in (self.opens, self.closes))
            if day.isoweekday() in self.weekdays and closes > not_before:
                return max(opens, not_before.astimezone(UTC))
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far up the ladder an invoice has come for one of its due dates."""

    due_on: date
    days: int


def set_up(before: Ladder | None, steps: Iterable[Step], *, today: date) -> Ladder:
    """A ladder of these steps; ``since`` is kept while there were steps before."""
    ordered = tuple(sorted(steps, key=lambda step: step.days))
    if not ordered:
        return Ladder()
    since = before.since if before and before.steps else today
    return Ladder(steps=ordered, since=since)


def checked(steps: Iterable[Step], *, languages: Iterable[str], at: str = "/reminders") -> tuple[Step, ...]:
    """The same steps. Raises Invalid for two of one day, a day too far off, or a language that is not offered."""
    given, offered = tuple(steps), tuple(languages)
    for place, step in enumerate(given):
        if abs(step.days) > FARTHEST_DAYS:
            detail = f"A reminder goes out up to {FARTHEST_DAYS} days before or after the due date."
            raise Invalid("out_of_range", detail, at=f"{at}/{place}/days")
        if step.days in [other.days for other in given[:place]]:
            raise Invalid("step_twice", f"Two reminders {step.days} days from the due date.", at=f"{at}/{place}/days")
        if step.language and step.language not in offered:
            detail = f"The business does not offer the language {step.language!r}."
            raise Invalid("unknown_language", detail, at=f"{at}/{place}/language")
    return given


def reached_of(reached: tuple[Reached, ...], due_on: date) -> int | None:
    """The last step, by its days, that was reached for a due date."""
    return next((one.days for one in reached if one.due_on == due_on), None)


def with_reached(reached: tuple[Reached, ...], marks: tuple[Reached, ...]) -> tuple[Reached, ...]:
    """The same with other last steps for some due dates."""
    again = {mark.due_on for mark in marks}
    return (*(one for one in reached if one.due_on not in again), *marks)


def sternest(steps: Iterable[Step]) -> Step:
    """Of several steps that one letter is for, the one that gives its tone; there must be one.

    What any of them wants attached or linked, the letter has.
    """
    given = tuple(steps)
    stern = max(given, key=lambda step: (list(Tone).index(step.tone), step.days))
    return replace(
        stern, attach_pdf=any(step.attach_pdf for step in given), pay_link=any(step.pay_link for step in given)
    )
