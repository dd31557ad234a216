"""API keys, users and the sandbox's clock as JSON."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from chalicelib.domain.access import ApiKey, Role, User
from chalicelib.entrypoints.http.shapes.scalars import Email, Instant, Shape, ShortText

RoleField = Annotated[Role, Field(strict=False)]


class KeyIn(Shape):
    name: ShortText
    role: RoleField = Role.MANAGER


class KeyOut(Shape):
    """An API key; ``secret`` is shown once, when it is made."""

    id: str
    version: int
    name: str
    role: Role
    sandbox: bool
    last_four: str
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    secret: str | None = None

    @classmethod
    def of(cls, key: ApiKey, secret: str | None = None) -> "KeyOut":
        return cls(
            id=key.id,
            version=key.version,
            name=key.name,
            role=key.role,
            sandbox=key.sandbox,
            last_four=key.last_four,
            created_at=key.created_at,
            created_by=key.created_by,
            revoked_at=key.revoked_at,
            secret=secret,
        )


class UserIn(Shape):
    subject: ShortText
    email: Email
    name: ShortText
    role: RoleField
    issuer: ShortText | None = None


class UserPatch(Shape):
    role: RoleField | None = None
    disabled: bool | None = None


class UserOut(Shape):
    id: str
    version: int
    issuer: str
    subject: str
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls(
            id=user.id,
            version=user.version,
            issuer=user.issuer,
            subject=user.subject,
            email=user.email,
            name=user.name,
            role=user.role,
            created_at=user.created_at,
            disabled_at=user.disabled_at,
        )


class ClockIn(Shape):
    now: Instant


class ClockOut(Shape):
    """The sandbox's time; ``frozen`` once it was set, it then moves only when it is told to."""

    now: datetime
    frozen: bool
