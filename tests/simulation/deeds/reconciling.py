"""Accounts that are compared with Stripe while people pay, refund and dispute, and Stripe pays out."""

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_card, wait_for_the_books
from tests.simulation.people import Person


def compare(person: Person) -> None:
    """The quarter's tick, or two of them at once."""
    person.world.waking.comparisons += person.chance.randint(1, 2)


@deed()
def it_is_compared_while_it_is_paid(person: Person, client: str) -> None:
    invoice = person.issued(client)
    compare(person)
    intent = by_card(person, invoice["id"])
    compare(person)
    if intent and person.chance.random() < 0.5:
        person.world.payers.refund(intent, 100)
        compare(person)


@deed()
def it_is_paid_out_while_it_is_refunded(person: Person, client: str) -> None:
    invoice = person.issued(client)
    intent = by_card(person, invoice["id"])
    if intent is None:
        return
    wait_for_the_books(person, invoice["id"])
    payout = person.world.payers.pay_out(person.house.account)
    compare(person)
    person.world.payers.refund(intent, 100)
    if payout and person.chance.random() < 0.4:
        person.world.payers.return_payout(payout["id"])
    compare(person)
