"""What holds an invoice's reminders back, and what comes of it by itself when settings change."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import invoice_reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid
from chalicelib.domain.follow_up import FollowUp, asks_for_money, follow_up_of, next_look
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.late_fee_plan import next_fee, terms_of
from chalicelib.ports import Filter, Save, Store, Unfinished
from chalicelib.usecases import charge_plans
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.reading import every

AT_ONCE = 50


def promise_payment(
    invoice_id: str, *, on: date | None, note: str | None, if_match: int | None, now: datetime, store: Store
) -> Invoice:
    """The client will pay by a day: reminders wait for the day after. None takes the promise back.

    Raises Refused for a draft and for what is void, Invalid for a day that is past where the client is.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        must_be_issued(invoice, "note a promise for")
        follow_up = _follow_up(invoice, store)
        if on is not None and on < follow_up.today(now):
            raise Invalid("in_the_past", "A promise to pay cannot be of a day that is past.", at="/on")
        at = next_look(replace(invoice, promised_on=on), follow_up, now=now)
        promised, event = invoice_reminders.promised(invoice, on=on, note=note, next_at=at, at=now)
        store.commit(Save(promised, event))
        return promised

    return store.persistently(deed)


def switch_reminders(invoice_id: str, *, off: bool, if_match: int | None, now: datetime, store: Store) -> Invoice:
    """Take an invoice off the ladder, or put it back."""

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        at = next_look(invoice, _follow_up(invoice, store), now=now)
        turned, event = invoice_reminders.switched(invoice, off=off, next_at=at, at=now)
        store.commit(Save(turned, event))
        return turned

    return store.persistently(deed)


def follow_settings(*, after: Mapping[str, str] | None, now: datetime, store: Store) -> Mapping[str, str] | None:
    """Plan a page of the business's unpaid invoices anew; answers where the next page begins."""
    page = store.page(Invoice, Filter(unfinished=Unfinished.DUE), limit=AT_ONCE, after=after)
    for one in page.rows:
        _plan(one.id, now=now, store=store)
        charge_plans.plan(one.id, now=now, store=store)
    return page.next


def follow_client(client_id: str, *, now: datetime, store: Store) -> None:
    """Plan the unpaid invoices of a client anew."""
    for one in every(Invoice, Filter(account_of=client_id, unfinished=Unfinished.DUE), store, at_once=AT_ONCE):
        _plan(one.id, now=now, store=store)
        charge_plans.plan(one.id, now=now, store=store)


def _plan(invoice_id: str, *, now: datetime, store: Store) -> None:
    def deed() -> None:
        invoice = store.get(Invoice, invoice_id)
        if not asks_for_money(invoice):
            return
        client, business = store.get(Client, invoice.client_id), store.get(Business)
        at = next_look(invoice, follow_up_of(client, business), now=now)
        fee_at = next_fee(invoice, terms_of(client, business), business)
        if (at, fee_at) != (invoice.remind_at, invoice.fee_at):
            planned, event = invoice_reminders.planned(invoice, next_at=at, at=now)
            store.commit(Save(replace(planned, fee_at=fee_at), event))

    store.persistently(deed)


def _follow_up(invoice: Invoice, store: Store) -> FollowUp:
    return follow_up_of(store.get(Client, invoice.client_id), store.get(Business))
