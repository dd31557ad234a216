"""The statement of a client: its account over a period, told from the journal, drawn, and mailed."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Envelope
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.statement import Ledger, Statement, aged, as_they_happened
from chalicelib.domain.statement_document import statement_document
from chalicelib.domain.statement_events import StatementRequested
from chalicelib.domain.values import dataclass
from chalicelib.ports import Renderer, Save, Store, Wordings
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.sending import PDF, address_of, pdf_name

MOST_MOVEMENTS = 10_000
"""Of one statement: as JSON so many are 2.1 MB, as PDF at most 1.5 MB (measured); an answer of Lambda's holds 6 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The first and the last day of a statement, and the currency it is in."""

    since: date
    until: date
    currency: str


def period_of(
    since: date | None, until: date | None, currency: str | None, *, business: Business, now: datetime
) -> Period:
    """What is asked for; left out, until today, and from the first of the last day's month.

    Raises Invalid for days the wrong way round, and for one that has not come.
    """
    today = business.today(now)
    last = until or today
    first = since or last.replace(day=1)
    if last > today:
        raise Invalid("in_the_future", "A statement cannot go beyond today.", at="/to")
    if first > last:
        raise Invalid("period_reversed", "A statement begins before it ends.", at="/from")
    return Period(since=first, until=last, currency=currency or business.currency)


def state_account(client_id: str, period: Period, *, business: Business, store: Store) -> Statement:
    """A client's account over a period, by reading its history once, in pages.

    Raises Invalid (``period_too_long``) for more movements than a statement can hold.
    """
    client = present_client(client_id, store)
    ledger = Ledger(currency=period.currency, since=period.since, day_of=business.today)
    envelopes = bookings_of(client.id, end_of(period.until, business), store)
    for event in as_they_happened(envelope.event for envelope in envelopes):
        ledger.take(event)
        if len(ledger.movements) > MOST_MOVEMENTS:
            detail = f"A statement holds {MOST_MOVEMENTS} movements; choose a shorter period."
            raise Invalid("period_too_long", detail, at="/from")
    owed = {id: amount for id, amount in ledger.owed.items() if amount}
    invoices = store.many(Invoice, owed) if owed else ()
    return Statement(
        client_id=client.id,
        since=period.since,
        until=period.until,
        opening=ledger.opening,
        movements=tuple(ledger.movements),
        receivable=ledger.receivable,
        credit=ledger.credit,
        aging=aged(owed, ledger.due_on, invoices, on=period.until, currency=period.currency),
    )


def statement_pdf(
    statement: Statement,
    client: Client,
    business: Business,
    *,
    template: Template | None = None,
    language: str | None = None,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The statement as PDF; in the client's language and the business's usual template, if no other is chosen."""
    document = statement_document(
        statement,
        seller=business.as_seller(),
        client=client.as_buyer(),
        template=template or business.invoice_defaults.template,
        wording=wordings(language or business.speaks(client.language), business.country),
    )
    return renderer.render(document).pdf


def statement_name(statement: Statement) -> str:
    """What its file is called."""
    return pdf_name(f"statement {statement.since} {statement.until}")


def ask_for_statement(
    client_id: str,
    period: Period,
    *,
    template: Template | None = None,
    if_match: int | None,
    now: datetime,
    store: Store,
) -> Client:
    """Have a statement mailed to the client. Raises Refused (``no_email``) for one without an address."""

    def deed() -> Client:
        client = unchanged(present_client(client_id, store), if_match)
        address_of(client)
        asked = replace(client, version=client.version + 1)
        event = StatementRequested(
            subject=client.id,
            version=asked.version,
            at=now,
            since=period.since,
            until=period.until,
            currency=period.currency,
            template=template,
        )
        store.commit(Save(asked, event))
        return asked

    return store.persistently(deed)


def last_asked_for(client_id: str, *, store: Store) -> Period:
    """Of what the newest statement is that a mail was asked for; a request whose answer was lost asks again."""
    return _period_asked(_asked_for(client_id, store)[-1][1])


def mail_statement(client_id: str, *, event: str, store: Store, renderer: Renderer, post: Post) -> None:
    """Mail the statement that an event asks for, once; what was booked of the period since is on it too."""
    client, business = store.find(Client, client_id), store.get(Business)
    asked = next(asked for id, asked in _asked_for(client_id, store) if id == event)
    if client is None or client.removed_at or not client.email:
        return

    def letter() -> Letter:
        return _letter(asked, client, business, store=store, renderer=renderer, post=post)

    post.send_once(f"statement:{event}", letter, store=store)


def _letter(
    asked: StatementRequested, client: Client, business: Business, *, store: Store, renderer: Renderer, post: Post
) -> Letter:
    period = _period_asked(asked)
    statement = state_account(client.id, period, business=business, store=store)
    language = business.speaks(client.language)
    wording = post.words_in(language, business)
    template = Template(asked.template) if asked.template else None
    pdf = statement_pdf(statement, client, business, template=template, renderer=renderer, wordings=post.wordings)
    facts = [
        (wording.text("Opening balance"), wording.money(statement.opening)),
        (wording.text("Closing balance"), wording.money(statement.closing)),
    ]
    if statement.aging.overdue.minor > 0:
        facts.append((wording.text("Overdue amount"), wording.money(statement.aging.overdue)))
    return Letter(
        template="statement",
        business=business,
        language=language,
        to=client.email or "",
        values={
            "client": client.name,
            "since": wording.day(period.since),
            "until": wording.day(period.until),
            "balance": wording.money(statement.closing),
        },
        facts=tuple(facts),
        link=post.link_to("stm_of_account", client_id=client.id, store=store),
        attachments=(Attachment(name=statement_name(statement), content_type=PDF, body=pdf),),
    )


def _asked_for(client_id: str, store: Store) -> list[tuple[str, StatementRequested]]:
    """What mails were asked for, each with the id of the event that tells of it."""
    history = store.history(client_id)
    return [(one.id, asked) for one in history if isinstance(asked := one.event, StatementRequested)]


def _period_asked(asked: StatementRequested) -> Period:
    return Period(since=asked.since, until=asked.until, currency=asked.currency)


def bookings_of(client_id: str, before: datetime, store: Store, *, also: Collection[str] = ()) -> Iterator[Envelope]:
    """What moved a client's account before an instant, the oldest first; also: types of events wanted besides."""
    page = store.bookings(client_id, before=before, also=also)
    yield from page.rows
    while page.next is not None:
        page = store.bookings(client_id, before=before, also=also, after=page.next)
        yield from page.rows


def end_of(day: date, business: Business) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), business.zone)
