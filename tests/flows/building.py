"""What a builder's office does with projects."""

from tests import builders as b

WORK = [
    {"id": "gros", "description": "Gros œuvre", "amount": "6000.00"},
    {"id": "second", "description": "Second œuvre", "amount": "4000.00"},
]


def project(world, client=None, **agreed):
    """A project in force: 10,000.00 of work in two lines."""
    wish = {"client_id": (client or world.client())["id"], "name": "Chantier", "type": "project"}
    one = world.ok("POST", "/v1/contracts", wish | {"project": agreed or {"work": WORK}}).body
    return world.ok("POST", f"/v1/contracts/{one['id']}/activate", {}).body


def tell(world, one, **progress):
    return world.api("POST", f"/v1/contracts/{one['id']}/progress", {"progress": progress})


def complete(world, one, milestone):
    return world.api("POST", f"/v1/contracts/{one['id']}/milestones/{milestone}/complete", {})


def verb(world, one, name, **body):
    return world.api("POST", f"/v1/contracts/{one['id']}/{name}", body)


def plan(world, one):
    return world.ok("GET", f"/v1/contracts/{one['id']}/billing-plan").body


def sums(world, one):
    """What is in each state, where that is anything; together they are always the total."""
    shown = plan(world, one)
    cents = {state: round(float(amount) * 100) for state, amount in shown["sums"].items()}
    assert sum(cents.values()) == round(float(shown["total"]) * 100)
    return {state: amount for state, amount in shown["sums"].items() if cents[state]}


def in_france(world):
    rates = (b.a_rate("20", "20", registration_number="FR40303265045"),)
    world.business(
        country="FR", currency="EUR", time_zone="Europe/Paris", tax_rates=rates, address=b.PARIS, languages=("fr",)
    )


def lines(invoice):
    return [(line["description"], line["net"]) for line in invoice["lines"]]


def issue(world, invoice):
    issued = world.ok("POST", f"/v1/invoices/{invoice['id']}/issue", {})
    world.settle()
    return issued
