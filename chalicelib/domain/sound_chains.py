"""Whether each number's hash follows from what was issued under it, and from the hash of the number before (I22)."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.chain import Issued, hash_of, text_of
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.fingerprint import fingerprint
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.sales import Body, Parties

CHAIN = "I22"


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
    document: CreditNote | Invoice, number: Number | None, *, body: Body | None, parties: Parties | None
) -> Iterator[Violation]:
    """A numbered document, and what its number says was issued; parties: as they were frozen."""
    if number is None or number.link is None or number.document_id != document.id:
        return
    one, named = Thing(document.id, f"document {number.id}"), parties or (body.parties if body else None)
    if body is None or named is None:
        yield from one.unless(False, CHAIN, "what it said when it was issued is not there")
        return
    says = fingerprint(text_of(Issued(content=body.content, parties=named)))
    yield from one.unless_equal(CHAIN, ("what it says has the hash", says), ("its number holds", number.link.content))
    yield from one.unless_equal(CHAIN, ("its PDF's hash is", document.sealed), ("its number holds", number.link.pdf))
    yield from one.unless_equal(
        CHAIN, ("its total is", document.figures.total), ("its number holds", number.link.total)
    )
