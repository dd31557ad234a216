"""Every page and deed of the portal. A GET changes nothing, so what scans mails may look at links."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.errors import DomainError, Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_standing import is_credited
from chalicelib.domain.quote import Quote
from chalicelib.domain.texts import readable
from chalicelib.entrypoints.portal import account, credited, papers, sessions, showing, statements, unbilled, wallet
from chalicelib.entrypoints.portal.looks import sent_on, shown, static_file
from chalicelib.entrypoints.portal.owned import D, invoice_of, quote_of
from chalicelib.entrypoints.portal.pages import (
    Visit,
    blueprint,
    browser_wording,
    laid_out,
    open_page,
    page,
    with_cookie,
)
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Filter
from chalicelib.usecases import invoicing, linking, paying, quoting, settling
from chalicelib.usecases.printing import invoice_on_paper, quote_on_paper

__all__ = ["account", "blueprint", "credited", "papers", "statements", "wallet"]

MOST_ROWS: Final = 100
LONGEST_NAME: Final = 200
LONGEST_REASON: Final = 2_000
LONGEST_REVISION: Final = 10
CHOICES: Final = {"due": "Pay the instalment due", "all": "Pay everything"}
PLACES: Final = {"quo": "/quotes/{}", "inv": "/invoices/{}", "pay": "/payments", "stm": "/statement"}
"""Where a link opens, by the beginning of what it lands on.

A payment's receipt is among the others; a statement is of no entity of its own.
"""


@open_page("/l/{token}")
def enter(_request: Any, token: str) -> Response:  # noqa: ANN401 - chalice's request
    """Exchange the mailed link for a session; the link itself stays as it is."""
    now = wiring.now()
    _, link = linking.follow_link(token, now=now, directory=wiring.directory())
    place = PLACES.get(link.landing.partition("_")[0], "")
    return with_cookie(sent_on(place.format(link.landing)), sessions.begun(link.id, now=now))


@open_page("/static/{name}")
def static(_request: Any, name: str) -> Response:  # noqa: ANN401
    return static_file(name)


@open_page("/thanks")
def thanks(request: Any) -> Response:  # noqa: ANN401
    """The way back for whoever paid by an address that a program gave them, and so has no session."""
    return shown("thanks.html", browser_wording(request))


@open_page("/not-paid")
def not_paid(request: Any) -> Response:  # noqa: ANN401
    """The same for whoever left the provider's page without paying."""
    return shown("not_paid.html", browser_wording(request))


@page("GET", "")
def home(visit: Visit) -> Response:
    """What the client owes, what was done and is not billed yet (H16, H21), and every document."""
    words = visit.wording(None)
    balance = visit.store.balance(visit.client.id, visit.business.currency)
    quotes = _of_client(visit, Quote)
    invoices = _of_client(visit, Invoice)
    return laid_out(
        visit,
        "home.html",
        None,
        balance=balance,
        money=words.money,
        **unbilled.section(visit, words),
        **wallet.section(visit, words),
        quotes=[showing.quote_row(quote, visit.today, words) for quote in quotes],
        invoices=[showing.invoice_row(invoice, visit.today, words) for invoice in invoices],
    )


@page("GET", "/quotes/{quote_id}")
def quote(visit: Visit, quote_id: str) -> Response:
    found = quote_of(visit, quote_id)
    words = visit.wording(found.language)
    return laid_out(
        visit,
        "quote.html",
        found.language,
        quote=found,
        sheet=quote_on_paper(found, visit.business, store=visit.store, words=words),
        badges=(),
        badge=showing.quote_badge(found, visit.today, words),
        is_open=showing.can_be_answered(found, visit.today),
        is_approved=found.approved_at is not None,
        answered_on=_answered_on(visit, found),
        day=words.day,
        total=words.money(found.figures.total),
        missing=visit.query.get("missing", ""),
        seen=f"/quotes/{found.id}/seen" if not found.viewed_at else "",
    )


@page("POST", "/quotes/{quote_id}/seen")
def quote_seen(visit: Visit, quote_id: str) -> Response:
    quoting.see_quote(quote_of(visit, quote_id).id, now=visit.now, store=visit.store)
    return Response("", status_code=204)


@page("POST", "/quotes/{quote_id}/approve")
def approve(visit: Visit, quote_id: str) -> Response:
    return _answered(
        visit,
        quote_id,
        lambda name: quoting.approve_quote(
            quote_id,
            by=name,
            signature=_field(visit, "signature", LONGEST_NAME),
            revision=_revision(visit),
            now=visit.now,
            store=visit.store,
        ),
        asked_by="approve",
    )


@page("POST", "/quotes/{quote_id}/decline")
def decline(visit: Visit, quote_id: str) -> Response:
    return _answered(
        visit,
        quote_id,
        lambda name: quoting.decline_quote(
            quote_id, by=name, reason=_field(visit, "reason", LONGEST_REASON), now=visit.now, store=visit.store
        ),
        asked_by="decline",
    )


