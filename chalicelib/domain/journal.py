"""What happened: events, the ledger postings they carry, and the envelope they are kept in."""

import uuid
from collections import Counter
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

NAMESPACE = uuid.UUID("6a1c0f0e-7d1b-5c8e-9a55-9f1f6f6b1a11")


class Account(StrEnum):
    """The ledger's accounts; a posting's code says which tax, or whose receivable."""

    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    TAX = "tax"
    WITHHELD = "withheld"
    PREPAID = "prepaid"
    ROUNDING = "rounding"
    CLEARING = "clearing"
    CASH = "cash"
    CUSTOMER_CREDIT = "customer_credit"
    UNMATCHED = "unmatched"
    BAD_DEBT = "bad_debt"
    FEES = "fees"
    LOSSES = "losses"
    BANK = "bank"
    EXCHANGE = "exchange"
    OPENING = "opening"  # what a former system's books had earned and taxed already


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of a booking: a debit is positive, a credit negative.

    code: which tax; of a receivable, the invoice it is of, where that is not the one that the event is about.
    """

    account: Account
    amount: Money
    code: str = ""


def balanced(*postings: Posting) -> tuple[Posting, ...]:
    """The postings that move something.

    Raises ValueError unless they sum to zero in each currency: an unbalanced booking is our own mistake, never a
    caller's.
    """
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.amount.currency] += posting.amount.minor
    if any(sums.values()):
        raise ValueError(f"postings do not sum to zero: {postings}")
    return tuple(posting for posting in postings if posting.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to an entity and made it the version named.

    subject: the entity's id; version: the entity's version after the change, so that
    an entity's version is always the number of its events.
    """

    type: ClassVar[str]
    v: ClassVar[int] = 1
    subject: str
    version: int
    at: datetime
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf something is done: a key, a user, a client in the portal, or Quittance itself."""

    business_id: str
    actor: str
    correlation_id: str = ""
    causation_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An event as the journal keeps it."""

    event: Event
    caller: Caller
    id: str = field(default="")

    @classmethod
    def around(cls, event: Event, caller: Caller) -> "Envelope":
        """The same event of the same entity always gets the same id (uuid5), however often it is delivered."""
        name = f"{caller.business_id}/{event.subject}/{event.version}"
        return cls(event=event, caller=caller, id=str(uuid.uuid5(NAMESPACE, name)))
