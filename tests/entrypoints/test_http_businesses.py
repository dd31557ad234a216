"""What is of another business does not exist: no id, no code, no list and no reference reaches across (C53)."""

import re

import pytest

from chalicelib.entrypoints.http import operations  # noqa: F401 - registers them
from chalicelib.entrypoints.http.contract import OPERATIONS
from tests import builders as b
from tests.entrypoints.calling import HALVES, LINES, opened

pytestmark = pytest.mark.row("C53")

BODIES = {  # what each operation would accept, so that only the id can be what is refused
    "approve_quote": {"by": "Eve"},
    "decline_quote": {"by": "Eve"},
    "schedule_invoice": {"send_on": "2999-01-01"},
    "take_payment": {"amount": "1", "method": "cash"},
}
BY_ID = [one for one in OPERATIONS if "{" in one.path and one.view.__name__ != "report_numbers"]


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, stripe_account="acct_1"))


@pytest.fixture
def stranger(aws):
    return opened(b.a_business(id="biz_2", sandbox=True, stripe_account="acct_2"))


@pytest.fixture
def owned(owner):
    """One of everything, by the name that paths give it."""
    client_id = owner.a_client()
    invoice_id = owner.an_issued_invoice(client_id=client_id)
    user = {"subject": "ann", "email": "a@b.ca", "name": "Ann", "role": "manager", "issuer": "i"}
    return {
        "client_id": client_id,
        "invoice_id": invoice_id,
        "quote_id": owner.a_quote(client_id=client_id, schedule=HALVES),
        "payment_id": owner.made(f"/v1/invoices/{invoice_id}/payments", {"amount": "1", "method": "cash"})["id"],
        "key_id": owner.made("/v1/keys", {"name": "till"})["id"],
        "user_id": owner.made("/v1/users", user)["id"],
        "code": owner.made("/v1/catalog", {"code": "A1", "name": "Visite", "unit_price": "80"})["code"],
    }


@pytest.mark.parametrize("one", BY_ID, ids=lambda one: f"{one.method} {one.path}")
def test_every_id_of_another_business_is_not_found(owned, stranger, aws, one):
    before = aws.rows("core"), aws.rows("journal")
    body = BODIES.get(one.view.__name__, {}) if one.body else None
    foreign = stranger.ask(one.method, one.path.format(**owned), body)
    unknown = stranger.ask(one.method, re.sub(r"\{\w+\}", "unknown", one.path), body)
    assert (foreign.status, foreign.code) == (404, "not_found")
    assert (unknown.status, unknown.code) == (404, "not_found")
    assert (
        re.sub(r"There is no (\w+) .*?\.\"", r"\1", foreign.body.decode()).partition("request_id")[0]
        == re.sub(r"There is no (\w+) .*?\.\"", r"\1", unknown.body.decode()).partition("request_id")[0]
    )
    assert (aws.rows("core"), aws.rows("journal")) == before


def test_every_kind_of_id_is_tried():
    names = {name for one in BY_ID for name in re.findall(r"\{(\w+)\}", one.path)}
    assert names == {"client_id", "invoice_id", "quote_id", "payment_id", "key_id", "user_id", "code"}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/invoices", {"client_id": "{client_id}", "lines": LINES}, 404),
        ("/v1/quotes", {"client_id": "{client_id}", "lines": LINES}, 404),
        ("/v1/invoices", {"client_id": "{mine}", "lines": [{"catalog_code": "{code}"}]}, 422),
        ("/v1/invoices/preview", {"lines": [{"catalog_code": "{code}"}]}, 422),
    ],
)
def test_nothing_that_is_made_can_refer_to_another_business(owned, stranger, path, body, status):
    mine = stranger.a_client()
    filled = {"client_id": owned["client_id"], "mine": mine, "code": owned["code"]}
    said = {name: value.format(**filled) if isinstance(value, str) else value for name, value in body.items()}
    said["lines"] = [{name: value.format(**filled) for name, value in line.items()} for line in body["lines"]]
    assert stranger.post(path, said).status == status
    assert stranger.get("/v1/invoices").json["data"] == []


def test_a_link_made_for_another_businesss_document_opens_none(owned, stranger):
    """The link is the stranger's own client's; a foreign document beside it is as good as none."""
    link = stranger.made(f"/v1/clients/{stranger.a_client()}/portal-link", {"document_id": owned["invoice_id"]})
    assert owned["invoice_id"] not in link["url"]


@pytest.mark.parametrize(
    "path", ["/v1/invoices", "/v1/quotes", "/v1/clients", "/v1/payments", "/v1/catalog", "/v1/users"]
)
def test_no_list_shows_what_is_of_another_business(owned, stranger, path):
    assert stranger.get(path).json["data"] == []
    keys = stranger.get("/v1/keys").json["data"]
    assert owned["key_id"] not in {key["id"] for key in keys}


@pytest.mark.parametrize("query", ["client_id", "quote_id"])
def test_a_filter_by_another_businesss_id_finds_nothing(owned, stranger, query):
    assert stranger.get("/v1/invoices", query={query: owned[query]}).json["data"] == []


def test_each_business_has_its_own_numbers(owner, stranger):
    owner.an_issued_invoice()
    stranger.an_issued_invoice()
    numbers = [person.get("/v1/reports/numbers/invoice").json["numbers"] for person in (owner, stranger)]
    assert [[number["number"] for number in own] for own in numbers] == [["00001"], ["00001"]]
    assert numbers[0][0]["document_id"] != numbers[1][0]["document_id"]


@pytest.mark.parametrize("trick", ["..%2F..", "%23", "T%23biz_1%23CLI", "%00", "%E2%98%83", "x" * 3_000, "{client_id}"])
def test_an_id_that_is_none_is_not_found(stranger, owned, trick):
    for path in ("/v1/clients/", "/v1/invoices/", "/v1/catalog/", "/v1/keys/"):
        reply = stranger.get(path + trick)
        assert (reply.status, reply.code) == (404, "not_found"), (path, reply.body)
