"""Whether every item is on one document at most, and document and item agree on it (I5, I7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib.domain.books import Thing, Violation, total
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemStatus, is_in_balance, worth
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body


def of_item(item: Item, holder: Invoice | None) -> Iterator[Violation]:
    """An item beside the document that it says it is on; None if that is not there."""
    thing = Thing(item.id, f"item {item.id}")
    exact = worth(quantity=item.quantity, unit_price=item.unit_price, currency=item.amount.currency)
    yield from thing.unless_equal("I5", ("its quantity and price come to", exact), ("it says", item.amount))
    if item.invoice_id is None:
        return
    yield from thing.unless(
        item.status is ItemStatus.PUBLISHED, "I7", f"it is {item.status} and on {item.invoice_id} all the same"
    )
    in_force = holder is not None and holder.voided_at is None
    yield from thing.unless(in_force, "I7", f"it says it is on {item.invoice_id}, which is not in force")
    if holder is not None and in_force:
        yield from thing.unless(
            item.id in holder.item_ids, "I7", f"it says it is on {item.invoice_id}, which does not claim it"
        )


def of_claims(invoice: Invoice, items: Mapping[str, Item], *, body: Body | None = None) -> Iterator[Violation]:
    """An invoice beside the items that it claims; items: at least those of them that are there, by id."""
    thing = Thing(invoice.id, f"invoice {invoice.name}")
    if body is not None:
        named = tuple(line.item_id for line in body.content.lines if line.item_id)
        yield from thing.unless_equal("I7", ("its lines name items", named), ("it claims", invoice.item_ids))
    if invoice.voided_at:
        return
    held = [items[id] for id in invoice.item_ids if id in items]
    strangers = sorted({*invoice.item_ids} - {item.id for item in held if item.invoice_id == invoice.id})
    yield from thing.unless(not strangers, "I7", f"it claims {', '.join(strangers)}, which do not say so")
    yield from thing.unless_equal(
        "I5",
        ("its items are worth", total((item.amount for item in held), invoice.currency)),
        ("it says", invoice.billed),
    )


def unbilled(items: Iterable[Item], invoices: Iterable[Invoice]) -> Mapping[str, Sequence[Money]]:
    """The worth of each client's items that are published and on no issued invoice in force, by the client's id."""
    documents = {invoice.id: invoice for invoice in invoices}
    by_client: dict[str, list[Money]] = defaultdict(list)
    for item in items:
        if is_in_balance(item, documents.get(item.invoice_id or "")):
            by_client[item.client_id].append(item.amount)
    return by_client
