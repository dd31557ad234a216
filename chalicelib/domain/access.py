"""Who may do what, and how they prove who they are: roles, users, API keys, portal links."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import Forbidden, Refused, Unauthenticated
from chalicelib.domain.ids import ULID_PATTERN
from chalicelib.domain.values import dataclass

SECRET_BYTES: Final = 32


class Role(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    TECHNICIAN = "technician"
    ACCOUNTANT = "accountant"


OWNER_ONLY = frozenset({Role.OWNER})
OFFICE = OWNER_ONLY | {Role.MANAGER}
OFFICE_AND_FIELD = OFFICE | {Role.TECHNICIAN}
OFFICE_AND_BOOKS = OFFICE | {Role.ACCOUNTANT}
EVERYONE = frozenset(Role)

# What is not in this table is allowed to nobody. A technician's own visits are his: others do not exist for him, and
# he bills and takes money for his own alone (decision 11).
PERMISSIONS: Final[Mapping[str, tuple[str, frozenset[Role]]]] = {
    "accounting.connect": ("connect accounting programs", OWNER_ONLY),
    "business.read": ("see the business's settings", EVERYONE),
    "business.write": ("change the business's settings", OFFICE),
    "cards.keep": ("keep clients' cards", OFFICE),
    "catalog.read": ("see the catalogue", EVERYONE),
    "catalog.write": ("change the catalogue", OFFICE),
    "clients.read": ("see clients", EVERYONE),
    "clients.write": ("change clients", OFFICE),
    "contracts.bill": ("bill contracts", OFFICE),
    "contracts.meter": ("tell of consumption", OFFICE),
    "contracts.read": ("see contracts", OFFICE_AND_BOOKS),
    "contracts.write": ("write contracts", OFFICE),
    "batches.read": ("see invoice batches", OFFICE_AND_BOOKS),
    "batches.run": ("run invoice batches", OFFICE),
    "credit_notes.read": ("see credit notes", OFFICE_AND_BOOKS),
    "credit_notes.send": ("send credit notes", OFFICE),
    "credit_notes.write": ("make credit notes", OFFICE),
    "events.read": ("see the journal", OFFICE_AND_BOOKS),
    "exports.make": ("make exports", OFFICE_AND_BOOKS),
    "exports.read": ("see exports and fetch their files", OFFICE_AND_BOOKS),
    "invoices.issue": ("issue invoices", OFFICE),
    "invoices.read": ("see invoices", EVERYONE),
    "invoices.send": ("send invoices", OFFICE),
    "invoices.void": ("void invoices", OFFICE),
    "invoices.write_off": ("write invoices off", OFFICE),
    "invoices.write": ("write draft invoices", OFFICE),
    "invoices.remind": ("remind clients of invoices", OFFICE),
    "items.publish": ("publish, waive and bill items", OFFICE_AND_FIELD),
    "items.read": ("see items", EVERYONE),
    "items.write": ("write items", OFFICE_AND_FIELD),
    "jobs.list": ("list jobs", OFFICE_AND_BOOKS),
    "jobs.read": ("see a job", EVERYONE),
    "jobs.write": ("open and change jobs", OFFICE),
    "keys.manage": ("manage API keys", OWNER_ONLY),
    "payments.allocate": ("put money on invoices and match it", OFFICE_AND_BOOKS),
    "payments.charge": ("charge clients' cards", OFFICE),
    "payments.connect": ("connect a payment account", OWNER_ONLY),
    "payments.read": ("see payments", EVERYONE),
    "payments.take": ("take payments", EVERYONE),
    "plans.read": ("see recurring plans", OFFICE_AND_BOOKS),
    "plans.write": ("write recurring plans", OFFICE),
    "portal.link": ("give out portal links", OFFICE),
    "quotes.approve": ("approve quotes", OFFICE),
    "quotes.read": ("see quotes", EVERYONE),
    "quotes.send": ("send quotes", OFFICE),
    "quotes.write": ("write quotes", OFFICE),
    "refunds.make": ("make refunds", OFFICE),
    "reports.read": ("see reports", OFFICE_AND_BOOKS),
    "sales.read": ("see deals, orders and deliveries", EVERYONE),
    "sales.write": ("write and convert deals, orders and deliveries", OFFICE),
    "sandbox.clock": ("move the sandbox's clock", OFFICE),
    "users.manage": ("manage users", OWNER_ONLY),
    "visits.invoice": ("bill visits", OFFICE_AND_FIELD),
    "visits.plan": ("plan visits", OFFICE),
    "visits.read": ("see visits", EVERYONE),
    "webhooks.manage": ("manage webhooks", OFFICE),
    "visits.work": ("work on visits", OFFICE_AND_FIELD),
}


def allows(role: Role, permission: str) -> bool:
    """Whether the role may; a permission that the table does not list is allowed to nobody."""
    return permission in PERMISSIONS and role in PERMISSIONS[permission][1]


def require(role: Role, permission: str) -> None:
    """Raises Forbidden (``forbidden``), naming the roles that may, unless the role may."""
    if allows(role, permission):
        return
    deed, roles = PERMISSIONS.get(permission, ("do this", frozenset[Role]()))
    may = " or ".join(role for role in Role if role in roles) or "nobody"
    raise Forbidden("forbidden", f"You cannot {deed} because your role is {role}; it takes {may}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person of the business, known to an OIDC provider as (issuer, subject)."""

    id: str
    version: int = 1
    issuer: str
    subject: str
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a verified access token says about its bearer.

    email: only one that the provider says it verified.
    """

    issuer: str
    subject: str
    email: str | None
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A program's credential; its secret was shown once and is not kept.

    sha256:    of the whole secret text, lower-case hex. The secret has 256 random bits, so a slow hash adds nothing.
    last_four: the end of the secret text, for people to tell keys apart.
    """

    id: str
    version: int = 1
    name: str
    role: Role
    sandbox: bool
    sha256: str
    last_four: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None

    def matches(self, presented: str) -> bool:
        """Whether this is the key's own text and the key stands; takes the same time for any wrong text."""
        return hmac.compare_digest(self.sha256, sha256_hex(presented)) and self.revoked_at is None


