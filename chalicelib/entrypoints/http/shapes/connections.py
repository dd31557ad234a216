"""The accounting programs that a business connects, as JSON."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, SecretStr

from chalicelib.domain.connection import Connection
from chalicelib.domain.export_format import Target
from chalicelib.entrypoints.http.shapes.scalars import Shape, ShortText

MOST_CHARACTERS = 4_096
Secret = Annotated[SecretStr, Field(min_length=1, max_length=MOST_CHARACTERS)]
Organisation = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class ConnectionIn(Shape):
    """The keys of an app of the business's own at the program, and the refresh token that it was granted there.

    app_id, app_secret: what OAuth calls client id and secret. organisation_id: the realm of QuickBooks, the tenant of
    Xero. automatic: batches are exported there by themselves.
    """

    organisation_id: Organisation
    app_id: ShortText
    app_secret: Secret
    refresh_token: Secret
    automatic: bool = True


class ConnectionOut(Shape):
    """refused: the program lets us in no more; connect it again. What lets us in is never shown."""

    id: str
    target: Target
    version: int
    organisation_id: str
    automatic: bool
    refused: bool
    connected_at: datetime

    @classmethod
    def of(cls, connection: Connection) -> Self:
        return cls(
            id=connection.id,
            target=connection.target,
            version=connection.version,
            organisation_id=connection.organisation_id,
            automatic=connection.automatic,
            refused=connection.refused,
            connected_at=connection.connected_at,
        )


class ConnectionsOut(Shape):
    data: list[ConnectionOut]
