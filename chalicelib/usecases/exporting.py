"""Exports: asked for in one request, made in steps of which each may be the last that a worker lives to do.

A step is done again as if it had never been begun: the documents of a page are marked in one transaction, what is said
of them is kept as a piece under the page's number, and then the page counts as done.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import export as exports
from chalicelib.domain.accounting import Chart, Words, unmapped
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Conflict, DomainError, Refused
from chalicelib.domain.export import PAGE, Export, Exported, Failure, Format, Options, Target, Wanted
from chalicelib.domain.export_layouts import LAYOUTS, Setting
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.journal import Event
from chalicelib.ports import Add, Files, Ids, Renderer, Save, Sheets, Store, Wordings
from chalicelib.usecases.export_files import Drawn, assembled, folder_of, piece, piece_key
from chalicelib.usecases.export_reading import chosen, heads, must_be_few, paper_of, papers, references
from chalicelib.usecases.sending import drawn_now, is_kept, pdf_key, pdf_name

CHECKED_AT_ONCE = 100
"""Documents that are looked at for words that the settings lack before an export is accepted."""
LEASE_S = 150
"""For so long a step is one worker's: longer than the function may run."""
JSON, BYTES = "application/json", "application/octet-stream"
UNWRITABLE = (DomainError, ArithmeticError, LookupError, ValueError)
"""What may be wrong with one document, so that it cannot be exported; the others can."""


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


def ask_for_export(
    *,
    format: Format,
    target: Target = Target.FILE,
    wanted: Wanted,
    options: Options,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Export:
    """An export that a worker will make.

    Raises NotFound for an unknown document; Invalid (``unmapped``) with all that the settings lack for the first
    documents; Refused (``nothing_to_export``).
    """
    first = chosen(wanted, format, store, most=CHECKED_AT_ONCE)
    if not first:
        raise Refused("nothing_to_export", "You cannot export because nothing fits that was not exported before.")
    _must_be_mapped(first, _setting(format, options, store.get(Business)), format, store)
    export, event = exports.requested(
        ids(exports.PREFIX),
        format=format,
        target=target,
        wanted=wanted,
        options=options,
        by=store.caller.actor,
        at=now,
    )
    store.commit(Add(export, event))
    return export


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
        if export.pages * PAGE < export.total:
            return _write_page(export, business, hands)
        return _finish(export, business, hands)
    except Conflict:
        raise
    except DomainError as error:
        return _kept(*exports.given_up(export, error, at=hands.now), hands)


def _choose(export: Export, business: Business, hands: Hands) -> Export:
    ids = chosen(export.wanted, export.format, hands.store)
    must_be_few(ids)
    body = json.dumps(ids).encode()
    hands.files.put(f"{folder_of(business.id, export)}/chosen", body, content_type=JSON)
    return _kept(*exports.chosen(export, len(ids), at=hands.now), hands)


def _check(export: Export, business: Business, hands: Hands) -> Export:
    """Before anything is marked: nothing is exported where a word is missing."""
    some = _ids(export, business, hands)[export.checked : export.checked + PAGE]
    setting = _setting(export.format, export.options, business)
    _look_for_words(some, setting, export.format, hands.store.aside())
    looked = exports.checked(export, len(some), lacks=setting.words.lacks, at=hands.now)
    return _kept(*exports.must_be_mapped(*looked), hands)


def _write_page(export: Export, business: Business, hands: Hands) -> Export:
    """The next page: what can be said of its documents, those marked that are in it, and the piece kept."""
    some = _ids(export, business, hands)[export.pages * PAGE : (export.pages + 1) * PAGE]
    setting = _setting(export.format, export.options, business)
    said, failures = _said(some, export, setting, business, hands)
    taken = _marked(export, [*said], hands)
    body = piece([said[id] for id in taken], export, setting)
    hands.files.put(piece_key(business.id, export, export.pages), body, content_type=BYTES)
    left_out = len(said) - len(taken)
    page = exports.advanced(export, done=len(taken), left_out=left_out, failures=failures, at=hands.now)
    return _kept(*page, hands)


def _finish(export: Export, business: Business, hands: Hands) -> Export:
    setting, today = _setting(export.format, export.options, business), business.today(hands.now)
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
            exports.must_be_exportable(document)
            said[document.id] = _one(document, called.get(document.client_id), export, setting, business, hands, store)
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
    if export.format is Format.PDF_ZIP:
        return Drawn(name=_member_name(document), pdf=_pdf(document, business, hands, store))
    paper = paper_of(document, reference, store)
    LAYOUTS[export.format].text(paper, setting, 1)
    return paper


def _pdf(document: Exported, business: Business, hands: Hands, store: Store) -> bytes:
    """The kept document; one that is not drawn yet is drawn as it is going to be kept."""
    if is_kept(document, None):
        return hands.files.get(pdf_key(business.id, document))
    body, _ = drawn_now(document, business, store=store, renderer=hands.renderer(), wordings=hands.wordings)
    return body


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


def _must_be_mapped(ids: Sequence[str], setting: Setting, format: Format, store: Store) -> None:
    if format.program:
        _look_for_words(ids, setting, format, store.aside())
        if setting.words.lacks:
            raise unmapped(setting.words.lacks, format.program)


def _look_for_words(ids: Sequence[str], setting: Setting, format: Format, store: Store) -> None:
    """Ask for every word that documents take; what is wrong with one of them is found when it is written."""
    for paper in papers(ids, store):
        with suppress(*UNWRITABLE):
            LAYOUTS[format].text(paper, setting, 1)


def _setting(format: Format, options: Options, business: Business) -> Setting:
    chart = business.accounting.get(format.program) if format.program else None
    return Setting(words=Words(chart or Chart()), country=business.country, currency=business.currency, options=options)


def _ids(export: Export, business: Business, hands: Hands) -> list[str]:
    ids: list[str] = json.loads(hands.files.get(f"{folder_of(business.id, export)}/chosen"))
    return ids


def _kept(after: Export, because: Event, hands: Hands) -> Export:
    """The export as it is now; who finds that another went on with it goes on from there."""
    try:
        hands.store.commit(Save(after, because))
    except Conflict:
        return hands.store.get(Export, after.id)
    return after
