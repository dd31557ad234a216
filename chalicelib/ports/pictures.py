"""Those who show a page without a program for PDFs."""

from typing import Protocol


class Pictures(Protocol):
    def picture(self, pdf: bytes, *, page: int) -> bytes:
        """One page, the first being 1, as PNG. Raises NotFound."""
        ...
