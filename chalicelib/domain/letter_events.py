"""What happens to the words of a business in its letters; the subject is ``letter:<kind>/<language>``."""

from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWritten(Event):
    """A kind of letter was worded in a language, or anew; fields: the parts of it that are not ours."""

    type: ClassVar[str] = "letter.written"
    kind: str
    language: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRemoved(Event):
    """It is in our words again."""

    type: ClassVar[str] = "letter.removed"
    kind: str
    language: str
