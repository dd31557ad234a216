"""Whether a visit is billed once (I7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from chalicelib.domain.books import Books, Thing, Violation
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.visit import Visit


def of_visits(books: Books) -> Iterator[Violation]:
    """Every visit of the books."""
    billing: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in books.invoices:
        billing[invoice.visit_id or ""].append(invoice)
    for visit in books.others:
        if isinstance(visit, Visit):
            yield from of_visit(visit, billing.get(visit.id, ()))


def of_visit(visit: Visit, invoices: Iterable[Invoice]) -> Iterator[Violation]:
    """A visit beside the invoices that name it: one of them at most is in force, and it is the one that it names."""
    thing = Thing(visit.id, f"visit {visit.id}")
    live = sorted(invoice.id for invoice in invoices if invoice.visit_id == visit.id and not invoice.voided_at)
    yield from thing.unless(len(live) <= 1, "I7", f"{', '.join(live)} bill it")
    told = not live or visit.invoice_id in live
    yield from thing.unless(told, "I7", f"it names {visit.invoice_id or 'nothing'} and {', '.join(live)} bills it")