@page("GET", "/invoices/{invoice_id}")
def invoice(visit: Visit, invoice_id: str) -> Response:
    found = invoice_of(visit, invoice_id)
    words = visit.wording(found.language)
    return laid_out(
        visit,
        "invoice.html",
        found.language,
        invoice=found,
        sheet=invoice_on_paper(found, visit.business, on=visit.today, store=visit.store, words=words),
        badges=showing.instalment_badges(found, visit.today, words),
        badge=showing.invoice_badge(found, visit.today, words),
        offers=_offers(visit, found),
        credits=credited.rows(visit, found, words),
        is_credited=is_credited(found),
        seen=f"/invoices/{found.id}/seen" if not found.viewed_at else "",
    )


@page("POST", "/invoices/{invoice_id}/seen")
def invoice_seen(visit: Visit, invoice_id: str) -> Response:
    invoicing.see_invoice(invoice_of(visit, invoice_id).id, now=visit.now, store=visit.store)
    return Response("", status_code=204)


@page("POST", "/invoices/{invoice_id}/pay")
def pay(visit: Visit, invoice_id: str) -> Response:
    """Send the client to the provider's page; the choice is one of those offered, never an amount of the form's own."""
    found = invoice_of(visit, invoice_id)
    choice = visit.form.get("choice", "")
    if choice not in CHOICES:
        raise Invalid("choice_unknown", "You can pay the instalment due or everything.", at="/choice")
    invoicing.see_invoice(found.id, now=visit.now, store=visit.store)
    here = f"{wiring.config().public_url}/portal/invoices/{found.id}"
    try:
        address = paying.start_checkout(
            found.id,
            choice="due" if choice == "due" else "all",
            success_url=f"{here}/paid?session={{CHECKOUT_SESSION_ID}}",
            cancel_url=here,
            now=visit.now,
            real_now=wiring.now(),
            store=visit.store,
            gateway=wiring.gateway(),
        )
    except DomainError as refused:
        logger.warning("not payable", invoice=found.id, code=refused.code)
        return laid_out(visit, "apology.html", found.language, kind="unpayable", status=409)
    return sent_on(address, absolute=True)


@page("GET", "/invoices/{invoice_id}/paid")
def paid(visit: Visit, invoice_id: str) -> Response:
    """The way back from the provider's page: what it says is learned at once, whether or not its event has come."""
    found = _settled(visit, invoice_of(visit, invoice_id))
    is_processing = _is_open(visit, found)
    if not is_processing and not found.paid_total:
        return sent_on(f"/invoices/{found.id}")
    words = visit.wording(found.language)
    return laid_out(visit, "paid.html", found.language, invoice=found, is_processing=is_processing, money=words.money)


def _answered(visit: Visit, quote_id: str, answer: Callable[[str], Quote], *, asked_by: str) -> Response:
    """Let the client answer under a name; without a readable one the quote is shown again, asking for it."""
    found = quote_of(visit, quote_id)
    try:
        name = readable(visit.form.get("name", "").strip(), longest=LONGEST_NAME)
    except Invalid:
        name = ""
    if not name:
        return sent_on(f"/quotes/{found.id}?missing={asked_by}")
    quoting.see_quote(found.id, now=visit.now, store=visit.store)
    answer(name)
    return sent_on(f"/quotes/{found.id}")


def _answered_on(visit: Visit, quote: Quote) -> date | None:
    at = quote.approved_at or quote.declined_at
    return visit.business.today(at) if at else None


def _field(visit: Visit, name: str, longest: int) -> str | None:
    """A text that may be left out. Raises Invalid if it cannot be kept."""
    return readable(visit.form.get(name, "").strip(), longest=longest, several_lines=True) or None


def _revision(visit: Visit) -> int:
    """The revision of the quote that the client read: what was not shown is not approved."""
    read = visit.form.get("revision", "")
    return int(read) if read.isascii() and read.isdigit() and len(read) < LONGEST_REVISION else 0


def _is_open(visit: Visit, invoice: Invoice) -> bool:
    """Whether the payment page the client comes back from is, for all we know, still to be paid."""
    return invoice.checkout is not None and invoice.checkout.session_id == visit.query.get("session")


def _settled(visit: Visit, invoice: Invoice) -> Invoice:
    """The invoice with what the provider says of the page the client comes back from."""
    if not _is_open(visit, invoice):
        return invoice
    try:
        settling.settle_page_of(invoice, now=visit.now, ids=wiring.ids, store=visit.store, gateway=wiring.gateway())
    except DomainError:
        logger.exception("the provider's event will tell", invoice=invoice.id)
    return invoice_of(visit, invoice.id)


def _of_client(visit: Visit, kind: type[D]) -> tuple[D, ...]:
    wanted = Filter(client_id=visit.client.id, fits=showing.can_be_seen)
    return visit.store.page(kind, wanted, limit=MOST_ROWS).rows


def _offers(visit: Visit, invoice: Invoice) -> list[tuple[str, str, str]]:
    """What can be paid online now: the choice, what its button says, and the amount (C33)."""
    if not visit.business.payment_account or (invoice.checkout and invoice.checkout.is_charge):
        return []
    words = visit.wording(invoice.language)
    offers = paying.payable(invoice)
    labels = CHOICES if len(offers) > 1 else dict.fromkeys(CHOICES, "Pay online")
    return [(offer.choice, words.text(labels[offer.choice]), words.money(offer.amount)) for offer in offers]
