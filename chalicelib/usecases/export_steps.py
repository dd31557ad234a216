"""Exports made in steps, of which each may be the last that a worker lives to do.

A step is done again as if it had never been begun: the documents of a page are marked in one transaction, what is said
of them is kept as a piece under the page's number, and then the page counts as done. In a program that is connected,
each is booked and then marked; whoever died in between finds it there.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from chalicelib.domain import export as exports
from chalicelib.domain.bookkeeping import Bill, Booked, bill_of
from chalicelib.domain.business import Business
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Conflict, DomainError, Refused
from chalicelib.domain.export import Export, Failure
from chalicelib.domain.export_choice import Exported
from chalicelib.domain.export_format import Format, Target
from chalicelib.domain.export_layouts import LAYOUTS, Setting
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass
from chalicelib.ports import Accounting, EInvoices, Files, Press, Renderer, Save, Seal, Sheets, Store, Wordings
from chalicelib.usecases import booking
from chalicelib.usecases.e_invoice_copies import factur_x_pdf
from chalicelib.usecases.export_files import Drawn, assembled, folder_of, piece, piece_key
from chalicelib.usecases.export_reading import MOST_DOCUMENTS, chosen, heads, must_be_few, paper_of, references
from chalicelib.usecases.export_words import UNWRITABLE, look_for_words, setting_of, with_items
from chalicelib.usecases.sending import pdf_in, pdf_name

LEASE_S = 150
"""For so long a step is one worker's: longer than the function may run."""
UNANSWERED = frozenset({"program_silent", "program_busy"})
"""A program that answers nothing about a whole page answers nothing at all."""
JSON, BYTES = "application/json", "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What an export is made with.

    clock: the real time, by which leases end; now: by the business's own.
    """

    clock: Callable[[], datetime]
    now: datetime
    store: Store
    files: Files
    sheets: Callable[[], Sheets]
    renderer: Callable[[], Renderer]
    wordings: Wordings
    e_invoices: Callable[[], EInvoices]
    accounting: Callable[[Target], Accounting]
    seal: Callable[[], Seal]

    def press(self) -> Press:
        return Press(renderer=self.renderer, wordings=self.wordings, e_invoices=self.e_invoices)

    def books(self) -> booking.Books:
        return booking.Books(
            clock=self.clock, now=self.now, store=self.store, accounting=self.accounting, seal=self.seal
        )


def go_on(export_id: str, *, enough: Callable[[], bool], hands: Hands) -> bool:
    """Go on with an export until it is over, or that is enough; answers whether there is more to do.

    Of several who try, one goes on at a time.
    """
    export = hands.store.find(Export, export_id)
    while export and not export.is_over:
        lease = f"export:{export.id}:{export.version}"
        if not hands.store.claim(lease, now=hands.clock(), seconds=LEASE_S):
            return False
        export = _step(export, hands)
        if enough():
            return not export.is_over
    return False


def _step(export: Export, hands: Hands) -> Export:
    business = hands.store.get(Business)
    try:
        if export.total is None:
            return _choose(export, business, hands)
        if export.format.program and export.checked < export.total:
            return _check(export, business, hands)
        if export.pages * export.page < export.total:
            write = _write_page if export.target is Target.FILE else _book_page
            return write(export, business, hands)
        return _finish(export, business, hands)
    except Conflict:
        raise
    except UnknownOutcome:
        _kept(*exports.unanswered(export, at=hands.now), hands)
        raise
    except DomainError as error:
        return _kept(*exports.given_up(export, error, at=hands.now), hands)


def _choose(export: Export, business: Business, hands: Hands) -> Export:
    ids = chosen(export.wanted, export.format, export.target, hands.store, most=MOST_DOCUMENTS + 1)
    must_be_few(ids)
    body = json.dumps(ids).encode()
    hands.files.put(f"{folder_of(business.id, export)}/chosen", body, content_type=JSON)
    return _kept(*exports.chosen(export, len(ids), at=hands.now), hands)


def _check(export: Export, business: Business, hands: Hands) -> Export:
    """Before anything is marked: nothing is exported where a word is missing."""
    some = _ids(export, business, hands)[export.checked : export.checked + exports.PAGE]
    setting = setting_of(export.format, export.options, business)
    look_for_words(some, setting, export.format, export.target, hands.store.aside())
    looked = exports.checked(export, len(some), lacks=setting.words.lacks, at=hands.now)
    return _kept(*exports.must_be_mapped(*looked), hands)


def _write_page(export: Export, business: Business, hands: Hands) -> Export:
    """The next page: what can be said of its documents, those marked that are in it, and the piece kept."""
    some = _ids_of_page(export, business, hands)
    setting = setting_of(export.format, export.options, business)
    said, failures = _said(some, export, setting, business, hands)
    taken = _marked(export, [*said], hands)
    body = piece([said[id] for id in taken], export, setting)
    hands.files.put(piece_key(business.id, export, export.pages), body, content_type=BYTES)
    left_out = len(said) - len(taken)
    page = exports.advanced(export, done=len(taken), left_out=left_out, failures=failures, at=hands.now)
    return _kept(*page, hands)


def _book_page(export: Export, business: Business, hands: Hands) -> Export:
    """The next page, document by document: booked in the program, then marked."""
    done, left_out = 0, 0
    failures: list[Failure] = []
    for document in heads(_ids_of_page(export, business, hands), hands.store):
        if exports.is_in(document, export):
            done += 1
        elif not exports.is_free_for(document, export):
            left_out += 1
        else:
            became = _book(document, export, business, hands)
            done, left_out = done + (became is True), left_out + (became is False)
            failures += (became,) if isinstance(became, Failure) else ()
    if failures and not done + left_out and all(one.code in UNANSWERED for one in failures):
        raise Refused(failures[0].code, failures[0].detail)
    page = exports.advanced(export, done=done, left_out=left_out, failures=failures, at=hands.now)
    return _kept(*page, hands)


def _book(document: Exported, export: Export, business: Business, hands: Hands) -> Failure | bool:
    """Whether a document is booked and marked by this export, not by another meanwhile; or why it could not be."""
    store, setting = hands.store.aside(), setting_of(export.format, export.options, business)
    try:
        booked = _booked(document, export, setting, store, hands)
    except Conflict:
        raise
    except UNWRITABLE as error:
        if isinstance(error, UnknownOutcome) and export.waits_for_answers:
            raise
        if isinstance(error, Refused) and error.code in booking.SHUT_OUT:
            raise
        return exports.failure(document, error)
    return _mark_booked(document.id, export, booked, hands)


def _booked(document: Exported, export: Export, setting: Setting, store: Store, hands: Hands) -> Booked:
    """A void one is not made there; but it is there where the answer about it was lost before it was voided."""
    target, books = export.target, hands.books()
    try:
        exports.must_be_exportable(document)
    except Refused as refused:
        if refused.code != "invoice_void":
            raise
        there = booking.find(_bill(document, setting, target, store), target, books)
        if there is None:
            raise
        return there
    return booking.book(_bill(document, setting, target, store), target, books)


def _bill(document: Exported, setting: Setting, target: Target, store: Store) -> Bill:
    return bill_of(paper_of(document, None, store), setting.words, with_items=with_items(target))


def _mark_booked(document_id: str, export: Export, booked: Booked, hands: Hands) -> bool:
    """Whether it is in this export now."""

    def deed() -> bool:
        (current,) = heads([document_id], hands.store)
        if exports.is_in(current, export):
            return True
        if not exports.is_free_for(current, export):
            return False
        hands.store.commit(Save(*exports.marked(current, export, booked=booked, at=hands.now)))
        return True

    return hands.store.persistently(deed)


def _finish(export: Export, business: Business, hands: Hands) -> Export:
    if export.target is not Target.FILE:
        return _kept(*exports.ready(export, None, at=hands.now), hands)
    setting, today = setting_of(export.format, export.options, business), business.today(hands.now)
    file = assembled(export, business, setting, today=today, files=hands.files, sheets=hands.sheets())
    return _kept(*exports.ready(export, file, at=hands.now), hands)


def _said(
    ids: Sequence[str], export: Export, setting: Setting, business: Business, hands: Hands
) -> tuple[dict[str, Paper | Drawn], list[Failure]]:
    """What is said of each document of which it can be, and why not of the others."""
    store = hands.store.aside()  # what it remembers of them ends with the page
    documents = heads(ids, store)
    called = references(documents, store)
    said: dict[str, Paper | Drawn] = {}
    failures = []
    for document in documents:
        try:
            if not exports.is_in(document, export):  # what was in force when it was marked stays in
                exports.must_be_exportable(document)
            said[document.id] = _one(document, called.get(document.client_id), export, setting, business, hands, store)
        except Conflict:
            raise
        except UNWRITABLE as error:
            if exports.is_in(document, export):
                raise
            failures.append(exports.failure(document, error))
    return said, failures


def _one(
    document: Exported,
    reference: str | None,
    export: Export,
    setting: Setting,
    business: Business,
    hands: Hands,
    store: Store,
) -> Paper | Drawn:
    if export.format.is_drawn:
        if export.format is Format.PDF_ZIP:
            body = _pdf(document, export.options.template, business, hands, store)
        else:
            body = factur_x_pdf(document, business, store=store, files=hands.files, press=hands.press())
        return Drawn(name=_member_name(document), pdf=body)
    paper = paper_of(document, reference, store)
    LAYOUTS[export.format].text(paper, setting, 1)
    return paper


def _pdf(document: Exported, template: Template | None, business: Business, hands: Hands, store: Store) -> bytes:
    return pdf_in(document, business, template=template, store=store, files=hands.files, press=hands.press())


def _member_name(document: Exported) -> str:
    """Its number; where that makes no name of a file, with the end of its id, so that no two are alike."""
    name = pdf_name(document.name)
    return name if name == f"{document.name}.pdf" else f"{name.removesuffix('.pdf')}-{document.id[-6:]}.pdf"


def _marked(export: Export, ids: Sequence[str], hands: Hands) -> list[str]:
    """The documents that are in the export: marked now, or by whoever was at this page before."""

    def deed() -> list[str]:
        known = heads(ids, hands.store)
        mine = [one for one in known if exports.is_in(one, export) or exports.is_free_for(one, export)]
        fresh = [one for one in mine if not exports.is_in(one, export)]
        if fresh:
            hands.store.commit(*(Save(*exports.marked(one, export, at=hands.now)) for one in fresh))
        return [one.id for one in mine]

    return hands.store.persistently(deed)


def _ids(export: Export, business: Business, hands: Hands) -> list[str]:
    ids: list[str] = json.loads(hands.files.get(f"{folder_of(business.id, export)}/chosen"))
    return ids


def _ids_of_page(export: Export, business: Business, hands: Hands) -> list[str]:
    return _ids(export, business, hands)[export.pages * export.page : (export.pages + 1) * export.page]


def _kept(after: Export, because: Event, hands: Hands) -> Export:
    """The export as it is now; who finds that another went on with it goes on from there."""
    try:
        hands.store.commit(Save(after, because))
    except Conflict:
        return hands.store.get(Export, after.id)
    return after
