"""Documents, letters, and those who draw, keep and send them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.document import Document
from chalicelib.domain.letter import Letter, Mail
from chalicelib.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """A drawn document, and the characters that no font could show (drawn as boxes)."""

    pdf: bytes
    missing_glyphs: tuple[str, ...] = ()


class Renderer(Protocol):
    def render(self, document: Document) -> Rendering: ...


class Files(Protocol):
    def put(self, key: str, body: bytes, *, content_type: str) -> None: ...

    def get(self, key: str) -> bytes: ...


Wordings = Callable[[str, str | None], Wording]
"""Gives the wording of a language in a country."""


class Writer(Protocol):
    def compose(self, letter: Letter) -> Mail: ...


class Mailer(Protocol):
    def send(self, mail: Mail) -> str:
        """Hand a mail to the provider; answers its message id.

        Raises Refused (``mail_rejected``) when the provider will never take it; anything else may be tried again.
        """
        ...
