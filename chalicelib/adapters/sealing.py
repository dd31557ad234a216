"""Texts sealed at rest: encrypted and authenticated, for one business each."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from chalicelib.domain.errors import Refused

SHORTEST_KEY = 32
_PURPOSE = b"quittance seal 1:"


class FernetSeal:
    """``Seal`` by Fernet (AES-128-CBC with HMAC-SHA-256), under a key derived for each business.

    keys: secrets of at least 32 characters, the newest first: it seals, and all of them open.
    Raises ValueError for none, or a short one.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or min(map(len, keys)) < SHORTEST_KEY:
            raise ValueError(f"a sealing key takes at least {SHORTEST_KEY} characters")
        self._keys = tuple(keys)

    def seal(self, text: str, *, of: str) -> str:
        return self._for(of).encrypt(text.encode()).decode()

    def open(self, sealed: str, *, of: str) -> str:
        """Raises Refused (``seal_broken``)."""
        try:
            return self._for(of).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Refused(
                "seal_broken", "You cannot use what was sealed here because it does not open; give it anew."
            ) from None

    def _for(self, business_id: str) -> MultiFernet:
        return MultiFernet([Fernet(_derived(key, business_id)) for key in self._keys])


def _derived(key: str, business_id: str) -> bytes:
    """A Fernet key of the business's own, so that a row copied to another business does not open there."""
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), _PURPOSE + business_id.encode(), hashlib.sha256))
