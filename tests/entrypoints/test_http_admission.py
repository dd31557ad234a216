"""Who is let in, and what each role may do."""

import json

import pytest

from chalicelib.domain.access import PERMISSIONS
from chalicelib.entrypoints.http import operations  # noqa: F401 - registers them
from chalicelib.entrypoints.http.contract import OPERATIONS
from tests import builders as b
from tests.entrypoints.calling import Person, opened
from tests.entrypoints.signing_in import ANOTHER_KEY, provider

STRANGER = "sk_test_key_01J00000000000000000000000_" + "x" * 43


@pytest.fixture
def owner(aws):
    return opened()


@pytest.fixture
def issuer(monkeypatch, owner):
    """A provider that the business's people sign in with; gives the token of a subject."""
    return provider(monkeypatch)


def refused(reply):
    assert reply.status == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["www-authenticate"] == "Bearer"
    return reply.code


def with_header(value):
    return Person(credential=None).get("/v1/business", authorization=value)


def test_the_owners_key_opens_the_business(owner):
    assert owner.get("/v1/business").json["id"] == owner.business.id


def test_without_a_credential_nobody_is_let_in(aws):
    assert refused(Person(credential=None).get("/v1/business")) == "credential_missing"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param("Basic dXNlcjpwYXNz", "credential_missing", id="another scheme"),
        pytest.param("Bearer", "credential_missing", id="a scheme alone"),
        pytest.param("Bearer ", "credential_missing", id="an empty credential"),
        pytest.param(f"Bearer {STRANGER}", "bad_key", id="a key that never was"),
        pytest.param("Bearer sk_test_nonsense", "bad_key", id="a key out of shape"),
        pytest.param("Bearer sk_test_" + "é" * 200, "bad_key", id="letters that no key has"),
        pytest.param("Bearer eyJhbGciOiJub25lIn0.e30.", "bad_key", id="a token where no issuer is known"),
        pytest.param("Bearer " + "a" * 9_000, "bad_key", id="a flood"),
    ],
)
def test_what_proves_nothing_is_refused(aws, header, code):
    assert refused(with_header(header)) == code


def test_a_key_with_one_letter_changed_is_refused(owner):
    last = "A" if owner.credential[-1] != "A" else "B"
    assert refused(Person(credential=owner.credential[:-1] + last).get("/v1/business")) == "bad_key"


def test_a_key_without_its_secret_says_as_little_as_one_that_never_was(owner):
    key_id = owner.get("/v1/keys").json["data"][0]["id"]
    known = Person(credential=f"sk_test_{key_id}_{'x' * 43}").get("/v1/business").json
    never = Person(credential=STRANGER).get("/v1/business").json
    assert {**known, "request_id": ""} == {**never, "request_id": ""}


def test_a_revoked_key_ends_at_once(owner):
    made = owner.made("/v1/keys", {"name": "till"})
    till = Person(credential=made["secret"])
    assert till.get("/v1/business").status == 200
    assert owner.delete(f"/v1/keys/{made['id']}").status == 204
    assert refused(till.get("/v1/business")) == "bad_key"
    assert owner.get(f"/v1/keys/{made['id']}").json["revoked_at"] is not None


def test_a_key_is_listed_by_its_last_four_and_its_secret_is_kept_nowhere(owner, aws):
    made = owner.made("/v1/keys", {"name": "till", "role": "accountant"}, idempotency_key="once")
    listed = owner.get(f"/v1/keys/{made['id']}").json
    assert listed["last_four"] == made["secret"][-4:]
    assert (listed["role"], listed["secret"]) == ("accountant", None)
    stored = json.dumps([aws.rows(table) for table in ("core", "journal", "ops")], default=str)
    assert made["secret"] not in stored
    assert made["secret"][-43:] not in stored


@pytest.mark.row("C53")
def test_a_key_opens_its_own_business_only(owner):
    other = opened(b.a_business(id="biz_2", sandbox=True))
    assert other.get("/v1/business").json["id"] == "biz_2"
    assert owner.get("/v1/business").json["id"] == owner.business.id


# --- people who sign in with an OIDC provider


def added(owner, subject="ann", role="manager"):
    return owner.made("/v1/users", {"subject": subject, "email": "ann@example.com", "name": "Ann", "role": role})


def test_a_registered_person_is_let_in_in_their_role_and_named_in_the_journal(owner, issuer):
    user = added(owner)
    ann = Person(credential=issuer("ann"))
    client_id = ann.a_client()
    assert [event["actor"] for event in ann.get(f"/v1/clients/{client_id}/timeline").json["data"]] == [user["id"]]
    assert ann.get("/v1/keys").status == 403


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        pytest.param({"sub": "somebody else"}, "unknown_user", id="nobody of a business"),
        pytest.param({"lasts_s": -60}, "token_expired", id="expired"),
        pytest.param({"aud": "another app"}, "wrong_audience", id="for another application"),
        pytest.param({"iss": "https://evil.example"}, "wrong_issuer", id="of another issuer"),
        pytest.param({"key": ANOTHER_KEY}, "bad_token", id="forged"),
    ],
)
def test_a_token_that_does_not_prove_a_person_is_refused(owner, issuer, claims, code):
    added(owner)
    assert refused(Person(credential=issuer(**({"subject": "ann"} | claims))).get("/v1/business")) == code


def test_a_disabled_person_is_shut_out_at_once_and_can_be_let_in_again(owner, issuer):
    user = added(owner)
    ann = Person(credential=issuer("ann"))
    assert ann.get("/v1/business").status == 200
    owner.patch(f"/v1/users/{user['id']}", {"disabled": True})
    assert refused(ann.get("/v1/business")) == "unknown_user"
    owner.patch(f"/v1/users/{user['id']}", {"disabled": False, "role": "accountant"})
    assert ann.get("/v1/business").status == 200
    assert ann.post("/v1/clients", {"name": "x"}).status == 403


def test_a_person_is_a_user_of_one_business(owner, issuer):
    added(owner)
    other = opened(b.a_business(id="biz_2", sandbox=True))
    again = {"subject": "ann", "email": "ann@example.com", "name": "Ann", "role": "owner"}
    assert other.post("/v1/users", again).status == 409


# --- what each role may do


def test_every_operation_needs_a_permission_that_the_table_lists():
    assert {one.needs for one in OPERATIONS} <= set(PERMISSIONS)


def test_a_refusal_names_the_deed_and_who_may(owner):
    refusal = owner.as_role("technician").post("/v1/clients", {"name": "x"})
    assert (refusal.status, refusal.code) == (403, "forbidden")
    assert (
        refusal.json["detail"]
        == "You cannot change clients because your role is technician; it takes owner or manager."
    )
    assert owner.get("/v1/clients").json["data"] == []
