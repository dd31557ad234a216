"""A former system's lists taken in by several at once, again and again, while invoices are issued and paid."""

from tests.flows.things import Answer
from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_hand
from tests.simulation.people import Person

NUMBERS_EACH = 3


def take_in(person: Person, what: str, text: str) -> Answer:
    answer = person.post(f"/v1/imports/{what}", {"csv": text})
    assert answer.status == 200, f"promise: an import is refused whole: {answer.text}"
    return answer


def lists(person: Person, mark: str) -> tuple[str, str]:
    """Some clients, and an open invoice of each; some of their numbers are those that come next."""
    people = [f"{mark}-{n}" for n in range(person.chance.randint(1, NUMBERS_EACH))]
    first = person.chance.randint(1, 40)
    numbers = [f"{first + n:05d}" if person.chance.random() < 0.5 else f"OLD-{name}" for n, name in enumerate(people)]
    billed = [f"{number},{name},2026-01-15,40.50" for number, name in zip(numbers, people, strict=True)]
    clients = "\n".join(["reference,name", *(f"{name},Client {name}" for name in people)])
    return clients, "\n".join(["number,client_reference,issue_date,total", *billed])


@deed()
def a_former_systems_lists_are_taken_in_by_several_at_once(person: Person, client: str) -> None:
    """What is imported twice is there once; what is issued meanwhile bears no number that was imported."""
    clients, invoices = lists(person, person.wish())

    def bring(one: Person) -> None:
        take_in(one, "clients", clients)
        for line in take_in(one, "invoices", invoices)["lines"]:
            if line["invoice_id"] and one.chance.random() < 0.3:
                by_hand(one, one.get(f"/v1/invoices/{line['invoice_id']}"), "1.00")

    for n in range(2):
        one = person.another(f"importer {n}")
        person.world.scheduler.spawn(f"importer {n}", lambda one=one: bring(one))
    person.issued(client)
    if person.chance.random() < 0.5:
        take_in(person, "numbers", f"series,last_number\ninvoice,{person.chance.randint(1, 60)}")
    person.issued(client)
