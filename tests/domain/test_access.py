"""Roles, keys, links and ids."""

import base64
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.access import (
    PERMISSIONS,
    ApiKey,
    PortalLink,
    Role,
    allows,
    new_key,
    new_token,
    parse_key,
    require,
    revoke_key,
    sha256_hex,
)
from chalicelib.domain.errors import Forbidden, Refused, Unauthenticated
from chalicelib.domain.ids import new_id, ulid

MARCH_1 = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY_ID = "key_01KJMPG3G07QWERTY89ABCDEFG"
UNDERSCORES = b"\xff\xff\xff" * 10 + b"\xff\xff"  # base64url of it is underscores, the worst case for parsing


def a_key(*, random=bytes(range(32)), sandbox=True, role=Role.OWNER):
    return new_key(KEY_ID, name="Till", role=role, sandbox=sandbox, at=MARCH_1, by="usr_1", random=random)


@pytest.mark.parametrize(
    ("role", "denied"),
    [
        (Role.OWNER, set()),
        (Role.MANAGER, {"accounting.connect", "keys.manage", "payments.connect", "users.manage"}),
        (
            Role.TECHNICIAN,
            {
                *("accounting.connect", "business.write", "catalog.write", "clients.write", "events.read"),
                *("exports.make", "exports.read"),
                *(
                    "batches.read",
                    "batches.run",
                    "contracts.bill",
                    "contracts.meter",
                    "contracts.read",
                    "contracts.write",
                ),
                *("invoices.issue", "invoices.remind", "invoices.send", "invoices.void", "invoices.write"),
                *("invoices.write_off", "jobs.list", "jobs.write", "keys.manage", "payments.allocate"),
                *("cards.keep", "credit_notes.read", "credit_notes.send", "credit_notes.write", "payments.charge"),
                *("payments.connect", "plans.read", "plans.write", "portal.link", "webhooks.manage"),
                *("quotes.approve", "quotes.send", "quotes.write"),
                *("refunds.make", "reports.read", "sales.write", "sandbox.clock", "users.manage", "visits.plan"),
            },
        ),
        (
            Role.ACCOUNTANT,
            {
                *("accounting.connect", "business.write", "catalog.write", "clients.write", "invoices.issue"),
                "invoices.remind",
                *(
                    "invoices.write_off",
                    "invoices.send",
                    "invoices.void",
                    "invoices.write",
                    "items.publish",
                    "items.write",
                    "jobs.write",
                ),
                *("keys.manage", "payments.connect", "portal.link", "quotes.approve", "quotes.send"),
                *("quotes.write", "refunds.make", "sales.write", "sandbox.clock", "users.manage", "visits.plan"),
                *("cards.keep", "credit_notes.send", "credit_notes.write", "payments.charge", "webhooks.manage"),
                *("plans.write", "visits.invoice", "visits.work"),
                *("batches.run", "contracts.bill", "contracts.meter", "contracts.write"),
            },
        ),
    ],
)
def test_each_role_is_denied_exactly_this(role, denied):
    assert {permission for permission in PERMISSIONS if not allows(role, permission)} == denied


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", ["", "invoices", "invoices.delete", "Invoices.read", "invoices.read "])
def test_what_the_table_does_not_list_is_allowed_to_nobody(role, permission):
    assert not allows(role, permission)
    with pytest.raises(Forbidden, match=r"it takes nobody\.$"):
        require(role, permission)


def test_a_refusal_says_who_may():
    with pytest.raises(Forbidden) as refusal:
        require(Role.TECHNICIAN, "invoices.void")
    assert refusal.value.code == "forbidden"
    assert str(refusal.value) == "You cannot void invoices because your role is technician; it takes owner or manager."


def test_what_is_allowed_passes():
    require(Role.TECHNICIAN, "payments.take")


def test_a_key_tells_its_id_and_mode_and_keeps_only_a_hash():
    key, secret = a_key()

    assert secret == f"sk_test_{KEY_ID}_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
    assert parse_key(secret) == (KEY_ID, True)
    assert (key.sha256, key.last_four) == (sha256_hex(secret), "wdHh8"[-4:])
    kept = [str(getattr(key, field.name)) for field in fields(ApiKey)]
    assert not any(secret[-43:] in value for value in kept)


