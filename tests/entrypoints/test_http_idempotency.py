"""Requests with an Idempotency-Key over the whole API: one effect, one answer, however they come.

That every operation keeps this, fifty times at once and over a crash, is proven in tests/proof/test_repeated_writes.
"""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import builders as b
from tests.entrypoints.calling import HALVES, LINES, Person, opened

AT_ONCE, TIMES = 10, 50


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, clock=b.NOON))


def fifty_times(deed):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda _: deed(), range(TIMES)))


def story(owner, path):
    return [event["type"] for event in owner.get(f"{path}/timeline").json["data"]]


def same(replies):
    """That all are the same to the byte, replays but for one at most; answers the one."""
    assert {reply.body for reply in replies} == {replies[0].body}
    assert {reply.status for reply in replies} == {replies[0].status}
    told = [{name: reply.headers.get(name) for name in ("etag", "location", "content-type")} for reply in replies]
    assert all(one == told[0] for one in told)
    assert sum(not reply.is_replay for reply in replies) <= 1
    return replies[0]


@pytest.mark.row("C11")
def test_fifty_identical_conversions_at_once_make_the_drafts_once(owner):
    quote_id = owner.a_quote(schedule=HALVES)
    mode = {"mode": "per_instalment"}
    first = same(fifty_times(lambda: owner.post(f"/v1/quotes/{quote_id}/invoices", mode, idempotency_key="k")))
    made = first.json["data"]
    assert [draft["instalment_id"] for draft in made] == ["1", "2"]
    listed = owner.get("/v1/invoices", query={"quote_id": quote_id}).json["data"]
    assert {draft["id"] for draft in listed} == {draft["id"] for draft in made}


def test_a_replay_gives_the_first_answer_though_the_world_moved_on(owner):
    first = owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    owner.patch(f"/v1/clients/{first.json['id']}", {"name": "Marie Gagnon"})
    again = owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    assert (again.status, again.body, again.is_replay) == (201, first.body, True)
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    owner.delete(f"/v1/clients/{first.json['id']}")
    assert owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k").body == first.body


VERBS = [
    pytest.param("quote", "approve", {"by": "Marie"}, "quote.approved", id="approve"),
    pytest.param("quote", "decline", {"by": "Marie"}, "quote.declined", id="decline"),
    pytest.param("quote", "send", {}, "quote.send_requested", id="send a quote"),
    pytest.param("invoice", "issue", {}, "invoice.issued", id="issue"),
    pytest.param("invoice", "send", {}, "invoice.issued", id="send"),
    pytest.param("invoice", "schedule", {"send_on": "2999-01-01"}, "invoice.scheduled", id="schedule"),
    pytest.param("issued_invoice", "void", {}, "invoice.voided", id="void"),
    pytest.param("issued_invoice", "send", {}, "invoice.send_requested", id="send again"),
]


@pytest.mark.parametrize(("what", "verb", "body", "event"), VERBS)
def test_a_verb_repeated_has_one_effect_and_gives_its_first_answer(owner, what, verb, body, event):
    article = "an" if what != "quote" else "a"
    path = f"/v1/{what.removeprefix('issued_')}s/{getattr(owner, f'{article}_{what}')()}"
    first = owner.post(f"{path}/{verb}", body, idempotency_key="k")
    assert first.status in {200, 202}, first.body
    again = owner.post(f"{path}/{verb}", body, idempotency_key="k")
    assert (again.status, again.body, again.is_replay) == (first.status, first.body, True)
    assert story(owner, path).count(event) == 1


def test_a_delete_repeated_is_answered_as_the_first_time(owner):
    path = f"/v1/invoices/{owner.an_invoice()}"
    first, again = (owner.delete(path, idempotency_key="k") for _ in range(2))
    assert (first.status, again.status, again.body, again.is_replay) == (204, 204, b"", True)
    assert owner.delete(path).status == 404


def test_a_patch_repeated_is_made_once(owner):
    path = f"/v1/clients/{owner.a_client()}"
    replies = [owner.patch(path, {"name": "x"}, idempotency_key="k", if_match='"1"') for _ in range(2)]
    assert [reply.headers["etag"] for reply in replies] == ['"2"', '"2"']
    assert owner.get(path).json["version"] == 2


