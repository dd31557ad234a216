"""Documents, letters, and those who draw, keep and send them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, Protocol

from chalicelib.domain.document import Document
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoicing import Syntax
from chalicelib.domain.export_cells import Row
from chalicelib.domain.letter import Letter, Mail
from chalicelib.domain.letter_text import LetterText
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A drawn document, and the characters that no font could show (drawn as boxes)."""

    pdf: bytes
    missing_glyphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file within a document's file.

    relationship: what it is to the document: the same in another form, data it was made with, or what it was made of.
    described:    what it is, in the reader's language.
    conformance:  of a ``factur-x.xml``, its profile as Factur-X spells it in the PDF, e.g. "EN 16931".
    """

    name: str
    mime_type: str
    body: bytes
    relationship: Literal["Alternative", "Data", "Source"]
    described: str
    modified: datetime
    conformance: str = ""


class Renderer(Protocol):
    def render(self, document: Document, attachments: Sequence[Attachment] = ()) -> Rendering: ...


class EInvoices(Protocol):
    """Writes e-invoices as XML, and reads what others wrote; without the network, and never running what it reads."""

    @property
    def engine(self) -> str:
        """What writes and checks, with its version."""
        ...

    def write(self, invoice: EInvoice, *, syntax: Syntax, within_pdf: bool = False) -> bytes:
        """The same e-invoice gives the same bytes.

        within_pdf: as a Factur-X holds it, which has other names for its profiles.
        """
        ...

    def schema_faults(self, xml: bytes) -> tuple[str, ...]:
        """What the schema of its profile does not allow, in the schema's words. Raises Invalid for what is no XML."""
        ...

    def schema(self, xml: bytes) -> str:
        """The name of that schema."""
        ...

    def read(self, file: bytes) -> EInvoice:
        """The e-invoice in an XML file, or in a PDF that holds one.

        Raises Invalid (``e_invoice_unreadable``, ``no_e_invoice``) for anything else.
        """
        ...


class Files(Protocol):
    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes:
        """Raises NotFound."""
        ...

    def stream(self, key: str, parts: Iterable[bytes], *, content_type: str) -> None:
        """Keep a file of any size; so much of it as one part of an upload is held at a time."""
        ...

    def link(self, key: str, *, name: str, seconds: int) -> str:
        """An address from which anybody can fetch a file under a name for so long."""
        ...


class Sheets(Protocol):
    def workbook(self, header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
        """The file of a spreadsheet program with these rows; amounts, days and numbers are typed, no text is run."""
        ...


Wordings = Callable[[str, str | None], Wording]
"""Gives the wording of a language in a country."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What documents are drawn with; each is asked for when something is drawn, for its import takes a while."""

    renderer: Callable[[], Renderer]
    wordings: Wordings
    e_invoices: Callable[[], EInvoices]


class Writer(Protocol):
    def compose(self, letter: Letter) -> Mail: ...

    def ours(self, template: str, *, language: str, country: str) -> LetterText:
        """What we say in a letter, with its placeholders."""
        ...


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hand a mail to the provider; answers its message id.

        Raises Refused (``mail_rejected``) when the provider will never take it; anything else may be tried again.
        """
        ...
