"""OIDC access tokens against the issuer's keys."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from chalicelib.adapters.oidc import AccessTokens, fetch_json
from chalicelib.domain.access import Claims
from chalicelib.domain.errors import Unauthenticated

ISSUER = "https://cognito-idp.eu-west-3.amazonaws.com/eu-west-3_Example"
ELSEWHERE = "https://login.example.com"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def rsa_jwk(key, kid, **changed):
    return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": "RS256"} | changed


def ec_jwk(key, kid):
    return ECAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}


class FakeIssuer:
    """Publishes keys, may go away, and remembers what was asked."""

    def __init__(self, *keys):
        self.keys, self.asked, self.is_away = list(keys), [], False

    def __call__(self, url):
        self.asked.append(url)
        if self.is_away:
            raise OSError("connection refused")
        if url == f"{ELSEWHERE}/.well-known/openid-configuration":
            return {"jwks_uri": f"{ELSEWHERE}/keys"}
        return {"keys": self.keys}


@pytest.fixture
def issuer():
    return FakeIssuer(rsa_jwk(RSA_KEY, "rsa-1"), ec_jwk(EC_KEY, "ec-1"))


def tokens_of(issuer, *, name=ISSUER):
    return AccessTokens(issuer=name, audiences=("web", "mobile"), fetch=issuer)


def claims(**changed):
    given = {
        "iss": ISSUER,
        "sub": "a-person",
        "client_id": "web",
        "token_use": "access",
        "exp": SECONDS + 3600,
        "iat": SECONDS,
        "cognito:groups": ["managers"],
    }
    return {name: value for name, value in (given | changed).items() if value is not None}


def a_token(*, key=RSA_KEY, algorithm="RS256", kid="rsa-1", typ="JWT", **changed):
    # PyJWS, since PyJWT itself declines to sign some of the claims that others might.
    said = json.dumps(claims(**changed)).encode()
    return jwt.PyJWS().encode(said, key, algorithm=algorithm, headers={"kid": kid, "typ": typ})


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def code_of(tokens, token, *, now=NOW):
    with pytest.raises(Unauthenticated) as refusal:
        tokens.verify(token, now=now)
    return refusal.value.code


def test_a_cognito_access_token_tells_who_bears_it(issuer):
    assert tokens_of(issuer).verify(a_token(), now=NOW) == Claims(
        issuer=ISSUER, subject="a-person", email=None, groups=frozenset({"managers"})
    )
    assert issuer.asked == [f"{ISSUER}/.well-known/jwks.json"]


def test_elliptic_keys_are_as_good(issuer):
    token = a_token(key=EC_KEY, algorithm="ES256", kid="ec-1")
    assert tokens_of(issuer).verify(token, now=NOW).subject == "a-person"


def test_another_provider_is_discovered_and_its_audience_may_be_a_list(issuer):
    token = a_token(iss=ELSEWHERE, aud=["other", "mobile"], client_id=None, token_use=None, typ="at+jwt")
    assert tokens_of(issuer, name=ELSEWHERE).verify(token, now=NOW).issuer == ELSEWHERE
    assert issuer.asked == [f"{ELSEWHERE}/.well-known/openid-configuration", f"{ELSEWHERE}/keys"]


@pytest.mark.parametrize(
    ("email_verified", "email"),
    [(True, "ann@example.com"), ("true", "ann@example.com"), (False, None), ("false", None), (None, None), ([], None)],
)
def test_only_a_verified_address_is_passed_on(issuer, email_verified, email):
    token = a_token(email="ann@example.com", email_verified=email_verified)
    assert tokens_of(issuer).verify(token, now=NOW).email == email


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param({"iss": "https://evil.example.com"}, "wrong_issuer", id="another issuer"),
        pytest.param({"iss": ISSUER + "/"}, "wrong_issuer", id="nearly our issuer"),
        pytest.param({"iss": [ISSUER]}, "wrong_issuer", id="a list of issuers"),
        pytest.param({"iss": None}, "wrong_issuer", id="no issuer"),
        pytest.param({"client_id": "someone-else"}, "wrong_audience", id="another application"),
        pytest.param({"client_id": None}, "wrong_audience", id="no application"),
        pytest.param({"aud": "other"}, "wrong_audience", id="an audience beside our client_id decides"),
        pytest.param({"aud": []}, "wrong_audience", id="an empty audience"),
        pytest.param({"aud": [["web"]]}, "wrong_audience", id="an audience that is no text"),
        pytest.param({"exp": SECONDS - 31}, "token_expired", id="expired"),
        pytest.param({"exp": None}, "token_expired", id="never expires"),
        pytest.param({"exp": "9999999999"}, "token_expired", id="expiry that is text"),
        pytest.param({"exp": True}, "token_expired", id="expiry that is a boolean"),
        pytest.param({"exp": float("nan")}, "token_expired", id="expiry that is no number"),
        pytest.param({"nbf": SECONDS + 31}, "token_not_yet_valid", id="not valid yet"),
        pytest.param({"nbf": float("nan")}, "token_not_yet_valid", id="beginning that is no number"),
        pytest.param({"token_use": "id", "aud": "web"}, "not_an_access_token", id="Cognito's identity token"),
        pytest.param({"token_use": None, "aud": "web"}, "not_an_access_token", id="another's identity token"),
        pytest.param({"sub": ""}, "bad_token", id="nobody"),
    ],
)
def test_a_signed_token_is_refused_for_what_it_says(issuer, changed, code):
    assert code_of(tokens_of(issuer), a_token(**changed)) == code


def test_clocks_may_differ_by_half_a_minute(issuer):
    token = a_token(exp=SECONDS - 29, nbf=SECONDS + 29)
    assert tokens_of(issuer).verify(token, now=NOW).subject == "a-person"


def test_a_scope_marks_an_access_token_where_nothing_else_does(issuer):
    token = a_token(token_use=None, scope="openid invoices")
    assert tokens_of(issuer).verify(token, now=NOW).subject == "a-person"


def forged_by_swapping_the_claims():
    header, _, signature = a_token().split(".")
    return f"{header}.{part(claims(sub='the-owner'))}.{signature}"


def forged_with_the_public_key_as_secret():
    public = RSA_KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signing_input = f"{part({'alg': 'HS256', 'kid': 'rsa-1'})}.{part(claims())}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signing_input.encode(), public)
    return f"{signing_input}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(forged_by_swapping_the_claims(), id="claims swapped under a good signature"),
        pytest.param(forged_with_the_public_key_as_secret(), id="HS256 with the public key as secret"),
        pytest.param(f"{part({'alg': 'none', 'kid': 'rsa-1'})}.{part(claims())}.", id="alg none"),
        pytest.param(f"{part({'alg': 'nOnE', 'kid': 'rsa-1'})}.{part(claims())}.", id="alg none, spelled oddly"),
        pytest.param(a_token(key=OTHER_KEY), id="signed by another key under our key's id"),
        pytest.param(a_token(algorithm="RS512"), id="an algorithm we do not take"),
        pytest.param(a_token(key=EC_KEY, algorithm="ES256"), id="an elliptic signature under the id of an RSA key"),
        pytest.param(jwt.encode(claims(), RSA_KEY, algorithm="RS256"), id="no key id"),
        pytest.param(a_token() + "A" * 20_000, id="very long"),
        pytest.param("", id="nothing"),
        pytest.param("a.b.c", id="three letters"),
        pytest.param("é.é.é", id="letters outside base64url"),
        pytest.param(base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.", id="a header nested 9,000 deep"),
    ],
)
def test_a_forged_or_broken_token_is_refused(issuer, token):
    assert code_of(tokens_of(issuer), token) == "bad_token"


def test_keys_are_fetched_once_and_kept(issuer):
    tokens = tokens_of(issuer)
    for _ in range(3):
        tokens.verify(a_token(), now=NOW + timedelta(minutes=10))
    assert len(issuer.asked) == 1


def test_a_key_that_the_issuer_adds_is_found_at_once(issuer):
    tokens = tokens_of(issuer)
    tokens.verify(a_token(), now=NOW)
    issuer.keys.append(rsa_jwk(OTHER_KEY, "rsa-2"))

    later = NOW + timedelta(minutes=1)
    assert tokens.verify(a_token(key=OTHER_KEY, kid="rsa-2"), now=later).subject == "a-person"


def test_strangers_cannot_make_us_call_the_issuer_more_than_once_a_minute(issuer):
    tokens = tokens_of(issuer)
    for second in range(60):
        moment = NOW + timedelta(seconds=second)
        assert code_of(tokens, a_token(kid=f"made-up-{second}"), now=moment) == "unknown_signing_key"
    assert len(issuer.asked) == 1


def test_a_key_that_the_issuer_withdraws_is_gone_within_the_hour(issuer):
    tokens = tokens_of(issuer)
    tokens.verify(a_token(), now=NOW)
    issuer.keys.clear()
    issuer.keys.append(ec_jwk(EC_KEY, "ec-1"))
    later = NOW + timedelta(hours=1)
    assert code_of(tokens, a_token(exp=SECONDS + 9_999), now=later) == "unknown_signing_key"


def test_while_the_issuer_is_away_its_last_keys_hold(issuer):
    tokens = tokens_of(issuer)
    tokens.verify(a_token(), now=NOW)
    issuer.is_away = True
    assert tokens.verify(a_token(exp=SECONDS + 9_999), now=NOW + timedelta(hours=2)).subject == "a-person"


def test_an_issuer_never_reached_lets_nobody_in_and_is_tried_again_a_minute_later(issuer):
    tokens = tokens_of(issuer)
    issuer.is_away = True
    assert code_of(tokens, a_token()) == "issuer_unreachable"
    issuer.is_away = False
    assert code_of(tokens, a_token(), now=NOW + timedelta(seconds=59)) == "unknown_signing_key"
    assert tokens.verify(a_token(), now=NOW + timedelta(seconds=60)).subject == "a-person"


@pytest.mark.parametrize(
    "jwk",
    [
        pytest.param({"kty": "oct", "k": "c2VjcmV0", "kid": "rsa-1", "alg": "HS256"}, id="a shared secret"),
        pytest.param(rsa_jwk(RSA_KEY, "rsa-1", use="enc"), id="a key for encryption"),
        pytest.param(rsa_jwk(RSA_KEY, "rsa-1", alg="RS512"), id="another algorithm's key"),
    ],
)
def test_a_published_key_that_signs_no_tokens_of_ours_is_left_out(jwk):
    assert code_of(tokens_of(FakeIssuer(jwk)), a_token()) == "unknown_signing_key"


def test_a_key_too_short_to_trust_is_refused():
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    token = a_token(key=OTHER_KEY, kid="short")
    assert code_of(tokens_of(FakeIssuer(rsa_jwk(short, "short"))), token) == "bad_token"


@pytest.mark.parametrize("url", ["http://login.example.com/keys", "file:///etc/passwd", "ftp://example.com/keys"])
def test_keys_are_not_fetched_from_where_they_could_be_forged(url):
    with pytest.raises(ValueError, match="https only"):
        fetch_json(url)


class _Keys(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = b'{"keys": []}' if self.path == "/keys" else b"[]"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def test_keys_come_over_http_as_a_json_object():
    with HTTPServer(("127.0.0.1", 0), _Keys) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        assert fetch_json(f"{base}/keys") == {"keys": []}
        with pytest.raises(ValueError, match="JSON object"):
            fetch_json(f"{base}/list")
        server.shutdown()
