"""Lists: pages of rows, with cursors that only we can make."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, Field

from chalicelib import wiring
from chalicelib.domain.batch import BatchStatus
from chalicelib.domain.contract import ContractStatus, ContractType
from chalicelib.domain.invoice_status import InvoiceStatus
from chalicelib.domain.item import ItemState
from chalicelib.domain.job import JobStatus
from chalicelib.domain.plan import PlanStatus
from chalicelib.domain.quote import QuoteStatus
from chalicelib.domain.sales_document import SalesStatus
from chalicelib.domain.visit import VisitStatus
from chalicelib.domain.words import are_in, words_in
from chalicelib.entrypoints.http import cursors
from chalicelib.entrypoints.http.contract import Call
from chalicelib.entrypoints.http.shapes.scalars import Code, Day, Shape, ShortText
from chalicelib.ports import Filter

T = TypeVar("T", bound=BaseModel)
LARGEST_PAGE, USUAL_PAGE = 100, 25
LARGEST_SPACE = 250
"""So many documents without their lines are well within the megabyte that a query reads at once."""


def whole(value: Any) -> Any:  # noqa: ANN401 - a query string holds text
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


def _yes_or_no(value: Any) -> Any:  # noqa: ANN401
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class PageQuery(Shape):
    """How much of a list, and from where on."""

    limit: Annotated[Annotated[int, Field(ge=1, le=LARGEST_PAGE)], BeforeValidator(whole)] = USUAL_PAGE
    cursor: Annotated[str, Field(max_length=2_000)] | None = None


class SearchQuery(PageQuery):
    """What is searched for: every word of ``q``, or what words begin with, whatever the case and the accents."""

    q: ShortText | None = None


class DaysQuery(SearchQuery):
    """What is narrowed to days, the first and the last of them included."""

    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None


class DatedQuery(DaysQuery):
    """What is narrowed to a client, too."""

    client_id: Code | None = None


class QuoteQuery(DatedQuery):
    job_id: Code | None = None
    number: ShortText | None = None
    status: Annotated[QuoteStatus | None, Field(strict=False)] = None


class SaleQuery(DatedQuery):
    job_id: Code | None = None
    number: ShortText | None = None
    status: Annotated[SalesStatus | None, Field(strict=False)] = None


class InvoiceQuery(DatedQuery):
    """The days are those of issue, or of making for drafts.

    due_before: what is issued, not wholly paid, and has money due before that day.
    """

    job_id: Code | None = None
    quote_id: Code | None = None
    plan_id: Code | None = None
    contract_id: Code | None = None
    batch_id: Code | None = None
    number: ShortText | None = None
    status: Annotated[InvoiceStatus | None, Field(strict=False)] = None
    due_before: Day | None = None


class PlanQuery(DatedQuery):
    """The days are those on which plans were made, where the business is."""

    job_id: Code | None = None
    status: Annotated[PlanStatus | None, Field(strict=False)] = None


class CreditNoteQuery(DatedQuery):
    """The days are those of issue."""

    job_id: Code | None = None
    invoice_id: Code | None = None
    number: ShortText | None = None


class PaymentQuery(DatedQuery):
    """``status=quarantined`` asks for those that belong to no invoice we know."""

    status: Literal["quarantined"] | None = None


class LateFeeQuery(Shape):
    """Up to which day, today if it is left out."""

    through: Annotated[Day | None, Field(alias="date")] = None


class ReminderQuery(PageQuery):
    client_id: Code | None = None


class JobQuery(DatedQuery):
    """The days are those on which jobs were opened, where the business is."""

    status: Annotated[JobStatus | None, Field(strict=False)] = None


class SpaceQuery(PageQuery):
    """How much of a job's folder, and from where on."""

    limit: Annotated[Annotated[int, Field(ge=1, le=LARGEST_SPACE)], BeforeValidator(whole)] = LARGEST_SPACE


