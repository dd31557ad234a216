"""A client's account over a period, told from the journal: what it owed before, what moved it, what it owes after.

The account is what is receivable of the client less its credit, so that money put from credit on an invoice moves
nothing. A movement is of the day on which it was booked, where the business is. Those of one instant, as in a sandbox
whose clock stands still, are in the order of their ids, invoices first.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from chalicelib.domain.credit_events import CreditNoteIssued, InvoiceRestored, InvoiceWrittenOff, PaymentMatched
from chalicelib.domain.events import InvoiceIssued, InvoiceVoided
from chalicelib.domain.import_events import InvoiceImported
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Event
from chalicelib.domain.money import Money
from chalicelib.domain.payment_events import PaymentChanged, PaymentReceived
from chalicelib.domain.values import dataclass

BUCKETS = (30, 60, 90)
"""Days past due after which what is open is older still."""


class Kind(StrEnum):
    """What a movement was."""

    INVOICE = "invoice"
    VOID = "void"
    CREDIT_NOTE = "credit_note"
    WRITE_OFF = "write_off"
    RESTORED = "restored"
    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_ENDED = "dispute_ended"
    ADJUSTMENT = "adjustment"


KINDS: Mapping[type[Event], Kind] = {
    InvoiceIssued: Kind.INVOICE,
    InvoiceImported: Kind.INVOICE,
    InvoiceVoided: Kind.VOID,
    CreditNoteIssued: Kind.CREDIT_NOTE,
    InvoiceWrittenOff: Kind.WRITE_OFF,
    InvoiceRestored: Kind.RESTORED,
    PaymentReceived: Kind.PAYMENT,
    PaymentMatched: Kind.PAYMENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of the account.

    id: of what moved it; number: what people call that, if it has a number.
    invoices: the numbers of the invoices concerned; due_on: of an invoice; method: of a payment.
    amount: above zero the client owes more by it, below less; balance: what it owes after it.
    """

    day: date
    at: datetime
    kind: Kind
    id: str
    number: str | None
    invoices: tuple[str, ...] = ()
    due_on: date | None = None
    method: str | None = None
    amount: Money
    balance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Aging:
    """What is open, by how long it has been due."""

    current: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    over_90: Money

    @property
    def parts(self) -> tuple[Money, ...]:
        return self.current, self.days_1_30, self.days_31_60, self.days_61_90, self.over_90

    @property
    def overdue(self) -> Money:
        return sum(self.parts[1:], Money.zero(self.current.currency))

    @property
    def total(self) -> Money:
        return self.current + self.overdue

    def __add__(self, other: "Aging") -> "Aging":
        return _named([one + more for one, more in zip(self.parts, other.parts, strict=True)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """since, until: the first and the last day. receivable, credit: what the closing balance is made of."""

    client_id: str
    since: date
    until: date
    opening: Money
    movements: tuple[Movement, ...]
    receivable: Money
    credit: Money
    aging: Aging

    @property
    def currency(self) -> str:
        return self.opening.currency

    @property
    def closing(self) -> Money:
        """What the client owes; below zero, what it has in its favour."""
        return self.receivable - self.credit

    @property
    def debits(self) -> Money:
        return sum((one.amount for one in self.movements if one.amount.minor > 0), Money.zero(self.currency))

    @property
    def credits(self) -> Money:
        return -sum((one.amount for one in self.movements if one.amount.minor < 0), Money.zero(self.currency))


@dataclass(slots=True, kw_only=True)
class Ledger:
    """A client's account in one currency, as it grows event by event; it keeps the movements from a day on.

    owed: what is receivable of each invoice; due_on: by when, as it was issued.
    """

    currency: str
    since: date
    day_of: Callable[[datetime], date]
    opening: Money = field(init=False)
    receivable: Money = field(init=False)
    credit: Money = field(init=False)
    movements: list[Movement] = field(default_factory=list)
    owed: dict[str, Money] = field(default_factory=dict)
    due_on: dict[str, date] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _payments: dict[str, PaymentChanged] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.opening = self.receivable = self.credit = Money.zero(self.currency)

    def take(self, event: Event) -> None:
        """Count an event in; they come in the order in which they happened."""
        if isinstance(event, InvoiceIssued | InvoiceImported):
            self._numbers[event.subject] = event.number
            self.due_on[event.subject] = event.due_date
        before = self.receivable - self.credit
        self._post(event)
        balance = self.receivable - self.credit
        day, kind = self.day_of(event.at), self._kind_of(event)
        if day < self.since:
            self.opening = balance
        elif balance != before:
            self.movements.append(self._movement(event, kind, day, amount=balance - before, balance=balance))

    def _post(self, event: Event) -> None:
        for posting in event.postings:
            if posting.amount.currency != self.currency:
                continue
            if posting.account is Account.CUSTOMER_CREDIT:
                self.credit -= posting.amount
            if posting.account is Account.RECEIVABLE:
                invoice_id = posting.code or getattr(event, "invoice_id", None) or event.subject
                self.receivable += posting.amount
                self.owed[invoice_id] = self.owed.get(invoice_id, Money.zero(self.currency)) + posting.amount

    def _kind_of(self, event: Event) -> Kind:
        if not isinstance(event, PaymentChanged):
            return KINDS.get(type(event), Kind.ADJUSTMENT)
        known = self._payments.get(event.subject)
        self._payments[event.subject] = event
        zero = Money.zero(event.received.currency)
        refunded = event.refunded - (known.refunded if known else zero)
        disputed = event.disputed - (known.disputed if known else zero)
        if refunded:
            return Kind.REFUND if refunded.minor > 0 else Kind.REFUND_FAILED
        if disputed:
            return Kind.DISPUTE if disputed.minor > 0 else Kind.DISPUTE_ENDED
        return Kind.PAYMENT

    def _movement(self, event: Event, kind: Kind, day: date, *, amount: Money, balance: Money) -> Movement:
        own = getattr(event, "number", None) or self._numbers.get(event.subject)
        named = (getattr(event, "invoice_id", None), *getattr(event, "allocated", ()))
        return Movement(
            day=day,
            at=event.at,
            kind=kind,
            id=event.subject,
            number=own,
            invoices=tuple(self._numbers.get(id, id) for id in named if id),
            due_on=self.due_on.get(event.subject) if kind is Kind.INVOICE else None,
            method=getattr(event, "method", None),
            amount=amount,
            balance=balance,
        )


def aged(
    owed: Mapping[str, Money], due_on: Mapping[str, date], invoices: Iterable[Invoice], *, on: date, currency: str
) -> Aging:
    """What is open on a day by how long it has been due, instalment by instalment; see ``parts_owed``."""
    return aging_of(parts_owed(owed, due_on, invoices), on=on, currency=currency)


def parts_owed(
    owed: Mapping[str, Money], due_on: Mapping[str, date], invoices: Iterable[Invoice]
) -> list[tuple[date | None, Money]]:
    """What is owed, each part with the day by which it is due.

    owed: what of each invoice; due_on: by when the whole of it; invoices: those of them that have instalments, as they
    stand.
    """
    schedules = {invoice.id: invoice for invoice in invoices if invoice.schedule}
    parts: list[tuple[date | None, Money]] = []
    for invoice_id, amount in owed.items():
        if invoice_id in schedules:
            parts += open_parts(schedules[invoice_id], amount)
        else:
            parts.append((due_on.get(invoice_id), amount))
    return parts


def aging_of(parts: Iterable[tuple[date | None, Money]], *, on: date, currency: str) -> Aging:
    """What is open, each part with the day by which it is due, by how long that is ago on a day."""
    late = [0] * (len(BUCKETS) + 2)
    for due, part in parts:
        late[_bucket((on - due).days if due else 0)] += part.minor
    return _named([Money(minor, currency) for minor in late])


def open_parts(invoice: Invoice, amount: Money) -> list[tuple[date | None, Money]]:
    """What is open of an invoice, by the days on which its instalments are due.

    Where so much is open as now, what is known to be paid of each counts; else the oldest were paid first.
    """
    as_now = amount == invoice.amount_due
    paid = invoice.instalments_paid if as_now else tuple(Money.zero(amount.currency) for _ in invoice.schedule)
    rows = list(zip(invoice.schedule, paid, strict=True))
    parts, left = [], amount
    for instalment, already in rows if as_now else rows[::-1]:
        part = min(instalment.amount - already, left)
        parts.append((instalment.due_on, part))
        left -= part
    return [*parts, (invoice.due_date, left)]


def _named(parts: Sequence[Money]) -> Aging:
    return Aging(**dict(zip(Aging.__dataclass_fields__, parts, strict=True)))


def _bucket(days: int) -> int:
    """0: not due before that day; then by the days since."""
    return 0 if days <= 0 else 1 + sum(days > most for most in BUCKETS)


def as_they_happened(events: Iterable[Event]) -> Iterator[Event]:
    """Events by time; of one instant, as a sandbox's clock that stands has them, what the others are about first."""
    for _, at_once in groupby(events, key=lambda event: event.at):
        yield from sorted(at_once, key=lambda event: not isinstance(event, InvoiceIssued | InvoiceImported))
