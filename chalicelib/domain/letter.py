"""What a mail is about, and the mail that says it."""

from collections.abc import Mapping
from dataclasses import field

from chalicelib.domain.business import Business
from chalicelib.domain.letter_text import LetterText
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    name: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail ready to go; ``tags`` come back with the provider's delivery events."""

    to: str
    subject: str
    html: str
    text: str
    reply_to: str | None = None
    from_name: str = ""
    attachments: tuple[Attachment, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail is about, before it is worded.

    template: which letter; facts: label and value, ready to print; own: what the business says in it itself.
    """

    template: str
    business: Business
    language: str
    values: Mapping[str, str]
    facts: tuple[tuple[str, str], ...] = ()
    link: str | None = None
    own: LetterText | None = None
    to: str = ""
    attachments: tuple[Attachment, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


def to_business(
    template: str, business: Business, *, values: Mapping[str, str], facts: tuple[tuple[str, str], ...] = ()
) -> Letter:
    """A letter to the business itself, in its own first language."""
    return Letter(
        template=template,
        business=business,
        language=business.languages[0],
        to=business.email or "",
        values=values,
        facts=facts,
    )
