"""A billable item: an intervention, time, a product, an expense, usage; what it is worth is billed once, or waived."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass
from chalicelib.domain.work_events import (
    ItemClaimed,
    ItemEdited,
    ItemPublished,
    ItemReleased,
    ItemWaived,
)


class ItemKind(StrEnum):
    INTERVENTION = "intervention"
    TIME = "time"
    PRODUCT = "product"
    EXPENSE = "expense"
    USAGE = "usage"
    FEE = "fee"
    """What a contract costs by itself; made by contracts only."""


class ItemStatus(StrEnum):
    """What was done with it; whether it is invoiced or paid follows from its invoice."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WAIVED = "waived"


class Visibility(StrEnum):
    CLIENT = "client"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """amount: quantity times price, before tax, rounded once; invoice_id: the document that claims it.

    minutes: so many were worked, where time was entered so; person: by whom. accrued: a contract made it by itself.
    period: of its contract, in which it counts: its own, or a later one where it came late. counted_on: the day as of
    which it does, where the business was then.
    part: of its project's billing plan, for which it asks; on_account: it is a deposit, no price until it is applied.

    client_name: as it was when the item was written; empty where that was before names were kept.

    An item is not rewritten when its invoice is issued or paid: claimed by a draft it is still unbilled (H24), claimed
    by an issued invoice it is billed.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str = ""
    kind: ItemKind
    catalog_code: str | None = None
    description: str
    occurred_at: datetime
    quantity: Decimal = Decimal(1)
    unit: str | None = None
    unit_price: Decimal
    taxes: tuple[str, ...] | None = None
    amount: Money
    job_id: str | None = None
    visit_id: str | None = None
    contract_id: str | None = None
    period: int | None = None
    counted_on: date | None = None
    part: str | None = None
    on_account: bool = False
    accrued: bool = False
    minutes: Decimal | None = None
    person: str | None = None
    visibility: Visibility = Visibility.CLIENT
    notes: str | None = None
    professional_notes: str | None = None
    status: ItemStatus = ItemStatus.DRAFT
    invoice_id: str | None = None
    created_at: datetime
    published_at: datetime | None = None
    waived_at: datetime | None = None


class ItemState(StrEnum):
    """What is shown of an item; always derived from it and its invoice."""

    DRAFT = "draft"
    PUBLISHED = "published"
    INVOICED = "invoiced"
    PAID = "paid"
    WAIVED = "waived"


class BillableState(StrEnum):
    """Whether an item can be billed now, and if not, what stands in the way (requirements G4)."""

    READY = "ready"
    OPEN_PERIOD = "open_period"
    UNPUBLISHED = "unpublished"
    IN_BATCH = "in_batch"
    ON_INVOICE = "on_invoice"
    WAIVED = "waived"
    DISPUTED = "disputed"


def worth(*, quantity: Decimal, unit_price: Decimal, currency: str) -> Money:
    """Quantity times price, rounded once. Raises Invalid beyond 10^12."""
    return Money.rounded(Fraction(quantity) * Fraction(unit_price), currency).within_limits(at="/unit_price")


def total_of(some: Iterable["Item"], currency: str) -> Money:
    """What items of one currency are worth together."""
    return sum((item.amount for item in some), Money.zero(currency))


def in_force(found: Invoice | None) -> Invoice | None:
    """The document whose claims count: those of a void or deleted one do not, though items may still name it."""
    return None if found is None or found.voided_at else found


def as_held(item: Item, holder: Invoice | None) -> Item:
    """The item without a claim that does not count; holder: the document in force that claims it."""
    return item if holder else replace(item, invoice_id=None)


def is_billed(invoice: Invoice | None) -> bool:
    """Whether what an invoice claims is out of the balance: not while it is a draft (H24), nor once it is void."""
    return invoice is not None and invoice.issued_at is not None and invoice.voided_at is None


def is_in_balance(item: Item, invoice: Invoice | None) -> bool:
    """Whether an item is part of what is to be billed to its client (H18); invoice: the one that claims it."""
    return item.status is ItemStatus.PUBLISHED and not is_billed(invoice)


def state_of(item: Item, invoice: Invoice | None) -> ItemState:
    """What to show of an item; invoice: the one that claims it."""
    if item.status is not ItemStatus.PUBLISHED or invoice is None or not is_billed(invoice):
        return ItemState(item.status)
    return ItemState.PAID if invoice.paid_at else ItemState.INVOICED


def billable_state(
    item: Item, invoice: Invoice | None, *, waits_until: date | None = None
) -> tuple[BillableState, str]:
    """Whether an item can be billed, and why or why not in words.

    waits_until: the day on which the period of its contract is closed.
    """
    if item.status is ItemStatus.DRAFT:
        return BillableState.UNPUBLISHED, "It is a draft; publish it first."
    if item.status is ItemStatus.WAIVED:
        return BillableState.WAIVED, "It was waived for good."
    invoice = in_force(invoice)
    if invoice is None:
        if waits_until:
            return BillableState.OPEN_PERIOD, f"Its contract's period is open until {waits_until}."
        return BillableState.READY, "It can be billed."
    if invoice.disputed_total:
        return BillableState.DISPUTED, f"It is on invoice {invoice.name}, whose payment is in dispute."
    if invoice.batch_id and not invoice.issued_at:
        return BillableState.IN_BATCH, f"It is on draft {invoice.name} of batch {invoice.batch_id}."
    kind = "invoice" if invoice.issued_at else "draft"
    return BillableState.ON_INVOICE, f"It is on {kind} {invoice.name}."


def must_not_be_billed(item: Item, invoice: Invoice | None, deed: str) -> None:
    """Raise Refused for what is out of the business's hands: waived (``item_waived``) or billed (``item_invoiced``).

    invoice: the one that claims it. Once billed it is changed no more; its invoice must be voided first (H31).
    """
    if item.status is ItemStatus.WAIVED:
        raise Refused("item_waived", f"You cannot {deed} item {item.id} because it was waived for good.")
    if invoice is not None and is_billed(invoice):
        raise Refused(
            "item_invoiced", f"You cannot {deed} item {item.id} because it is on invoice {invoice.name}; void it first."
        )


def edited(item: Item, changed: Item, *, at: datetime) -> tuple[Item, ItemEdited]:
    """Raises Refused (``item_of_project``) where it would ask for more or less than its project's billing plan."""
    names = ("amount", "contract_id", "job_id", "kind")
    if item.part and any(getattr(item, name) != getattr(changed, name) for name in names):
        detail = (
            f"You cannot change what item {item.id} is worth because the billing plan of {item.contract_id} says it."
        )
        raise Refused("item_of_project", detail)
    after = replace(changed, version=item.version + 1)
    return after, ItemEdited(subject=item.id, version=after.version, at=at, amount=after.amount)