def test_a_live_key_says_so():
    _, secret = a_key(sandbox=False)
    assert secret.startswith("sk_live_key_")
    assert parse_key(secret) == (KEY_ID, False)


def test_underscores_in_the_secret_part_do_not_confuse_the_id():
    key, secret = a_key(random=UNDERSCORES)
    assert secret.endswith("_" * 42 + "8")
    assert parse_key(secret) == (KEY_ID, True)
    assert key.matches(secret)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("sk_test_", id="a bare prefix"),
        pytest.param(f"sk_test_{KEY_ID}_" + "a" * 42, id="one character short"),
        pytest.param(f"sk_test_{KEY_ID}_" + "a" * 44, id="one too long"),
        pytest.param(f"sk_prod_{KEY_ID}_" + "a" * 43, id="another mode"),
        pytest.param(f"SK_TEST_{KEY_ID}_" + "a" * 43, id="upper case"),
        pytest.param(f"sk_test_{KEY_ID.lower()}_" + "a" * 43, id="an id in lower case"),
        pytest.param(f"sk_test_{KEY_ID}_" + "a" * 43 + "\n", id="a line break at the end"),
        pytest.param(f" sk_test_{KEY_ID}_" + "a" * 43, id="a leading space"),
        pytest.param(f"sk_test_{KEY_ID}_" + "é" * 43, id="letters outside base64url"),
        pytest.param("eyJhbGciOiJub25lIn0.e30.", id="a JWT"),
        pytest.param("sk_test_" + "_" * 100_000, id="very long"),
    ],
)
def test_other_text_is_no_key(text):
    with pytest.raises(Unauthenticated) as refusal:
        parse_key(text)
    assert refusal.value.code == "bad_key"


def test_a_key_matches_its_own_text_only():
    key, secret = a_key()
    _, other = a_key(random=bytes(32))
    _, other_mode = a_key(sandbox=False)

    assert key.matches(secret)
    assert not key.matches(other)
    assert not key.matches(other_mode)
    assert not key.matches(key.sha256)


def test_a_revoked_key_matches_nothing_and_is_revoked_once():
    key, secret = a_key()
    revoked = revoke_key(key, at=MARCH_1)

    assert revoked == replace(key, version=2, revoked_at=MARCH_1)
    assert not revoked.matches(secret)
    with pytest.raises(Refused) as refusal:
        revoke_key(revoked, at=MARCH_1)
    assert refusal.value.code == "key_revoked"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_secret_takes_exactly_256_random_bits(length):
    with pytest.raises(ValueError, match="32 random bytes"):
        a_key(random=bytes(length))
    with pytest.raises(ValueError, match="32 random bytes"):
        new_token(bytes(length))


def test_a_token_is_256_bits_and_its_hash_is_what_is_kept():
    token, sha256 = new_token(bytes(range(32)))
    assert base64.urlsafe_b64decode(token + "=") == bytes(range(32))
    assert sha256 == sha256_hex(token)


def test_a_link_stands_until_it_expires_or_is_revoked():
    link = PortalLink(
        id="0" * 64, client_id="cli_1", landing="inv_1", created_at=MARCH_1, expires_at=MARCH_1 + timedelta(days=30)
    )
    assert link.stands(now=link.expires_at - timedelta(microseconds=1))
    assert not link.stands(now=link.expires_at)


def test_a_ulid_is_that_of_the_specification():
    at = datetime.fromtimestamp(1469918176.385, tz=UTC)  # the moment of the example in github.com/ulid/spec
    assert ulid(at, bytes(10)) == "01ARYZ6S41" + "0" * 16
    assert ulid(at, b"\xff" * 10) == "01ARYZ6S41" + "Z" * 16


def test_ids_sort_by_the_millisecond_they_were_made():
    moments = [MARCH_1 + timedelta(milliseconds=step) for step in (0, 1, 31, 32, 1_000, 86_400_000)]
    ids = [new_id("inv", at=at, random=bytes([255 - place] * 10)) for place, at in enumerate(moments)]
    assert ids == sorted(ids)


def test_a_ulid_takes_exactly_80_random_bits():
    with pytest.raises(ValueError, match="10 random bytes"):
        ulid(MARCH_1, bytes(9))
