"""Finding out who is asking."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain.access import Role, parse_key
from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.values import dataclass
from chalicelib.ports import Directory, TokenVerifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Who is asking, of which business, in which role; ``actor`` is what the journal will say."""

    business_id: str
    actor: str
    role: Role


def admit(
    authorization: str, *, now: datetime, directory: Directory, tokens: Callable[[], TokenVerifier] | None
) -> Admitted:
    """Who presents an ``Authorization`` header: an API key or an OIDC access token.

    tokens: gives the verifier; None where no OIDC issuer is configured.
    Raises Unauthenticated for whatever does not prove itself; the sentence tells nothing about what exists.
    """
    scheme, _, credential = authorization.partition(" ")
    if scheme.lower() != "bearer" or not credential:
        raise Unauthenticated("credential_missing", "You cannot be let in because there is no bearer credential.")
    if credential.startswith("sk_"):
        return _by_key(credential, directory)
    if tokens is None:
        raise Unauthenticated("bad_key", "You cannot be let in because this is not an API key of ours.")
    return _by_token(credential, now, directory, tokens())


def _by_key(secret: str, directory: Directory) -> Admitted:
    key_id, _ = parse_key(secret)
    found = directory.key(key_id)
    if found is None or not found[1].matches(secret):
        raise Unauthenticated("bad_key", "You cannot be let in because this key is not valid.")
    business_id, key = found
    return Admitted(business_id=business_id, actor=key.id, role=key.role)


def _by_token(token: str, now: datetime, directory: Directory, tokens: TokenVerifier) -> Admitted:
    claims = tokens.verify(token, now=now)
    found = directory.user(claims.issuer, claims.subject)
    if found is None or found[1].disabled_at:
        raise Unauthenticated("unknown_user", "You cannot be let in because no business knows you as a user.")
    business_id, user = found
    return Admitted(business_id=business_id, actor=user.id, role=user.role)