# --- the same key for something else


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/v1/clients", {"name": "Luc"}, id="another body"),
        pytest.param("/v1/catalog", {"name": "Marie"}, id="another address"),
    ],
)
def test_a_key_used_for_something_else_is_refused_and_nothing_is_written(owner, aws, path, body):
    owner.made("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    before = [aws.rows(table) for table in ("core", "journal", "ops")]
    reply = owner.post(path, body, idempotency_key="k")
    assert (reply.status, reply.code) == (422, "idempotency_key_reused")
    assert reply.faults == [("/headers/Idempotency-Key", "idempotency_key_reused")]
    assert [aws.rows(table) for table in ("core", "journal", "ops")] == before


@pytest.mark.parametrize("length", [0, 256])
def test_a_key_that_is_empty_or_too_long_is_refused(owner, length):
    reply = owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k" * length)
    assert (reply.status, reply.code) == (422, "idempotency_key_length")
    assert owner.get("/v1/clients").json["data"] == []


def test_a_key_of_255_characters_is_taken(owner):
    replies = [owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="é" * 255) for _ in range(2)]
    assert same(replies).status == 201


@pytest.mark.parametrize("body", [{"name": ""}, b"{", {"name": "x", "unknown": 1}])
def test_a_request_that_was_refused_does_not_use_up_its_key(owner, body):
    assert owner.post("/v1/clients", body, idempotency_key="k").status in {400, 422}
    assert owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k").status == 201


def test_a_deed_that_was_refused_does_not_use_up_its_key(owner):
    invoice_id = owner.an_issued_invoice()
    path = f"/v1/invoices/{invoice_id}/payments"
    too_much = {"amount": "1000.00", "method": "cash"}
    assert owner.post(path, too_much, idempotency_key="k").code == "overpayment"
    assert owner.post(path, {"amount": "1.00", "method": "cash"}, idempotency_key="k").status == 201


@pytest.mark.row("C53")
def test_a_key_of_one_business_says_nothing_to_another(owner):
    other = opened(b.a_business(id="biz_2", sandbox=True))
    mine = owner.made("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    reply = other.post("/v1/clients", {"name": "Luc"}, idempotency_key="k")
    assert reply.status == 201
    assert reply.json["id"] != mine["id"]


def test_a_replay_asks_for_the_role_again(owner):
    owner.made("/v1/clients", {"name": "Marie"}, idempotency_key="k")
    assert owner.as_role("technician").post("/v1/clients", {"name": "Marie"}, idempotency_key="k").status == 403


# --- what changes nothing


def test_what_changes_nothing_is_remembered_too(owner):
    """Approving an approved quote answers it as it is; with a key, that answer is the one given from then on."""
    quote_id = owner.a_quote()
    owner.made(f"/v1/quotes/{quote_id}/approve", {"by": "Marie"})
    first = owner.post(f"/v1/quotes/{quote_id}/approve", {"by": "Luc"}, idempotency_key="k")
    assert (first.status, first.is_replay, first.json["approved_by"]) == (200, False, "Marie")
    owner.made(f"/v1/quotes/{quote_id}/invoices")
    again = owner.post(f"/v1/quotes/{quote_id}/approve", {"by": "Luc"}, idempotency_key="k")
    assert (again.body, again.is_replay) == (first.body, True)
    other = owner.post(f"/v1/quotes/{quote_id}/approve", {"by": "Zoé"}, idempotency_key="k")
    assert other.code == "idempotency_key_reused"


def test_a_preview_saves_nothing_with_or_without_a_key(owner, aws):
    before = [aws.rows(table) for table in ("core", "journal", "ops")]
    replies = [owner.post("/v1/invoices/preview", {"lines": LINES}, idempotency_key="k") for _ in range(2)]
    assert [reply.status for reply in replies] == [200, 200]
    assert [aws.rows(table) for table in ("core", "journal", "ops")] == before


# --- secrets and links


def test_a_keys_secret_is_shown_once_and_kept_nowhere(owner, aws):
    first = owner.post("/v1/keys", {"name": "till"}, idempotency_key="k")
    again = owner.post("/v1/keys", {"name": "till"}, idempotency_key="k")
    assert (again.status, again.is_replay) == (201, True)
    assert again.json == first.json | {"secret": None}
    assert again.headers["location"] == first.headers["location"] == f"/v1/keys/{first.json['id']}"
    assert len(owner.get("/v1/keys").json["data"]) == 2
    assert first.json["secret"] not in json.dumps(aws.rows("ops"), default=str)


def test_a_portal_link_asked_for_again_is_another_link_and_kept_nowhere(owner, aws):
    client_id = owner.a_client()
    links = [owner.made(f"/v1/clients/{client_id}/portal-link", idempotency_key="k")["url"] for _ in range(2)]
    assert links[0] != links[1]
    stored = json.dumps(aws.rows("ops"), default=str)
    assert not any(link.rpartition("/")[2] in stored for link in links)


def test_a_person_without_a_credential_uses_up_no_key(owner):
    assert Person(credential=None).post("/v1/clients", {"name": "Marie"}, idempotency_key="k").status == 401
    assert not owner.post("/v1/clients", {"name": "Marie"}, idempotency_key="k").is_replay
