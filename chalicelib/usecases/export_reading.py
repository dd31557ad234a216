"""Which documents an export is of, and all that is told of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from chalicelib.domain.batch import Batch
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.export import Exported, Wanted
from chalicelib.domain.export_format import Format, Target
from chalicelib.domain.export_layouts import LAYOUTS
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.sales import Parties
from chalicelib.ports import Filter, Store
from chalicelib.usecases.batching import invoices_of
from chalicelib.usecases.reading import content_of, every, frozen_parties

MOST_DOCUMENTS = 20_000
"""Of one export."""
READ_AT_ONCE = 500


def chosen(wanted: Wanted, format: Format, target: Target, store: Store, *, most: int) -> list[str]:
    """The ids of the documents asked for, by the day of issue and then as they were issued; of too many the first read.

    Raises NotFound for an id of nothing.
    """
    if wanted.ids:
        return _in_order(_named(wanted.ids, store), MOST_DOCUMENTS)[:most]
    if wanted.batch_id:
        batch = store.get(Batch, wanted.batch_id)
        return _in_order((one for one in invoices_of(batch, store) if wanted.fits(one, target)), most)
    kinds: list[type[Exported]] = [Invoice]
    if bears_credits(format, target):
        kinds.append(CreditNote)
    found = (
        document for kind in kinds for document in every(kind, _filter(wanted, target), store, at_once=READ_AT_ONCE)
    )
    return _in_order(found, most)


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


def _filter(wanted: Wanted, target: Target) -> Filter:
    return Filter(client_id=wanted.client_id, fits=lambda document: wanted.fits(document, target))


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
