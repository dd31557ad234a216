"""An invoice that a former system issued and that is still to be paid: how it comes into these books."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.figures import Figures, coming_to, compute, not_negative
from chalicelib.domain.import_events import InvoiceImported
from chalicelib.domain.invoice import Invoice, covered
from chalicelib.domain.invoice_life import opening_of
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import IMPORTED, Number
from chalicelib.domain.sales import Body, Content
from chalicelib.domain.schedule import plan
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.terms import due_on
from chalicelib.domain.values import dataclass

WORDS = {"en": "Invoice {number} of {day}", "fr": "Facture {number} du {day}"}
"""What its only line says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """An open invoice as the former system's books have it; amounts in major units.

    currency, due_date: where they are not the business's own. taxes: how much of each, by its code here.
    due: what is still to be paid of it; paid: what was paid of it there. Without either the whole is due.
    """

    number: str
    issue_date: date
    due_date: date | None = None
    currency: str | None = None
    total: Decimal
    taxes: Mapping[str, Decimal]
    due: Decimal | None = None
    paid: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """All that is written of it."""

    invoice: Invoice
    body: Body
    number: Number
    event: InvoiceImported


def opening_figures(former: Former, business: Business) -> Figures:
    """What it comes to, and what is left of it.

    Raises Invalid for an unknown tax, amounts that cannot be, and what is paid already (``nothing_due``).
    """
    currency = former.currency or business.currency
    total = Money.exactly(former.total, currency)
    taxed = {code: Money.exactly(amount, currency) for code, amount in former.taxes.items()}
    nothing = compute((), currency=currency, rates={}, rounding=business.invoice_defaults.rounding)
    taxes = tuple(_tax(code, amount, business) for code, amount in taxed.items())
    net = coming_to(nothing, total, taxes).net_total
    figures = coming_to(nothing, total, tuple(replace(tax, base=net) for tax in taxes))
    paid = Money.exactly(former.paid or Decimal(0), currency)
    if former.due is not None:
        paid = figures.payable - Money.exactly(former.due, currency)
    if net.minor < 0 or paid.minor < 0 or any(amount.minor < 0 for amount in taxed.values()):
        raise Invalid("negative_total", "The total, its taxes and what was paid are not below zero.")
    left = not_negative(replace(figures, prepaid_total=paid, amount_due=figures.payable - paid))
    if not left.amount_due:
        raise Invalid("nothing_due", "It is paid; only what is still to be paid is imported.")
    return left


def opening(former: Former, *, id: str, client: Client, business: Business, remind: bool, at: datetime) -> Opening:
    """The invoice under its old number, which no count of ours gives.

    remind: whether its client is reminded of it, from now on.
    Raises Invalid for a day of issue to come, and for figures that cannot be.
    """
    if former.issue_date > business.today(at):
        raise Invalid("in_the_future", f"It was issued on {former.issue_date}, and that day is to come.")
    figures = opening_figures(former, business)
    due_date = former.due_date or due_on(business.invoice_defaults.due, former.issue_date)
    schedule = tuple(replace(one, due_on=due_date) for one in plan((), figures.total))
    zero = Money.zero(figures.currency)
    invoice = Invoice(
        id=id,
        client_id=client.id,
        client_name=client.name,
        figures=replace(figures, line_nets=()),
        schedule=schedule,
        instalments_paid=covered(schedule, figures),
        paid_total=zero,
        credited_total=zero,
        refunded_total=zero,
        disputed_total=zero,
        language=business.speaks(client.language),
        template=business.invoice_defaults.template,
        series=IMPORTED,
        number=former.number,
        seq=0,
        issue_date=former.issue_date,
        due_date=due_date,
        reminders_off=not remind,
        created_at=at,
        issued_at=at,
    )
    body = Body(id=id, revision=1, content=_sold(invoice, figures, business))
    return Opening(invoice=invoice, body=body, number=_registered(invoice), event=_told(invoice, at))


def must_be_the_same(known: Invoice, former: Former, client: Client, business: Business) -> None:
    """Raise Refused (``number_taken``) where another invoice was imported under this number."""
    wanted = opening_figures(former, business)
    pairs = {
        "its client": (known.client_id, client.id),
        "its date": (known.issue_date, former.issue_date),
        "its day to be paid by": (known.due_date, former.due_date or known.due_date),
        "its total": (_said(known.figures.total), _said(wanted.total)),
        "its taxes": (_taxes(known.figures), _taxes(wanted)),
        "what was due of it": (_said(known.figures.amount_due), _said(wanted.amount_due)),
    }
    for words, (there, here) in pairs.items():
        if there != here:
            detail = f"Invoice {known.name} was imported already, and {words} was another: {there}."
            raise Refused("number_taken", detail)


def _tax(code: str, amount: Money, business: Business) -> TaxLine:
    if code not in business.rates:
        raise Invalid("unknown_tax", f"There is no tax {code!r}.")
    rate = business.rates[code]
    return TaxLine(
        code=code,
        name=rate.name,
        rate_percent=rate.rate_percent if rate.kind == "percent" else None,
        base=amount,
        amount=amount,
        category=rate.category,
        exemption_reason=rate.exemption_reason,
        withheld=rate.withheld,
        registration_number=rate.registration_number,
    )


def _sold(invoice: Invoice, figures: Figures, business: Business) -> Content:
    """One line that names it; what it sold is told by the former system's document."""
    words = WORDS.get(invoice.language[:2], WORDS["en"])
    line = Line(
        id="1",
        description=words.format(number=invoice.number, day=invoice.issue_date),
        unit_price=figures.net_total.decimal,
        taxes=tuple(tax.code for tax in figures.taxes),
        net=figures.net_total,
    )
    rates = tuple(business.rates[tax.code] for tax in figures.taxes)
    return Content(currency=figures.currency, lines=(line,), rates=rates, prepaid=figures.prepaid_total, given=figures)


def _registered(invoice: Invoice) -> Number:
    return Number(
        id=invoice.number or "",
        series=IMPORTED,
        seq=0,
        year=None,
        document_id=invoice.id,
        issue_date=invoice.issue_date or date.min,
    )


def _told(invoice: Invoice, at: datetime) -> InvoiceImported:
    return InvoiceImported(
        subject=invoice.id,
        version=1,
        at=at,
        number=invoice.number or "",
        client_id=invoice.client_id,
        on=invoice.issue_date or date.min,
        due_date=invoice.due_date or date.min,
        total=invoice.figures.total,
        amount_due=invoice.figures.amount_due,
        postings=opening_of(invoice.figures),
    )


def _taxes(figures: Figures) -> list[str]:
    return sorted(f"{tax.code}={tax.amount}" for tax in figures.taxes)


def _said(amount: Money) -> str:
    return f"{amount} {amount.currency}"
