"""A client's account as of any instant, explained: told from the journal, down to invoices, payments and items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import Final

from chalicelib.domain.client import ClientBalance
from chalicelib.domain.contract_events import ItemAccrued
from chalicelib.domain.events import InvoiceIssued, InvoiceVoided
from chalicelib.domain.explanation import Rule, Step, leaf, product, summed
from chalicelib.domain.import_events import InvoiceImported
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.journal import Account, Event
from chalicelib.domain.money import Money
from chalicelib.domain.statement import parts_owed
from chalicelib.domain.values import dataclass
from chalicelib.domain.work_events import ItemClaimed, ItemEdited, ItemPublished, ItemReleased, ItemWaived

BALANCES = ("unbilled_total", "amount_due", "credit_total", "overdue_total")
"""Of a client, that can be explained."""
WORK: Final = (
    InvoiceIssued,
    InvoiceVoided,
    ItemAccrued,
    ItemClaimed,
    ItemEdited,
    ItemPublished,
    ItemReleased,
    ItemWaived,
)
"""What decides on what is not billed yet."""
Moved = list[tuple[Event, Money]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worth:
    """What an item is worth by the last event that said so; is_waived: for good."""

    amount: Money
    because: Event
    is_waived: bool = False


@dataclass(slots=True, kw_only=True)
class AccountBook:
    """A client's account in one currency as the events so far have left it.

    The events of one entity come in their order; which comes first of those of several does not matter.
    """

    client_id: str
    currency: str
    _owed: dict[str, Moved] = field(default_factory=dict)
    _held: dict[str, Moved] = field(default_factory=dict)
    _numbers: dict[str, str] = field(default_factory=dict)
    _due_on: dict[str, date] = field(default_factory=dict)
    _worth: dict[str, _Worth] = field(default_factory=dict)
    _on: dict[str, str] = field(default_factory=dict)
    _billing: set[str] = field(default_factory=set)
    _versions: dict[str, int] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Count an event in."""
        self._versions[event.subject] = event.version
        if isinstance(event, InvoiceIssued | InvoiceImported):
            self._numbers[event.subject] = event.number
            self._due_on[event.subject] = event.due_date
        self._post(event)
        self._work(event)

    @property
    def open_invoices(self) -> Sequence[str]:
        """Those of which something is owed."""
        return [id for id in self._owed if self._amount(self._owed[id])]

    @property
    def unbilled_items(self) -> Sequence[str]:
        """Those that are published, not waived, and on no issued invoice in force."""
        return [
            id
            for id, worth in self._worth.items()
            if not worth.is_waived and worth.amount.currency == self.currency and self._on.get(id) not in self._billing
        ]

    @property
    def balance(self) -> ClientBalance:
        return ClientBalance(
            id=self.client_id,
            unbilled_total=self._sum(self._worth[id].amount for id in self.unbilled_items),
            amount_due=self._sum(map(self._amount, self._owed.values())),
            credit_total=self._sum(map(self._amount, self._held.values())),
        )

    def amount_due(self) -> Step:
        """Invoice by invoice, of each what was booked on it."""
        return summed("amount_due", self._each("invoice", self._owed), self.currency)

    def credit_total(self) -> Step:
        """Payment by payment."""
        return summed("credit_total", self._each("payment", self._held), self.currency)

    def unbilled_total(self, items: Iterable[Item]) -> Step:
        """Item by item; items: as they are now: of those to which nothing happened since, quantity and price count."""
        known = {item.id: item for item in items}
        return summed("unbilled_total", [self._item(id, known.get(id)) for id in self.unbilled_items], self.currency)

    def overdue_total(self, day: date, invoices: Iterable[Invoice]) -> Step:
        """What should have been paid before a day; invoices: those of the open ones that have instalments."""
        planned = {invoice.id: invoice for invoice in invoices}
        found = []
        for id in self.open_invoices:
            owed = {id: self._amount(self._owed[id])}
            parts = parts_owed(owed, self._due_on, [planned[id]] if id in planned else [])
            late = [leaf(f"due:{due}", Rule.DUE, part) for due, part in parts if due and due < day and part]
            found.append(self._of_invoice(id, late))
        return summed("overdue_total", [step for step in found if step.parts], self.currency)

    def _post(self, event: Event) -> None:
        for posting in event.postings:
            if posting.amount.currency != self.currency:
                continue
            if posting.account is Account.RECEIVABLE:
                invoice_id = posting.code or getattr(event, "invoice_id", None) or event.subject
                self._owed.setdefault(invoice_id, []).append((event, posting.amount))
            if posting.account is Account.CUSTOMER_CREDIT:
                self._held.setdefault(event.subject, []).append((event, -posting.amount))

    def _work(self, event: Event) -> None:
        match event:
            case ItemPublished() | ItemAccrued():
                self._worth[event.subject] = _Worth(amount=event.amount, because=event)
            case ItemEdited() if event.subject in self._worth:
                self._worth[event.subject] = _Worth(amount=event.amount, because=event)
            case ItemWaived():
                self._worth[event.subject] = _Worth(amount=event.amount, because=event, is_waived=True)
            case ItemClaimed():
                self._on[event.subject] = event.invoice_id
            case ItemReleased():
                self._on.pop(event.subject, None)
            case InvoiceIssued():
                self._billing.add(event.subject)
            case InvoiceVoided():
                self._billing.discard(event.subject)

    def _each(self, kind: str, moved: Mapping[str, Moved]) -> list[Step]:
        """One step for each that is not nothing."""
        return [
            summed(f"{kind}:{id}", [_booked(event, amount, id) for event, amount in each], self.currency, of=id)
            if kind == "payment"
            else self._of_invoice(id, [_booked(event, amount, id) for event, amount in each])
            for id, each in moved.items()
            if self._amount(each)
        ]

    def _of_invoice(self, id: str, parts: Sequence[Step]) -> Step:
        return summed(f"invoice:{id}", parts, self.currency, label=self._numbers.get(id, ""), of=id)

    def _item(self, id: str, item: Item | None) -> Step:
        worth, figure = self._worth[id], f"item:{id}"
        label = item.description if item else ""
        if item is None or item.version != self._versions[id]:
            return leaf(figure, Rule.BOOKED, worth.amount, label=label, because=worth.because, of=id)
        factors = (item.quantity, item.unit_price)
        gross = product(f"{figure}/gross", factors, self.currency, label=f"{item.quantity} {item.unit or ''}".strip())
        return summed(figure, [gross], self.currency, label=label, rounded=True, because=worth.because, of=id)

    def _amount(self, moved: Moved) -> Money:
        return self._sum(amount for _, amount in moved)

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, Money.zero(self.currency))


def _booked(event: Event, amount: Money, apart_from: str) -> Step:
    return leaf(event.type, Rule.BOOKED, amount, because=event, of="" if event.subject == apart_from else event.subject)
