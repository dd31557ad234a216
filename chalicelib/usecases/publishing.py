"""Billable items: written, published into the client's balance, edited until they are billed, waived for good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import item as items
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.figures import not_negative
from chalicelib.domain.invoice import Invoice, covered
from chalicelib.domain.item import Item, ItemStatus, worth
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.schedule import dated, plan
from chalicelib.domain.values import dataclass
from chalicelib.domain.visit import Visit
from chalicelib.domain.work_events import ItemDrafted, ItemRemoved
from chalicelib.ports import Add, Change, Keep, Move, Remove, Save, Store
from chalicelib.usecases import filing
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.claiming import as_agreed, held
from chalicelib.usecases.counting import commit_counted, counting
from chalicelib.usecases.reading import content_of

FOLLOWED = ("description", "quantity", "unit", "unit_price", "catalog_code")
"""What a draft's line takes from its item, as long as nobody wrote something else there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What publishing does to the client's balance (H12).

    change: by how much it changes what is to be billed; unbilled_total: what that is afterwards.
    """

    item: Item
    change: Money
    unbilled_total: Money


def draft_item(item: Item, *, now: datetime, store: Store) -> Item:
    """A new item, which changes nothing until it is published (H10, H11).

    Raises NotFound for an unknown client, job or visit, Invalid for those of another client.
    """
    client = present_client(item.client_id, store)
    filed = replace(_filed(item, None, store), client_name=client.name)
    event = ItemDrafted(subject=item.id, version=1, at=now, client_id=item.client_id, amount=item.amount)
    store.commit(Add(filed, event))
    return filed


def edit_item(
    item_id: str, change: Callable[[Item], Item], *, if_match: int | None, now: datetime, store: Store
) -> Item:
    """The item with what ``change`` makes of it (H27 to H30); the balance and a draft that claims it follow.

    Raises Refused once it is billed (``item_invoiced``, H31) or waived (``item_waived``).
    """

    def deed() -> Item:
        item = unchanged(store.get(Item, item_id), if_match)
        item, holder = held(item, store)
        items.must_not_be_billed(item, holder, "edit")
        wanted = _filed(change(item), item, store)
        amount = worth(quantity=wanted.quantity, unit_price=wanted.unit_price, currency=item.amount.currency)
        after, event = items.edited(item, replace(wanted, amount=amount), at=now)
        after, counted = counting(item, after, now=now, store=store)
        changes: list[Change] = [Save(after, event), *counted]
        if item.status is ItemStatus.PUBLISHED:
            changes.append(Move(client_id=item.client_id, unbilled_total=amount - item.amount))
        if holder:
            changes += _followed(holder, before=item, after=after, now=now, store=store)
        commit_counted(store, changes)
        return after

    return store.persistently(deed)


def remove_item(item_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take a draft away. Raises Refused (``item_published``) for any other: waive it."""

    def deed() -> None:
        item = unchanged(store.get(Item, item_id), if_match)
        if item.status is not ItemStatus.DRAFT:
            raise Refused("item_published", f"You cannot delete item {item_id} because it is published; waive it.")
        store.commit(Remove(item, ItemRemoved(subject=item.id, version=item.version + 1, at=now)))

    store.persistently(deed)


def publish_item(
    item_id: str, *, dry_run: bool = False, if_match: int | None = None, now: datetime, store: Store
) -> Publication:
    """Make an item part of its client's balance (H11, H14); a dry run only says what that would change (H12)."""

    def deed() -> Publication:
        item = unchanged(store.get(Item, item_id), if_match)
        after, event = items.published(item, at=now)
        if not dry_run:
            after, counted = counting(item, after, now=now, store=store)
            moved = Move(client_id=item.client_id, unbilled_total=item.amount)
            commit_counted(store, [Save(after, event), *counted, moved])
        unbilled = store.balance(item.client_id, item.amount.currency).unbilled_total
        if dry_run:
            return Publication(item=item, change=item.amount, unbilled_total=unbilled + item.amount)
        return Publication(item=after, change=item.amount, unbilled_total=unbilled)

    return store.persistently(deed)


