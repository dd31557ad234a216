"""Whether each number's hash follows from what was issued under it, and from the hash of the number before (I22)."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.chain import Issued, hash_of, text_of
from chalicelib.domain.credit_events import CreditNoteRendered
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.events import InvoiceRendered
from chalicelib.domain.fingerprint import fingerprint
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.sales import Body, Parties

CHAIN = "I22"
RENDERED = InvoiceRendered | CreditNoteRendered


def of_chain(series: Series, numbers: Iterable[Number]) -> Iterator[Violation]:
    """A series and its numbers in the order in which they were given; a chain may begin at any of them."""
    before = ""
    for number in numbers:
        row = Thing(number.document_id, f"number {number.id}")
        link = number.link
        if link is None:
            yield from row.unless(not before, CHAIN, "the number before is chained and it is not")
            continue
        yield from row.unless_equal(CHAIN, ("it follows the hash", link.previous), ("the number before has", before))
        yield from row.unless_equal(CHAIN, ("its hash is", link.hash), ("what it says comes to", hash_of(number, link)))
        before = link.hash
    yield from Thing(series.id, f"series {series.id}").unless_equal(
        CHAIN, ("its last hash is", before), ("its counter says", series.head)
    )


def of_issued(
    document: CreditNote | Invoice,
    number: Number | None,
    *,
    body: Body | None,
    parties: Parties | None,
    envelopes: Iterable[Envelope],
) -> Iterator[Violation]:
    """A numbered document, and what its number says was issued; parties: as they were frozen.

    Its kept PDF is the one that its number was given with. A later version of ours, put up in the seconds between the
    two, may have drawn another: then the journal, which nobody can change, says so.
    """
    if number is None or number.link is None or number.document_id != document.id:
        return
    one, named = Thing(document.id, f"document {number.id}"), parties or (body.parties if body else None)
    if body is None or named is None:
        yield from one.unless(False, CHAIN, "what it said when it was issued is not there")
        return
    says = fingerprint(text_of(Issued(content=body.content, parties=named)))
    yield from one.unless_equal(CHAIN, ("what it says has the hash", says), ("its number holds", number.link.content))
    if (pdf := document.pdf) and number.link.pdf:
        rendered = {each.event.sha256 for each in envelopes if isinstance(each.event, RENDERED)}
        expected = pdf.sha256 if pdf.sha256 in rendered else number.link.pdf
        yield from one.unless_equal(CHAIN, ("its PDF's hash is", pdf.sha256), ("its number holds", expected))
    yield from one.unless_equal(
        CHAIN, ("its total is", document.figures.total), ("its number holds", number.link.total)
    )
