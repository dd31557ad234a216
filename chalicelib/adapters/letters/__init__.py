"""Mails in the reader's language, as HTML and as plain text."""

from chalicelib.adapters.letters.writer import LetterWriter

__all__ = ["LetterWriter"]
