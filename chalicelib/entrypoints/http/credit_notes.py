"""/v1/credit-notes, and those of an invoice: what it said too much, taken back."""

from http import HTTPStatus

from chalicelib import wiring
from chalicelib.domain.credit_note import SERIES, CreditNote, numbering_of
from chalicelib.domain.credit_parts import Wish
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.lists import CreditNoteQuery, CreditQuery, Listed, PageQuery, listed, matches, within
from chalicelib.entrypoints.http.searches import searched
from chalicelib.entrypoints.http.shapes.credit_notes import CreditedLineIn, CreditNoteIn, CreditNoteOut
from chalicelib.entrypoints.http.shapes.reading import to_money
from chalicelib.entrypoints.http.shapes.sales import SendIn
from chalicelib.entrypoints.http.shapes.timelines import EventOut
from chalicelib.ports import Filter
from chalicelib.usecases import crediting, reading
from chalicelib.usecases.crediting import Crediting


def shown(call: Call, note: CreditNote) -> CreditNoteOut:
    return CreditNoteOut.of(note, reading.content_of(note, call.store))


def _note(call: Call, credit_note_id: str) -> CreditNoteOut:
    return shown(call, call.store.get(CreditNote, credit_note_id))


@operation(
    "POST",
    "/invoices/{invoice_id}/credit-notes",
    needs="credit_notes.write",
    query=CreditQuery,
    body=CreditNoteIn,
    answer=CreditNoteOut,
    status=201,
    place="/credit-notes",
    refusals=(404, 409, 412, 422, 503),
    again=_note,
    forever=True,
)
def credit_invoice(call: Call, invoice_id: str, body: CreditNoteIn) -> CreditNoteOut | Answer:
    """Take back what an issued invoice said too much; with ``dry_run`` only say what that would come to."""
    currency = call.store.get(Invoice, invoice_id).currency
    wanted = Crediting(
        reason=body.reason,
        lines=None if body.lines is None else _wishes(body.lines, currency),
        amount=to_money(body.amount, currency=currency),
        send=body.send,
    )
    if call.query.dry_run:
        proposal = crediting.proposed(invoice_id, wanted, now=call.now, store=call.store)
        return Answer(body=CreditNoteOut.proposed(proposal, reason=body.reason), status=HTTPStatus.OK)
    note = crediting.credit(
        invoice_id,
        wanted,
        if_match=call.if_match,
        now=call.now,
        ids=call.ids,
        store=call.store,
        gateway=wiring.gateway,
        press=wiring.press(),
    )
    return shown(call, note)


@operation(
    "GET",
    "/invoices/{invoice_id}/credit-notes",
    needs="credit_notes.read",
    query=PageQuery,
    answer=Listed[CreditNoteOut],
    refusals=(404,),
)
def list_credit_notes_of_invoice(call: Call, invoice_id: str) -> Listed[CreditNoteOut]:
    """The credit notes of an invoice, newest first, without their lines."""
    call.store.get(Invoice, invoice_id)
    return listed(call, CreditNote, Filter(parent=invoice_id), lambda note: CreditNoteOut.of(note, None))


@operation("GET", "/credit-notes", needs="credit_notes.read", query=CreditNoteQuery, answer=Listed[CreditNoteOut])
def list_credit_notes(call: Call) -> Listed[CreditNoteOut]:
    """The credit notes, newest first, without their lines."""
    query = call.query

    def fits(note: CreditNote) -> bool:
        return (
            (query.client_id is None or note.client_id == query.client_id)
            and (query.job_id is None or note.job_id == query.job_id)
            and (query.invoice_id is None or note.invoice_id == query.invoice_id)
            and (query.number is None or note.number == query.number)
            and within(note.issue_date, query)
            and matches(query, note.number, note.invoice_number, note.client_name)
        )

    wanted = Filter(
        client_id=query.client_id,
        job_id=query.job_id,
        parent=query.invoice_id,
        number=query.number,
        series=SERIES,
        fits=fits,
    )
    found = searched(call, wanted, series=SERIES, prefix=numbering_of(call.business).prefix)
    return listed(call, CreditNote, found, lambda note: CreditNoteOut.of(note, None))


@operation("GET", "/credit-notes/{credit_note_id}", needs="credit_notes.read", answer=CreditNoteOut, refusals=(404,))
def get_credit_note(call: Call, credit_note_id: str) -> CreditNoteOut:
    """One credit note with its lines."""
    return _note(call, credit_note_id)


@operation(
    "GET",
    "/credit-notes/{credit_note_id}/timeline",
    needs="credit_notes.read",
    answer=Listed[EventOut],
    refusals=(404,),
)
def get_credit_note_timeline(call: Call, credit_note_id: str) -> Listed[EventOut]:
    """Everything that happened to a credit note, oldest first."""
    call.store.get(CreditNote, credit_note_id)
    history = call.store.history(credit_note_id)
    return Listed[EventOut](data=[EventOut.of(one) for one in history], next_cursor=None)


@operation(
    "POST",
    "/credit-notes/{credit_note_id}/send",
    needs="credit_notes.send",
    body=SendIn,
    answer=CreditNoteOut,
    status=202,
    refusals=(404, 409, 412),
    again=_note,
    forever=True,
)
def send_credit_note(call: Call, credit_note_id: str, body: SendIn) -> CreditNoteOut:
    """Mail a credit note to the client, or mail it again; ``delivery.state`` says how far it has come."""
    note = crediting.send_credit_note(
        credit_note_id, template=body.template, if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, note)


def _wishes(lines: list[CreditedLineIn], currency: str) -> dict[str, Wish]:
    """Raises Invalid for a line that is named twice."""
    wishes: dict[str, Wish] = {}
    for place, line in enumerate(lines):
        if line.line_id in wishes:
            raise Invalid("line_twice", f"Line {line.line_id} is named twice.", at=f"/lines/{place}/line_id")
        amount = None
        if line.amount is not None:
            amount = Money.exactly(line.amount, currency, at=f"/lines/{place}/amount")
        wishes[line.line_id] = Wish(quantity=line.quantity, amount=amount)
    return wishes
