"""Giving up what will never be paid, and taking it up again."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.domain import bad_debt
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Gateway, Move, Save, Store
from chalicelib.usecases import checkouts
from chalicelib.usecases.checking import unchanged


def write_off(
    invoice_id: str,
    *,
    reason: str,
    if_match: int | None = None,
    now: datetime,
    store: Store,
    gateway: Callable[[], Gateway],
) -> Invoice:
    """Give up what is due of an invoice; an open way to pay it is closed first.

    Raises Refused for what is not due, is disputed, or is being paid.
    """
    unchanged(store.get(Invoice, invoice_id), if_match)

    def deed() -> Invoice:
        invoice = checkouts.closed(invoice_id, now=now, store=store, gateway=gateway)
        after, event = bad_debt.written_off(invoice, reason=reason, at=now)
        store.commit(Save(after, event), Move(client_id=invoice.client_id, amount_due=-event.amount))
        return after

    return store.persistently(deed)


def restore(invoice_id: str, *, if_match: int | None = None, now: datetime, store: Store) -> Invoice:
    """Make due again what was given up. Raises Refused where nothing was."""

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        after, event = bad_debt.restored(invoice, at=now)
        store.commit(Save(after, event), Move(client_id=invoice.client_id, amount_due=event.amount))
        return after

    return store.persistently(deed)
