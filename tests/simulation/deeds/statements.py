"""Statements of account: read while money comes and goes, and asked for by several at once."""

from decimal import Decimal
from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.credits import credit
from tests.simulation.deeds.payments import by_hand
from tests.simulation.people import Person

PERIODS: tuple[dict[str, str], ...] = ({}, {"from": "2026-01-01"}, {"from": "2026-01-01", "to": "2026-01-31"})


@deed(weight=3)
def a_statement_is_read_while_money_comes_and_goes(person: Person, client: str) -> None:
    """Whatever of the latest it does not show yet, it adds up."""
    invoice = person.issued(client)
    payer, clerk = person.another("payer"), person.another("clerk")
    person.world.scheduler.spawn("payer", lambda: by_hand(payer, invoice, invoice["total"]))
    person.world.scheduler.spawn("clerk", lambda: credit(clerk, invoice))
    for _ in range(person.chance.randint(1, 3)):
        _adds_up(person.get(f"/v1/clients/{client}/statement?from=2026-01-01"))


@deed(weight=3)
def a_statement_is_asked_for_by_several_at_once(person: Person, client: str) -> None:
    if person.chance.random() < 0.7:
        person.issued(client)
    for n in range(person.chance.randint(1, 3)):
        clerk, period = person.another(f"clerk {n}"), person.chance.choice(PERIODS)
        person.world.scheduler.spawn(
            f"clerk {n}", lambda clerk=clerk, period=period: _ask_for(clerk, client, dict(period))
        )


def _ask_for(person: Person, client: str, period: dict[str, str]) -> None:
    answer = person.post(f"/v1/clients/{client}/statement/send", period)
    assert answer.status == 202, f"promise: a statement like all others is refused: {answer.text}"


def _adds_up(told: Any) -> None:
    balance = Decimal(told["opening_balance"])
    for moved in told["movements"]:
        balance += Decimal(moved["debit"]) - Decimal(moved["credit"])
        assert Decimal(moved["running_balance"]) == balance, f"statement: {moved} does not follow from what was before"
    owed = Decimal(told["amount_due"]) - Decimal(told["credit_total"])
    assert Decimal(told["closing_balance"]) == balance == owed, f"statement: it does not add up: {told}"
    by_age = sum(Decimal(amount) for amount in told["aging"].values())
    assert by_age == Decimal(told["amount_due"]), f"statement: what is due by age comes to {by_age}: {told}"
