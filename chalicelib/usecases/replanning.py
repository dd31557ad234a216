"""The payment schedule of one issued invoice, changed on it only; and the work that its instalments wait for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import replanning
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid
from chalicelib.domain.follow_up import follow_up_of, next_look
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Event
from chalicelib.domain.late_fee_plan import next_fee, terms_of
from chalicelib.domain.schedule import InstalmentTerm
from chalicelib.ports import Save, Store
from chalicelib.usecases.checking import unchanged


def replan(
    invoice_id: str, terms: Sequence[InstalmentTerm], *, if_match: int | None = None, now: datetime, store: Store
) -> Invoice:
    """Share out anew what is left to be paid of an issued invoice (P15); what is paid stays (G10).

    Reminders and fees for late payment follow the new days. Raises as ``replanning.replanned`` does.
    """
    return _changed(
        invoice_id, lambda invoice: replanning.replanned(invoice, terms, at=now), if_match, now=now, store=store
    )


def complete_instalment(
    invoice_id: str, instalment_id: str, *, on: date, if_match: int | None = None, now: datetime, store: Store
) -> Invoice:
    """Say that the work of a milestone is done, or accepted; its instalment gets its day by that.

    Raises Invalid for a day to come, NotFound for an instalment that is not there, Refused for one that waits for no
    work.
    """
    if on > store.get(Business).today(now):
        raise Invalid("day_to_come", "Work is not done on a day that has not come.", at="/on")
    return _changed(
        invoice_id,
        lambda invoice: replanning.completed(invoice, instalment_id, on=on, at=now),
        if_match,
        now=now,
        store=store,
    )


def _changed(
    invoice_id: str,
    change: Callable[[Invoice], tuple[Invoice, Event]],
    if_match: int | None,
    *,
    now: datetime,
    store: Store,
) -> Invoice:
    def deed() -> Invoice:
        after, event = change(unchanged(store.get(Invoice, invoice_id), if_match))
        client, business = store.get(Client, after.client_id), store.get(Business)
        after = replace(
            after,
            remind_at=next_look(after, follow_up_of(client, business), now=now),
            fee_at=next_fee(after, terms_of(client, business), business),
        )
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)
