"""Cursors of lists: opaque to the caller, signed, good only for the business and the query they came from."""

import base64
import hashlib
import hmac
import json
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.errors import Invalid

LONGEST: Final = 4_096
MAC_BYTES: Final = 16


def seal(position: str, *, business_id: str, query: Mapping[str, str], secret: bytes) -> str:
    """A cursor for the place in a list that the store calls ``position``.

    query: what is listed and every filter and order; not the limit, which may change from page to page.
    """
    payload = position.encode()
    return base64.urlsafe_b64encode(_mac(payload, business_id, query, secret) + payload).decode().rstrip("=")


def open_(cursor: str, *, business_id: str, query: Mapping[str, str], secret: bytes) -> str:
    """The position that was sealed.

    Raises Invalid (``bad_cursor``) for a cursor that we did not make, or made for another business or query.
    """
    sealed = _decoded(cursor)
    mac, payload = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(payload, business_id, query, secret)):
        raise _refused()
    return payload.decode()


def _decoded(cursor: str) -> bytes:
    if len(cursor) > LONGEST:
        raise _refused()
    try:
        return base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (NotBase64, UnicodeEncodeError) as error:
        raise _refused() from error


def _mac(payload: bytes, business_id: str, query: Mapping[str, str], secret: bytes) -> bytes:
    # JSON keeps the parts apart, so no business and query can be made to look like another pair.
    bound = json.dumps(["cursor", business_id, dict(query), payload.hex()], sort_keys=True).encode()
    return hmac.digest(secret, bound, hashlib.sha256)[:MAC_BYTES]


def _refused() -> Invalid:
    return Invalid("bad_cursor", "You cannot continue from this cursor because it is not of this list.", at="/cursor")