def new_key(
    id: str, *, name: str, role: Role, sandbox: bool, at: datetime, by: str, random: bytes
) -> tuple[ApiKey, str]:
    """A key and its secret text ``sk_test_<id>_<43 characters>``, to be shown once.

    random: exactly 32 bytes.
    """
    secret = f"sk_{'test' if sandbox else 'live'}_{id}_{_secret_text(random)}"
    key = ApiKey(
        id=id,
        name=name,
        role=role,
        sandbox=sandbox,
        sha256=sha256_hex(secret),
        last_four=secret[-4:],
        created_at=at,
        created_by=by,
    )
    return key, secret


def revoke_key(key: ApiKey, *, at: datetime) -> ApiKey:
    """The key, no longer good for anything. Raises Refused (``key_revoked``) if it was revoked before."""
    if key.revoked_at is not None:
        raise Refused("key_revoked", f"You cannot revoke key {key.id} because it is revoked already.")
    return replace(key, version=key.version + 1, revoked_at=at)


# Every part has a fixed length, so the underscores of base64url cannot be taken for separators.
_KEY = re.compile(rf"sk_(live|test)_(key_{ULID_PATTERN})_[A-Za-z0-9_-]{{43}}")


def parse_key(text: str) -> tuple[str, bool]:
    """The key's id and whether it is a sandbox's, read from its secret text; nothing is proved yet.

    Raises Unauthenticated (``bad_key``) for anything else.
    """
    found = _KEY.fullmatch(text)
    if found is None:
        raise Unauthenticated("bad_key", "You cannot be let in because this is not an API key of ours.")
    return found[2], found[1] == "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalLink:
    """A mailed link that lets whoever holds it act as one client, until it expires or the client's links are ended.

    id:      SHA-256 of the link's token, lower-case hex; the token itself is not kept.
    landing: id of the document that the link opens at.
    """

    id: str
    version: int = 1
    client_id: str
    landing: str
    created_at: datetime
    expires_at: datetime

    def stands(self, *, now: datetime) -> bool:
        return now < self.expires_at


def new_token(random: bytes) -> tuple[str, str]:
    """A token for a link or a session and its SHA-256, which is what is kept.

    random: exactly 32 bytes.
    """
    text = _secret_text(random)
    return text, sha256_hex(text)


def sha256_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _secret_text(random: bytes) -> str:
    if len(random) != SECRET_BYTES:
        raise ValueError(f"a secret takes {SECRET_BYTES} random bytes, not {len(random)}")
    return base64.urlsafe_b64encode(random).decode().rstrip("=")
