"""E-invoices, and the French documents that they are made of, with every unremarkable field filled in."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.domain.e_invoice import EInvoice, ELine, Identifier, Note, Sums, Trader, VatGroup
from chalicelib.domain.e_invoicing import Account, EInvoiceForm, EInvoicing, Profile
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.legal import Legal, Operations
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.tax import TaxRate
from tests.builders import NOON

LYON = Address(lines=("12 rue des Érables",), city="Lyon", postal_code="69003", country="FR")
PARIS = Address(lines=("35 rue de la République", "Bâtiment B"), city="Paris", postal_code="75011", country="FR")
BERLIN = Address(lines=("Unter den Linden 1",), city="Berlin", postal_code="10117", country="DE")
IBAN = "FR7630006000011234567890189"
MARCH = ServicePeriod(start=date(2026, 3, 1), end=date(2026, 3, 31))
MARKS = tuple(Note(text=f"Mention {subject}", subject=subject) for subject in ("PMT", "PMD", "AAB"))

TVA_20 = TaxRate(code="TVA20", name="TVA", rate_percent=Decimal(20))
TVA_10 = TaxRate(code="TVA10", name="TVA", rate_percent=Decimal(10))
EXEMPT = TaxRate(code="EXO", name="Exonéré", category="E", exemption_reason="Article 261 du CGI")
REVERSED = TaxRate(code="AUTO", name="Autoliquidation", category="AE", exemption_reason="Autoliquidation")
WITHIN_EU = TaxRate(code="IC", name="Intra", category="K", exemption_reason="Livraison intracommunautaire")

SELLER = Party(
    name="Rénovation Boréale",
    legal_name="Rénovation Boréale SARL",
    email="facturation@boreale.example",
    phone="+33 4 00 00 00 00",
    address=LYON,
    registrations=(
        Registration(name="SIRET", number="999 999 998 00019"),
        Registration(name="TVA", number="FR 11 999 999 998"),
    ),
    legal=Legal(operations=Operations.SERVICES),
)
BUYER = Party(
    name="Copropriété Les Érables",
    email="syndic@erables.example",
    address=PARIS,
    registrations=(
        Registration(name="SIREN", number="787 878 784"),
        Registration(name="TVA", number="FR19787878784"),
    ),
)


def eur(amount: str) -> Money:
    return Money.exactly(Decimal(amount), "EUR")


def terms_of(profile: Profile = Profile.EN16931, form: EInvoiceForm = EInvoiceForm.FACTUR_X, **more: Any) -> EInvoicing:
    return EInvoicing(form=form, profile=profile, account=Account(iban=IBAN, bic="AGRIFRPPXXX"), **more)


def a_line_sold(description: str = "Pose de carrelage", price: str = "100", **more: Any) -> Line:
    plain: dict[str, Any] = {"unit": "h", "taxes": (TVA_20.code,)}
    return Line(description=description, unit_price=Decimal(price), **plain | more)


def a_content(*lines: Line, rates: tuple[TaxRate, ...] = (TVA_20, TVA_10, EXEMPT), **more: Any) -> Content:
    return Content(**{"currency": "EUR", "lines": lines or (a_line_sold(),), "rates": rates} | more)


def an_issued(content: Content, **more: Any) -> tuple[Invoice, Content]:
    """An invoice as it is about to be issued under its number, and its priced content."""
    priced, figures = worked_out(content)
    zero = Money.zero(content.currency)
    plain: dict[str, Any] = {
        "id": "inv_1",
        "client_id": "cli_1",
        "client_name": BUYER.name,
        "figures": figures,
        "paid_total": zero,
        "credited_total": zero,
        "refunded_total": zero,
        "disputed_total": zero,
        "language": "fr",
        "number": "F-2026-0148",
        "issue_date": date(2026, 3, 31),
        "due_date": date(2026, 4, 30),
        "created_at": NOON,
    }
    return Invoice(**plain | more), priced


def the_parties(seller: Party = SELLER, buyer: Party = BUYER, **more: Any) -> Parties:
    return Parties(id="inv_1", seller=seller, buyer=buyer, **more)


def a_trader(**more: Any) -> Trader:
    plain: dict[str, Any] = {
        "name": "Rénovation Boréale SARL",
        "legal_id": Identifier(value="999999998", scheme="0002"),
        "vat_id": "FR11999999998",
        "address": LYON,
        "endpoint": Identifier(value="999999998", scheme="0225"),
    }
    return Trader(**plain | more)


def an_e_line(**more: Any) -> ELine:
    plain: dict[str, Any] = {
        "id": "1",
        "name": "Pose de carrelage",
        "quantity": Decimal(2),
        "unit": "HUR",
        "net": Decimal("200.00"),
        "price": Decimal(100),
        "category": "S",
        "rate": Decimal(20),
    }
    return ELine(**plain | more)


def an_e_invoice(**more: Any) -> EInvoice:
    """One line of 200 EUR at 20 %, from Lyon to Paris, sound by every rule of every profile."""
    plain: dict[str, Any] = {
        "number": "F-2026-0148",
        "issued_on": date(2026, 3, 31),
        "type_code": "380",
        "currency": "EUR",
        "profile": Profile.EXTENDED_CTC_FR,
        "due_on": date(2026, 4, 30),
        "buyer_reference": "CH-2026-114",
        "process": "S1",
        "notes": MARKS,
        "seller": a_trader(),
        "buyer": a_trader(
            name="Copropriété Les Érables",
            legal_id=Identifier(value="787878784", scheme="0002"),
            vat_id="FR19787878784",
            address=PARIS,
            endpoint=Identifier(value="787878784", scheme="0225"),
        ),
        "vat": (VatGroup(category="S", rate=Decimal(20), base=Decimal("200.00"), tax=Decimal("40.00")),),
        "sums": Sums(
            lines=Decimal("200.00"),
            net=Decimal("200.00"),
            tax=Decimal("40.00"),
            total=Decimal("240.00"),
            due=Decimal("240.00"),
        ),
        "lines": (an_e_line(),),
    }
    return EInvoice(**plain | more)


def of_category(category: str, **more: Any) -> EInvoice:
    """The same with one category of VAT without tax, and all that this category asks for."""
    rate = None if category == "O" else Decimal(0)
    reason = "" if category == "Z" else "because"
    plain = an_e_invoice()
    told = replace(
        plain,
        vat=(VatGroup(category=category, rate=rate, base=Decimal("200.00"), tax=Decimal(0), reason=reason),),
        sums=replace(plain.sums, tax=Decimal(0), total=Decimal("200.00"), due=Decimal("200.00")),
        lines=(an_e_line(category=category, rate=rate),),
        period=MARCH,
        delivered_to=BERLIN,
    )
    if category == "O":
        nobody = {"seller": replace(told.seller, vat_id=""), "buyer": replace(told.buyer, vat_id="")}
        told = replace(told, **nobody)
    return replace(told, **more)
