"""Whether each document is in just the exports that say so, and exports come to an end (I13, I18)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.books import Books, Thing, Violation
from chalicelib.domain.export import MOST_REMEMBERED, Export, ExportStatus
from chalicelib.domain.export_choice import Exported
from chalicelib.domain.export_events import CreditNoteExported, InvoiceExported
from chalicelib.domain.export_format import Target
from chalicelib.domain.journal import Envelope

Marked = InvoiceExported | CreditNoteExported


def marks(envelopes: Iterable[Envelope]) -> tuple[Marked, ...]:
    """What tells that a document is in an export, oldest first."""
    return tuple(envelope.event for envelope in envelopes if isinstance(envelope.event, Marked))


def of_exports(books: Books, by_subject: Mapping[str, Sequence[Envelope]]) -> Iterator[Violation]:
    """All exports of a business and all documents, where its events are at hand."""
    if books.envelopes is None:
        return
    told: dict[str, list[Marked]] = defaultdict(list)
    for mark in marks(books.envelopes):
        told[mark.export_id].append(mark)
    once = {one.id for one in books.others if isinstance(one, Export) and not one.wanted.again}
    documents: tuple[Exported, ...] = (*books.invoices, *books.credit_notes)
    for document in documents:
        own = by_subject.get(document.id, ())
        yield from of_exported(document, own)
        unasked = [mark.export_id for mark in _repeated(marks(own)) if mark.export_id in once]
        reason = f"{', '.join(unasked)} exported it again, and nobody asked for that"
        yield from Thing(document.id, f"document {document.name}").unless(not unasked, "I18", reason)
    for export in books.others:
        if isinstance(export, Export):
            yield from of_export(export, told.get(export.id, ()))


def _repeated(own: Sequence[Marked]) -> Iterator[Marked]:
    """Those that give a document where it was given before: to the same program, or to a file after anything."""
    for place, mark in enumerate(own):
        before = {one.target for one in own[:place]}
        if before and (mark.target == Target.FILE or mark.target in before):
            yield mark


def of_export(export: Export, told: Iterable[Marked]) -> Iterator[Violation]:
    """told: all that tells of a document in this export."""
    thing = Thing(export.id, f"export {export.id}")
    times = Counter(mark.subject for mark in told)
    twice = sorted(id for id, count in times.items() if count > 1)
    yield from thing.unless(not twice, "I18", f"{', '.join(twice)} is in it more than once")
    if export.status is ExportStatus.READY:
        yield from thing.unless_equal(
            "I18", ("documents that say they are in it are", len(times)), ("it counts", export.done)
        )
        whole = export.done + export.left_out + export.failed
        yield from thing.unless_equal("I18", ("it was to be of", export.total), ("it accounts for", whole))
    elif export.status is ExportStatus.QUEUED:
        yield from thing.unless(not times, "I18", f"{len(times)} documents are in it before it is begun")
    else:
        within = export.done <= len(times) <= export.done + export.page
        yield from thing.unless(within, "I18", f"{len(times)} documents are in it and it counts {export.done}")


def of_exported(document: Exported, told: Iterable[Envelope]) -> Iterator[Violation]:
    """A document beside its own events."""
    thing, own = Thing(document.id, f"document {document.name}"), marks(told)
    kept = tuple(mark.export_id for mark in own)[-MOST_REMEMBERED:]
    yield from thing.unless_equal("I18", ("its events tell of the exports", kept), ("it says", document.exports))
    last = own[-1].at if own else None
    yield from thing.unless_equal("I18", ("it was exported last", last), ("it says", document.exported_at))


def of_export_work(export: Export, *, late: datetime) -> Iterator[Violation]:
    """late: what should have gone on by then."""
    waits = export.look_at is not None and export.look_at <= late
    thing = Thing(export.id, f"export {export.id}")
    yield from thing.unless(
        not waits, "I13", f"it is {export.status}, and nothing was heard of it since {export.look_at}"
    )
