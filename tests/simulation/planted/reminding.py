"""Bugs in reminders: a step that comes again, and a client who is mailed twice on a day."""

from collections import Counter
from datetime import date
from typing import Any
from unittest.mock import patch

from chalicelib.domain import follow_up, reminder
from tests.simulation.planted.book import bug


@bug("a step that was reached is owed again", "unpaid_invoices_climb_the_ladder_while_some_are_paid")
def a_step_that_comes_again() -> Any:
    return patch.object(follow_up, "reached_of", lambda *_: None)


@bug("a client is mailed again on the same day", "several_ring_the_bell_at_once")
def two_mails_on_a_day() -> Any:
    right, asked = reminder.id_of, Counter[str]()

    def another(client_id: str, day: date) -> str:
        asked[client_id] += 1
        return right(f"{client_id}/{asked[client_id] // 2}", day)

    return patch.object(reminder, "id_of", another)


@bug("what is paid is reminded of", "unpaid_invoices_climb_the_ladder_while_some_are_paid")
def a_reminder_of_what_is_paid() -> Any:
    return patch.object(follow_up, "asks_for_money", lambda invoice: invoice.issued_at is not None)
