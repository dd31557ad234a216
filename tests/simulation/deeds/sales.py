"""Orders billed by several at once, wholly and in parts, straight and through delivery notes, and given back."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person


def ordered(person: Person, client: str) -> Any:
    """An order of odd prices, with a discount on the whole."""
    wish = {"client_id": client, "lines": person.lines(), "discount_amount": "0.01"}
    answer = person.post("/v1/orders", wish)
    assert answer.status == 201, f"promise: an order like all others is refused: {answer.text}"
    return answer.body


def bill(person: Person, place: str, document: Any) -> Any:
    """A draft of all that is left of it, or of some of its first line; None if that is not left."""
    part = person.chance.choice(("1", "2", "0.5", None))
    body = {} if part is None else {"lines": [{"line_id": document["lines"][0]["id"], "quantity": part}]}
    answer = person.post(f"/v1/{place}/{document['id']}/invoices", body)
    assert answer.status == 201 or answer.problem_code in {"nothing_left", "beyond_quantity"}, answer.text
    return answer.body if answer.status == 201 else None


@deed(weight=4)
def an_order_is_billed_by_several_at_once(person: Person, client: str) -> None:
    order = ordered(person, client)
    for n in range(person.chance.randint(2, 4)):
        biller = person.another(f"biller {n}")
        person.world.scheduler.spawn(f"biller {n}", lambda biller=biller: bill(biller, "orders", order))


@deed(weight=3)
def an_order_is_billed_while_it_is_edited(person: Person, client: str) -> None:
    order = ordered(person, client)
    editor = person.another("editor")
    change = {"lines": [{"id": "1", "description": "Work", "quantity": "3", "unit_price": "7.77"}]}
    person.world.scheduler.spawn("editor", lambda: editor.ask("PATCH", f"/v1/orders/{order['id']}", change))
    bill(person, "orders", order)


@deed(weight=3)
def an_order_and_its_delivery_note_are_billed_at_once(person: Person, client: str) -> None:
    order = ordered(person, client)
    delivery = person.post(f"/v1/orders/{order['id']}/deliveries").body
    for n, (place, document) in enumerate((("orders", order), ("deliveries", delivery), ("deliveries", delivery))):
        biller = person.another(f"biller {n}")
        person.world.scheduler.spawn(
            f"biller {n}", lambda biller=biller, place=place, document=document: bill(biller, place, document)
        )


@deed(weight=3)
def a_part_is_given_back_while_the_rest_is_billed(person: Person, client: str) -> None:
    order = ordered(person, client)
    draft = bill(person, "orders", order)
    for n in range(2):
        biller = person.another(f"biller {n}")
        person.world.scheduler.spawn(f"biller {n}", lambda biller=biller: bill(biller, "orders", order))
    if person.chance.random() < 0.5:
        person.ask("DELETE", f"/v1/invoices/{draft['id']}")
    else:
        person.issue(draft["id"])
        person.post(f"/v1/invoices/{draft['id']}/void", {"reason": "a mistake"})


@deed()
def a_quote_is_ordered_while_it_is_approved(person: Person, client: str) -> None:
    """What its approval makes by itself and what its order makes are never both there."""
    wanted = {"client_id": client, "lines": person.lines(), "invoicing": {"mode": "single"}}
    quote = person.post("/v1/quotes", wanted).body
    other = person.another("orderer")
    person.world.scheduler.spawn("orderer", lambda: other.post(f"/v1/quotes/{quote['id']}/orders"))
    person.post(f"/v1/quotes/{quote['id']}/approve", {"by": "Marie"})


@deed(weight=1)
def an_order_is_deleted_or_cancelled_while_it_is_billed(person: Person, client: str) -> None:
    order = ordered(person, client)
    ender = person.another("ender")
    if ender.chance.random() < 0.5:
        person.world.scheduler.spawn("ender", lambda: ender.ask("DELETE", f"/v1/orders/{order['id']}"))
    else:
        person.world.scheduler.spawn("ender", lambda: ender.post(f"/v1/orders/{order['id']}/cancel"))
    for _ in range(2):
        person.post(f"/v1/orders/{order['id']}/invoices")
