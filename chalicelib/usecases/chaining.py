"""The chain of a series as whoever verifies it needs it: each number with what was issued under it."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued, text_of
from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Link, Number
from chalicelib.domain.sales import Parties
from chalicelib.domain.values import dataclass
from chalicelib.ports import Files, Filter, Store
from chalicelib.usecases.reading import bodies_of, every

CHAINED = ("invoice", SERIES)
HEAD = "quittance head 1"
"""Of what a head says; it is in its ``form``."""
LOOKS_BACK = timedelta(days=2)
"""A night's head tells of the numbers since so many days, so that each is in two heads."""
AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A number that is chained; content: what its document says, None where that is gone.

    kept_pdf_sha256: of the PDF that is kept, None before.
    """

    number: Number
    link: Link
    content: str | None
    kept_pdf_sha256: str | None


def linked(numbers: Iterable[Number], store: Store) -> tuple[Linked, ...]:
    """The numbers that are chained, in the order given, all of one series."""
    chained = [(number, number.link) for number in numbers if number.link]
    if not chained:
        return ()
    kind: type[CreditNote | Invoice] = CreditNote if chained[0][0].series == SERIES else Invoice
    ids = [number.document_id for number, _ in chained]
    documents = {one.id: one for one in store.many(kind, ids)}
    bodies = bodies_of(list(documents.values()), store)
    frozen = {one.id: one for one in store.many(Parties, ids)}
    found = []
    for number, link in chained:
        document, body = documents.get(number.document_id), bodies.get(number.document_id)
        parties = frozen.get(number.document_id) or (body.parties if body else None)
        content = text_of(Issued(content=body.content, parties=parties)) if body and parties else None
        pdf = document.pdf.sha256 if document and document.pdf else None
        found.append(Linked(number=number, link=link, content=content, kept_pdf_sha256=pdf))
    return tuple(found)


def keep_heads(business: Business, *, day: date, vault: Files, store: Store) -> None:
    """Put the newest hash of each chain where nobody can change it, and those of the numbers of its last days.

    Doing it again on the same day puts the same file, or a newer version of it.
    """
    links = [link for series in CHAINED for link in _since(day - LOOKS_BACK, series, store)]
    if links:
        said = {"form": HEAD, "business": business.id, "day": day.isoformat(), "links": links}
        body = json.dumps(said, separators=(",", ":")).encode()
        vault.put(head_key(business.id, day), body, content_type="application/json")


def head_key(business_id: str, day: date) -> str:
    return f"{business_id}/{day.isoformat()}.json"


def _since(first: date, series: str, store: Store) -> Iterator[dict[str, str]]:
    """The links of a chain since a day, and at least its last one, the newest first."""
    numbers = every(Number, Filter(series=series), store, at_once=AT_ONCE)
    links = ((number, number.link) for number in numbers if number.link)
    for position, (number, link) in enumerate(links):
        if position and number.issue_date < first:
            return
        yield {"series": series, "number": number.id, "hash": link.hash}
