"""Webhooks told of invoices while their secrets are rotated, they are switched off and on, and told things anew."""

from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_hand
from tests.simulation.people import Person
from tests.simulation.receivers import Server


def webhook(person: Person) -> str:
    """The id of a new webhook of the business's; None where the answer with its secret was lost."""
    server = Server(business=person.house.id)
    url = f"https://{person.wish()}.example.com/hook"
    person.world.receivers.servers[url] = server
    added = person.post("/v1/webhooks", {"url": url})
    assert added.status == 201, f"promise: a webhook like all others is refused: {added.text}"
    learn(person, server, added["secret"], added["id"])
    return str(added["id"])


def learn(person: Person, server: Server, secret: str | None, webhook_id: str) -> None:
    """Somebody whose answer was lost has the secret rotated until it is told."""
    rotations = 0
    while secret is None:
        secret = person.post(f"/v1/webhooks/{webhook_id}/rotate-secret")["secret"]
        rotations += 1
    server.unsure = server.unsure or rotations > 0
    server.secrets.append(secret)


@deed(weight=3)
def a_webhook_is_told_what_happens(person: Person, client: str) -> None:
    webhook(person)
    for _ in range(person.chance.randint(1, 2)):
        invoice = person.issued(client)
        by_hand(person, invoice, invoice["total"])


@deed(weight=3)
def a_webhook_is_replayed_rotated_and_switched_while_things_happen(person: Person, client: str) -> None:
    one = webhook(person)
    clerk = person.another("clerk")
    person.world.scheduler.spawn("clerk", lambda: clerk.issued(client))
    for _ in range(person.chance.randint(1, 3)):
        match person.chance.choice(("replay", "switch", "rotate", "ping")):
            case "replay":
                told = person.get(f"/v1/webhooks/{one}")["delivered_up_to"]
                person.post(f"/v1/webhooks/{one}/replay", {"after_sequence": person.chance.randint(0, told)})
            case "switch":
                for enabled in (False, True):
                    person.ask("PATCH", f"/v1/webhooks/{one}", {"enabled": enabled})
            case "rotate":
                server = person.world.receivers.servers[person.get(f"/v1/webhooks/{one}")["url"]]
                learn(person, server, None, one)
            case _:
                person.post(f"/v1/webhooks/{one}/test")
