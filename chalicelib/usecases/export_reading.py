"""Which documents an export is of, and all that is told of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from math import inf
from typing import TypeVar

from chalicelib.domain.batch import Batch
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import SERIES as CREDIT_NOTE
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.export_choice import Exported, Wanted
from chalicelib.domain.export_format import Format, Target
from chalicelib.domain.export_layouts import LAYOUTS
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Number
from chalicelib.domain.sales import Parties
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Store
from chalicelib.usecases.batching import invoices_of
from chalicelib.usecases.continuing_series import INVOICE
from chalicelib.usecases.reading import content_of, frozen_parties

MOST_DOCUMENTS = 20_000
"""Of one export."""
READ_AT_ONCE = 500
HEADS_AT_ONCE = 100
SERIES: Mapping[type[Exported], str] = {Invoice: INVOICE, CreditNote: CREDIT_NOTE}
E = TypeVar("E")


@dataclass(slots=True)
class Look:
    """A look through lists of any length, at so many pages at most. is_cut: whether it ended before they did."""

    pages: float = inf
    is_cut: bool = False

    def through(self, kind: type[E], wanted: Filter, store: Store) -> Iterator[E]:
        after: Mapping[str, str] | None = None
        while self.pages > 0:
            page = store.page(kind, wanted, limit=READ_AT_ONCE, after=after)
            self.pages -= 1
            yield from page.rows
            if (after := page.next) is None:
                return
        self.is_cut = True


def chosen(
    wanted: Wanted, format: Format, target: Target, store: Store, *, most: int, look: Look | None = None
) -> list[str]:
    """The ids of the documents asked for, by the day of issue and then as they were issued; of too many the first read.

    Raises NotFound for an id of nothing.
    """
    if wanted.ids:
        return _in_order(_named(wanted.ids, store), MOST_DOCUMENTS)[:most]
    look = look or Look()
    if wanted.batch_id:
        batch = store.get(Batch, wanted.batch_id)
        return _in_order((one for one in invoices_of(batch, store) if wanted.fits(one, target)), most)
    kinds: list[type[Exported]] = [Invoice]
    if bears_credits(format, target):
        kinds.append(CreditNote)
    found = _of_days if wanted.has_days and not wanted.client_id else _of_lists
    return _in_order((one for kind in kinds for one in found(kind, wanted, target, store, look)), most)


def must_be_few(ids: Sequence[str]) -> None:
    """Raise Invalid (``too_many``) for more than one export holds."""
    if len(ids) > MOST_DOCUMENTS:
        detail = f"You cannot export more than {MOST_DOCUMENTS} documents at once; choose fewer days."
        raise Invalid("too_many", detail, at="/filter")


def bears_credits(format: Format, target: Target) -> bool:
    return target is not Target.FILE or format not in LAYOUTS or LAYOUTS[format].bears_credits


def heads(ids: Sequence[str], store: Store) -> tuple[Exported, ...]:
    """The documents as they stand, in the order given."""
    notes = [id for id in ids if id.startswith("crn_")]
    invoices = [id for id in ids if not id.startswith("crn_")]
    found: list[Exported] = [*(store.many(Invoice, invoices) if invoices else ())]
    found += store.many(CreditNote, notes) if notes else ()
    by_id = {document.id: document for document in found}
    return tuple(by_id[id] for id in ids if id in by_id)


def references(documents: Sequence[Exported], store: Store) -> Mapping[str, str | None]:
    """What the clients of documents are called in the books of the business."""
    ids = sorted({document.client_id for document in documents})
    return {client.id: client.reference for client in store.many(Client, ids)} if ids else {}


def paper_of(document: Exported, reference: str | None, store: Store) -> Paper:
    return Paper(
        document=document,
        content=content_of(document, store),
        parties=frozen_parties(document, store) or store.get(Parties, document.id),
        reference=reference,
    )


def papers(ids: Sequence[str], store: Store) -> Iterator[Paper]:
    """All that is told of documents, one at a time."""
    documents = heads(ids, store)
    called = references(documents, store)
    for document in documents:
        yield paper_of(document, called.get(document.client_id), store)


def _of_lists(kind: type[Exported], wanted: Wanted, target: Target, store: Store, look: Look) -> Iterator[Exported]:
    narrowed = Filter(client_id=wanted.client_id, fits=lambda document: wanted.fits(document, target))
    return look.through(kind, narrowed, store)


def _of_days(kind: type[Exported], wanted: Wanted, target: Target, store: Store, look: Look) -> Iterator[Exported]:
    """Found by the register of numbers, which has the day of issue of each, at a fifteenth of a document's size."""
    narrowed = Filter(series=SERIES[kind], fits=lambda number: wanted.is_of_days(number.issue_date))
    numbers = look.through(Number, narrowed, store)
    while some := [number.document_id for number in islice(numbers, HEADS_AT_ONCE)]:
        yield from (document for document in store.many(kind, some) if wanted.fits(document, target))


def _named(ids: Sequence[str], store: Store) -> tuple[Exported, ...]:
    found = heads(ids, store)
    known = {document.id for document in found}
    for id in ids:
        if id not in known:
            raise NotFound("document", id)
    return found


def _in_order(documents: Iterable[Exported], most: int) -> list[str]:
    """Their ids; of each document no more is held than its place."""
    return [id for _, id in sorted((_place(one), one.id) for one in islice(documents, most))]


def _place(document: Exported) -> tuple[str, datetime, int]:
    """As they were issued; what was issued at once, by its number."""
    issued_at = document.issued_at if isinstance(document, Invoice) else None
    return f"{document.issue_date}", issued_at or document.created_at, document.seq or 0
