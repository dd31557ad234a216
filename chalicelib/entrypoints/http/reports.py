"""Reports: each number's fate, and whether the books are sound."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib import wiring
from chalicelib.domain.audit import Audit
from chalicelib.domain.credit_note import SERIES as CREDIT_NOTE
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_status import status_of
from chalicelib.domain.numbering import IMPORTED, Number
from chalicelib.domain.sales_document import SERIES
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import Listed, PageQuery, cursor_of, position_of, whole
from chalicelib.entrypoints.http.shapes.reports import ChainLinkOut, InvariantsOut, NumberOut, SeriesOut
from chalicelib.ports import Filter, Page
from chalicelib.usecases.auditing import audit_on
from chalicelib.usecases.chaining import Linked, linked

INVOICES = {"invoice", IMPORTED}
MOST_NUMBERS = 5_000
"""Of one answer, which may have 6 MB; of each number its document is read."""
MOST_AUDITED = 2_000
AUDITED_AT_ONCE = timedelta(seconds=20)
"""A request has 29 seconds."""
LONGEST_CONTENT = 1_000_000
"""Characters of one answer; a Lambda function's may have 6 MB."""


class NumbersQuery(PageQuery):
    """How many numbers, and from where on."""

    limit: Annotated[Annotated[int, Field(ge=1, le=MOST_NUMBERS)], BeforeValidator(whole)] = MOST_NUMBERS


@operation(
    "GET", "/reports/numbers/{series}", needs="reports.read", query=NumbersQuery, answer=SeriesOut, refusals=(422,)
)
def report_numbers(call: Call, series: str) -> SeriesOut:
    """Each number of a series and its fate: the document that bears it, and whether it is in force.

    Of more than 5,000 the last are answered first, in the order of counting; `next_cursor` leads to those before.
    """
    _must_be_known(series)
    page = call.store.page(Number, Filter(series=series), limit=call.query.limit, after=position_of(call))
    numbers = sorted(page.rows, key=lambda number: (number.year or 0, number.seq))
    today = call.business.today(call.now)
    fates = {
        invoice.id: status_of(invoice, today)
        for invoice in (call.store.many(Invoice, [n.document_id for n in numbers]) if series in INVOICES else ())
    }
    return SeriesOut(
        series=series,
        count=len(numbers),
        next_cursor=None if page.next is None else cursor_of(call, page.next),
        numbers=[
            NumberOut(
                number=number.id,
                seq=number.seq,
                year=number.year,
                issue_date=number.issue_date,
                document_id=number.document_id,
                status=str(fates.get(number.document_id, "given")),
            )
            for number in numbers
        ],
    )


@operation(
    "GET",
    "/reports/numbers/{series}/chain",
    needs="reports.read",
    query=PageQuery,
    answer=Listed[ChainLinkOut],
    refusals=(422,),
)
def report_chain(call: Call, series: str) -> Listed[ChainLinkOut]:
    """The numbers of a series as links of its chain, newest first, each with what was issued under it.

    Whoever has kept a hash can prove by it that nothing before it was changed since. Only what is issued for money is
    chained: of another series nothing is answered.
    """
    _must_be_known(series)
    query: PageQuery = call.query
    page, links = _chained(call, series, query.limit)
    next_cursor = None if page.next is None else cursor_of(call, page.next)
    return Listed(data=[_link_of(one) for one in links], next_cursor=next_cursor)


def _must_be_known(series: str) -> None:
    if series not in {*INVOICES, CREDIT_NOTE, "quote", *SERIES}:
        raise Invalid("unknown_series", f"There is no series {series!r}.", at="/series")


def _chained(call: Call, series: str, limit: int) -> tuple[Page, tuple[Linked, ...]]:
    """A page of numbers with what was issued under them; a shorter one where that is too long for an answer."""
    page = call.store.page(Number, Filter(series=series), limit=limit, after=position_of(call))
    links = linked(page.rows, call.store)
    if limit > 1 and sum(len(one.content or "") for one in links) > LONGEST_CONTENT:
        return _chained(call, series, limit // 2)
    return page, links


def _link_of(one: Linked) -> ChainLinkOut:
    return ChainLinkOut(
        series=one.number.series,
        number=one.number.id,
        issue_date=one.number.issue_date,
        document_id=one.number.document_id,
        currency=one.link.total.currency,
        total=f"{one.link.total.decimal}",
        tax_total=f"{one.link.tax_total.decimal}",
        content_sha256=one.link.content,
        previous_hash=one.link.previous,
        hash=one.link.hash,
        content=one.content,
        pdf_sha256=one.link.pdf or None,
        kept_pdf_sha256=one.kept_pdf_sha256,
    )


@operation("GET", "/reports/invariants", needs="reports.read", answer=InvariantsOut)
def report_invariants(call: Call) -> InvariantsOut:
    """What must always hold of the books, and whether it does: of every document, payment, client and number.

    It is checked now; where there is too much for one request, what was found last night is answered, with its time.
    ``complete`` is false only before the first night. What needs the payment provider's own report (I12) is not judged
    here: ``checked`` is 0. Nor is, in a sandbox whose clock was moved, whether work was done in time (I13).
    """
    began = wiring.now()

    def enough(audit: Audit) -> bool:
        return audit.things >= MOST_AUDITED or wiring.now() - began >= AUDITED_AT_ONCE

    audit = audit_on(Audit(checked_at=began), enough=enough, now=call.now, store=call.store)
    return InvariantsOut.of(audit if audit.complete else call.store.find(Audit, audit.id) or audit)
