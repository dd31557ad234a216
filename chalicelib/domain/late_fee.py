"""What a client owes for paying late: interest by the day, fixed sums, and how each was reckoned (C43)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.statutory_rates import STATUTES, StatutoryRate
from chalicelib.domain.values import dataclass

YEAR_DAYS = 365
CRIMINAL_PERCENT = Decimal(35)
"""A year, in Canada, all charges counted (Criminal Code s. 347, since 2025)."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeTerms:
    """What was agreed on, or follows from the law, for late payment. Without any of the first three, nothing is owed.

    flat:       in major units of the business's currency, once for each invoice.
    yearly_rate_percent: agreed on; simple interest, by the day.
    statutory:  the country whose law gives the rate and a fixed sum for each invoice.
    grace_days: who pays within so many days of the due date owes nothing; who pays later owes all of it.
    minimum:    the least that is charged as interest with the first fee of an invoice, where the law does not say
        how much it is.
    rates:      what the business knows of the law's rate in periods that we do not.
    since:      the day on which ``automatic`` was switched on: invoices issued before are left alone.
    """

    flat: Decimal | None = None
    yearly_rate_percent: Decimal | None = None
    statutory: str | None = None
    grace_days: int = 0
    minimum: Decimal | None = None
    rates: tuple[StatutoryRate, ...] = ()
    automatic: bool = False
    since: date | None = None

    @property
    def asks(self) -> bool:
        """Whether anything is owed for paying late."""
        return self.flat is not None or self.yearly_rate_percent is not None or self.statutory is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that became due, or came, on a day."""

    on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days, the first and the last of them included, of one amount overdue and one yearly rate."""

    first: date
    last: date
    amount: Money
    percent: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def interest(self) -> Fraction:
        """Exactly, in major units."""
        return Fraction(self.amount.decimal) * Fraction(self.percent) / 100 * self.days / YEAR_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFee:
    """What is owed for paying an invoice late, for some days.

    since, through: the first and the last day that it is for.
    stretches: what the interest was reckoned from; it is rounded once, at the end.
    flat, recovery: owed once for each invoice.
    """

    since: date
    through: date
    stretches: tuple[Stretch, ...]
    interest: Money
    flat: Money
    recovery: Money

    @property
    def days(self) -> int:
        """So many days on which money was overdue."""
        return sum(stretch.days for stretch in self.stretches)

    @property
    def total(self) -> Money:
        return self.interest + self.flat + self.recovery

    @property
    def is_raised(self) -> bool:
        """Whether the interest is the least that is charged, more than it was reckoned at."""
        return self.interest > reckoned(self.stretches, self.interest.currency)


def late_fee(
    terms: LateFeeTerms,
    debts: Sequence[Movement],
    payments: Sequence[Movement],
    *,
    charged_through: date | None,
    through: date,
    flat_currency: str,
) -> LateFee | None:
    """What is owed for the days up to one, beyond what was charged already; None if nothing is.

    debts: what became due of the invoice, and when. payments: what came; its own day still bears interest.
    Interest runs from the day after a due date, on what was open on each day, never on fees.
    Raises Refused (``rate_unknown``) for days of which nobody knows the law's rate.
    """
    if not terms.asks or not _is_late(debts, payments, through, grace=timedelta(days=terms.grace_days)):
        return None
    currency = debts[0].amount.currency
    first = min(debt.on for debt in debts) + ONE_DAY
    since = max(first, charged_through + ONE_DAY) if charged_through else first
    stretches = tuple(_stretches(terms, debts, payments, since, through))
    interest = reckoned(stretches, currency)
    flat = recovery = Money.zero(currency)
    if charged_through is None:
        interest = _at_least(interest, terms, flat_currency)
        if terms.flat is not None and currency == flat_currency:
            flat = Money.exactly(terms.flat, currency)
        if terms.statutory and STATUTES[terms.statutory].recovery.currency == currency:
            recovery = STATUTES[terms.statutory].recovery
    fee = LateFee(
        since=since,
        through=through,
        stretches=stretches,
        interest=interest,
        flat=flat,
        recovery=recovery,
    )
    return fee if fee.total else None


