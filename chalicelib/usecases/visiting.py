"""Visits: planned, worked on, completed, and billed on the spot (P40 to P43)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import visit as visits
from chalicelib.domain.access import ApiKey, User
from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Forbidden, Invalid, NotFound, Refused
from chalicelib.domain.invoice import Invoice, must_be_draft
from chalicelib.domain.invoice_life import attached
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.party import Address
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import settled
from chalicelib.domain.visit import Visit
from chalicelib.ports import Add, Ids, Keep, Press, Remove, Save, Store
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.claiming import claiming, to_be_billed
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.filing import filed, refiled, sited
from chalicelib.usecases.holding import whole
from chalicelib.usecases.issuing import issue_invoice, must_be_issuable
from chalicelib.usecases.quoting import must_have_email
from chalicelib.usecases.reading import content_of


def plan_visit(
    client_id: str,
    *,
    job_id: str | None,
    title: str | None,
    starts_at: datetime,
    ends_at: datetime | None,
    technician_id: str | None,
    address: Address | None,
    notes: str | None,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Visit:
    """A scheduled visit; without a job it opens one, at its own address.

    Raises NotFound for an unknown client, job or technician.
    """
    client = present_client(client_id, store)
    _must_work_here(technician_id, store)
    job, opening = filed(job_id, client=client, title=title or "", site=address, now=now, ids=ids, store=store)
    visit = Visit(
        id=ids("vis"),
        client_id=client.id,
        client_name=client.name,
        job_id=job.id,
        title=title or client.name,
        starts_at=starts_at,
        ends_at=ends_at,
        technician_id=technician_id,
        address=address,
        notes=notes,
        created_at=now,
    )
    store.commit(Add(visit, visits.planned(visit, at=now)), *opening)
    return visit


def visit_of(technician_id: str | None, visit_id: str, store: Store) -> Visit:
    """The visit, provided it is this technician's; None asks for nobody's in particular. Raises NotFound."""
    visit = store.get(Visit, visit_id)
    if technician_id not in {None, visit.technician_id}:
        raise NotFound("visit", visit_id)
    return visit


def change_visit(
    visit_id: str,
    change: Callable[[Visit], Visit],
    *,
    fields: tuple[str, ...],
    technician_id: str | None,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Visit:
    """The visit with what ``change`` makes of it.

    fields: what that is; technician_id: whose visit it must be, None for anybody's.
    Raises as ``refiled`` does for another job, and Refused (``visit_invoiced``) to part it from its invoice.
    """

    def deed() -> Visit:
        visit = unchanged(visit_of(technician_id, visit_id, store), if_match)
        wanted = change(visit)
        if wanted.technician_id != visit.technician_id:
            _must_work_here(wanted.technician_id, store)
        if wanted.job_id != visit.job_id:
            refiled(visit.job_id, wanted.job_id, client_id=visit.client_id, store=store)
            _must_not_be_invoiced(visit, "move", store)
        after, event = visits.changed(visit, wanted, fields=fields, at=now)
        store.commit(Save(after, event))
        return after

    return store.persistently(deed)


def complete_visit(
    visit_id: str, *, notes: str | None, technician_id: str | None, if_match: int | None, now: datetime, store: Store
) -> Visit:
    def deed() -> Visit:
        visit = unchanged(visit_of(technician_id, visit_id, store), if_match)
        done, event = visits.completed(visit, notes=notes, at=now)
        store.commit(Save(done, event))
        return done

    return store.persistently(deed)


def remove_visit(visit_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take away a visit that has not begun and is not billed."""

    def deed() -> None:
        visit = unchanged(store.get(Visit, visit_id), if_match)
        _must_not_be_invoiced(visit, "delete", store)
        store.commit(Remove(visit, visits.removal(visit, at=now)))

    store.persistently(deed)


def invoice_visit(
    visit_id: str,
    wish: Wish,
    *,
    send: bool,
    technician_id: str | None,
    if_match: int | None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
    press: Press,
) -> Invoice:
    """Make the invoice of a visit in one call (P40, P41); ``send`` issues and mails it too.

    wish: what is billed; the job and the visit follow from the visit itself.
    Should we fall between the two, the visit's event has it sent.
    Raises Refused (``visit_invoiced``) while another invoice of the visit is in force.
    """
    invoice_id = ids("inv")

    def deed() -> Invoice:
        visit = unchanged(visit_of(technician_id, visit_id, store), if_match)
        _must_not_be_invoiced(visit, "invoice", store)
        client = store.get(Client, visit.client_id)
        sending = Sending.AT_ONCE if send else Sending.MANUAL
        site = visit.address or store.get(Job, visit.job_id).address
        content = _dated(sited(wish.content, site), visit, business)
        wanted = replace(wish, content=content, job_id=visit.job_id, visit_id=visit.id, send=sending)
        draft, body = drafted(wanted, id=invoice_id, client=client, business=business, now=now)
        invoice, claims = claiming(draft, body.content, now=now, store=store)
        if send:
            must_have_email(client, "send the invoice of visit", visit.id)
            must_be_issuable(invoice, body.content, business, client, now=now)
        billed = visits.invoiced(visit, invoice.id, at=now)
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), Save(*billed), *claims)
        return invoice

    invoice = whole(store.persistently(deed), now=now, store=store)
    return _sent(invoice, now=now, store=store, press=press) if send else invoice


