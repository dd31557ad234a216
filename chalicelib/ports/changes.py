"""What can be written: a deed is a list of these."""

from chalicelib.domain.access import PortalLink
from chalicelib.domain.batch import Outcome
from chalicelib.domain.batch_plan import PlanPart
from chalicelib.domain.entity import Entity
from chalicelib.domain.feed import Told
from chalicelib.domain.journal import Event
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.own_key import Waiting
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.values import dataclass

Kept = Body | Outcome | PlanPart | Finding | Number | Parties | PortalLink | ReminderPlan | Told | UsageRecord | Waiting


@dataclass(frozen=True, slots=True)
class Add:
    """Write an entity that must not exist yet (version 1), and the event of its coming."""

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Save:
    """Write an entity, provided nobody changed it since it was read, and the event that explains it."""

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an entity away, provided nobody changed it since it was read; its events stay.

    entity: as it was read; because: the event of the version after it.
    """

    entity: Entity
    because: Event


@dataclass(frozen=True, slots=True)
class Keep:
    """Write a record that is never changed and must not exist yet.

    An outcome, and a plan that nobody has run, are kept anew.
    """

    record: Kept


@dataclass(frozen=True, slots=True)
class Advance:
    """Write a number series, provided nobody took a number since it was read; the register tells its history.

    steps: how many numbers were taken since.
    """

    series: Series
    steps: int = 1


@dataclass(frozen=True, slots=True)
class Move:
    """Add to a client's aggregates, whatever they are now."""

    client_id: str
    unbilled_total: Money | None = None
    amount_due: Money | None = None
    credit_total: Money | None = None


@dataclass(frozen=True, slots=True)
class Once:
    """Let this commit through only the first time this key is seen, for ever."""

    key: str


@dataclass(frozen=True, slots=True)
class Point:
    """Write where a webhook stands in the feed, provided nobody moved it since it was read.

    It is no state of the business's: no event tells of it. delivery: what became of the event that it is about.
    """

    progress: Progress
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Write where a payment account stands beside the provider, provided nobody moved it since it was read.

    It is no state of the business's: no event tells of it.
    """

    standing: Standing


Change = Add | Save | Remove | Keep | Advance | Move | Once | Point | Note
