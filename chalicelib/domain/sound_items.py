"""Whether every item is on one document at most, and document and item agree on it (I5, I7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.books import Thing, Violation, total
from chalicelib.domain.events import InvoiceRemoved, InvoiceVoided
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus, is_in_balance, worth
from chalicelib.domain.journal import Envelope
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body

Ending = InvoiceRemoved | InvoiceVoided


def of_item(
    item: Item, holder: Invoice | None, *, named: Collection[str] | None = None, ending: Ending | None = None
) -> Iterator[Violation]:
    """An item beside the document that it says it is on; None if that is not there.

    named: the items that the document's lines name, where its head does not; ending: what ended the document.
    """
    thing = Thing(item.id, f"item {item.id}")
    exact = worth(quantity=item.quantity, unit_price=item.unit_price, currency=item.amount.currency)
    yield from thing.unless_equal("I5", ("its quantity and price come to", exact), ("it says", item.amount))
    if item.invoice_id is None:
        return
    yield from thing.unless(
        item.status is ItemStatus.PUBLISHED, "I7", f"it is {item.status} and on {item.invoice_id} all the same"
    )
    in_force = holder is not None and holder.voided_at is None
    given_back_later = ending is not None and ending.revision is not None
    yield from thing.unless(
        in_force or given_back_later, "I7", f"it says it is on {item.invoice_id}, which is not in force"
    )
    if holder is not None and in_force:
        claimed = (named or ()) if holder.items_in_body else holder.item_ids
        yield from thing.unless(
            item.id in claimed, "I7", f"it says it is on {item.invoice_id}, which does not claim it"
        )


def of_item_work(item: Item, ending: Ending | None, *, late: datetime) -> Iterator[Violation]:
    """An item of a document that had many; late: by when such a document must have ended to have given them back."""
    kept = ending is not None and ending.at <= late
    yield from Thing(item.id, f"item {item.id}").unless(
        not kept, "I13", f"it still says it is on {item.invoice_id}, which is not in force any more"
    )


def ending_of(told: Iterable[Envelope]) -> Ending | None:
    """What ended a document, by its own events."""
    return next((each.event for each in told if isinstance(each.event, InvoiceRemoved | InvoiceVoided)), None)


def of_claims(invoice: Invoice, items: Mapping[str, Item], *, body: Body | None = None) -> Iterator[Violation]:
    """An invoice beside the items that it claims; items: at least those of them that are there, by id."""
    thing = Thing(invoice.id, f"invoice {invoice.name}")
    named = ids_of(body) if invoice.items_in_body else invoice.item_ids
    if body is not None:
        yield from thing.unless_equal("I7", ("its lines name items", ids_of(body)), ("it claims", named))
        number = invoice.items_in_body or len(invoice.item_ids)
        yield from thing.unless_equal("I7", ("its lines name so many items", len(ids_of(body))), ("it says", number))
    yield from thing.unless(
        not invoice.claims_left or not invoice.issued_at, "I7", f"it was issued without {invoice.claims_left} items"
    )
    if invoice.voided_at or (invoice.items_in_body and body is None):
        return
    wanted = sorted(named)[: len(named) - invoice.claims_left]
    held = [items[id] for id in wanted if id in items]
    strangers = sorted({*wanted} - {item.id for item in held if item.invoice_id == invoice.id})
    yield from thing.unless(not strangers, "I7", f"it claims {', '.join(strangers)}, which do not say so")
    yield from thing.unless_equal(
        "I5",
        ("its items are worth", total((item.amount for item in held), invoice.currency)),
        ("it says", invoice.billed),
    )


def ids_of(body: Body | None) -> tuple[str, ...]:
    """The items that a document's lines name."""
    return tuple(id for line in body.content.lines for id in line.items) if body else ()


def unbilled(items: Iterable[Item], invoices: Iterable[Invoice]) -> Mapping[str, Sequence[Money]]:
    """The worth of each client's items that are published and on no issued invoice in force, by the client's id."""
    documents = {invoice.id: invoice for invoice in invoices}
    by_client: dict[str, list[Money]] = defaultdict(list)
    for item in items:
        if is_in_balance(item, documents.get(item.invoice_id or "")):
            by_client[item.client_id].append(item.amount)
    return by_client
