"""A contract: what is agreed with a client to be billed period by period, and what collects on it meanwhile."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.errors import Refused
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money
from chalicelib.domain.project import Project
from chalicelib.domain.recurrence import Period, occurrence, whole_periods
from chalicelib.domain.terms import DueTerms
from chalicelib.domain.time_terms import RoundedPer, TimeRate, TimeRounding
from chalicelib.domain.usage_price import UsagePrice
from chalicelib.domain.values import dataclass

MOST_FEES = MOST_METERS = 20
"""With all of them, closing a period is one transaction."""

LONGEST_MONTH = 31


class ContractType(StrEnum):
    FLAT = "flat"
    TIME = "time"
    BLOCK_HOURS = "block_hours"
    USAGE = "usage"
    PROJECT = "project"
    RETAINER = "retainer"


class ContractStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


class Timing(StrEnum):
    """When the fee of a period is billed: as the period begins, or when it has ended."""

    ADVANCE = "advance"
    ARREARS = "arrears"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What each period costs, whatever was done in it.

    code: what tells it from the contract's other fees; taxes: codes, None: the contract's.
    """

    code: str
    description: str
    quantity: Decimal = Decimal(1)
    unit: str | None = None
    unit_price: Decimal
    taxes: tuple[str, ...] | None = None
    timing: Timing = Timing.ADVANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Something that is consumed, and its price; taxes: codes, None: the contract's."""

    code: str
    name: str
    unit: str | None = None
    price: UsagePrice
    taxes: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillingPeriod:
    """The days from starts to the day before ends; whole_days: how many the period has where nothing cuts it short."""

    number: int
    starts: date
    ends: date
    whole_days: int

    @property
    def last_day(self) -> date:
        return self.ends - timedelta(days=1)

    @property
    def is_whole(self) -> bool:
        return (self.ends - self.starts).days == self.whole_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Who is billed for what, and when.

    rates, time_rounding: how time is billed. included_hours, included_amount: what of it the period's fees cover.
    meters: what consumption costs. project: what is billed by its progress, or by milestones.

    every: how long a period is; without it there are no periods, and what collects can be billed at once.
    anchor: the day that periods are counted from, where the first one is shorter; else they begin with the contract.
    ends_on: its last day. grace_days: how long after its end a period stays open for what is still to be entered.
    taxes: codes, None: the business's usual ones; taxable: whether it is taxed at all (A17).
    opened, closed: how many periods were opened and closed so far; look_at: when the next is opened or closed.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str
    name: str
    type: ContractType
    currency: str
    job_id: str
    taxable: bool = True
    taxes: tuple[str, ...] | None = None
    starts_on: date
    ends_on: date | None = None
    every: Period | None = None
    anchor: date | None = None
    grace_days: int = 0
    fees: tuple[Fee, ...] = ()
    rates: tuple[TimeRate, ...] = ()
    time_rounding: TimeRounding | None = None
    included_hours: Decimal | None = None
    included_amount: Money | None = None
    meters: tuple[Meter, ...] = ()
    project: Project | None = None
    due: DueTerms | None = None
    purchase_order: str | None = None
    notes: str | None = None
    opened: int = 0
    closed: int = 0
    look_at: datetime | None = None
    created_at: datetime
    activated_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def status(self) -> ContractStatus:
        if self.ended_at:
            return ContractStatus.ENDED
        return ContractStatus.ACTIVE if self.activated_at else ContractStatus.DRAFT

    def period(self, number: int) -> BillingPeriod | None:
        """A period by its number, 0 being the first; None for one that the contract does not have."""
        starts, ends = self._begins(number), self._begins(number + 1)
        if starts is None or (self.ends_on and starts > self.ends_on):
            return None
        whole_from = self._whole_from(number) or starts
        whole_days = (ends - whole_from).days if ends else 0
        if self.ends_on:
            ends = min(ends or date.max, self.ends_on + timedelta(days=1))
        return BillingPeriod(number=number, starts=starts, ends=ends or date.max, whole_days=whole_days)

    def period_of(self, day: date) -> BillingPeriod | None:
        """The period that a day is in: before the contract began that is the first, after its end the last."""
        day = min(day, self.ends_on or day)
        number = self._not_after(day)
        while (following := self._begins(number + 1)) and following <= day and self.period(number + 1):
            number += 1
        return self.period(number)

    @property
    def counts_hours(self) -> bool:
        """Whether what its time costs is known at the end of a period only."""
        by_day = self.time_rounding is not None and self.time_rounding.per is RoundedPer.DAY
        return self.included_hours is not None or self.included_amount is not None or by_day

    @property
    def counts(self) -> bool:
        """Whether anything is counted in its periods."""
        return self.counts_hours or bool(self.meters)

    def clears_on(self, number: int) -> date | None:
        """The day on which what is in a period can be billed; None: now, it is closed."""
        period = self.period(number)
        if self.every is None or self.ended_at or period is None or number < self.closed:
            return None
        return period.ends + timedelta(days=self.grace_days)

    def counts_in(self, done: date) -> int:
        """The number of the period in which something done on a day counts: its own, or the first still open."""
        period = self.period_of(done)
        return max(period.number if period else 0, self.closed)

    def _begins(self, number: int) -> date | None:
        """The first day of a period, as if the contract never ended; without periods there is only the first.

        None where the calendar ends before it.
        """
        if number == 0:
            return self.starts_on
        if self.every is None or number > _most_until(date.max, self.anchor or self.starts_on, self.every):
            return None
        if self.anchor and self.anchor > self.starts_on:
            return occurrence(self.anchor, number - 1, every=self.every)
        return occurrence(self.starts_on, number, every=self.every)

    def _not_after(self, day: date) -> int:
        """The number of a period that has begun on a day and is close to it."""
        if self.every is None or day <= self.starts_on:
            return 0
        anchored = self.anchor if self.anchor and self.anchor > self.starts_on else None
        if anchored and day < anchored:
            return 0
        gone = whole_periods(anchored or self.starts_on, day, of=self.every)
        return max(gone + (1 if anchored else 0) - 1, 0)

    def _whole_from(self, number: int) -> date | None:
        """The day on which the first period would have begun, had the contract not begun later."""
        if number or not (self.every and self.anchor and self.anchor > self.starts_on):
            return None
        return occurrence(self.anchor, -1, every=self.every)