def waive_item(item_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Item:
    """Take an item out of the balance for ever (H25, H26); the journal keeps who, when, and its worth."""

    def deed() -> Item:
        item = unchanged(store.get(Item, item_id), if_match)
        item, holder = held(item, store)
        items.must_not_be_billed(item, holder, "waive")
        after, event = items.waived(item, at=now)
        after, counted = counting(item, after, now=now, store=store)
        moved = Move(client_id=item.client_id, unbilled_total=-item.amount)
        commit_counted(store, [Save(after, event), *counted, moved])
        return after

    return store.persistently(deed)


def _filed(item: Item, before: Item | None, store: Store) -> Item:
    """The item in the job of its visit, or else of its contract, if it names no other.

    With another visit it moves to that one's.
    """
    known = (before.job_id, before.visit_id) if before else (None, None)
    if item.visit_id and item.visit_id != known[1]:
        visit = store.get(Visit, item.visit_id)
        if visit.client_id != item.client_id:
            detail = f"You cannot file this to visit {visit.id} because that is another client's."
            raise Invalid("foreign_visit", detail, at="/visit_id")
        follows = item.job_id is None or (known[1] is not None and item.job_id == known[0])
        item = replace(item, job_id=visit.job_id if follows else item.job_id)
    if item.contract_id and item.contract_id != (before.contract_id if before else None):
        contract = _collecting(item, store)
        item = replace(item, job_id=item.job_id or contract.job_id)
    if item.job_id:
        filing.refiled(known[0], item.job_id, client_id=item.client_id, store=store)
    return item


def _collecting(item: Item, store: Store) -> Contract:
    """The contract that an item is to collect on.

    Raises NotFound for an unknown one, Invalid for another client's or of another currency, Refused for one that has
    ended.
    """
    contract = store.get(Contract, item.contract_id or "")
    if contract.client_id != item.client_id:
        detail = f"You cannot file this to contract {contract.id} because that is another client's."
        raise Invalid("foreign_contract", detail, at="/contract_id")
    if contract.currency != item.amount.currency:
        detail = f"You cannot file this to contract {contract.id} because that is in {contract.currency}."
        raise Invalid("currency_mismatch", detail, at="/contract_id")
    if contract.ended_at:
        raise Refused("contract_ended", f"You cannot file this to contract {contract.id} because it has ended.")
    return contract


def _followed(draft: Invoice, *, before: Item, after: Item, now: datetime, store: Store) -> list[Change]:
    """The draft that claims an item, its line written anew: written in the item's transaction, so it is still a draft.

    What somebody wrote into the line by hand stays. Raises Refused where the draft cannot come to what it then would.
    """
    content = content_of(draft, store)
    lines = tuple(_following(line, before, after) if after.id in line.items else line for line in content.lines)
    try:
        content, figures = worked_out(_taxed(replace(content, lines=lines, given=None), before, after, store))
        schedule = dated(plan(content.schedule, not_negative(figures).total))
    except Invalid as invalid:
        detail = f"You cannot change item {after.id} so because draft {draft.name} bills it. {invalid.detail}"
        raise Refused(invalid.code, detail) from invalid
    wanted = replace(
        draft,
        figures=figures,
        items_total=draft.billed + after.amount - before.amount,
        schedule=schedule,
        instalments_paid=covered(schedule, figures),
    )
    edition, event = invoices.edited(draft, wanted, at=now)
    return [Save(edition, event), Keep(Body(id=draft.id, revision=edition.revision, content=content))]


def _taxed(content: Content, before: Item, after: Item, store: Store) -> Content:
    """The content with the taxes that the item bears now, and with a copy of their rates."""
    before, after = as_agreed((before, after), store)
    if before.taxes == after.taxes:
        return content
    business, exemption = store.get(Business), store.get(Client, after.client_id).tax_exempt
    usual = exemption.in_place_of(business.default_taxes, business.rates) if exemption else business.default_taxes
    old, new = (business.taxes_named(usual if item.taxes is None else item.taxes) for item in (before, after))
    lines = tuple(
        replace(line, taxes=new) if (line.item_id, line.taxes) == (after.id, old) else line for line in content.lines
    )
    rates = {rate.code: rate for rate in content.rates}
    known = business.rates | ({exemption.rate.code: exemption.rate} if exemption else {})
    rates |= {code: known[code] for code in new if code in known}
    return replace(content, lines=lines, rates=tuple(rates.values()))


def _following(line: Line, before: Item, after: Item) -> Line:
    if after.id in line.item_ids:  # billed together with others: their sum
        price = line.quantity * line.unit_price / line.base_quantity + (after.amount - before.amount).decimal
        return replace(line, quantity=Decimal(1), base_quantity=Decimal(1), unit=None, unit_price=price)
    follows = {name: getattr(after, name) for name in FOLLOWED if getattr(line, name) == getattr(before, name)}
    return replace(line, **follows)
