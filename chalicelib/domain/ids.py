"""Ids that sort by the moment they were made: a prefix that says what it is, and a ULID."""

import hashlib
from datetime import UTC, datetime, timedelta

ULID_PATTERN = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
ULID_RANDOM_BYTES = 10
ULID_TIME_LENGTH = 10

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(prefix: str, *, at: datetime, random: bytes) -> str:
    """An id such as ``inv_01J...``; of two, the one made in a later millisecond sorts later."""
    return f"{prefix}_{ulid(at, random)}"


def derived_id(prefix: str, text: str, *, at: datetime) -> str:
    """The same id for the same text and moment, so that what is made of it is made once, whoever makes it."""
    return new_id(prefix, at=at, random=hashlib.sha256(text.encode()).digest()[:ULID_RANDOM_BYTES])


def ulid(at: datetime, random: bytes) -> str:
    """48 bits of Unix milliseconds and 80 random bits in Crockford's base 32 (github.com/ulid/spec).

    random: exactly 10 bytes.
    """
    if len(random) != ULID_RANDOM_BYTES:
        raise ValueError(f"a ULID takes {ULID_RANDOM_BYTES} random bytes, not {len(random)}")
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    number = int.from_bytes(milliseconds.to_bytes(6, "big") + random, "big")
    return "".join(_CROCKFORD[(number >> 5 * place) & 31] for place in reversed(range(_LENGTH)))
