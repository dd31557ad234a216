"""What the browser carries after a link was followed: a signed cookie, and a token in each form."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta

from chalicelib.domain.errors import Forbidden, Unauthenticated
from chalicelib.domain.values import dataclass

COOKIE = "portal"
IDLE = timedelta(minutes=30)
SEALED = re.compile(r"([0-9a-f]{64})\.([0-9]{1,10})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """link_id: the SHA-256 of the token of the link that opened it; every request asks again whether that stands."""

    link_id: str
    expires_at: datetime


def begun(link_id: str, *, now: datetime) -> Session:
    return Session(link_id=link_id, expires_at=now + IDLE)


def set_cookie(session: Session, *, path: str, secure: bool, secret: bytes) -> str:
    """The Set-Cookie header; ``Lax`` lets in the way back from the payment page, but no foreign form."""
    value = _sealed(session, secret)
    seconds = int(IDLE.total_seconds())
    return f"{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"


def session_in(cookies: str, *, now: datetime, secret: bytes) -> Session:
    """The session of a Cookie header. Raises Unauthenticated for none, one that is over, and one we did not seal."""
    found = SEALED.fullmatch(_value(cookies))
    if found is None:
        raise Unauthenticated("session_missing", "You cannot see this because no link was followed.")
    session = Session(link_id=found[1], expires_at=datetime.fromtimestamp(int(found[2]), UTC))
    if not hmac.compare_digest(found[3], _seal(session, secret)) or session.expires_at <= now:
        raise Unauthenticated("session_over", "You cannot see this because the session is over.")
    return session


def form_token(session: Session, action: str, *, secret: bytes) -> str:
    """What a form must send back; it stays good for that one action as long as the link stands."""
    return _mac(secret, "form", session.link_id, action)


def must_be_sent_from_here(token: str, session: Session, action: str, *, secret: bytes) -> None:
    """Raises Forbidden (``form_forged``) unless the form is one of our own pages'."""
    if not hmac.compare_digest(token.encode(), form_token(session, action, secret=secret).encode()):
        raise Forbidden("form_forged", "You cannot do this because the form did not come from this site.")


def _value(cookies: str) -> str:
    """Our cookie's value; what other pages of the domain may have set beside it is passed over, well formed or not."""
    pairs = (part.strip().partition("=") for part in cookies.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def _sealed(session: Session, secret: bytes) -> str:
    return f"{session.link_id}.{int(session.expires_at.timestamp())}.{_seal(session, secret)}"


def _seal(session: Session, secret: bytes) -> str:
    return _mac(secret, "session", session.link_id, str(int(session.expires_at.timestamp())))


def _mac(secret: bytes, *parts: str) -> str:
    # JSON keeps the parts apart, and the first says what the seal is for
    return hmac.new(secret, json.dumps(["portal", *parts]).encode(), hashlib.sha256).hexdigest()
