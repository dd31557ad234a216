"""The accounting program of a business."""

from typing import Protocol

from chalicelib.domain.bookkeeping import Bill, Booked, Tokens


class Accounting(Protocol):
    """One program, whoever's organisation it is in."""

    def renew(self, *, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
        """Trade a refresh token for the next ones.

        Raises Refused (``connection_refused``) when the program never will again, UnknownOutcome for anything else.
        """
        ...

    def find(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked | None:
        """What the program has of a bill, by our own id; raises what ``book`` does."""
        ...

    def book(self, bill: Bill, *, access_token: str, organisation_id: str) -> Booked:
        """Have a bill in the program once: it is looked for by our own id before it is made.

        Raises Refused (``access_ended``) when the token lets nobody in, with another code when the program never takes
        this bill; UnknownOutcome when nobody knows whether it was taken: the same must be booked again.
        """
        ...
