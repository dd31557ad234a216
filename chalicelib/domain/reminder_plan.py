"""What a run of reminders would do on a day, worked out beforehand and known by a hash."""

import hashlib
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime

from chalicelib.domain.ladder import Tone
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEntry:
    """An invoice to be reminded of, on a step, with what is due of it."""

    invoice_id: str
    name: str
    due_on: date
    days: int
    amount_due: Money

    @property
    def said(self) -> str:
        return f"{self.invoice_id} {self.due_on} {self.days} {self.amount_due} {self.amount_due.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReminder:
    """One mail to one client, on its day there; words: a hash of what it says."""

    day: date
    client_id: str
    client_name: str
    to: str | None
    tone: Tone
    language: str
    attach_pdf: bool
    pay_link: bool
    words: str
    entries: tuple[PlannedEntry, ...]

    @property
    def said(self) -> str:
        """Everything that the mail depends on, in one line."""
        how = f"{self.client_id} {self.day} {self.to} {self.tone} {self.language} {self.attach_pdf} {self.pay_link}"
        return " | ".join([how, self.words, *(entry.said for entry in self.entries)])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPlan:
    """The mails of a run on a day, by client; ``id`` is the hash of all that they depend on.

    older: with the steps of days before the ladder was set up. left_off: so many clients more are for another run.
    kept_until: in real time; a plan is not kept for ever.
    """

    id: str = field(default="")
    on: date
    older: bool
    reminders: tuple[PlannedReminder, ...]
    left_off: int = 0
    kept_until: datetime

    @property
    def hash(self) -> str:
        lines = [f"{self.on} {self.older}", *(one.said for one in self.reminders)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(planned: ReminderPlan, now: ReminderPlan, *, but: frozenset[str]) -> Iterator[str]:
    """What is otherwise now than it was planned, a clause for each; but: clients who were reminded by it."""
    then = {one.client_id: one for one in planned.reminders if one.client_id not in but}
    today = {one.client_id: one for one in now.reminders if one.client_id not in but}
    for client_id, one in then.items():
        if client_id not in today:
            yield f"{one.client_name} is not to be reminded any more"
        elif today[client_id].said != one.said:
            yield from _within(one, today[client_id])
    for client_id, one in today.items():
        if client_id not in then:
            yield f"{one.client_name} is to be reminded too"


def _within(then: PlannedReminder, now: PlannedReminder) -> Iterator[str]:
    before = {entry.invoice_id: entry for entry in then.entries}
    after = {entry.invoice_id: entry for entry in now.entries}
    known = False
    for id, entry in (before | after).items():
        if id not in after:
            known = True
            yield f"{then.client_name} is not to be reminded of invoice {entry.name} any more"
        elif id not in before:
            known = True
            yield f"{then.client_name} is to be reminded of invoice {entry.name} too"
        elif before[id].said != entry.said:
            known = True
            yield f"invoice {entry.name} of {then.client_name} is due with {entry.amount_due}"
    if not known:
        yield f"the mail to {then.client_name} would be another"