def items_of(visit: Visit, currency: str, store: Store) -> tuple[Item, ...]:
    """What was published of a visit and can be billed in a currency, the earliest done first."""

    def fits(item: Item) -> bool:
        return (item.visit_id, item.amount.currency) == (visit.id, currency)

    try:
        return to_be_billed(visit.client_id, fits, store=store)
    except Refused as refused:
        if refused.code != "nothing_to_bill":
            raise
        return ()


def attach_invoice(
    visit_id: str,
    invoice_id: str,
    *,
    send: bool,
    technician_id: str | None,
    if_match: int | None,
    now: datetime,
    store: Store,
    press: Press,
) -> Invoice:
    """Make a draft that is there already the invoice of a visit, and send it if that is wanted (P42).

    Attaching what is attached changes nothing. Raises Invalid (``foreign_invoice``) for another client's.
    """

    def deed() -> Invoice:
        visit = unchanged(visit_of(technician_id, visit_id, store), if_match)
        invoice = store.get(Invoice, invoice_id)
        _must_be_attachable(invoice, visit)
        if send:
            client = store.get(Client, visit.client_id)
            must_have_email(client, "send invoice", invoice.name)
            must_be_issuable(invoice, content_of(invoice, store), store.get(Business), client, now=now)
        if visit.invoice_id == invoice.id:
            return invoice
        _must_not_be_invoiced(visit, "attach another invoice to", store)
        taken, event = attached(invoice, visit_id=visit.id, job_id=visit.job_id, send=send, at=now)
        store.commit(Save(taken, event), Save(*visits.invoiced(visit, invoice.id, at=now)))
        return taken

    invoice = store.persistently(deed)
    return _sent(invoice, now=now, store=store, press=press) if send else invoice


def must_be_own(technician_id: str, invoice: Invoice, store: Store) -> None:
    """Raise Forbidden (``not_your_visit``) unless an invoice is that of a visit of this technician's (P44)."""
    visit = store.find(Visit, invoice.visit_id) if invoice.visit_id else None
    if visit is None or visit.technician_id != technician_id:
        raise Forbidden(
            "not_your_visit",
            f"You cannot take a payment on invoice {invoice.name} because it is not that of a visit of yours.",
        )


def _dated(content: Content, visit: Visit, business: Business) -> Content:
    """The content with a date for what is due so many days after the work was done, once it is."""
    if visit.completed_at is None:
        return content
    done = business.today(visit.completed_at)
    return replace(content, schedule=tuple(settled(term, completion=done) for term in content.schedule))


def _sent(draft: Invoice, *, now: datetime, store: Store, press: Press) -> Invoice:
    """The invoice issued and on its way, whoever was quicker."""
    try:
        return issue_invoice(draft.id, send=True, now=now, store=store, press=press)
    except Refused:
        current = store.get(Invoice, draft.id)
        if not current.issued_at or current.voided_at:
            raise
        return current


def _must_work_here(technician_id: str | None, store: Store) -> None:
    """Raise NotFound unless it is a user or a key of the business, Invalid for one who was shut out."""
    if technician_id is None:
        return
    if technician_id.startswith("key_"):
        gone = store.get(ApiKey, technician_id).revoked_at
    else:
        gone = store.get(User, technician_id).disabled_at
    if gone:
        detail = f"You cannot give a visit to {technician_id} because they may not come in any more."
        raise Invalid("technician_gone", detail, at="/technician_id")


def _must_not_be_invoiced(visit: Visit, deed: str, store: Store) -> None:
    """Raise Refused (``visit_invoiced``) while the visit's invoice is there and in force."""
    known = store.find(Invoice, visit.invoice_id) if visit.invoice_id else None
    if known and not known.voided_at:
        raise Refused("visit_invoiced", f"You cannot {deed} visit {visit.id} because it has invoice {known.name}.")


def _must_be_attachable(invoice: Invoice, visit: Visit) -> None:
    if invoice.client_id != visit.client_id:
        detail = f"You cannot attach invoice {invoice.name} because it is another client's."
        raise Invalid("foreign_invoice", detail, at="/invoice_id")
    must_be_draft(invoice, "attach")
    if invoice.visit_id not in {None, visit.id}:
        raise Refused(
            "invoice_attached",
            f"You cannot attach invoice {invoice.name} because it is the invoice of visit {invoice.visit_id}.",
        )
