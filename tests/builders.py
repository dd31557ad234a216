"""Things of the business with every unremarkable field filled in; a test states only what matters to it.

The business is a plumber of Montreal: TPS 5 %, TVQ 9.975 %, Canadian dollars.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import numbering, sales, schedule
from chalicelib.domain import quote as quotes
from chalicelib.domain.access import ApiKey, PortalLink, Role, User
from chalicelib.domain.business import Business, Numbering
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.events import InvoiceDrafted, InvoiceIssued, QuoteDrafted
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item, ItemKind
from chalicelib.domain.journal import Caller
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.party import Address, Registration
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.payment_events import PaymentReceived
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import DaysAfter, InstalmentTerm
from chalicelib.domain.settlement import Charge, ChargeStatus, PaymentFacts
from chalicelib.domain.tax import TaxRate

NOON = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
BUSINESS = "biz_1"
CLIENT = "cli_1"

MONTREAL = Address(lines=("12 rue Saint-Denis",), city="Montréal", region="QC", postal_code="H2X 1K1", country="CA")
PARIS = Address(lines=("1 rue de la Paix",), city="Paris", postal_code="75002", country="FR")
QUEBEC_CITY = Address(lines=("5 Grande Allée",), city="Québec", region="QC", postal_code="G1R 2J1", country="CA")


def later(**step: float) -> datetime:
    """``later(days=3)``: so long after NOON."""
    return NOON + timedelta(**step)


def cad(amount: str) -> Money:
    return Money.exactly(Decimal(amount), "CAD")


def a_caller(business_id: str = BUSINESS, actor: str = "key:key_1", **more: Any) -> Caller:
    return Caller(business_id=business_id, actor=actor, **more)


def a_rate(code: str = "TPS", percent: str = "5", **more: Any) -> TaxRate:
    return TaxRate(**{"code": code, "name": code, "rate_percent": Decimal(percent)} | more)


SIREN = Registration(name="SIREN", number="732 829 320")
TPS = a_rate("TPS", "5", registration_number="123456789 RT0001")
TVQ = a_rate("TVQ", "9.975", registration_number="1234567890 TQ0001")


def a_business(**more: Any) -> Business:
    plain: dict[str, Any] = {
        "id": BUSINESS,
        "name": "Plomberie Tremblay",
        "country": "CA",
        "currency": "CAD",
        "time_zone": "America/Toronto",
        "address": MONTREAL,
        "email": "bureau@plomberie.example",
        "phone": "+1 514 555 0100",
        "locale": "fr-CA",
        "languages": ("fr", "en"),
        "tax_rates": (TPS, TVQ),
        "created_at": NOON,
    }
    return Business(**plain | more)


def a_client(**more: Any) -> Client:
    plain: dict[str, Any] = {
        "id": CLIENT,
        "name": "Marie Gagnon",
        "email": "marie@example.com",
        "address": QUEBEC_CITY,
        "language": "fr",
        "created_at": NOON,
    }
    return Client(**plain | more)


def an_entry(**more: Any) -> CatalogueEntry:
    return CatalogueEntry(**{"id": "VISIT", "name": "Visite", "unit": "h", "unit_price": Decimal(95)} | more)


def a_user(**more: Any) -> User:
    plain: dict[str, Any] = {
        "id": "usr_1",
        "issuer": "https://login.example",
        "subject": "auth0|1",
        "email": "luc@plomberie.example",
        "name": "Luc Tremblay",
        "role": Role.OWNER,
        "created_at": NOON,
    }
    return User(**plain | more)


def a_key(**more: Any) -> ApiKey:
    plain: dict[str, Any] = {
        "id": "key_1",
        "name": "website",
        "role": Role.MANAGER,
        "sandbox": False,
        "sha256": "0" * 64,
        "last_four": "wxyz",
        "created_at": NOON,
        "created_by": "usr_1",
    }
    return ApiKey(**plain | more)


def an_item(**more: Any) -> Item:
    plain: dict[str, Any] = {
        "id": "itm_1",
        "client_id": CLIENT,
        "kind": ItemKind.INTERVENTION,
        "description": "Première rencontre",
        "occurred_at": NOON,
        "unit_price": Decimal(50),
        "amount": cad("50"),
        "created_at": NOON,
    }
    return Item(**plain | more)


def a_link(**more: Any) -> PortalLink:
    plain: dict[str, Any] = {
        "id": "f" * 64,
        "client_id": CLIENT,
        "landing": "inv_1",
        "created_at": NOON,
        "expires_at": later(days=30),
    }
    return PortalLink(**plain | more)


def a_line(**more: Any) -> Line:
    """100.00 of plumbing with both taxes."""
    plain = {"description": "Remplacement du chauffe-eau", "unit_price": Decimal(100), "taxes": ("TPS", "TVQ")}
    return Line(**plain | more)


def content(*lines: Line, **more: Any) -> Content:
    """What a document sells; one line of 100.00, hence 114.98 with both taxes, unless told otherwise."""
    return Content(**{"currency": "CAD", "lines": lines or (a_line(),), "rates": (TPS, TVQ)} | more)


def halves() -> tuple[InstalmentTerm, ...]:
    """A schedule: half at approval, half thirty days after issue."""
    return (
        InstalmentTerm(label="Acompte", percent=Decimal(50), due=DaysAfter(days_after="approval", days=0)),
        InstalmentTerm(label="Solde", percent=Decimal(50), due=DaysAfter(days_after="issue", days=30)),
    )


def figures_of(amount: str | Content) -> Figures:
    """The figures of a content; of an amount: one untaxed line."""
    if isinstance(amount, Content):
        return sales.worked_out(amount)[1]
    currency = "CAD"
    line = a_line(unit_price=Decimal(amount), taxes=())
    return sales.worked_out(content(line, currency=currency))[1]


def a_quote(sold: Content | None = None, **more: Any) -> Quote:
    """A draft, 114.98 with taxes."""
    sold = sold or content()
    figures = figures_of(sold)
    plain: dict[str, Any] = {
        "id": "quo_1",
        "client_id": CLIENT,
        "client_name": "Marie Gagnon",
        "figures": figures,
        "schedule": schedule.plan(sold.schedule, figures.total) if sold.schedule else (),
        "language": "fr",
        "created_at": NOON,
    }
    return Quote(**plain | more)


def quote_drafted(quote: Quote) -> QuoteDrafted:
    return QuoteDrafted(
        subject=quote.id, version=quote.version, at=NOON, client_id=quote.client_id, total=quote.figures.total
    )


def an_approved_quote(sold: Content | None = None, **more: Any) -> Quote:
    return quotes.approved(a_quote(sold, **more), by="Marie Gagnon", today=TODAY, at=NOON)[0]


def an_invoice(sold: Content | None = None, **more: Any) -> Invoice:
    """A draft, 114.98 with taxes."""
    figures = more["figures"] if "figures" in more else figures_of(sold or content())
    nothing = Money.zero(figures.currency)
    plain: dict[str, Any] = {
        "id": "inv_1",
        "client_id": CLIENT,
        "client_name": "Marie Gagnon",
        "figures": figures,
        "paid_total": nothing,
        "credited_total": nothing,
        "refunded_total": nothing,
        "disputed_total": nothing,
        "language": "fr",
        "created_at": NOON,
    }
    return Invoice(**plain | more)


def invoice_drafted(invoice: Invoice) -> InvoiceDrafted:
    return InvoiceDrafted(
        subject=invoice.id, version=invoice.version, at=NOON, client_id=invoice.client_id, total=invoice.figures.total
    )


def a_series(**more: Any) -> Series:
    """A series of invoices that has given no number yet."""
    rules = more.pop("numbering", Numbering())
    return replace(numbering.opened("invoice", rules), **more)


def a_number(id: str = "00001", **more: Any) -> Number:
    plain: dict[str, Any] = {
        "id": id,
        "series": "invoice",
        "seq": int(id[-5:]),
        "year": None,
        "document_id": "inv_1",
        "issue_date": TODAY,
    }
    return Number(**plain | more)


def issuing(
    draft: Invoice, *, number: str = "00001", on: date = TODAY, due: date | None = None, send: bool = False
) -> tuple[Invoice, InvoiceIssued]:
    """The draft issued under a number, due in 30 days, and the event that says so."""
    return invoices.issued(
        draft,
        number=a_number(number, document_id=draft.id, issue_date=on),
        due_date=due or on + timedelta(days=30),
        schedule=draft.schedule,
        send=send,
        at=NOON,
    )


def an_issued_invoice(
    sold: Content | None = None, *, number: str = "00001", on: date = TODAY, due: date | None = None, **more: Any
) -> Invoice:
    """114.98, issued today, due in 30 days; ``more`` is of the draft."""
    return issuing(an_invoice(sold, **more), number=number, on=on, due=due)[0]


def a_payment(amount: str | Money = "114.98", **more: Any) -> Payment:
    """Cash for inv_1, not yet shared out."""
    received = amount if isinstance(amount, Money) else cad(amount)
    nothing = Money.zero(received.currency)
    plain: dict[str, Any] = {
        "id": "pay_1",
        "client_id": CLIENT,
        "invoice_id": "inv_1",
        "method": Method.CASH,
        "amount": received,
        "refunded": nothing,
        "disputed": nothing,
        "under_dispute": nothing,
        "applied": nothing,
        "credited": nothing,
        "received_on": TODAY,
        "created_at": NOON,
    }
    return Payment(**plain | more)


def payment_received(payment: Payment) -> PaymentReceived:
    return PaymentReceived(
        subject=payment.id,
        version=payment.version,
        at=NOON,
        client_id=payment.client_id,
        amount=payment.amount,
        method=payment.method,
        invoice_id=payment.invoice_id,
    )


def facts(amount: str | Money = "114.98", **more: Any) -> PaymentFacts:
    """One charge by card that went through."""
    taken = amount if isinstance(amount, Money) else cad(amount)
    charge = Charge(id="ch_1", status=ChargeStatus.SUCCEEDED, amount=taken, method="card", label="visa 4242")
    plain: dict[str, Any] = {
        "payment_intent_id": "pi_1",
        "account": "acct_1",
        "currency": taken.currency,
        "metadata": {"business_id": BUSINESS, "invoice_id": "inv_1", "attempt_id": "1"},
        "charges": (charge,),
    }
    return PaymentFacts(**plain | more)
