"""Requests whose function dies on the way: asking again with the same Idempotency-Key makes it good."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamodb.requests import Request
from chalicelib.adapters.dynamodb.tables import DynamoTables
from chalicelib.domain.events import CheckoutClosed
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import OPERATIONS
from chalicelib.ports import Save
from chalicelib.usecases import checkouts
from tests import builders as b
from tests.entrypoints.calling import HALVES, opened


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, clock=b.NOON))


@pytest.fixture
def crash_before_keeping(monkeypatch):
    """The function dies once, between the effect and the kept answer."""

    def arrange():
        def die(*_):
            monkeypatch.undo()
            raise TimeoutError("the function died")

        monkeypatch.setattr(Request, "keep", die)

    return arrange


@pytest.mark.row("C16")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/v1/clients", {"name": "Marie"}, id="a client"),
        pytest.param("/v1/catalog", {"code": "A1", "name": "Visite", "unit_price": "80"}, id="a catalogue entry"),
        pytest.param(
            "/v1/users",
            {"subject": "ann", "email": "a@b.ca", "name": "Ann", "role": "owner", "issuer": "i"},
            id="a user",
        ),
        pytest.param("/v1/sandbox/clock", {"now": "2026-03-04T00:00:00Z"}, id="the clock"),
        pytest.param("/v1/quotes/{quote}/approve", {"by": "Marie"}, id="an approval"),
        pytest.param("/v1/quotes/{quote}/send", {}, id="a quote sent"),
        pytest.param("/v1/quotes/{quote}/invoices", {"mode": "per_instalment"}, id="drafts"),
        pytest.param("/v1/quotes/{quote}/invoices", {}, id="one draft"),
        pytest.param("/v1/invoices/{draft}/issue", {}, id="an issue"),
        pytest.param("/v1/invoices/{issued}/void", {}, id="a void"),
        pytest.param("/v1/invoices/{issued}/payments", {"amount": "1", "method": "cash"}, id="a payment"),
    ],
)
def test_a_crash_between_effect_and_answer_is_made_good_by_asking_again(owner, aws, path, body, crash_before_keeping):
    path = path.format(quote=owner.a_quote(schedule=HALVES), draft=owner.an_invoice(), issued=owner.an_issued_invoice())
    crash_before_keeping()
    assert owner.post(path, body, idempotency_key="k").status == 500
    effects = aws.rows("journal")

    replies = [owner.post(path, body, idempotency_key="k") for _ in range(2)]
    (one,) = [one for one in OPERATIONS if one.method == "POST" and matches(one.path, path)]
    assert [(reply.status, reply.is_replay) for reply in replies] == [(one.status, True)] * 2
    assert replies[0].body == replies[1].body
    one.answer.model_validate_json(replies[0].body)
    if one.place and "id" in replies[0].json:
        assert replies[0].headers["location"] == f"/v1{one.place}/{replies[0].json['id']}"
    assert aws.rows("journal") == effects


def test_a_crash_before_the_effect_leaves_nothing_and_the_key_free(owner, aws, monkeypatch):
    def die(*_):
        monkeypatch.undo()
        raise TimeoutError("the function died")

    before = aws.rows("journal")
    monkeypatch.setattr(DynamoTables, "write", die)
    assert owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k").status == 500
    assert aws.rows("journal") == before
    reply = owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    assert (reply.status, reply.is_replay) == (201, False)


def test_a_request_counts_as_made_with_the_deed_and_not_with_what_prepares_it(owner, monkeypatch):
    """Voiding closes an open checkout first; when the void then fails, asking again must really void."""
    invoice_id = owner.an_issued_invoice()
    path = f"/v1/invoices/{invoice_id}/void"

    def close_and_die(invoice_id, *, now, store, gateway):
        closed = replace(store.get(Invoice, invoice_id), version=3)
        store.commit(Save(closed, CheckoutClosed(subject=invoice_id, version=3, at=now, attempt=1)))
        monkeypatch.undo()
        raise TimeoutError("the function died")

    monkeypatch.setattr(checkouts, "close_checkout", close_and_die)
    assert owner.post(path, idempotency_key="k").status == 500
    reply = owner.post(path, idempotency_key="k")
    assert (reply.status, reply.is_replay, reply.json["status"]) == (200, False, "void")


def matches(template, path):
    parts, given = template.split("/"), path.split("/")
    return len(parts) == len(given) and all(
        part == one or part.startswith("{") for part, one in zip(parts, given, strict=True)
    )
