"""The chain of a series as whoever verifies it needs it: each number with what was issued under it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.chain import Issued, text_of
from chalicelib.domain.credit_note import SERIES, CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Link, Number
from chalicelib.domain.sales import Parties
from chalicelib.ports import Store
from chalicelib.usecases.reading import bodies_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A number that is chained; content: what its document says, None where that is gone."""

    number: Number
    link: Link
    content: str | None
    pdf_sha256: str | None


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
        found.append(Linked(number=number, link=link, content=content, pdf_sha256=pdf))
    return tuple(found)
