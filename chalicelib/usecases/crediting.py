"""Credit notes: what an issued invoice said too much, taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import credit_note as notes
from chalicelib.domain import payment_life as payments
from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued, tied
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.credit_parts import Wish, part, part_of_total, so_far, whole_part
from chalicelib.domain.document import Template
from chalicelib.domain.e_invoice_due import of_credit
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import must_be_stated
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Series, opened, take
from chalicelib.domain.party import crediting
from chalicelib.domain.payment import Payment
from chalicelib.domain.sales import Body, Content, Parties, parties_of, worked_out
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Advance, Filter, Gateway, Ids, Keep, Move, Press, Save, Store
from chalicelib.usecases import checkouts
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.deducting import must_not_be_deducted
from chalicelib.usecases.drawing import drawn
from chalicelib.usecases.quoting import must_have_email
from chalicelib.usecases.reading import content_of, every, frozen_parties, notes_of

DEED = "send the credit note of invoice"
MOST_FREED = 30
"""Payments that one credit note frees: each takes two writes of the 100 that a transaction may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crediting:
    """What is to be credited: so much of lines, so much of the total with taxes, or all that is left."""

    reason: str
    lines: Mapping[str, Wish] | None = None
    amount: Money | None = None
    send: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a credit note of an invoice would say.

    freed: what of the invoice's payments would become its client's credit.
    """

    invoice: Invoice
    content: Content
    figures: Figures
    freed: Money


def proposed(invoice_id: str, wanted: Crediting, *, now: datetime, store: Store) -> Proposal:
    """What would be credited. Raises as ``credit`` does; writes nothing."""
    invoice = store.get(Invoice, invoice_id)
    content, figures = worked_out(content_to_credit(invoice, wanted, store))
    business, client = store.get(Business), store.get(Client, invoice.client_id)
    if wanted.send:
        must_have_email(client, DEED, invoice.name)
    named_by(invoice.id, invoice, content, business, client, now=now, store=store)
    freed = notes.beyond_due(invoice, figures)
    _freed(invoice, freed, store)
    return Proposal(invoice=invoice, content=content, figures=figures, freed=freed)


def credit(
    invoice_id: str,
    wanted: Crediting,
    *,
    if_match: int | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
    gateway: Callable[[], Gateway],
    press: Press,
) -> CreditNote:
    """The credit note, issued at once under its own number; an open way to pay the invoice is closed first.

    What was paid beyond what is then due becomes credit on the payments it came by, the newest first.
    Raises Refused for what cannot be credited, Invalid for more than is left of the invoice or a line.
    """
    id = ids("crn")
    known = unchanged(store.get(Invoice, invoice_id), if_match)
    content = content_to_credit(known, wanted, store)  # refused, it closes no page
    named_by(id, known, content, store.get(Business), store.get(Client, known.client_id), now=now, store=store)

    def deed() -> CreditNote:
        invoice = checkouts.closed(invoice_id, now=now, store=store, gateway=gateway)
        return _issued(
            id, invoice, content_to_credit(invoice, wanted, store), wanted, now=now, store=store, press=press
        )

    return store.persistently(deed)


def send_credit_note(
    credit_note_id: str,
    *,
    template: Template | None = None,
    if_match: int | None = None,
    now: datetime,
    store: Store,
) -> CreditNote:
    """Ask for a credit note to be mailed, again if it was before.

    template: of the PDF in this mail; the credit note's own stays what it is.
    """

    def deed() -> CreditNote:
        known = unchanged(store.get(CreditNote, credit_note_id), if_match)
        must_have_email(store.get(Client, known.client_id), "send credit note", known.name)
        asked, event = notes.send_requested(known, template=template, at=now)
        store.commit(Save(asked, event))
        return asked

    return store.persistently(deed)


def content_to_credit(invoice: Invoice, wanted: Crediting, store: Store) -> Content:
    """What a credit note would say. Raises as ``credit`` does; writes nothing."""
    notes.must_be_creditable(invoice)
    must_not_be_deducted(invoice, "credit", store)
    content = content_of(invoice, store)
    before = so_far(content, [content_of(note, store) for note in notes_of(invoice.id, store)])
    if wanted.lines is not None:
        return part(invoice.id, content, before, wanted.lines)
    if wanted.amount is not None:
        return part_of_total(invoice.id, content, before, wanted.amount)
    return whole_part(invoice.id, content, before)


def named_by(
    id: str, invoice: Invoice, content: Content, business: Business, client: Client, *, now: datetime, store: Store
) -> Parties:
    """Whom a credit note of an invoice names. Raises Refused (``mark_missing``) for what the law wants said there."""
    then = frozen_parties(invoice, store)
    seller = crediting(business.as_seller(), invoiced=then.seller) if then else business.as_seller()
    seller = replace(seller, e_invoicing=of_credit(seller.e_invoicing, invoice, then))
    parties = parties_of(id, content, seller=seller, buyer=client.as_buyer())
    _, figures = worked_out(content)
    case = Case(kind=PaperKind.CREDIT_NOTE, figures=figures, parties=parties, on=business.today(now))
    must_be_stated(case, f"a credit note of invoice {invoice.name}")
    return parties


def _issued(
    id: str, invoice: Invoice, content: Content, wanted: Crediting, *, now: datetime, store: Store, press: Press
) -> CreditNote:
    business, client = store.get(Business), store.get(Client, invoice.client_id)
    if wanted.send:
        must_have_email(client, DEED, invoice.name)
    sold, figures = worked_out(content)
    parties = named_by(id, invoice, content, business, client, now=now, store=store)
    series = store.find(Series, SERIES) or opened(SERIES, notes.numbering_of(business))
    issued = Issued(content=sold, parties=parties)
    series, number = take(series, document_id=id, on=business.today(now))
    note, event = notes.issued(id, invoice, figures, number=number, reason=wanted.reason, send=wanted.send, at=now)
    pdf = drawn(note, issued, press).pdf
    series, number = tied(series, number, figures=figures, issued=issued, pdf_sha256=pdf.sha256)
    after, told = notes.credited(invoice, note, at=now)
    freed = [payments.freed(one, invoice.id, amount, at=now) for one, amount in _freed(invoice, note.freed, store)]
    store.commit(
        Add(note, event),
        Save(after, told),
        *(Save(payment, because) for payment, because in freed),
        Advance(series),
        Keep(number),
        Keep(Body(id=id, revision=1, content=sold)),
        Keep(parties),
        Move(
            client_id=client.id,
            amount_due=after.amount_due - invoice.amount_due,
            credit_total=note.freed,
        ),
    )
    return note


def _freed(invoice: Invoice, amount: Money, store: Store) -> Iterable[tuple[Payment, Money]]:
    """From which payments so much is freed: the newest first. Raises Refused for more of them than one deed takes."""
    taken: list[tuple[Payment, Money]] = []
    left = amount
    if not left:
        return taken
    for listed in every(Payment, Filter(parent=invoice.id), store, at_once=MOST_FREED):
        step = min(left, listed.on(invoice.id))
        if step.minor > 0:
            taken.append((listed, step))
            left -= step
        if not left:
            break
    if left or len(taken) > MOST_FREED:
        detail = f"You cannot credit so much of invoice {invoice.name} at once: it has too many payments."
        raise Refused("too_many_payments", detail)
    return taken
