"""Builders: an invoice and its document, with unremarkable values for whatever a test does not state; and a reader."""
# ruff: noqa: RUF001 - letters of other alphabets and French apostrophes are meant

from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.adapters.wording import wording
from chalicelib.domain.document import Document
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.tax import TaxRate

GST = TaxRate(code="GST", name="TPS", rate_percent=Decimal(5), registration_number="123456789 RT0001")
QST = TaxRate(code="QST", name="TVQ", rate_percent=Decimal("9.975"), registration_number="1234567890 TQ0001")
SELLER = Party(
    name="Rénovation Boréale inc.",
    email="facturation@boreale.example",
    phone="514 555-0148",
    address=Address(lines=("4820, rue de Bordeaux",), city="Montréal", postal_code="H2H 2A1", country="CA"),
    registrations=(
        Registration(name="Licence RBQ", number="5798-1234-01"),
        Registration(name="TPS", number="123456789 RT0001"),
        Registration(name="TVQ", number="1234567890 TQ0001"),
    ),
)
BUYER = Party(
    name="Copropriété Les Érables du Plateau",
    address=Address(lines=("1275, avenue Laurier Est",), city="Montréal", postal_code="H2J 1H2", country="CA"),
)
PAY_URL = "https://pay.example.com/i/3fJ9tQ7vK2"


def a_line(description="Main-d’œuvre", quantity="8", unit_price="78", **rest):
    taxes = rest.pop("taxes", ("GST", "QST"))
    return Line(
        description=description, quantity=Decimal(quantity), unit_price=Decimal(unit_price), taxes=taxes, **rest
    )


def lines(count):
    return tuple(a_line(f"Ligne {number:04}", quantity=str(number)) for number in range(1, count + 1))


def a_document(
    *sold, language="fr", country="CA", pay_url=PAY_URL, invoice=None, seller=SELLER, buyer=BUYER, **content
):
    given = Content(currency=content.pop("currency", "CAD"), lines=sold or (a_line(),), rates=(GST, QST), **content)
    priced, figures = worked_out(given)
    none = Money.zero(given.currency)
    facts = {
        "number": "2026-00042",
        "issue_date": date(2026, 11, 21),
        "due_date": date(2026, 12, 21),
        **(invoice or {}),
    }
    head = Invoice(
        id="inv_1",
        client_id="cli_1",
        client_name=buyer.name,
        figures=figures,
        paid_total=none,
        credited_total=none,
        refunded_total=none,
        disputed_total=none,
        language=language,
        created_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        **facts,
    )
    parties = Parties(id="inv_1", seller=seller, buyer=buyer)
    document: Document = invoice_document(head, priced, parties, wording=wording(language, country), pay_url=pay_url)
    return document


def pages(document):
    file = pypdfium2.PdfDocument(PdfRenderer().render(document).pdf)
    texts = []
    for page in file:
        layer = page.get_textpage()
        texts.append(plain(layer.get_text_range()))
        layer.close()
        page.close()
    file.close()
    return texts


def plain(text):
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
