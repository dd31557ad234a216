"""Who is let in, on every route of the OpenAPI document: none without proof, and each role what the table says."""

import base64
import hmac
import json
import re

import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.domain import access
from chalicelib.domain.access import PERMISSIONS, Role
from tests.entrypoints.signing_in import ANOTHER_KEY, ISSUER, RSA_KEY, provider
from tests.proof.neighbours import moved_in
from tests.proof.operations import every_operation

OPERATIONS = every_operation()
OPEN_TO_ALL = {"/openapi.json", "/docs", "/health"}
PROVED_BY_A_SIGNATURE = {"/v1/stripe/webhook", "/v1/stripe/webhook/{endpoint}"}


@pytest.fixture
def token(monkeypatch, world):
    return provider(monkeypatch)


def addresses(operation, ids):
    """An address of the operation, with ids that exist."""
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "invoice"), operation.path)


def put_together(token, algorithm, sign):
    """The token's claims under another header, signed as an attacker can."""
    header = part(json.dumps({"alg": algorithm, "typ": "JWT", "kid": "one"}).encode())
    said = f"{header}.{token.split('.')[1]}"
    return f"{said}.{part(sign(said.encode()))}"


def part(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def by_the_public_key(said):
    """The published key taken for a shared secret."""
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return hmac.digest(RSA_KEY.public_key().public_bytes(*pem), said, "sha256")


def keys_that_open_nothing(world, owner):
    """By what is wrong with each."""
    key = owner.house.key
    _, mode, _, key_id, secret = key.split("_", 4)
    revoked = world.ok("POST", "/v1/keys", {"name": "gone", "role": "owner"})
    world.ok("DELETE", f"/v1/keys/{revoked['id']}")
    swapped = secret[:10] + ("A" if secret[10] != "A" else "B") + secret[11:]
    return {
        "nothing": None,
        "no credential": "Bearer",
        "an empty one": "Bearer ",
        "another scheme": f"Basic {base64.b64encode(f'{key_id}:{secret}'.encode()).decode()}",
        "no scheme": key,
        "garbage": "Bearer garbage",
        "a flood": "Bearer " + "a" * 9_000,
        "a key that never was": f"Bearer sk_{mode}_key_{'0' * 26}_{'x' * 43}",
        "a known key, another secret": f"Bearer sk_{mode}_key_{key_id}_{'x' * 43}",
        "a letter changed": f"Bearer sk_{mode}_key_{key_id}_{swapped}",
        "a key of a sandbox": f"Bearer sk_{'test' if mode == 'live' else 'live'}_key_{key_id}_{secret}",
        "the key's id": f"Bearer key_{key_id}",
        "the secret alone": f"Bearer {secret}",
        "a revoked key": f"Bearer {revoked['secret']}",
        "the token of a portal link": f"Bearer {owner.links[0].rpartition('/')[2]}",
        "the business's id": f"Bearer {owner.house.id}",
    }


def tokens_that_open_nothing(world, token):
    """By what is wrong with each; every other thing about them is right."""
    world.ok("POST", "/v1/users", _person("ann"))
    bob = world.ok("POST", "/v1/users", _person("bob"))
    world.ok("PATCH", f"/v1/users/{bob['id']}", {"disabled": True})
    return {
        "expired": token("ann", lasts_s=-60),
        "without an end": token("ann", exp=None),
        "not valid yet": token("ann", nbf=int(world.time.instant.timestamp()) + 600),
        "for another application": token("ann", aud="another"),
        "for nobody": token("ann", aud=None),
        "of another issuer": token("ann", iss="https://evil.example"),
        "of an issuer of nearly that name": token("ann", iss=f"{ISSUER}/"),
        "an identity token": token("ann", token_use="id"),
        "an identity token without its use": token("ann", scope=None),
        "signed by another": token("ann", key=ANOTHER_KEY),
        "signed by one who is not published": token("ann", key=ANOTHER_KEY, header={"kid": "two"}),
        "signed with the public key": put_together(token("ann"), "HS256", by_the_public_key),
        "not signed": put_together(token("ann"), "none", lambda _: b""),
        "cut": token("ann").rpartition(".")[0],
        "of nobody": token(""),
        "of a stranger": token("somebody else"),
        "of a person shut out": token("bob"),
    }


def _person(subject):
    return {"subject": subject, "email": f"{subject}@example.com", "name": subject, "role": "owner", "issuer": ISSUER}


def test_nobody_is_let_in_without_proof(world, token):
    owner = moved_in(world, "Zorbulax", telephone="+1 418 555 0177")
    presented = keys_that_open_nothing(world, owner)
    presented |= {name: f"Bearer {forged}" for name, forged in tokens_that_open_nothing(world, token).items()}
    assert world.ok("GET", "/v1/business", authorization=f"Bearer {token('ann')}")["id"] == owner.house.id
    before, wrong = world.everything(), []
    for operation in OPERATIONS:
        path, body = addresses(operation, owner.first()), json.dumps(operation.body(owner.first())).encode()
        for name, credential in presented.items():
            headers = {"content-type": "application/json"} | ({"authorization": credential} if credential else {})
            answer = world.request(operation.method, path, body, headers)
            is_refused = (answer.status, answer.headers.get("www-authenticate")) == (401, "Bearer")
            told = owner.told_in(answer.text)
            if not is_refused or told or answer.headers["content-type"] != "application/problem+json":
                wrong.append((str(operation), name, answer.status, told))
    assert wrong == []
    assert world.everything() == before


def asked_by(world, operation, credential):
    """Whether the operation is allowed to its bearer.

    It names nothing that exists and says what cannot be read, and a refusal of the role comes before either is looked
    at; so any other answer means that they may.
    """
    path = addresses(operation, dict.fromkeys(operation.ids("path"), "unknown"))
    answer = world.api(operation.method, path, b"[", key=credential)
    assert answer.status != 401, operation
    assert answer.status != 403 or answer["code"] == "forbidden"
    return answer.status != 403


def allowed(role):
    return {str(one) for one in OPERATIONS if role in PERMISSIONS[one.needs][1]}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_the_table_says_and_nothing_else(world, token, role):
    user = {"subject": "ann", "email": "ann@example.com", "name": "Ann", "issuer": ISSUER}
    world.ok("POST", "/v1/users", user | {"role": str(role)})
    before = world.everything()
    by_token = {str(one) for one in OPERATIONS if asked_by(world, one, token("ann"))}
    assert by_token == allowed(role)
    assert world.everything() == before

    key = world.key(str(role))
    before = world.everything()
    assert {str(one) for one in OPERATIONS if asked_by(world, one, key)} == allowed(role)
    assert world.everything() == before


def test_what_the_table_does_not_list_is_allowed_to_nobody(world, monkeypatch):
    monkeypatch.setattr(access, "PERMISSIONS", {})
    assert [str(one) for one in OPERATIONS if asked_by(world, one, world.house.key)] == []


def test_every_route_takes_a_credential_but_those_meant_not_to(world):
    described = {(one.method, one.path) for one in OPERATIONS}
    with_one = {
        (method, path)
        for path, methods in world.app.routes.items()
        for method, route in methods.items()
        if route.authorizer is not None
    }
    without = {path for path, methods in world.app.routes.items() for one in methods.values() if not one.authorizer}
    assert with_one == described
    assert {path for path in without if not path.startswith("/portal")} <= OPEN_TO_ALL | PROVED_BY_A_SIGNATURE
    assert all(one.needs in PERMISSIONS for one in OPERATIONS)
