"""When cards are charged by themselves: planned as the settings say, and worked on when the time has come."""

from datetime import datetime

from chalicelib.domain import charge as charges
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Save, Store


def plan(invoice_id: str, *, now: datetime, store: Store) -> None:
    """Plan anew when an invoice is charged by itself, as the settings are now; what was begun goes its way."""

    def deed() -> None:
        invoice = store.get(Invoice, invoice_id)
        begun = (invoice.checkout and invoice.checkout.is_charge) or (
            invoice.charging and (invoice.charging.is_retry or invoice.charging.asked)
        )
        wanted = charges.by_itself(invoice, store.get(Client, invoice.client_id), store.get(Business), now=now)
        if not begun and wanted != invoice.charging:
            store.commit(Save(*charges.planned(invoice, wanted, at=now)))

    store.persistently(deed)


def charge_when_due(invoice_id: str, *, now: datetime, store: Store) -> bool:
    """Have what is planned of an invoice worked on, if its time has come. Answers whether there was something to do."""

    def deed() -> bool:
        invoice = store.find(Invoice, invoice_id)
        plan = invoice.charging if invoice else None
        if invoice is None or plan is None or plan.look_at is None or plan.look_at > now:
            return False
        store.commit(Save(*charges.due(invoice, plan, at=now)))
        return True

    return store.persistently(deed)


def plan_anew(invoice_id: str, *, now: datetime, store: Store) -> None:
    """Plan what is to come of an invoice by itself, leaving out what has just been tried."""

    def deed() -> None:
        invoice = store.get(Invoice, invoice_id)
        client, business = store.get(Client, invoice.client_id), store.get(Business)
        plan = charges.by_itself(invoice, client, business, now=now)
        later = plan if plan and plan.due_at and plan.due_at > now else None
        if invoice.checkout is None and invoice.charging != later:
            store.commit(Save(*charges.planned(invoice, later, at=now)))

    store.persistently(deed)
