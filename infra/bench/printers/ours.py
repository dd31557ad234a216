"""Our own renderer: the drawing alone, and the whole archive form with an XML of 12 KB in it."""

from datetime import UTC, datetime

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Document
from chalicelib.ports import Attachment

PLAIN, ARCHIVE = PdfRenderer(archival=False), PdfRenderer()
LINES = "".join(f"<ram:LineID>{number}</ram:LineID><ram:Name>Main-d'œuvre</ram:Name>" for number in range(200))
XML = Attachment(
    name="factur-x.xml",
    mime_type="text/xml",
    body=LINES.encode(),
    relationship="Alternative",
    described="Facture électronique",
    modified=datetime(2026, 11, 21, tzinfo=UTC),
    conformance="EN 16931",
)


def draw(document: Document) -> bytes:
    return PLAIN.render(document).pdf


def archive(document: Document) -> bytes:
    return ARCHIVE.render(document, [XML]).pdf