def _most_until(last: date, first: date, every: Period) -> int:
    """How many periods surely end before a day."""
    return (last - first).days // (LONGEST_MONTH * every.months + every.days) - 1


def opens_on(contract: Contract) -> date | None:
    """The day on which the next period is to be opened."""
    following = contract.period(contract.opened)
    return following.starts if following and contract.activated_at and not contract.ended_at else None


def releases_on(contract: Contract) -> date | None:
    """The day on which what is withheld of its project is released, its contract ended or not."""
    project = contract.project
    return project.release_on if project and project.withheld else None


def closes_on(contract: Contract) -> date | None:
    """The day on which the earliest open period is to be closed."""
    earliest = contract.period(contract.closed) if contract.closed < contract.opened else None
    if earliest is None or earliest.ends == date.max or contract.ended_at:
        return None
    return earliest.ends + timedelta(days=contract.grace_days)


def waits_until(contract: Contract | None, item: Item, done: date) -> date | None:
    """The day on which an item of a contract can be billed; None: it need not wait.

    done: the item's day where the business is. What the contract accrued by itself is due already.
    """
    if contract is None or item.accrued:
        return None
    period = contract.period_of(done)
    number = period.number if period and item.period is None else item.period
    return None if number is None else contract.clears_on(number)


def must_be_active(contract: Contract, deed: str) -> None:
    """Raise Refused (``contract_not_active``) for a draft, or one that has ended."""
    if contract.status is not ContractStatus.ACTIVE:
        raise Refused(
            "contract_not_active", f"You cannot {deed} contract {contract.id} because it is {contract.status}."
        )