def published(item: Item, *, at: datetime) -> tuple[Item, ItemPublished]:
    """The item as part of its client's balance (H14). Raises Refused for what is no draft."""
    if item.status is ItemStatus.WAIVED:
        raise Refused("item_waived", f"You cannot publish item {item.id} because it was waived for good.")
    if item.status is not ItemStatus.DRAFT:
        raise Refused("item_published", f"You cannot publish item {item.id} because it is published.")
    after = replace(item, version=item.version + 1, status=ItemStatus.PUBLISHED, published_at=at)
    event = ItemPublished(subject=item.id, version=after.version, at=at, client_id=item.client_id, amount=item.amount)
    return after, event


def waived(item: Item, *, at: datetime) -> tuple[Item, ItemWaived]:
    """The item out of the balance for ever (H25, H26). Raises Refused for a draft, and for one on a document."""
    must_not_be_billed(item, None, "waive")
    if item.status is ItemStatus.DRAFT:
        raise Refused("item_unpublished", f"You cannot waive item {item.id} because it is a draft; delete it.")
    if item.invoice_id:
        raise Refused(
            "item_claimed", f"You cannot waive item {item.id} because it is on {item.invoice_id}; take it off first."
        )
    after = replace(item, version=item.version + 1, status=ItemStatus.WAIVED, waived_at=at)
    return after, ItemWaived(
        subject=item.id, version=after.version, at=at, client_id=item.client_id, amount=item.amount
    )


def claimed(item: Item, *, invoice_id: str, at: datetime) -> tuple[Item, ItemClaimed]:
    after = replace(item, version=item.version + 1, invoice_id=invoice_id)
    return after, ItemClaimed(subject=item.id, version=after.version, at=at, invoice_id=invoice_id)


def released(item: Item, *, at: datetime) -> tuple[Item, ItemReleased]:
    """The item as one that can be billed again. Raises ValueError for one that no document claims."""
    if item.invoice_id is None:
        raise ValueError(f"{item.id} is on no document")
    after = replace(item, version=item.version + 1, invoice_id=None)
    return after, ItemReleased(subject=item.id, version=after.version, at=at, invoice_id=item.invoice_id)
