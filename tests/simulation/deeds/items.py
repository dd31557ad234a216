"""Items published, edited, put on drafts and taken off, billed, waived, and come back from voided invoices."""

from typing import Any

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person


def published(person: Person, client: str) -> Any:
    price = f"{person.chance.randint(1, 20_000) / 100:.2f}"
    wanted = {"client_id": client, "description": "Visit", "unit_price": price, "quantity": person.chance.choice("123")}
    item = person.post("/v1/items", wanted)
    assert item.status == 201, f"promise: an item like all others is refused: {item.text}"
    person.post(f"/v1/items/{item['id']}/publish")
    return item.body


def billing(person: Person, client: str, *items: Any) -> Any:
    """A draft that bills items, or the refusal of it."""
    lines = [{"item_id": item["id"]} for item in items]
    return person.post("/v1/invoices", {"client_id": client, "lines": lines, "purchase_order": person.wish()})


@deed(weight=3)
def two_drafts_race_for_one_item(person: Person, client: str) -> None:
    item = published(person, client)
    for n in range(2):
        rival = person.another(f"rival {n}")
        person.world.scheduler.spawn(f"rival {n}", lambda rival=rival: _billed_at_once(rival, client, item))


@deed(weight=3)
def an_item_is_edited_while_its_draft_is_issued(person: Person, client: str) -> None:
    item, other = published(person, client), published(person, client)
    draft = billing(person, client, item, other)
    if draft.status >= 300:
        return
    editor = person.another("editor")
    change = {"unit_price": f"{editor.chance.randint(1, 9_999) / 100:.2f}"}
    person.world.scheduler.spawn("editor", lambda: editor.ask("PATCH", f"/v1/items/{item['id']}", change))
    person.issue(draft["id"])


@deed(weight=3)
def an_item_is_taken_off_a_draft_and_billed_again(person: Person, client: str) -> None:
    item, other = published(person, client), published(person, client)
    draft = billing(person, client, item, other)
    if draft.status >= 300:
        return
    issuer, rival = person.another("issuer"), person.another("rival")
    person.world.scheduler.spawn("issuer", lambda: issuer.issue(draft["id"]))
    person.world.scheduler.spawn("rival", lambda: _billed_at_once(rival, client, item))
    person.ask("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [{"item_id": other["id"]}]})


@deed(weight=2)
def an_item_is_waived_against_its_billing(person: Person, client: str) -> None:
    item = published(person, client)
    waiver = person.another("waiver")
    person.world.scheduler.spawn("waiver", lambda: waiver.post(f"/v1/items/{item['id']}/waive"))
    _billed_at_once(person, client, item)


@deed(weight=3)
def an_invoice_of_items_is_voided_and_they_are_billed_again(person: Person, client: str) -> None:
    items = [published(person, client) for _ in range(person.chance.randint(1, 3))]
    draft = billing(person, client, *items)
    if draft.status >= 300:
        return
    person.issue(draft["id"])
    again = person.another("again")
    wanted = {"client_id": client, "items": {"all_due": True}}
    person.world.scheduler.spawn("again", lambda: again.post("/v1/invoices", wanted))
    person.post(f"/v1/invoices/{draft['id']}/void", {"reason": "a mistake"})
    if person.chance.random() < 0.5:
        person.post(f"/v1/items/{items[0]['id']}/waive")


@deed(weight=2)
def a_draft_of_items_is_deleted_against_its_issue(person: Person, client: str) -> None:
    draft = billing(person, client, published(person, client))
    if draft.status >= 300:
        return
    remover = person.another("remover")
    person.world.scheduler.spawn("remover", lambda: remover.ask("DELETE", f"/v1/invoices/{draft['id']}"))
    person.issue(draft["id"])


@deed(weight=2)
def all_that_is_due_is_billed_twice_at_once(person: Person, client: str) -> None:
    published(person, client)
    for n in range(2):
        clerk = person.another(f"clerk {n}")
        wanted = {"client_id": client, "items": {"all_due": True}, "purchase_order": clerk.wish()}
        person.world.scheduler.spawn(
            f"clerk {n}", lambda clerk=clerk, wanted=wanted: clerk.post("/v1/invoices", wanted)
        )


@deed(weight=3)
def two_drafts_race_for_many_items(person: Person, client: str) -> None:
    """Of more items than are claimed at once, each draft wants most; the winner may be issued, voided or deleted."""
    items = [published(person, client) for _ in range(person.chance.randint(3, 6))]
    for n in range(2):
        rival = person.another(f"rival {n}")
        wanted = rival.chance.sample(items, len(items) - n)
        person.world.scheduler.spawn(f"rival {n}", lambda rival=rival, wanted=wanted: _ended(rival, client, wanted))


@deed(weight=2)
def one_of_many_items_is_edited_while_they_are_billed(person: Person, client: str) -> None:
    items = [published(person, client) for _ in range(person.chance.randint(3, 6))]
    editor = person.another("editor")
    change = {"unit_price": f"{editor.chance.randint(1, 9_999) / 100:.2f}"}
    chosen = editor.chance.choice(items)
    person.world.scheduler.spawn("editor", lambda: editor.ask("PATCH", f"/v1/items/{chosen['id']}", change))
    _ended(person, client, items)


def _ended(person: Person, client: str, items: list[Any]) -> None:
    """Many items billed, and then whatever may become of a draft; of an issued one, also that it is voided."""
    draft = billing(person, client, *items)
    if draft.status >= 300:
        return
    fate = person.chance.choice(["kept", "deleted", "shortened", "issued", "voided"])
    if fate == "deleted":
        person.ask("DELETE", f"/v1/invoices/{draft['id']}")
    if fate == "shortened":
        person.ask("PATCH", f"/v1/invoices/{draft['id']}", {"lines": [{"item_id": item["id"]} for item in items[1:]]})
    if fate in {"issued", "voided"}:
        person.issue(draft["id"])
    if fate == "voided":
        person.post(f"/v1/invoices/{draft['id']}/void", {"reason": "a mistake"})


def _billed_at_once(person: Person, client: str, item: Any) -> None:
    draft = billing(person, client, item)
    if draft.status < 300 and person.chance.random() < 0.7:
        person.issue(draft["id"])
