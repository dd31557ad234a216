"""Documents exported by several at once, to files and to a program, while they are paid, credited and voided."""

from typing import Any

from infra.local.accounting import Program
from tests.simulation.deeds.book import deed
from tests.simulation.deeds.payments import by_hand
from tests.simulation.people import Person

WORDS = {"accounts": {"revenue": "200"}, "tax_codes": {"TPS+TVQ": "GST/QST QC - 9.975", "none": "Exempt"}}
NOTHING_LEFT = {"nothing_to_export"}


def export(person: Person, client: str, **more: Any) -> None:
    """Of what the client is billed."""
    wish = {"filter": {"client_id": client}, "again": person.chance.random() < 0.3}
    answer = person.post("/v1/exports", wish | ({} if "target" in more else {"format": "csv"}) | more)
    assert answer.status == 202 or answer.problem_code in NOTHING_LEFT, f"promise: an export is refused: {answer.text}"


def connect(person: Person) -> None:
    """The business's books are kept in a program, from now on."""
    organisation = person.house.id.replace("_", "-")
    person.world.programs.organisations.setdefault(organisation, Program("xero"))
    person.ask("PATCH", "/v1/business", {"accounting": {"xero": WORDS}})
    grant = {"organisation_id": organisation, "app_id": "app", "app_secret": "s", "refresh_token": "refresh-1"}
    person.ask("PUT", "/v1/business/accounting/xero", grant)


@deed(weight=3)
def what_there_is_is_exported_by_several_at_once(person: Person, client: str) -> None:
    for _ in range(person.chance.randint(1, 4)):
        person.issued(client)
    for n in range(person.chance.randint(2, 3)):
        one = person.another(f"exporter {n}")
        person.world.scheduler.spawn(f"exporter {n}", lambda one=one: export(one, client))


@deed(weight=3)
def it_is_exported_while_it_changes(person: Person, client: str) -> None:
    invoices = [person.issued(client) for _ in range(person.chance.randint(1, 3))]
    accountant = person.another("accountant")
    person.world.scheduler.spawn("accountant", lambda: export(accountant, client))
    for invoice in invoices:
        match person.chance.choice(("void", "credit", "pay", "send")):
            case "void":
                person.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "a mistake"})
            case "credit":
                person.post(f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": person.wish()})
            case "pay":
                by_hand(person, invoice, invoice["total"])
            case _:
                person.post(f"/v1/invoices/{invoice['id']}/send", {})


@deed(weight=3)
def it_is_booked_in_a_program(person: Person, client: str) -> None:
    connect(person)
    invoices = [person.issued(client) for _ in range(person.chance.randint(1, 3))]
    for n in range(person.chance.randint(1, 2)):
        one = person.another(f"bookkeeper {n}")
        person.world.scheduler.spawn(f"bookkeeper {n}", lambda one=one: export(one, client, target="xero"))
    for invoice in invoices:
        if person.chance.random() < 0.3:
            person.post(f"/v1/invoices/{invoice['id']}/void", {"reason": "a mistake"})
