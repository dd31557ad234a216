"""OIDC access tokens, verified against the issuer's published keys (RFC 9068, RFC 8725; Cognito's own dialect)."""

import json
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Final, TypeGuard

import jwt

from chalicelib.domain.access import Claims
from chalicelib.domain.errors import Unauthenticated

ALGORITHMS: Final = ("RS256", "ES256")
TIMEOUT_S: Final = 3.0
LONGEST_ANSWER_BYTES: Final = 262_144
LONGEST_TOKEN: Final = 16_384
CLOCK_SKEW_S: Final = 30
KEYS_LAST: Final = timedelta(hours=1)
BETWEEN_FETCHES: Final = timedelta(minutes=1)

FetchJson = Callable[[str], Mapping[str, Any]]


def fetch_json(url: str) -> Mapping[str, Any]:
    """The JSON object at an address of our own settings. Raises OSError or ValueError."""
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValueError(f"keys are fetched over https only, not from {url}")
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:  # noqa: S310 (the scheme was checked above)
        found = json.loads(answer.read(LONGEST_ANSWER_BYTES))
    if not isinstance(found, dict):
        raise ValueError(f"{url} does not answer with a JSON object")  # noqa: TRY004 (bad input, not a bad call)
    return found


class KeyRing:
    """The issuer's signing keys by id, fetched when first needed and again when they change.

    Keys are kept for an hour. An unknown id fetches at most once a minute, so strangers cannot make us call the issuer.
    """

    def __init__(self, issuer: str, *, fetch: FetchJson = fetch_json) -> None:
        self._issuer, self._fetch = issuer.rstrip("/"), fetch
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at: datetime | None = None

    def key(self, id: str, *, now: datetime) -> jwt.PyJWK:
        """Raises Unauthenticated: ``unknown_signing_key``, or ``issuer_unreachable`` if no keys were ever had."""
        if self._should_fetch(id, now):
            self._tried_at = now
            self._refresh()
        if id not in self._keys:
            raise _refused("unknown_signing_key", "its issuer does not publish the key that signed it")
        return self._keys[id]

    def _should_fetch(self, id: str, now: datetime) -> bool:
        wait = KEYS_LAST if id in self._keys else BETWEEN_FETCHES
        return self._tried_at is None or now - self._tried_at >= wait

    def _refresh(self) -> None:
        try:
            published = self._fetch(self._address())["keys"]
            self._keys = {jwk["kid"]: jwt.PyJWK(jwk) for jwk in published if _signs_tokens(jwk)}
        except (OSError, HTTPException, ValueError, LookupError, TypeError, jwt.PyJWTError) as error:
            # While the issuer is away, the keys it published last are still its keys.
            if not self._keys:
                raise _refused("issuer_unreachable", "its issuer's keys could not be read") from error

    def _address(self) -> str:
        # Cognito's keys have a fixed address; asking for it would cost a cold start another round trip.
        if self._issuer.startswith("https://cognito-idp."):
            return f"{self._issuer}/.well-known/jwks.json"
        return str(self._fetch(f"{self._issuer}/.well-known/openid-configuration")["jwks_uri"])


class AccessTokens:
    """Verifies the access tokens that one issuer gives to the clients, or for the API, named as audiences."""

    def __init__(self, *, issuer: str, audiences: Sequence[str], fetch: FetchJson = fetch_json) -> None:
        self._issuer, self._audiences = issuer, frozenset(audiences)
        self._keys = KeyRing(issuer, fetch=fetch)

    def verify(self, token: str, *, now: datetime) -> Claims:
        """Who bears the token. Raises Unauthenticated, whose code says what is wrong with it."""
        header, claims = self._opened(token, now)
        _require_times(claims, now)
        if claims.get("iss") != self._issuer:
            raise _refused("wrong_issuer", "another issuer made it")
        if not self._is_for_us(claims):
            raise _refused("wrong_audience", "it was made for another application")
        if not _gives_access(header, claims):
            raise _refused("not_an_access_token", "it is not an access token")
        return _claims(claims)

    def _opened(self, token: str, now: datetime) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Header and claims of a token whose signature holds; nothing else of it is checked yet."""
        if len(token) > LONGEST_TOKEN:
            raise _refused("bad_token", "it is too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str):
                raise _refused("bad_token", "it is not signed as its issuer signs")
            key = self._keys.key(header["kid"], now=now)
            # Times are checked below against the caller's clock, issuer and audience with Cognito's dialect in mind.
            options = {"verify_signature": True, "enforce_minimum_key_length": True} | dict.fromkeys(_OURS, False)
            opened = jwt.decode_complete(token, key, algorithms=list(ALGORITHMS), options=options)  # type: ignore[arg-type]
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise _refused("bad_token", "it is broken or forged") from error
        return header, opened["payload"]

    def _is_for_us(self, claims: Mapping[str, Any]) -> bool:
        # Cognito's access tokens have no aud; where there is one, it decides (RFC 9068 4).
        named = claims.get("aud", claims.get("client_id"))
        given = named if isinstance(named, list) else [named]
        return any(isinstance(one, str) and one in self._audiences for one in given)


_OURS: Final = ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub", "verify_jti")


def _signs_tokens(jwk: Mapping[str, Any]) -> bool:
    kind = (jwk.get("kty"), jwk.get("crv"), jwk.get("alg"))
    is_ours = kind in {("RSA", None, "RS256"), ("RSA", None, None), ("EC", "P-256", "ES256"), ("EC", "P-256", None)}
    return is_ours and jwk.get("use", "sig") == "sig" and isinstance(jwk.get("kid"), str)


def _require_times(claims: Mapping[str, Any], now: datetime) -> None:
    seconds = now.timestamp()
    expires, starts = claims.get("exp"), claims.get("nbf", 0)
    # Written so that NaN, which JSON readers let through, refuses.
    if not (_is_number(expires) and seconds < expires + CLOCK_SKEW_S):
        raise _refused("token_expired", "it has expired")
    if not (_is_number(starts) and seconds >= starts - CLOCK_SKEW_S):
        raise _refused("token_not_yet_valid", "it is not valid yet")


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _gives_access(header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
    """Cognito names the use, RFC 9068 in the type; others' access tokens have a scope, identity tokens none."""
    use = claims.get("token_use")
    if use is not None:
        return bool(use == "access")
    is_typed = str(header.get("typ", "")).lower().removeprefix("application/") == "at+jwt"
    return is_typed or "scope" in claims or "scp" in claims


def _claims(claims: Mapping[str, Any]) -> Claims:
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not subject:
        raise _refused("bad_token", "it names nobody")
    groups = claims.get("cognito:groups", claims.get("groups"))
    return Claims(
        issuer=claims["iss"],
        subject=subject,
        email=email if isinstance(email, str) and claims.get("email_verified") in (True, "true") else None,
        groups=frozenset(str(group) for group in groups) if isinstance(groups, list) else frozenset(),
    )


def _refused(code: str, reason: str) -> Unauthenticated:
    return Unauthenticated(code, f"You cannot be let in with this token because {reason}.")