class VisitQuery(DatedQuery):
    """The days are those on which visits start, where the business is."""

    job_id: Code | None = None
    technician_id: Code | None = None
    status: Annotated[VisitStatus | None, Field(strict=False)] = None


class ItemQuery(DatedQuery):
    """The days are those on which items were done, where the business is."""

    job_id: Code | None = None
    visit_id: Code | None = None
    contract_id: Code | None = None
    status: Annotated[ItemState | None, Field(strict=False)] = None


class PeriodQuery(Shape):
    """Which period of a contract."""

    period: Annotated[Annotated[int | None, Field(ge=0)], BeforeValidator(whole)] = None


class BatchQuery(DaysQuery):
    """The days are those on which batches were planned, where the business is."""

    status: Annotated[BatchStatus | None, Field(strict=False)] = None


class BatchPartQuery(Shape):
    """Which part of a batch's plan."""

    part: Annotated[Annotated[int, Field(ge=0)], BeforeValidator(whole)] = 0


class ContractQuery(DatedQuery):
    """The days are those on which contracts begin."""

    status: Annotated[ContractStatus | None, Field(strict=False)] = None
    type: Annotated[ContractType | None, Field(strict=False)] = None
    taxable: Annotated[bool | None, BeforeValidator(_yes_or_no)] = None


class PublishQuery(Shape):
    """``dry_run=true`` asks what publishing would change, and changes nothing."""

    dry_run: Annotated[bool, BeforeValidator(_yes_or_no)] = False


class CreditQuery(Shape):
    """``dry_run=true`` asks what a credit note would come to, and makes none."""

    dry_run: Annotated[bool, BeforeValidator(_yes_or_no)] = False


class Listed(BaseModel, Generic[T]):
    """A page of a list, newest first where no order is told; ``next_cursor`` is null on the last one and on no other.

    Where few rows fit, a page may be short, even empty, before the last: only the cursor tells the end.
    """

    data: list[T]
    next_cursor: str | None


def listed(call: Call, kind: type[Any], wanted: Filter, show: Callable[[Any], T]) -> Listed[T]:
    """One page of what the call's query asks for."""
    query: PageQuery = call.query
    page = call.store.page(kind, wanted, limit=query.limit, after=position_of(call))
    next_cursor = None if page.next is None else cursor_of(call, page.next)
    return Listed[Any](data=[show(row) for row in page.rows], next_cursor=next_cursor)


def within(day: date, query: DaysQuery) -> bool:
    return (query.since is None or query.since <= day) and (query.until is None or day <= query.until)


def matches(query: SearchQuery, *texts: str | None, ids: Sequence[str | None] = ()) -> bool:
    """Whether every word looked for begins a word of one of the texts, whatever the case and the accents.

    ids: what is found too, but only by the whole of it: every visit's begins as the word vision does.
    """
    return query.q is None or query.q.strip() in ids or are_in(words_in(query.q), words_in(*texts))


def position_of(call: Call) -> Mapping[str, str] | None:
    """Where the cursor of the call's query says that its page begins."""
    query: PageQuery = call.query
    if query.cursor is None:
        return None
    opened = cursors.open_(query.cursor, business_id=call.business.id, query=_asked(call), secret=_secret())
    position: Mapping[str, str] = json.loads(opened)
    return position


def cursor_of(call: Call, position: Mapping[str, str]) -> str:
    """What leads to the page that begins there, of this list alone."""
    return cursors.seal(json.dumps(dict(position)), business_id=call.business.id, query=_asked(call), secret=_secret())


def _asked(call: Call) -> dict[str, str]:
    """The query that a cursor belongs to: all but where it stands and how much it takes."""
    given = {name: str(value) for name, value in call.query if value is not None}
    return {"list": call.path} | {name: given[name] for name in given.keys() - {"cursor", "limit"}}


def _secret() -> bytes:
    return wiring.secret("SIGNING_SECRET").encode()
