"""Finding out who is asking."""

from dataclasses import dataclass, field, replace

import pytest

from chalicelib.domain.access import Claims, Role, new_key
from chalicelib.domain.errors import Unauthenticated
from chalicelib.usecases.admitting import Admitted, admit
from tests import builders as b

NOW = b.NOON
KEY, SECRET = new_key(
    "key_01J0000000000000000000000A",
    name="till",
    role=Role.ACCOUNTANT,
    sandbox=True,
    at=NOW,
    by="opening",
    random=b"\x01" * 32,
)
CLAIMS = Claims(issuer="https://login.example.com", subject="ann", email=None, groups=frozenset())


@dataclass
class Register:
    """A directory of credentials, which counts how often it was asked."""

    keys: dict = field(default_factory=dict)
    users: dict = field(default_factory=dict)
    asked: int = 0

    def key(self, key_id):
        self.asked += 1
        return self.keys.get(key_id)

    def user(self, issuer, subject):
        self.asked += 1
        return self.users.get((issuer, subject))


class Verifier:
    """An issuer's verifier that knows one token."""

    def verify(self, token, *, now):
        if token != "good":
            raise Unauthenticated("bad_token", "no")
        assert now == NOW
        return CLAIMS


@pytest.fixture
def register():
    user = b.a_user(id="usr_1", role=Role.MANAGER)
    return Register(keys={KEY.id: ("biz_1", KEY)}, users={(CLAIMS.issuer, CLAIMS.subject): ("biz_2", user)})


def admitted(header, register, *, tokens=Verifier):
    return admit(header, now=NOW, directory=register, tokens=tokens)


def refused(header, register, **more):
    with pytest.raises(Unauthenticated) as refusal:
        admitted(header, register, **more)
    return refusal.value.code


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_key_admits_to_its_business_in_its_role(register, scheme):
    expected = Admitted(business_id="biz_1", actor=KEY.id, role=Role.ACCOUNTANT)
    assert admitted(f"{scheme} {SECRET}", register) == expected


def test_a_token_admits_to_the_business_that_knows_its_bearer(register):
    assert admitted("Bearer good", register) == Admitted(business_id="biz_2", actor="usr_1", role=Role.MANAGER)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", SECRET, f"Token {SECRET}"])
def test_without_a_bearer_credential_nobody_is_looked_up(register, header):
    assert refused(header, register) == "credential_missing"
    assert register.asked == 0


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(SECRET[:-1] + ("A" if SECRET[-1] != "A" else "B"), id="another secret"),
        pytest.param(SECRET.replace("sk_test", "sk_live"), id="the other mode"),
        pytest.param(SECRET.replace("0000A_", "0000B_"), id="an unknown key"),
        pytest.param("sk_test_", id="no key at all"),
        pytest.param(SECRET + "x", id="something more"),
    ],
)
def test_another_key_is_refused(register, secret):
    assert refused(f"Bearer {secret}", register) == "bad_key"


def test_a_revoked_key_is_refused(register):
    register.keys[KEY.id] = ("biz_1", replace(KEY, revoked_at=NOW))
    assert refused(f"Bearer {SECRET}", register) == "bad_key"


def test_a_key_that_no_business_has_is_refused(register):
    register.keys["other"] = register.keys.pop(KEY.id)
    assert refused(f"Bearer {SECRET}", register) == "bad_key"


def test_a_token_that_does_not_verify_is_refused_with_its_reason(register):
    assert refused("Bearer forged", register) == "bad_token"


def test_a_token_where_no_issuer_is_configured_is_refused(register):
    assert refused("Bearer good", register, tokens=None) == "bad_key"


def test_a_token_of_nobody_we_know_is_refused(register):
    register.users.clear()
    assert refused("Bearer good", register) == "unknown_user"


def test_a_disabled_person_is_refused(register):
    (place, (business, user)) = next(iter(register.users.items()))
    register.users[place] = (business, replace(user, disabled_at=NOW))
    assert refused("Bearer good", register) == "unknown_user"