def reckoned(stretches: Iterable[Stretch], currency: str) -> Money:
    """The interest of stretches, rounded once."""
    return Money.rounded(sum((stretch.interest for stretch in stretches), Fraction(0)), currency)


def rate_on(terms: LateFeeTerms, day: date) -> tuple[Decimal, date]:
    """The yearly rate of a day, and the last day on which it stands.

    One that was agreed on is raised to the least that the law allows (lat-05).
    Raises Refused (``rate_unknown``).
    """
    if terms.statutory is None:
        return terms.yearly_rate_percent or Decimal(0), date.max
    known = (*terms.rates, *STATUTES[terms.statutory].rates)
    for rate in known:
        if rate.since <= day <= rate.until:
            if terms.yearly_rate_percent is None:
                return rate.percent, rate.until
            return raised(terms.yearly_rate_percent, rate.floor), rate.until
    raise Refused(
        "rate_unknown",
        f"You cannot reckon interest for {day} because the rate of {terms.statutory} is not known for that day;"
        " give it in late_fee.rates.",
    )


def raised(percent: Decimal, floor: Decimal | None) -> Decimal:
    """A rate that was agreed on, or the least that the law allows."""
    return max(percent, floor) if floor is not None else percent


def checked(terms: LateFeeTerms, *, country: str, at: str = "/late_fee") -> LateFeeTerms:
    """The same terms. Raises Invalid for a country without a statute that we know, and for a rate that is a crime."""
    if terms.statutory is not None and terms.statutory not in STATUTES:
        raise Invalid("unknown_statute", f"No law of {terms.statutory} is known here.", at=f"{at}/statutory")
    if country == "CA" and (terms.yearly_rate_percent or 0) > CRIMINAL_PERCENT:
        detail = f"Interest above {CRIMINAL_PERCENT} % a year is a crime in Canada."
        raise Invalid("criminal_rate", detail, at=f"{at}/yearly_rate_percent")
    return terms


def _is_late(debts: Sequence[Movement], payments: Sequence[Movement], through: date, *, grace: timedelta) -> bool:
    """Whether, on some day, money was open whose due date was further back than the days of grace."""
    days = {debt.on + grace + ONE_DAY for debt in debts}
    return any(day <= through and _open(debts, payments, on=day, before=day - grace).minor > 0 for day in days)


def _stretches(
    terms: LateFeeTerms, debts: Sequence[Movement], payments: Sequence[Movement], since: date, through: date
) -> Iterator[Stretch]:
    """The days on which something is open, from one to another, cut where the amount or the rate changes."""
    if terms.yearly_rate_percent is None and terms.statutory is None:
        return
    cuts = sorted({move.on + ONE_DAY for move in (*debts, *payments) if since < move.on + ONE_DAY <= through})
    for first, after in zip([since, *cuts], [*cuts, through + ONE_DAY], strict=True):
        amount = _open(debts, payments, on=first, before=first)
        start = first
        while amount.minor > 0 and start < after:
            percent, until = rate_on(terms, start)
            last = min(until, after - ONE_DAY)
            if percent:
                yield Stretch(first=start, last=last, amount=amount, percent=percent)
            start = last + ONE_DAY


def _open(debts: Sequence[Movement], payments: Sequence[Movement], *, on: date, before: date) -> Money:
    """What is not paid at the beginning of a day, of what became due before another."""
    owed = sum(debt.amount.minor for debt in debts if debt.on < before)
    paid = sum(payment.amount.minor for payment in payments if payment.on < on)
    return Money(max(owed - paid, 0), debts[0].amount.currency)


def _at_least(interest: Money, terms: LateFeeTerms, minimum_currency: str) -> Money:
    if terms.minimum is None or terms.statutory or not interest or interest.currency != minimum_currency:
        return interest
    return max(interest, Money.exactly(terms.minimum, interest.currency))
