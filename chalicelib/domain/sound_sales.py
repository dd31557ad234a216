"""Whether deals, orders and delivery notes add up, and are billed as far as they say and no further (I2, I7)."""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.domain.billing import claim_of
from chalicelib.domain.books import Thing, Violation, total
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Body
from chalicelib.domain.sales_document import NOTHING, Claim, SalesDocument, SalesStatus
from chalicelib.domain.sound_invoices import of_figures


def of_sale(
    document: SalesDocument,
    *,
    body: Body | None = None,
    invoices: Iterable[Invoice] | None = None,
    firsts: Mapping[str, Body] | None = None,
) -> Iterator[Violation]:
    """A sales document beside the invoices that bill it, straight or through what was made of it.

    body: of its revision; invoices: at least all of these; firsts: their first bodies, by their ids.
    """
    thing = Thing(document.id, document.name)
    yield from of_figures(thing, document.figures, document.schedule, body)
    if body is None or invoices is None or firsts is None:
        return
    live = [invoice for invoice in invoices if document.id in invoice.sources and not invoice.voided_at]
    lost = sorted(invoice.id for invoice in live if invoice.id not in firsts)
    yield from thing.unless(not lost, "I7", f"what {', '.join(lost)} billed of it is not there")
    lines = body.content.lines
    claims = [
        claim_of(invoice.id, firsts[invoice.id].content, document.id, lines) for invoice in live if invoice.id in firsts
    ]
    yield from _of_quantities(thing, document, body, claims)
    yield from _of_amounts(thing, document, claims)
    straight = {claim.invoice_id for claim in claims if claim.figures}
    untold = sorted(straight - set(document.made))
    yield from thing.unless(not untold, "I7", f"it does not tell of {', '.join(untold)} that bills it")


def _of_quantities(thing: Thing, document: SalesDocument, body: Body, claims: Iterable[Claim]) -> Iterator[Violation]:
    lines = body.content.lines
    none = (NOTHING,) * len(lines)
    for place, line in enumerate(lines):
        billed = sum((claim.quantities[place] for claim in claims), NOTHING)
        passed = sum((claim.quantities[place] for claim in claims if claim.figures is None), NOTHING)
        told = (document.billed or none)[place], (document.passed or none)[place]
        for here, there in zip((billed, passed), told, strict=True):
            yield from thing.unless_equal(
                "I7",
                (f"of its line {line.id} invoices in force bill", here.normalize()),
                ("it says", there.normalize()),
            )
        within = billed <= abs(line.quantity)
        yield from thing.unless(within, "I7", f"{billed:f} of its line {line.id} is billed, of {line.quantity:f}")
    left = any(abs(line.quantity) != quantity for line, quantity in zip(lines, document.billed or none, strict=True))
    standing = SalesStatus.PARTLY_INVOICED if left else SalesStatus.INVOICED
    wanted = standing if any(document.billed) else SalesStatus.OPEN
    if document.status is not SalesStatus.CANCELLED:
        yield from thing.unless_equal("I7", ("its status is", document.status), ("what is billed makes it", wanted))


def _of_amounts(thing: Thing, document: SalesDocument, claims: Iterable[Claim]) -> Iterator[Violation]:
    currency = document.figures.currency
    claimed = total((claim.figures.total for claim in claims if claim.figures), currency)
    told = document.claimed.total if document.claimed else Money.zero(currency)
    yield from thing.unless_equal("I7", ("its invoices in force came to", claimed), ("it says", told))
    if document.status is SalesStatus.INVOICED and not document.passed:
        yield from thing.unless_equal(
            "I7", ("it is billed wholly, and its invoices came to", claimed), ("it comes to", document.figures.total)
        )
