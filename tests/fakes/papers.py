"""Documents drawn as text and kept in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chalicelib.adapters.e_invoices import FacturXInvoices
from chalicelib.domain.document import Document
from chalicelib.domain.errors import NotFound
from chalicelib.ports import Attachment, Press, Rendering
from tests.fakes.wording import PlainWording


@dataclass(slots=True)
class MemoryFiles:
    """``Files``: bodies and their content types by key."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    content_types: dict[str, str] = field(default_factory=dict)

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        self.bodies[key], self.content_types[key] = body, content_type

    def get(self, key: str) -> bytes:
        if key not in self.bodies:
            raise NotFound("document", key)
        return self.bodies[key]

    def stream(self, key: str, parts: Iterable[bytes], *, content_type: str) -> None:
        self.put(key, b"".join(parts), content_type=content_type)

    def link(self, key: str, *, name: str, seconds: int) -> str:
        return f"https://files.example/{key}?name={name}&seconds={seconds}"


@dataclass(slots=True)
class PlainRenderer:
    """``Renderer``: the same document gives the same bytes, and another one others.

    lacks: characters that no font can show.
    """

    lacks: str = ""
    drawn: list[Document] = field(default_factory=list)

    def render(self, document: Document, attachments: Sequence[Attachment] = ()) -> Rendering:
        self.drawn.append(document)
        told = repr(document) + "".join(map(repr, attachments))
        missing = tuple(sign for sign in self.lacks if sign in told)
        return Rendering(pdf=b"%PDF-plain\n" + told.encode(), missing_glyphs=missing)


def a_press(renderer: PlainRenderer | None = None) -> Press:
    """What draws at once and plainly."""
    return Press(
        renderer=lambda: renderer or PlainRenderer(),
        wordings=lambda language, _: PlainWording(language=language),
        e_invoices=FacturXInvoices,
    )
