"""The XML in a file that was received: the file itself, or what a Factur-X or ZUGFeRD PDF holds."""

from io import BytesIO

from chalicelib.domain.errors import Invalid

PDF = b"%PDF-"
HEAD = 1024
LARGEST_XML = 5_000_000
"""What unfolds to more is not looked at; pypdf itself stops at 75 MB."""
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""What the XML is called in a PDF, in small letters: Factur-X and ZUGFeRD since 2.1, ZUGFeRD before, its XRechnung."""


def xml_in(file: bytes) -> bytes:
    """Raises Invalid for a PDF that cannot be read, has no e-invoice in it, or two under one name."""
    return _attached(file) if PDF in file[:HEAD] else file


def _attached(file: bytes) -> bytes:
    """Of two different ones under one name nobody could say which is meant."""
    held = _held_in(file)
    name = next((name for name in NAMES if name in held), None)
    if name is None:
        raise Invalid("no_e_invoice", "There is no e-invoice in this PDF.")
    if len(held[name]) > 1:
        raise Invalid("e_invoice_unreadable", f"There are several different files {name} in this PDF.")
    return _sized(held[name].pop())


def _held_in(file: bytes) -> dict[str, set[bytes]]:
    """What could be an e-invoice, by its name."""
    from pypdf import PdfReader  # noqa: PLC0415 - half of what this adapter costs, and seldom needed

    held: dict[str, set[bytes]] = {}
    try:
        for attached in PdfReader(BytesIO(file)).attachment_list:
            if attached.name.lower() in NAMES:
                held.setdefault(attached.name.lower(), set()).add(bytes(attached.content))
    except Exception as error:  # what is broken makes pypdf fail in ways that have no name in common
        raise Invalid("e_invoice_unreadable", "This PDF cannot be read.") from error
    return held


def _sized(xml: bytes) -> bytes:
    if len(xml) > LARGEST_XML:
        raise Invalid("e_invoice_unreadable", f"The XML in this PDF has more than {LARGEST_XML} bytes.")
    return xml
