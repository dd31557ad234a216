"""The words of letters to clients as JSON."""

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from chalicelib.domain.letter import Mail
from chalicelib.domain.letter_kinds import KINDS
from chalicelib.domain.letter_text import (
    LONGEST_BUTTON,
    LONGEST_LINE,
    LONGEST_PARAGRAPH,
    LONGEST_SUBJECT,
    MOST_PARAGRAPHS,
    LetterText,
    OwnLetter,
)
from chalicelib.entrypoints.http.shapes.scalars import Code, LongText, Shape, ShortText, refusal


def _at_most(longest: int) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if len(text) > longest:
            raise refusal("too_long", f"This text cannot be longer than {longest} characters.")
        return text

    return checked


def _said(text: str) -> str:
    if not text.strip():
        raise refusal("empty", "This text is empty.")
    return text.strip()


def _schema(longest: int, description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": longest, "description": description})


SubjectLine = Annotated[ShortText, AfterValidator(_at_most(LONGEST_SUBJECT)), _schema(LONGEST_SUBJECT, "One line.")]
LetterLine = Annotated[ShortText, AfterValidator(_at_most(LONGEST_LINE)), _schema(LONGEST_LINE, "One line.")]
ButtonLine = Annotated[ShortText, AfterValidator(_at_most(LONGEST_BUTTON)), _schema(LONGEST_BUTTON, "One line.")]
Paragraph = Annotated[
    LongText,
    AfterValidator(_said),
    AfterValidator(_at_most(LONGEST_PARAGRAPH)),
    _schema(LONGEST_PARAGRAPH, "Line breaks are kept."),
]


class LetterTextIn(Shape):
    """What a letter says, with placeholders in braces; what is left out, or null, is said in our words.

    All text is plain: markup is shown as it is written. A line that names what a letter lacks, such as the due date
    of an invoice without one, is left out of that letter, and where nothing is left our words are said.
    """

    subject: SubjectLine | None = None
    heading: LetterLine | None = None
    greeting: LetterLine | None = None
    paragraphs: Annotated[list[Paragraph], Field(min_length=1, max_length=MOST_PARAGRAPHS)] | None = None
    button: ButtonLine | None = None

    def text(self) -> LetterText:
        return LetterText(
            subject=self.subject,
            heading=self.heading,
            greeting=self.greeting,
            paragraphs=None if self.paragraphs is None else tuple(self.paragraphs),
            button=self.button,
        )


class PreviewLetterIn(Shape):
    """text: what it would say, left out what it says now; invoice_id: of which invoice, left out a sample."""

    text: LetterTextIn | None = None
    invoice_id: Code | None = None


class LetterTextOut(Shape):
    """Null is said in our words."""

    subject: str | None
    heading: str | None
    greeting: str | None
    paragraphs: list[str] | None
    button: str | None

    @classmethod
    def of(cls, text: LetterText) -> "LetterTextOut":
        return cls(
            subject=text.subject,
            heading=text.heading,
            greeting=text.greeting,
            paragraphs=None if text.paragraphs is None else list(text.paragraphs),
            button=text.button,
        )


class PlaceholderOut(Shape):
    """always: whether every such letter has it; a line that names it is left out of one that lacks it."""

    name: str
    means: str
    always: bool


class LetterOut(Shape):
    """A kind of letter in a language: own is what the business wrote, ours what is said where it wrote nothing.

    version: of what it wrote; null where it wrote nothing.
    """

    kind: str
    language: str
    version: int | None
    placeholders: list[PlaceholderOut]
    own: LetterTextOut | None
    ours: LetterTextOut

    @classmethod
    def of(cls, kind: str, language: str, own: OwnLetter | None, ours: LetterText) -> "LetterOut":
        return cls(
            kind=kind,
            language=language,
            version=own.version if own else None,
            placeholders=[PlaceholderOut(name=one.name, means=one.means, always=one.always) for one in KINDS[kind]],
            own=LetterTextOut.of(own.text) if own else None,
            ours=LetterTextOut.of(ours),
        )


class LettersOut(Shape):
    """Every letter to clients in every language of the business's mails, the first language first."""

    data: list[LetterOut]


class ComposedOut(Shape):
    """A mail as it would go out."""

    subject: str
    text: str
    html: str

    @classmethod
    def of(cls, mail: Mail) -> "ComposedOut":
        return cls(subject=mail.subject, text=mail.text, html=mail.html)
