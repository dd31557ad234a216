"""One business never reads, changes or finds what is another's."""

import re

import pytest

from chalicelib.entrypoints.http import contract, operations

OURS_ALONE = re.compile(r"\{(\w+)\}")
BODIES = {
    ("PATCH", "/v1/clients/{client_id}"): {"name": "Mine"},
    ("POST", "/v1/clients/{client_id}/portal-link"): {},
    ("PATCH", "/v1/catalog/{code}"): {"name": "Mine"},
    ("PATCH", "/v1/quotes/{quote_id}"): {"notes": "Mine"},
    ("POST", "/v1/quotes/{quote_id}/approve"): {"by": "Me"},
    ("POST", "/v1/quotes/{quote_id}/decline"): {"by": "Me"},
    ("PATCH", "/v1/invoices/{invoice_id}"): {"notes": "Mine"},
    ("POST", "/v1/invoices/{invoice_id}/schedule"): {"send_on": "2026-04-01"},
    ("POST", "/v1/invoices/{invoice_id}/payments"): {"amount": "1", "method": "cash"},
    ("PATCH", "/v1/users/{user_id}"): {"role": "owner"},
}
NAMED_BY_NOBODY = {"/v1/reports/numbers/{series}"}
"""Its parameter is a word of ours, not an id."""


def routes():
    assert operations.clients, "importing them registers them"
    return [
        pytest.param(one.method, one.path, id=f"{one.method} {one.path}")
        for one in contract.OPERATIONS
        if OURS_ALONE.search(one.path) and one.path not in NAMED_BY_NOBODY
    ]


@pytest.fixture
def theirs(world):
    """The ids of what another business has, by the name of the path's parameter."""
    client = world.client()
    world.ok("POST", "/v1/catalog", {"code": "TAP", "name": "Robinet", "unit_price": "80"})
    invoice = world.invoice(client)
    payment = world.ok("POST", f"/v1/invoices/{invoice['id']}/payments", {"amount": "1", "method": "cash"})
    user = {"issuer": "https://login.example", "subject": "luc", "email": "luc@example.com", "name": "Luc"}
    return {
        "client_id": client["id"],
        "code": "TAP",
        "quote_id": world.quote(client)["id"],
        "invoice_id": invoice["id"],
        "payment_id": payment["id"],
        "key_id": world.ok("GET", "/v1/keys")["data"][0]["id"],
        "user_id": world.ok("POST", "/v1/users", user | {"role": "manager"})["id"],
    }


@pytest.mark.row("C53")
@pytest.mark.parametrize(("method", "path"), routes())
def test_anothers_id_does_not_exist_on_any_route(world, theirs, method, path):
    names = OURS_ALONE.findall(path)
    known = [name for name in names if name in theirs]
    assert known, f"no example of {names} yet: give one in theirs"
    world.business()
    before = world.everything()

    where = path.format(**{name: theirs.get(name, "x") for name in names})
    answer = world.api(method, where, BODIES.get((method, path), {} if method == "POST" else None))

    assert answer.status == 404
    assert world.everything() == before


@pytest.mark.row("C53")
def test_lists_show_only_ones_own(world, theirs):
    world.business()

    for path in ("clients", "catalog", "quotes", "invoices", "payments", "users"):
        assert world.ok("GET", f"/v1/{path}")["data"] == []
    for query in (f"client_id={theirs['client_id']}", f"quote_id={theirs['quote_id']}", "number=00001"):
        assert world.ok("GET", f"/v1/invoices?{query}")["data"] == []
    assert len(world.ok("GET", "/v1/keys")["data"]) == 1
    assert world.ok("GET", "/v1/reports/numbers/invoice")["numbers"] == []


@pytest.mark.row("C53")
@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/invoices"])
def test_anothers_client_cannot_be_billed(world, theirs, path):
    world.business()
    before = world.everything()

    body = {"client_id": theirs["client_id"], "lines": [{"description": "x", "unit_price": "1"}]}
    assert world.api("POST", path, body).status == 404
    lines = [{"catalog_code": "TAP"}]
    mine = {"client_id": "cli_none", "lines": lines}
    assert world.api("POST", path, mine).status in {404, 422}
    assert world.everything() == before


@pytest.mark.row("C53")
def test_a_portal_visitor_sees_only_their_own_documents(world):
    marie, jean = world.client(), world.client(name="Jean Roy", email="jean@example.com")
    own, other = world.invoice(marie), world.invoice(jean)
    quote = world.quote(jean)
    link = world.ok("POST", f"/v1/clients/{marie['id']}/portal-link", {})["url"]

    page = world.portal(link)
    page.visit(f"/portal/invoices/{own['id']}")
    assert page.status == 200
    for path in (f"invoices/{other['id']}", f"quotes/{quote['id']}", f"invoices/{other['id']}/pdf"):
        page.visit(f"/portal/{path}")
        assert page.status == 404


@pytest.mark.row("C53")
def test_one_key_of_idempotency_serves_each_business_alone(world):
    client = {"name": "Marie"}
    first = world.ok("POST", "/v1/clients", client, Idempotency_Key="same")
    world.business()

    second = world.ok("POST", "/v1/clients", client, Idempotency_Key="same")

    assert "idempotent-replay" not in second.headers
    assert first["id"] != second["id"]


@pytest.mark.row("C53", "C54")
def test_a_cursor_is_no_key_to_anothers_list(world):
    for n in range(3):
        world.client(name=f"Client {n}")
    cursor = world.ok("GET", "/v1/clients?limit=1")["next_cursor"]
    other = world.client
    world.business()
    other(name="Mine")

    answer = world.api("GET", f"/v1/clients?limit=1&cursor={cursor}")

    assert answer.status == 422
