"""Stored cards, charged against everything else that can happen to an invoice at the same moment."""

from collections.abc import Callable

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import HALVES, by_card, by_hand
from tests.simulation.people import Person

MOODS = (
    "pm_card_visa",
    "pm_card_visa",
    "pm_card_visa_chargeDeclinedInsufficientFunds",
    "pm_card_visa_chargeDeclinedLostCard",
    "pm_card_authenticationRequired",
)
"""What a card that was good when it was stored may be when it is charged."""


def with_card(person: Person, client: str, *, automatic: bool = False) -> bool:
    """Have the client store a card, and wait until it is known; whether it is."""
    link = person.post(f"/v1/clients/{client}/card", {"automatic": automatic})
    if link.status >= 300 or not person.world.payers.pay(link["url"], "pm_card_visa"):
        return False
    known = person.wait(lambda: person.get(f"/v1/clients/{client}")["card"], patience=30)
    return known is not None


def charge(person: Person, invoice: str) -> None:
    answer = person.post(f"/v1/invoices/{invoice}/charge", {})
    assert answer.status != 200 or answer["state"], "promise: a charge that is answered says what became of it"


def while_it_is_charged(person: Person, invoice: str, other: Callable[[Person], None]) -> None:
    """Somebody else does something at the moment at which the card is charged."""
    somebody = person.another("somebody")
    person.world.scheduler.spawn("somebody", lambda: other(somebody))
    charge(person, invoice)


@deed(weight=3)
def a_card_is_charged_against_cash(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client, schedule=HALVES)
    amount = person.chance.choice((invoice["total"], invoice["schedule"][0]["amount"]))
    while_it_is_charged(person, invoice["id"], lambda desk: by_hand(desk, invoice, amount))


@deed(weight=3)
def a_card_is_charged_against_an_open_page(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client)
    while_it_is_charged(person, invoice["id"], lambda payer: by_card(payer, invoice["id"]))


@deed(weight=3)
def a_card_is_charged_twice_at_once(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client)
    while_it_is_charged(person, invoice["id"], lambda clerk: charge(clerk, invoice["id"]))


@deed(weight=2)
def a_card_is_charged_while_its_invoice_is_voided(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client)
    void = f"/v1/invoices/{invoice['id']}/void"
    while_it_is_charged(person, invoice["id"], lambda clerk: clerk.post(void, {"reason": "a mistake"}) and None)


@deed(weight=2)
def a_card_is_charged_while_its_invoice_is_credited(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client)
    credit = f"/v1/invoices/{invoice['id']}/credit-notes"
    while_it_is_charged(person, invoice["id"], lambda clerk: clerk.post(credit, {"reason": "a mistake"}) and None)


@deed(weight=2)
def a_card_is_forgotten_while_it_is_charged(person: Person, client: str) -> None:
    with_card(person, client)
    invoice = person.issued(client)
    while_it_is_charged(person, invoice["id"], lambda clerk: clerk.ask("DELETE", f"/v1/clients/{client}/card") and None)


@deed(weight=3)
def a_card_is_declined_and_tried_again(person: Person, client: str) -> None:
    with_card(person, client)
    invoices = [person.issued(client) for _ in range(2)]
    person.world.payers.becomes(person.house.account, person.chance.choice(MOODS))
    charge(person, invoices[0]["id"])
    person.world.payers.becomes(person.house.account, person.chance.choice(MOODS))
    person.post(f"/v1/clients/{client}/charge")


@deed(weight=3)
def a_card_is_charged_by_itself_on_its_day(person: Person, client: str) -> None:
    person.ask("PATCH", "/v1/business", {"automation": {"auto_charge": True}})
    with_card(person, client, automatic=True)
    invoice = person.issued(client, due_date=person.day_in(person.chance.randint(0, 2)))
    if person.chance.random() < 0.4:
        payer = person.another("payer")
        person.world.scheduler.spawn("payer", lambda: by_card(payer, invoice["id"]))
    if person.chance.random() < 0.3:
        charge(person, invoice["id"])


@deed(weight=1)
def two_cards_are_stored_at_once(person: Person, client: str) -> None:
    for n in range(2):
        owner = person.another(f"owner {n}")
        person.world.scheduler.spawn(f"owner {n}", lambda owner=owner: with_card(owner, client) and None)
    person.issued(client)
