"""The client's statement of a period that is chosen on the page."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.document import Row
from chalicelib.domain.errors import Invalid
from chalicelib.domain.statement import Statement
from chalicelib.domain.statement_document import statement_document
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal.looks import pdf_file
from chalicelib.entrypoints.portal.pages import Visit, laid_out, page
from chalicelib.usecases.stating import Period, period_of, state_account, statement_name, statement_pdf

MOST_SHOWN = 500
"""Lines of a page; the PDF has them all."""
LONGEST_DAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A period at one click."""

    label: str
    since: date
    until: date
    chosen: bool


@page("GET", "/statement")
def statement(visit: Visit) -> Response:
    """The account over a period, and the choice of another."""
    words = visit.wording(None)
    try:
        period = _period(visit)
        told = state_account(visit.client.id, period, business=visit.business, store=visit.store)
    except Invalid:
        return _shown(visit, None, _usual(visit), words, status=422)
    return _shown(visit, told, period, words)


@page("GET", "/statement/pdf")
def statement_file(visit: Visit) -> Response:
    told = state_account(visit.client.id, _period(visit), business=visit.business, store=visit.store)
    body = statement_pdf(told, visit.client, visit.business, renderer=wiring.renderer(), wordings=wiring.wording)
    return pdf_file(body, statement_name(told))


def _shown(visit: Visit, told: Statement | None, period: Period, words: Wording, *, status: int = 200) -> Response:
    said: dict[str, Any] = {"rows": [], "sheet": None, "left_out": 0}
    if told:
        document = statement_document(
            told,
            seller=visit.business.as_seller(),
            client=visit.client.as_buyer(),
            template=visit.business.invoice_defaults.template,
            wording=words,
        )
        rows: tuple[Row, ...] = document.groups[0].rows
        said = {"rows": rows[-MOST_SHOWN:], "sheet": document, "left_out": max(len(rows) - MOST_SHOWN, 0)}
    return laid_out(
        visit,
        "statement.html",
        None,
        status=status,
        period=period,
        today=visit.today,
        currencies=_currencies(visit),
        choices=list(_choices(period, visit.today, words)),
        **said,
    )


def _period(visit: Visit) -> Period:
    """What the page's form or its links ask for. Raises Invalid for what is no period."""
    since, until = _day(visit, "from"), _day(visit, "to")
    currency = visit.query.get("currency") or None
    if currency is not None and currency not in _currencies(visit):
        raise Invalid("currency_unknown", "The account has no such currency.", at="/currency")
    if since is None and until is None:
        return _usual(visit, currency)
    return period_of(since, until, currency, business=visit.business, now=visit.now)


def _usual(visit: Visit, currency: str | None = None) -> Period:
    """This year so far."""
    return period_of(visit.today.replace(month=1, day=1), None, currency, business=visit.business, now=visit.now)


def _day(visit: Visit, name: str) -> date | None:
    given = visit.query.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given) if len(given) == LONGEST_DAY else date.fromisoformat("")
    except ValueError as error:
        raise Invalid("not_a_date", "This is no date of the calendar.", at=f"/{name}") from error


def _currencies(visit: Visit) -> list[str]:
    """In which the client's account ever moved, the business's own first."""
    own = visit.business.currency
    others = {balance.amount_due.currency for balance in visit.store.balances(visit.client.id)} - {own}
    return [own, *sorted(others)]


def _choices(period: Period, today: date, words: Wording) -> Iterator[Choice]:
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    year = today.replace(month=1, day=1)
    for label, since, until in (
        (words.text("This month"), month, today),
        (words.text("Last month"), before, month - timedelta(days=1)),
        (words.text("This year"), year, today),
        (words.text("Last year"), year.replace(year=year.year - 1), year - timedelta(days=1)),
    ):
        yield Choice(label=label, since=since, until=until, chosen=(since, until) == (period.since, period.until))
