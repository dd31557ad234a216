"""The books of a small business, kept by the domain's own moves: sound, until a test breaks them."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain import dispatch, invoice_payments, numbering
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import payment_life as payments
from chalicelib.domain import quote as quotes
from chalicelib.domain.balance import Movement
from chalicelib.domain.books import Books, Violation
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.events import BusinessOpened, CatalogueChanged, ClientAdded, InvoiceRemoved
from chalicelib.domain.figures import shares
from chalicelib.domain.invoice import Invoice, Pdf
from chalicelib.domain.journal import Envelope, Event
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.sales import Body, worked_out
from chalicelib.domain.settlement import Refund, RefundStatus
from tests import builders as b

AT = b.later(hours=1)
ZERO = b.cad("0")
PDF = Pdf(sha256="0" * 64)


def opened(events: list[Event], *, amount: str, method: Method, id: str, invoice: Invoice) -> tuple[Payment, Invoice]:
    """An invoice with one more payment on it."""
    online = b.facts(amount, payment_intent_id=f"pi_{id}") if method is Method.ONLINE else None
    blank = b.a_payment(amount, id=id, invoice_id=invoice.id, method=method, facts=online)
    booked, received, share = payments.received(blank, invoice, at=AT)
    after, settled = invoice_payments.settled(invoice, booked, share.to_invoice, at=AT)
    events += [received, settled]
    return booked, after


def issued(
    events: list[Event], id: str, series: numbering.Series
) -> tuple[Invoice, numbering.Series, numbering.Number]:
    """An invoice over 114.98, issued, drawn and mailed."""
    draft = b.an_invoice(id=id, schedule=())
    after, number = numbering.take(series, document_id=id, on=b.TODAY)
    final, event = invoices.issued(draft, number=number, due_date=b.TODAY, schedule=(), send=True, at=b.NOON)
    drawn, rendered = dispatch.rendered(final, PDF, at=b.NOON)
    sent, went = dispatch.sent(drawn, to="marie@example.com", message_id="m1", at=b.NOON)
    events += [b.invoice_drafted(draft), event, rendered, went]
    return sent, after, number


def refunded(events: list[Event], payment: Payment, invoice: Invoice, amount: str) -> tuple[Payment, Invoice]:
    """A payment of which something went back."""
    back = Refund(id="re_1", status=RefundStatus.SUCCEEDED, amount=b.cad(amount))
    facts = replace(payment.facts, refunds=(back,)) if payment.facts else None
    heard = replace(payment, refunded=b.cad(amount), facts=facts)
    moved, event, share = payments.changed(payment, heard, invoice, at=AT)
    after, settled = invoice_payments.settled(invoice, moved, share.to_invoice, before=payment, at=AT)
    events += [event, settled]
    return moved, after


def billed(events: list[Event]) -> tuple[quotes.Quote, tuple[Invoice, ...], tuple[Body, ...]]:
    """A quote in two halves, approved, and its two drafts."""
    sold = b.content(schedule=b.halves())
    quote = b.a_quote(sold)
    won, approval = quotes.approved(quote, by="Marie Gagnon", today=b.TODAY, at=b.NOON)
    parts = shares(quote.figures, [instalment.amount for instalment in quote.schedule])
    drafts, bodies = [], [Body(id=quote.id, revision=1, content=worked_out(sold)[0])]
    for n, part in enumerate(parts, start=1):
        given = replace(part, line_nets=(part.net_total,))
        content = b.content(b.a_line(unit_price=part.net_total.decimal), given=given)
        drafts.append(
            b.an_invoice(id=f"inv_q{n}", quote_id=quote.id, instalment_id=f"{n}", figures=worked_out(content)[1])
        )
        bodies.append(Body(id=f"inv_q{n}", revision=1, content=worked_out(content)[0]))
    done, billing = quotes.invoiced(won, invoice_ids=tuple(draft.id for draft in drafts), at=b.NOON)
    events += [b.quote_drafted(quote), approval, *map(b.invoice_drafted, drafts), billing]
    return done, tuple(drafts), tuple(bodies)


def sound() -> Books:
    """An invoice paid too much in cash, one by card and partly refunded, one void; a quote billed in halves."""
    business, client, entry = b.a_business(), b.a_client(), b.an_entry()
    events: list[Event] = [
        BusinessOpened(subject=business.id, version=1, at=b.NOON),
        ClientAdded(subject=client.id, version=1, at=b.NOON),
        CatalogueChanged(subject=f"catalog:{entry.id}", version=1, at=b.NOON),
    ]
    first, series, number_1 = issued(events, "inv_1", b.a_series())
    second, series, number_2 = issued(events, "inv_2", series)
    third, series, number_3 = issued(events, "inv_3", series)
    cash, first = opened(events, amount="120.00", method=Method.CASH, id="pay_1", invoice=first)
    card, second = opened(events, amount="114.98", method=Method.ONLINE, id="pay_2", invoice=second)
    card, second = refunded(events, card, second, "14.98")
    void, voiding = invoices.voided(third, reason=None, at=AT)
    quote, drafts, bodies = billed(events)
    stray = b.a_payment(
        "7", id="pay_3", invoice_id=None, client_id=None, method=Method.ONLINE, quarantine="no_reference"
    )
    stray = replace(stray, facts=b.facts("7", payment_intent_id="pi_pay_3"))
    gone = b.an_invoice(id="inv_gone")
    removal = InvoiceRemoved(subject=gone.id, version=2, at=AT)
    events += [voiding, payments.quarantined(stray, at=AT), b.invoice_drafted(gone), removal]
    plain = [Body(id=one.id, revision=1, content=worked_out(b.content())[0]) for one in (first, second, void)]
    return Books(
        invoices=(first, second, void, *drafts),
        quotes=(quote,),
        payments=(cash, card, stray),
        clients=(client,),
        others=(business, entry),
        bodies={(body.id, 1): body for body in (*bodies, *plain)},
        balances=(a_balance(due="14.98", credit="5.02"),),
        series=(series,),
        numbers=(number_1, number_2, number_3),
        envelopes=tuple(enveloped(event) for event in events),
        movements=(a_movement("100.00", "pi_pay_2"), a_movement("7", "pi_pay_3")),
    )


def enveloped(event: Event) -> Envelope:
    return Envelope.around(event, b.a_caller())


def a_movement(amount: str, payment_intent_id: str, *, account: str = "acct_1") -> Movement:
    return Movement(account=account, payment_intent_id=payment_intent_id, amount=b.cad(amount))


def a_balance(*, due: str = "0", credit: str = "0", unbilled: str = "0") -> ClientBalance:
    return ClientBalance(id=b.CLIENT, unbilled_total=b.cad(unbilled), amount_due=b.cad(due), credit_total=b.cad(credit))


def with_invoice(books: Books, id: str, **changed: object) -> Books:
    """The books with one invoice changed by hand."""
    rows = tuple(replace(one, **changed) if one.id == id else one for one in books.invoices)  # type: ignore[arg-type]
    return replace(books, invoices=rows)


def with_payment(books: Books, id: str, **changed: object) -> Books:
    rows = tuple(replace(one, **changed) if one.id == id else one for one in books.payments)  # type: ignore[arg-type]
    return replace(books, payments=rows)


def invoice(books: Books, id: str) -> Invoice:
    return next(one for one in books.invoices if one.id == id)


def payment(books: Books, id: str) -> Payment:
    return next(one for one in books.payments if one.id == id)


def events_of(books: Books, *subjects: str) -> tuple[Envelope, ...]:
    return tuple(envelope for envelope in books.envelopes or () if envelope.event.subject in subjects)


def without(books: Books, subject: str, version: int) -> Books:
    """The books with one event lost."""
    kept = tuple(e for e in books.envelopes or () if (e.event.subject, e.event.version) != (subject, version))
    return replace(books, envelopes=kept)


def queued(document: Invoice) -> Invoice:
    """An invoice whose mail was asked for and has not gone out."""
    return replace(document, delivery=replace(document.delivery, state=DeliveryState.QUEUED))


def minus(amount: Money) -> Money:
    return amount - b.cad("0.01")


def details(violations: Iterable[Violation]) -> list[tuple[str, str]]:
    """Of each violation its invariant, and what cannot be trusted and why."""
    return [(violation.invariant, violation.detail.removeprefix("You cannot trust ")) for violation in violations]
