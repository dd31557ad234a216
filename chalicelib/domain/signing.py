"""How what we post is signed: whoever has the secret knows that it is from us, and of when."""

import hashlib
import hmac
from collections.abc import Sequence


def signature(body: bytes, *, secrets: Sequence[str], at: int) -> str:
    """``t=<seconds>,v1=<hex>``, with one ``v1`` for each secret that is valid: HMAC-SHA-256 over ``<t>.<body>``.

    at: seconds since 1970, the time of this very attempt, so that an old post cannot be sent again by somebody else.
    """
    signed = b"%d." % at + body
    made = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={each}" for each in made)])
