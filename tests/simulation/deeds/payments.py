"""Money by hand and by card at the same moment, taken back, disputed, and invoices voided meanwhile."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.payers import CARDS
from tests.simulation.people import Person

HALVES = [{"label": "Deposit", "percent": "50"}, {"label": "Rest", "remainder": True}]


def by_card(person: Person, invoice: str, *, choice: str = "due") -> str | None:
    """The id of the intent with which it was paid on the provider's page, if it was."""
    link = person.post(f"/v1/invoices/{invoice}/payment-link", {"choice": choice})
    if link.status >= 300:
        return None
    card = person.chance.choice(CARDS)
    intent = person.world.payers.pay(link["url"], card)
    if intent and intent["status"] == "requires_action":
        person.world.payers.authenticate(intent["id"], passed=person.chance.random() < 0.7)
    return str(intent["id"]) if intent else None


def by_hand(person: Person, invoice: Any, amount: str) -> None:
    method = person.chance.choice(("cash", "cheque", "transfer"))
    wanted = {"amount": amount, "method": method, "overpayment": "credit", "reference": person.wish()}
    person.post(f"/v1/invoices/{invoice['id']}/payments", wanted)


def wait_for_the_books(person: Person, invoice: str) -> None:
    """Most often what comes next comes after the payment was booked, but not always."""
    if person.chance.random() < 0.6:
        person.wait(lambda: person.get(f"/v1/invoices/{invoice}")["paid_at"], patience=8)


@deed(weight=3)
def it_is_paid_by_card_and_by_hand_at_once(person: Person, client: str) -> None:
    invoice = person.issued(client, schedule=HALVES)
    at_the_desk = person.another("desk")
    amount = person.chance.choice((invoice["total"], invoice["schedule"][0]["amount"]))
    person.world.scheduler.spawn("desk", lambda: by_hand(at_the_desk, invoice, amount))
    by_card(person, invoice["id"], choice=person.chance.choice(("due", "all")))


@deed(weight=3)
def two_instalments_are_paid_by_card_at_once(person: Person, client: str) -> None:
    invoice = person.issued(client, schedule=HALVES)
    for n, choice in enumerate(("due", "all")):
        payer = person.another(f"payer {n}")
        person.world.scheduler.spawn(
            f"payer {n}", lambda payer=payer, choice=choice: by_card(payer, invoice["id"], choice=choice)
        )


@deed(weight=3)
def it_is_voided_while_it_is_paid(person: Person, client: str) -> None:
    invoice = person.issued(client)
    payer = person.another("payer")
    person.world.scheduler.spawn("payer", lambda: by_card(payer, invoice["id"]))
    if person.chance.random() < 0.5:
        desk = person.another("desk")
        person.world.scheduler.spawn("desk", lambda: by_hand(desk, invoice, "10.00"))
    person.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "a mistake"})


@deed(weight=3)
def it_is_paid_and_refunded(person: Person, client: str) -> None:
    invoice = person.issued(client)
    intent = by_card(person, invoice["id"])
    if intent is None:
        return
    wait_for_the_books(person, invoice["id"])
    payers = person.world.payers
    for part in person.chance.choice(((None,), (100,), (100, 150), (100, None))):
        refund = payers.refund(intent, part)
        if refund and person.chance.random() < 0.3:
            payers.fail_refund(refund["id"])


@deed()
def money_goes_back_while_its_coming_is_still_told(person: Person, client: str) -> None:
    """Several events tell of one payment; the first is booked, and the money is gone before the last is followed."""
    invoice = person.issued(client)
    intent = by_card(person, invoice["id"])
    if intent:
        person.wait(lambda: person.world.clerk.is_booked(person.house.id, invoice["id"]) or None, patience=200)
        person.world.payers.refund(intent)


@deed(weight=3)
def it_is_paid_and_disputed(person: Person, client: str) -> None:
    invoice = person.issued(client)
    intent = by_card(person, invoice["id"])
    wait_for_the_books(person, invoice["id"])
    dispute = intent and person.world.payers.dispute(intent)
    wait_for_the_books(person, invoice["id"])
    if dispute and person.chance.random() < 0.7:
        person.world.payers.close_dispute(dispute["id"], won=person.chance.random() < 0.5)


@deed()
def whatever_page_is_open_is_paid(person: Person, client: str) -> None:
    """Pages are asked for again and again, and somebody has every one of them open."""
    invoice = person.issued(client, schedule=HALVES)
    for n in range(3):
        payer, choice = person.another(f"payer {n}"), person.chance.choice(("due", "due", "all"))
        person.world.scheduler.spawn(
            f"payer {n}",
            lambda payer=payer, choice=choice: payer.post(
                f"/v1/invoices/{invoice['id']}/payment-link", {"choice": choice}
            ),
        )
    for _ in range(40):
        person.world.scheduler.pause()
        page = next(iter(person.world.clerk.payable_pages(person.house.account)), None)
        if page:
            person.world.payers.pay(page["url"], "pm_card_visa")
