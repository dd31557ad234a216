"""Those who show a page without a program for PDFs."""

from typing import Protocol

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as PNG; pages: how many there are."""

    png: bytes
    pages: int


class Pictures(Protocol):
    def picture(self, pdf: bytes, *, page: int) -> Picture:
        """One page, the first being 1. Raises Invalid (``no_such_page``)."""
        ...
