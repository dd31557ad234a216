"""Documents to be drawn: invoices of as many lines as asked, each with other words and amounts."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal

from chalicelib.adapters.wording import wording
from chalicelib.domain.document import Document
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.tax import TaxRate

RATES = (
    TaxRate(code="TPS", name="TPS", rate_percent=Decimal(5), registration_number="123456789 RT0001"),
    TaxRate(code="TVQ", name="TVQ", rate_percent=Decimal("9.975"), registration_number="1234567890 TQ0001"),
)
WORDS = [
    "montants",
    "acier",
    "gypse",
    "résistant",
    "humidité",
    "isolant",
    "laine",
    "roche",
    "tirage",
    "joints",
    "finition",
    "maître",
    "mécanicien",
    "tuyauterie",
    "main-d'œuvre",
    "robinet",
    "cuisine",
    "toilette",
    "drain",
    "douche",
    "circuit",
    "dédié",
    "table",
    "induction",
    "prises",
    "encastrés",
    "ventilateur",
]


def a_document(lines: int, chance: random.Random) -> Document:
    sold = tuple(
        Line(
            description=" ".join(chance.choices(WORDS, k=chance.randint(3, 7))),
            quantity=Decimal(chance.randint(1, 400)) / 4,
            unit="h",
            unit_price=Decimal(chance.randint(100, 99_999)) / 100,
            taxes=("TPS", "TVQ"),
        )
        for _ in range(lines)
    )
    content, figures = worked_out(Content(currency="CAD", lines=sold, rates=RATES))
    none = Money.zero("CAD")
    invoice = Invoice(
        id="inv_1",
        client_id="cli_1",
        client_name="Les Érables",
        figures=figures,
        paid_total=none,
        credited_total=none,
        refunded_total=none,
        disputed_total=none,
        language="fr",
        number=f"2026-{chance.randint(1, 99_999):05}",
        issue_date=date(2026, 11, 21),
        due_date=date(2026, 12, 21),
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    home = Address(lines=("4820, rue de Bordeaux",), city="Montréal", postal_code="H2H 2A1", country="CA")
    parties = Parties(
        id="inv_1",
        seller=Party(name="Rénovation Boréale inc.", address=home, email="facturation@boreale.example"),
        buyer=Party(name="Copropriété Les Érables du Plateau", address=home),
    )
    return invoice_document(invoice, content, parties, wording=wording("fr", "CA"))
