"""Money put on several invoices, used as credit, given back, matched and given up, by several people at once."""

from functools import partial
from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_card, by_hand, wait_for_the_books
from tests.simulation.people import Person

REASONS = ("", "too late", "by mistake")


def on_account(person: Person, client: str, amount: str, *parts: tuple[Any, str]) -> Any:
    """A client's payment; parts: what goes on which invoice; without them none of it goes on any."""
    chosen = [{"invoice_id": invoice["id"], "amount": part} for invoice, part in parts]
    wish = {"amount": amount, "method": "transfer", "reference": person.wish(), "allocations": chosen}
    return person.post(f"/v1/clients/{client}/payments", wish)


def give_back(person: Person, payment: str, amount: str | None = None) -> None:
    wish = {"reason": person.chance.choice(REASONS)} | ({"amount": amount} if amount else {})
    person.post(f"/v1/payments/{payment}/refunds", wish)


def payments_of(person: Person, invoice: str) -> list[Any]:
    found: list[Any] = person.get(f"/v1/invoices/{invoice}/payments")["data"]
    return found


@deed(weight=3)
def a_client_pays_several_invoices(person: Person, client: str) -> None:
    invoices = [person.issued(client) for _ in range(person.chance.randint(1, 3))]
    at_the_desk = person.another("desk")
    person.world.scheduler.spawn("desk", lambda: by_hand(at_the_desk, invoices[0], invoices[0]["total"]))
    if person.chance.random() < 0.5:
        parts = [(invoice, "0.01") for invoice in invoices]
        on_account(person, client, "50.00", *parts)
    else:
        imputed = {"amount": invoices[-1]["total"], "method": "cheque", "reference": person.wish()}
        person.post(f"/v1/clients/{client}/payments", imputed)


@deed(weight=3)
def credit_is_used_by_two_clerks_at_once(person: Person, client: str) -> None:
    one, other = person.issued(client), person.issued(client)
    payment = on_account(person, client, one["total"])["id"]
    for invoice in (one, other):
        clerk, wish = person.another(invoice["id"]), {"invoice_id": invoice["id"]}
        person.world.scheduler.spawn(
            f"clerk {invoice['number']}",
            lambda clerk=clerk, wish=wish: clerk.post(f"/v1/payments/{payment}/allocations", wish),
        )
    if person.chance.random() < 0.5:
        person.ask("DELETE", f"/v1/payments/{payment}/allocations/{one['id']}")
    give_back(person, payment, "0.01")


@deed(weight=2)
def a_debt_is_given_up_while_it_is_paid(person: Person, client: str) -> None:
    invoice = person.issued(client)
    payer = person.another("payer")
    if person.chance.random() < 0.5:
        person.world.scheduler.spawn("payer", lambda: by_card(payer, invoice["id"]))
    else:
        person.world.scheduler.spawn("payer", lambda: by_hand(payer, invoice, "0.01"))
    person.post(f"/v1/invoices/{invoice['id']}/write-off", {"reason": "bankrupt"})
    if person.chance.random() < 0.6:
        person.ask("DELETE", f"/v1/invoices/{invoice['id']}/write-off")
        person.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "a mistake"})


@deed(weight=4)
def it_is_refunded_by_two_at_once(person: Person, client: str) -> None:
    """Also from the provider's dashboard, and some of it fails in the end."""
    invoice = person.issued(client)
    intent = by_card(person, invoice["id"], choice="all")
    person.wait(lambda: person.world.clerk.is_booked(person.house.id, invoice["id"]) or None, patience=200)
    for payment in payments_of(person, invoice["id"]):
        for n, amount in enumerate((None, "0.02")):
            clerk = person.another(f"clerk {n}")
            person.world.scheduler.spawn(f"clerk {n}", partial(give_back, clerk, payment["id"], amount))
        if intent and person.chance.random() < 0.5:
            refund = person.world.payers.refund(intent, 1)
            if refund and person.chance.random() < 0.5:
                person.world.payers.fail_refund(refund["id"])


@deed(weight=3)
def it_is_refunded_and_disputed_at_once(person: Person, client: str) -> None:
    """Some of it is on another invoice by then."""
    invoice, other = person.issued(client), person.issued(client)
    intent = by_card(person, invoice["id"], choice="all")
    wait_for_the_books(person, invoice["id"])
    for payment in payments_of(person, invoice["id"]):
        if person.chance.random() < 0.5:
            person.ask("DELETE", f"/v1/payments/{payment['id']}/allocations/{invoice['id']}")
            person.post(f"/v1/payments/{payment['id']}/allocations", {"invoice_id": other["id"], "amount": "0.03"})
        clerk = person.another("clerk")
        person.world.scheduler.spawn("clerk", partial(give_back, clerk, payment["id"], "0.02"))
        dispute = intent and person.world.payers.dispute(intent)
        wait_for_the_books(person, invoice["id"])
        if dispute:
            person.world.payers.close_dispute(dispute["id"], won=person.chance.random() < 0.6)


@deed(weight=2)
def a_stray_payment_is_matched_by_two_at_once(person: Person, client: str) -> None:
    invoice = person.issued(client)
    intent = person.world.payers.pay_elsewhere(person.house.account, person.chance.randint(1, 90_000), person.wish())
    if person.chance.random() < 0.3:
        person.world.payers.refund(intent, 1)
    found = person.wait(lambda: person.world.clerk.unmatched(person.house.id, intent), patience=300)
    if found is None:
        return
    for n, where in enumerate(({"invoice_id": invoice["id"]}, {"client_id": client})):
        clerk = person.another(f"clerk {n}")
        person.world.scheduler.spawn(
            f"clerk {n}", lambda clerk=clerk, where=where: clerk.post(f"/v1/payments/{found}/match", where)
        )
    person.world.payers.refund(intent, 1)
