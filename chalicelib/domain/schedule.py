"""A payment schedule: in which instalments a total is paid, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.recurrence import add_months
from chalicelib.domain.terms import DueTerms, end_of_month_after
from chalicelib.domain.terms import due_on as due_under
from chalicelib.domain.values import dataclass

MOST_INSTALMENTS = 100
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOn:
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAfter:
    """So long after the approval of the quote, the issue of the invoice, or the completion of the work.

    months: whole months, counted before the days.
    """

    days_after: str
    days: int
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfMonth:
    """The end of a month, so many months after the one of issue."""

    end_of_month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderTerms:
    """As an invoice falls due under such terms, counted from its issue."""

    terms: DueTerms


Due = DueOn | DaysAfter | EndOfMonth | UnderTerms

COMPLETION = "completion"
A_YEAR_AFTER_ACCEPTANCE = DaysAfter(days_after=COMPLETION, days=0, months=12)
"""When a holdback is due unless it was agreed otherwise (France, loi 71-584, art. 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentTerm:
    """One instalment as it was agreed: a percentage of the total with tax, an amount, or what is left.

    id: of a schedule that is agreed anew, the instalment that this one was.
    holdback: kept back by the client until the work has proved good; never asked for before its day.
    """

    id: str | None = None
    label: str = ""
    percent: Decimal | None = None
    amount: Money | None = None
    remainder: bool = False
    due: Due | None = None
    holdback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One instalment of a total.

    id:     its place in the schedule as agreed, counted from 1; stays the same when others are dropped.
    due_on: None until the day it counts from has come.
    """

    id: str
    label: str = ""
    amount: Money
    due: Due | None = None
    due_on: date | None = None
    holdback: bool = False

    @property
    def awaits_completion(self) -> bool:
        """Whether it falls due by work that nobody has called done yet."""
        return self.due_on is None and isinstance(self.due, DaysAfter) and self.due.days_after == COMPLETION


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentState:
    """What has been paid of an instalment; status is "upcoming", "due", "overdue" or "paid".

    credited: what of it need not be paid because a credit note took it back.
    """

    instalment: Instalment
    paid: Money
    credited: Money
    status: str


def plan(terms: Sequence[InstalmentTerm], total: Money) -> tuple[Instalment, ...]:
    """The instalments of a total, summing to it exactly; those of zero are dropped.

    Each percentage is rounded on the total with tax; the remainder, or else the last
    percentage, takes what is left. Without terms the total is one instalment.
    Raises Invalid when percentages without a remainder do not sum to 100, when
    fixed amounts pass the total, or fall short of it with nothing to take the rest.
    """
    _agreed(terms, total)
    if not terms:
        return (Instalment(id="1", amount=total),) if total else ()
    amounts = _amounts(terms, total)
    return tuple(
        Instalment(
            id=f"{position}",
            label=term.label,
            amount=amount,
            due=term.due or (A_YEAR_AFTER_ACCEPTANCE if term.holdback else None),
            holdback=term.holdback,
        )
        for position, (term, amount) in enumerate(zip(terms, amounts, strict=True), start=1)
        if amount
    )


def dated(
    instalments: Iterable[Instalment],
    *,
    approval: date | None = None,
    issue: date | None = None,
    completion: date | None = None,
) -> tuple[Instalment, ...]:
    """The instalments with the due dates that the days known so far give."""
    days = {"approval": approval, "issue": issue, "completion": completion}
    return tuple(replace(instalment, due_on=_due_on(instalment.due, days)) for instalment in instalments)


def settled(term: InstalmentTerm, *, approval: date | None = None, completion: date | None = None) -> InstalmentTerm:
    """The term with its date, where the days known so far give it one."""
    agreed = term.due or (A_YEAR_AFTER_ACCEPTANCE if term.holdback else None)
    due_on = _due_on(agreed, {"approval": approval, "issue": None, "completion": completion})
    return replace(term, due=DueOn(on=due_on)) if due_on else term


def paid_so_far(instalments: Iterable[Instalment], paid: Money, *, today: date) -> tuple[InstalmentState, ...]:
    """How far a sum of payments covers the instalments, filled in their order, and how they stand on a day."""
    left = paid
    states = []
    for instalment in instalments:
        covered = _covered(instalment.amount, left)
        left -= covered
        states.append(state_of(instalment, covered, Money.zero(covered.currency), today=today))
    return tuple(states)


def state_of(instalment: Instalment, paid: Money, credited: Money, *, today: date) -> InstalmentState:
    """How one instalment stands on a day."""
    status = _status(instalment, paid + credited, today)
    return InstalmentState(instalment=instalment, paid=paid, credited=credited, status=status)


def credited_of(instalments: Sequence[Instalment], paid: Sequence[Money], credited: Money) -> tuple[Money, ...]:
    """What of each instalment is credited; a credit is taken off what is to be paid last."""
    left, parts = credited.minor, [0] * len(paid)
    for place in reversed(places_by_day(instalments[: len(paid)])):
        parts[place] = min(left, max(instalments[place].amount.minor - paid[place].minor, 0))
        left -= parts[place]
    return tuple(Money(part, credited.currency) for part in parts)


def places_by_day(instalments: Sequence[Instalment]) -> list[int]:
    """The places of the instalments, the one that is due first first; those without a day come last."""
    return sorted(range(len(instalments)), key=lambda place: instalments[place].due_on or date.max)


def next_to_pay(instalments: Iterable[Instalment], paid: Iterable[Money]) -> Instalment | None:
    """Of those not wholly paid and with a day, the one that is due first."""
    open_ones = [one for one, amount in zip(instalments, paid, strict=False) if amount < one.amount and one.due_on]
    return min(open_ones, key=lambda one: one.due_on or date.max, default=None)


def wait_for_work(instalments: Iterable[Instalment], paid: Iterable[Money]) -> bool:
    """Whether one that is not wholly paid falls due by work that nobody has called done yet."""
    return any(one.awaits_completion and amount < one.amount for one, amount in zip(instalments, paid, strict=False))


def _agreed(terms: Sequence[InstalmentTerm], total: Money) -> None:
    if len(terms) > MOST_INSTALMENTS:
        raise Invalid("too_many_instalments", f"A schedule has at most {MOST_INSTALMENTS} instalments.", at="/schedule")
    for position, term in enumerate(terms):
        at = f"/schedule/{position}"
        if (term.percent is not None) + (term.amount is not None) + term.remainder != 1:
            raise Invalid("instalment_kind", "An instalment is a percentage, an amount or the remainder.", at=at)
        if term.percent is not None and term.percent < 0:
            raise Invalid("negative_instalment", "An instalment cannot be a negative part.", at=f"{at}/percent")
        if term.amount is not None and term.amount.currency != total.currency:
            raise Invalid("currency_mismatch", f"An instalment is in {total.currency}.", at=f"{at}/amount")
        if term.amount is not None and term.amount.minor * total.minor < 0:
            raise Invalid("negative_instalment", "An instalment has the sign of its total.", at=f"{at}/amount")
        if term.remainder and any(earlier.remainder for earlier in terms[:position]):
            raise Invalid("two_remainders", "Only one instalment can take the rest.", at=f"{at}/remainder")
    percents = [term.percent for term in terms if term.percent is not None]
    if percents:
        _sum_up(percents, with_remainder=any(term.remainder for term in terms))


def _sum_up(percents: Sequence[Decimal], *, with_remainder: bool) -> None:
    summed = sum(percents, Decimal(0))
    if with_remainder and summed > WHOLE:
        raise Invalid("percentages_off", f"The percentages add up to {summed:f}, more than 100.", at="/schedule")
    if not with_remainder and summed != WHOLE:
        raise Invalid("percentages_off", f"The percentages add up to {summed:f}, not 100.", at="/schedule")


def _amounts(terms: Sequence[InstalmentTerm], total: Money) -> list[Money]:
    """What each term comes to, the one that takes the rest included."""
    fixed = sum(term.amount.minor for term in terms if term.amount)
    _must_fit(fixed, total)
    resting = _takes_rest(terms)
    if resting is None and fixed != total.minor:
        given = Money(fixed, total.currency)
        raise Invalid("amounts_off", f"The instalments add up to {given}, not {total}.", at="/schedule")
    left = total.minor - fixed
    amounts = []
    for position, term in enumerate(terms):
        asked = term.amount or _percentage(term, total)
        if term.amount is None and position != resting:
            asked = _at_most(asked, left, slack=len(terms))
            left -= asked.minor
        amounts.append(asked)
    if resting is not None:
        _must_fit(total.minor - left, total)
        amounts[resting] = Money(left, total.currency)
    return amounts


def _must_fit(asked: int, total: Money) -> None:
    over = asked - total.minor if total.minor >= 0 else total.minor - asked
    if over > 0:
        excess = Money(over, total.currency)
        raise Invalid("over_total", f"The instalments exceed the total by {excess}.", at="/schedule")


def _at_most(asked: Money, left: int, *, slack: int) -> Money:
    """A percentage, cut to what is left where only the rounding of earlier ones made it too much."""
    over = (asked.minor - left) * (1 if asked.minor >= 0 else -1)
    return Money(left, asked.currency) if 0 < over < slack else asked


def _percentage(term: InstalmentTerm, total: Money) -> Money:
    return Money.rounded(Fraction(total.decimal) * Fraction(term.percent or 0) / 100, total.currency)


def _takes_rest(terms: Sequence[InstalmentTerm]) -> int | None:
    """The remainder's place, or else the last percentage's."""
    remainders = [position for position, term in enumerate(terms) if term.remainder]
    percents = [position for position, term in enumerate(terms) if term.percent is not None]
    return max(remainders or percents, default=None)


def _due_on(due: Due | None, days: dict[str, date | None]) -> date | None:
    match due:
        case DueOn(on=on):
            return on
        case DaysAfter(days_after=event, days=number, months=months):
            day = days[event]
            return add_months(day, months) + timedelta(days=number) if day else None
        case UnderTerms(terms=terms):
            issue = days["issue"]
            return due_under(terms, issue) if issue else None
        case EndOfMonth(end_of_month=months):
            issue = days["issue"]
            return end_of_month_after(issue, months) if issue else None
    return None


def _covered(amount: Money, left: Money) -> Money:
    """What of an instalment a sum covers; a credit's instalments are covered by what is given back."""
    nearest = min if amount.minor >= 0 else max
    covered = nearest(amount.minor, left.minor)
    return Money(covered if covered * amount.minor > 0 else 0, amount.currency)


def _status(instalment: Instalment, settled: Money, today: date) -> str:
    if settled == instalment.amount:
        return "paid"
    if instalment.due_on is None or instalment.due_on > today:
        return "upcoming"
    return "due" if instalment.due_on == today else "overdue"
