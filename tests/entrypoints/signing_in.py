"""An OIDC provider that people of the test's business sign in with."""

from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from chalicelib import wiring
from chalicelib.adapters.oidc import AccessTokens

ISSUER = "https://login.example.com"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ANOTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Token = Callable[..., str]


def provider(monkeypatch: Any) -> Token:
    """Make it the one that is trusted from now on; gives the access token of a subject.

    A claim of None is left out; ``header`` is added to the token's own.
    """
    jwk = RSAAlgorithm.to_jwk(RSA_KEY.public_key(), as_dict=True) | {"kid": "one", "use": "sig", "alg": "RS256"}
    published = {
        f"{ISSUER}/.well-known/openid-configuration": {"jwks_uri": f"{ISSUER}/keys"},
        f"{ISSUER}/keys": {"keys": [jwk]},
    }
    monkeypatch.setenv("OIDC_ISSUER", ISSUER)
    monkeypatch.setenv("OIDC_AUDIENCE", "web")
    wiring.config.cache_clear()
    verifier = AccessTokens(issuer=ISSUER, audiences=["web"], fetch=published.__getitem__)
    monkeypatch.setattr(wiring, "access_tokens", lambda: verifier)

    def token(
        subject: str,
        *,
        key: Any = RSA_KEY,
        header: dict[str, Any] | None = None,
        lasts_s: int = 600,
        **claims: Any,
    ) -> str:
        now = int(wiring.now().timestamp())
        said = {"iss": ISSUER, "aud": "web", "sub": subject, "scope": "api", "iat": now, "exp": now + lasts_s} | claims
        told = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(told, key, algorithm="RS256", headers={"kid": "one"} | (header or {}))

    return token
