"""Invoices credited whole, by line, by amount, by two at once, and while they are paid, voided or at the checkout."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import HALVES, by_card, by_hand, wait_for_the_books
from tests.simulation.people import Person

REFUSED = {
    *("nothing_to_credit", "more_than_left", "invoice_void", "invoice_disputed", "payment_under_way"),
    *("too_many_payments", "conflict"),
}
"""Why it may not be credited in a history in which others work on it."""


def credit(person: Person, invoice: Any) -> Any:
    """A credit note of some of it, or of all that is left; None where that is refused."""
    wish: dict[str, Any] = {"reason": person.wish(), "send": person.chance.random() < 0.3}
    match person.chance.choice(("whole", "line", "part of a line", "amount")):
        case "line":
            wish["lines"] = [{"line_id": "1"}]
        case "part of a line":
            wish["lines"] = [{"line_id": "1", "quantity": person.chance.choice(("1", "0.7"))}]
        case "amount":
            wish["amount"] = f"{person.chance.randint(1, 5_000) / 100:.2f}"
    answer = person.post(f"/v1/invoices/{invoice['id']}/credit-notes", wish)
    assert answer.status == 201 or answer.problem_code in REFUSED, f"promise: a credit is refused: {answer.text}"
    return answer.body if answer.status == 201 else None


@deed(weight=3)
def it_is_credited_until_nothing_is_left(person: Person, client: str) -> None:
    invoice = person.issued(client, discount_amount="0.01")
    for _ in range(person.chance.randint(0, 3)):
        credit(person, invoice)
    last = person.post(f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": person.wish()})
    assert last.status == 201 or last.problem_code == "nothing_to_credit", last.text
    due = person.get(f"/v1/invoices/{invoice['id']}")["amount_due"]
    assert due == "0.00", f"promise: all of {invoice['id']} was credited, and {due} is due"


@deed(weight=3)
def it_is_credited_by_two_at_once(person: Person, client: str) -> None:
    invoice = person.issued(client)
    for n in range(2):
        clerk = person.another(f"clerk {n}")
        person.world.scheduler.spawn(f"clerk {n}", lambda clerk=clerk: credit(clerk, invoice))


@deed(weight=4)
def it_is_credited_while_a_payment_arrives(person: Person, client: str) -> None:
    invoice = person.issued(client, schedule=HALVES)
    payer = person.another("payer")
    if person.chance.random() < 0.5:
        person.world.scheduler.spawn("payer", lambda: by_hand(payer, invoice, invoice["total"]))
    else:
        person.world.scheduler.spawn("payer", lambda: by_card(payer, invoice["id"], choice="all"))
    for _ in range(2):
        credit(person, invoice)


@deed(weight=3)
def it_is_credited_after_it_was_paid(person: Person, client: str) -> None:
    invoice = person.issued(client, schedule=HALVES)
    by_hand(person, invoice, person.chance.choice((invoice["schedule"][0]["amount"], invoice["total"])))
    if person.chance.random() < 0.5:
        by_card(person, invoice["id"])
        wait_for_the_books(person, invoice["id"])
    credit(person, invoice)


@deed()
def it_is_credited_against_its_void(person: Person, client: str) -> None:
    invoice = person.issued(client)
    clerk = person.another("clerk")
    person.world.scheduler.spawn("clerk", lambda: credit(clerk, invoice))
    person.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "a mistake"})


@deed(weight=3)
def it_is_credited_against_its_checkout(person: Person, client: str) -> None:
    """Whatever page is open when it is credited asks for too much: it is closed first, or its money is credit."""
    invoice = person.issued(client)
    clerk = person.another("clerk")
    link = person.post(f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})
    person.world.scheduler.spawn("clerk", lambda: credit(clerk, invoice))
    if link.status < 300:
        person.world.scheduler.pause()
        person.world.payers.pay(link["url"], "pm_card_visa")
