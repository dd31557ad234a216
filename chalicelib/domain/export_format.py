"""What an export looks like, and where it goes."""

from enum import StrEnum

from chalicelib.domain.accounting import Program
from chalicelib.domain.document import Template
from chalicelib.domain.values import dataclass


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    QUICKBOOKS_ONLINE = "quickbooks_online"
    QUICKBOOKS_DESKTOP = "quickbooks_desktop"
    XERO = "xero"
    FEC = "fec"
    PDF_ZIP = "pdf_zip"
    FACTURX_ZIP = "facturx_zip"

    @property
    def is_drawn(self) -> bool:
        """Whether it is a ZIP of a PDF for each document; those of Factur-X have the same as XML in them."""
        return self in {Format.PDF_ZIP, Format.FACTURX_ZIP}

    @property
    def program(self) -> Program | None:
        """In whose words it is."""
        return Program(self.value) if self.value in set(Program) else None


class Target(StrEnum):
    """Where it goes: a file to be fetched, or an accounting program that is connected."""

    FILE = "file"
    QUICKBOOKS = "quickbooks"
    XERO = "xero"


FORMAT_OF = {Target.QUICKBOOKS: Format.QUICKBOOKS_ONLINE, Target.XERO: Format.XERO}
"""In whose words documents are given to a program that is connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a CSV is written: for Excel in French with a byte order mark, semicolons and decimal commas.

    template: of the PDFs in a ZIP; None, each document's own.
    """

    byte_order_mark: bool = False
    separator: str = ","
    decimal: str = "."
    template: Template | None = None
