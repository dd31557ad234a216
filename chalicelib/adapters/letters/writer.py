"""From what a letter is about to a mail ready to go."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.adapters.letters.plot import PRIVATE, Plot
from chalicelib.adapters.letters.plots import PLOTS
from chalicelib.domain.business import Business
from chalicelib.domain.colour import SOFT, hexadecimal_of, readable, tinted
from chalicelib.domain.letter import Letter, Mail
from chalicelib.domain.letter_text import BRACED, LONGEST_SUBJECT, LetterText
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording, first_of

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_NAME = 80
OURS = {"accent": "#0b5d4e", "ground": "#f1f5f4", "soft": "#edf4f2", "line": "#d6e3e0"}
GROUND, LINES = 0.96, 0.87
"""How light the page is around a letter, and the lines are between the rows of its panel."""
APART = re.compile("(?<=\u00ab) | (?=[:;!?\u00bb])")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWriter:
    """``Writer`` with one design for all letters.

    wording: gives the words of a language and country.
    """

    wording: Callable[[str, str | None], Wording]

    def compose(self, letter: Letter) -> Mail:
        """The letter as a mail from the business; nothing a user wrote can become markup or a header.

        Raises KeyError for a template that is not known and for a value that a template needs and the letter lacks.
        """
        plot = PLOTS[letter.template]
        words = self.wording(first_of(letter.language), letter.business.country)
        said = _said(plot, letter, words)
        return Mail(
            to=one_line(letter.to),
            subject=said["subject"][:LONGEST_SUBJECT],
            html=_templates().get_template("letter.html").render(said),
            text=_as_text(said),
            reply_to=one_line(letter.business.email) if letter.business.email else None,
            from_name=one_line(letter.business.name),
            attachments=letter.attachments,
            tags=letter.tags,
        )

    def ours(self, template: str, *, language: str, country: str) -> LetterText:
        """What we say in a letter, with its placeholders; what is said only now and then, where it names something."""
        plot, words = PLOTS[template], self.wording(language, country)
        given = [key for key in plot.if_given.values() if BRACED.search(key)]
        return LetterText(
            subject=words.text(plot.subject),
            heading=words.text(plot.heading),
            greeting=words.text(plot.greeting),
            paragraphs=tuple(words.text(key) for key in (*plot.paragraphs, *given)),
            button=words.text(plot.button),
        )


def one_line(text: str) -> str:
    """The text without line breaks or other control characters: what may stand in a header."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _said(plot: Plot, letter: Letter, words: Wording) -> dict[str, Any]:
    text = _text(plot, letter, words)
    return {
        "language": words.tag,
        "subject": one_line(text.subject or ""),
        "heading": text.heading,
        "greeting": text.greeting,
        "paragraphs": text.paragraphs,
        "facts": [
            (label, value, words.text("{label}: {value}", label=label, value=value)) for label, value in letter.facts
        ],
        "link": letter.link if _is_web(letter.link) else None,
        "button": text.button,
        "otherwise": words.text("If the button does not work, copy this address into your browser:"),
        "note": words.text(plot.note) if plot.note and (plot.note != PRIVATE or _is_web(letter.link)) else "",
        "business": letter.business.name,
        "footer": _footer(letter.business),
        **_colours(letter.business.appearance.accent),
    }


def _text(plot: Plot, letter: Letter, words: Wording) -> LetterText:
    """What is said: in the business's own words where it wrote some, else in ours."""
    values: Mapping[str, str] = {**letter.values, "business": letter.business.name}
    in_subject = {name: _beginning(value) for name, value in values.items()}
    optional = [key for name, key in plot.if_given.items() if values.get(name)]
    ours = LetterText(
        subject=words.text(plot.subject, **in_subject),
        heading=words.text(plot.heading),
        greeting=words.text(plot.greeting, **values) if plot.greeting else "",
        paragraphs=tuple(words.text(key, **values) for key in (*plot.paragraphs, *optional)),
        button=words.text(plot.button),
    )
    if letter.own is None:
        return ours
    own = letter.own.changed(_held_together) if words.language == "fr" else letter.own
    return own.filled(values, in_subject=in_subject).over(ours)


def _held_together(text: str) -> str:
    """Signs that French sets apart stay with their word at the end of a line."""
    return APART.sub("\u00a0", text)


def _beginning(value: str) -> str:
    """Of a long name its beginning, so that a subject says its whole sentence."""
    return value if len(value) <= LONGEST_NAME else f"{value[: LONGEST_NAME - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def _as_text(said: dict[str, Any]) -> str:
    """The same words without the page."""
    sections = [
        said["business"],
        said["heading"],
        said["greeting"],
        *said["paragraphs"],
        "\n".join(sentence for _, _, sentence in said["facts"]),
        f"{said['button']}\n{said['link']}" if said["link"] else "",
        said["note"],
        "\n".join(["--", *said["footer"]]),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _is_web(link: str | None) -> bool:
    return link is not None and link.startswith(("https://", "http://"))


def _colours(accent: str | None) -> dict[str, str]:
    """The business's own colour, where it has one, as dark as what is written in it and on it needs."""
    if accent is None:
        return OURS
    return {
        "accent": hexadecimal_of(readable(accent)),
        "ground": hexadecimal_of(tinted(accent, GROUND)),
        "soft": hexadecimal_of(tinted(accent, SOFT)),
        "line": hexadecimal_of(tinted(accent, LINES)),
    }


def _footer(business: Business) -> list[str]:
    name = business.legal_name or business.name
    contact = " · ".join(part for part in (business.phone, business.email) if part)
    return [part for part in (name, ", ".join(business.address.printed_in(business.country)), contact) if part]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
