"""Draft invoices edited, scheduled and deleted; issued ones looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.business import Business, Sending
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import InvoiceRemoved
from chalicelib.domain.invoice import Invoice, covered, must_be_draft
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.schedule import dated, plan
from chalicelib.ports import Keep, Remove, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.claiming import exchanging, releasing
from chalicelib.usecases.converting import given_back
from chalicelib.usecases.drafting import starts
from chalicelib.usecases.filing import refiled
from chalicelib.usecases.holding import release_rest, visit_without, whole
from chalicelib.usecases.reading import content_of


def edit_invoice(
    invoice_id: str,
    change: Callable[[Invoice, Content], tuple[Invoice, Content]],
    *,
    business: Business,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Invoice:
    """The draft with what ``change`` makes of its three sections: information, items, schedule (P8, P15).

    Raises Refused once it is issued (H31).
    """

    def deed() -> Invoice:
        invoice = whole(unchanged(store.get(Invoice, invoice_id), if_match), now=now, store=store)
        must_be_draft(invoice, "edit")
        known = content_of(invoice, store)
        wanted, content = change(invoice, known)
        refiled(invoice.job_id, wanted.job_id, client_id=invoice.client_id, store=store)
        _must_stay_with_its_visit(invoice, wanted)
        content, figures = worked_out(content)
        schedule = dated(plan(content.schedule, figures.total))
        wanted = replace(
            wanted,
            figures=figures,
            schedule=schedule,
            instalments_paid=covered(schedule, figures),
            send=_sending(wanted),
            scheduled_for=starts(business, wanted.send_on, now),
        )
        wanted, claims = exchanging(wanted, content, now=now, store=store)
        edition, event = invoices.edited(invoice, wanted, at=now)
        body = Body(id=invoice.id, revision=edition.revision, content=content)
        store.commit(Save(edition, event), Keep(body), *claims)
        return edition

    return store.persistently(deed)


def schedule_invoice(
    invoice_id: str, *, on: date | None, business: Business, if_match: int | None, now: datetime, store: Store
) -> Invoice:
    """Give a draft the day on which it is issued and sent by itself, or take it away (P37)."""

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        planned, event = invoices.scheduled(invoice, on=on, morning=starts(business, on, now), at=now)
        store.commit(Save(planned, event))
        return planned

    return store.persistently(deed)


def remove_invoice(invoice_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take a draft away; it never had a number, so no number is missing (C17). Its items can be billed again."""

    def deed() -> InvoiceRemoved:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        gone = invoices.removal(invoice, at=now)
        returned = given_back(invoice, deleted=True, now=now, store=store)
        freed = visit_without(invoice, now, store)
        store.commit(Remove(invoice, gone), *releasing(invoice, now=now, store=store), *returned, *freed)
        return gone

    release_rest(invoice_id, store.persistently(deed).revision, now=now, store=store)


def see_invoice(invoice_id: str, *, now: datetime, store: Store) -> Invoice:
    """The client looked at the invoice; only the first look is recorded."""

    def deed() -> Invoice:
        invoice = store.get(Invoice, invoice_id)
        if invoice.viewed_at or not invoice.issued_at:
            return invoice
        seen, event = invoices.viewed(invoice, at=now)
        store.commit(Save(seen, event))
        return seen

    return store.persistently(deed)


def _must_stay_with_its_visit(invoice: Invoice, wanted: Invoice) -> None:
    """Raise Refused (``invoice_attached``): what a visit comes to lies in the visit's job."""
    if invoice.visit_id and wanted.job_id != invoice.job_id:
        raise Refused(
            "invoice_attached",
            f"You cannot move invoice {invoice.name} because it is the invoice of visit {invoice.visit_id}.",
        )


def _sending(wanted: Invoice) -> Sending:
    """A draft with a day goes out on it; one whose day was taken away waits."""
    if wanted.send_on:
        return Sending.ON_DATE
    return Sending.MANUAL if wanted.send is Sending.ON_DATE else wanted.send
