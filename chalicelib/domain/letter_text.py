"""What a business says in its own words to its clients, and how a letter's values come into them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Final

from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.values import dataclass

LONGEST_SUBJECT, LONGEST_LINE, LONGEST_BUTTON = 200, 200, 60
LONGEST_PARAGRAPH, MOST_PARAGRAPHS = 1_000, 12
BRACED: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """The words of a letter around its placeholders, ``{number}``; what is None is said in ours.

    button: what the link says.
    """

    subject: str | None = None
    heading: str | None = None
    greeting: str | None = None
    paragraphs: tuple[str, ...] | None = None
    button: str | None = None

    @property
    def written(self) -> tuple[str, ...]:
        """The names of the parts that are not ours."""
        return tuple(part.name for part in fields(self) if getattr(self, part.name) is not None)

    def filled(self, values: Mapping[str, str], *, in_subject: Mapping[str, str]) -> "LetterText":
        """With the letter's values in it; a line that names what this letter lacks is left out.

        in_subject: the same values, as short as a subject wants them.
        """
        said = (filled(each, values) for each in self.paragraphs or ())
        return LetterText(
            subject=filled(self.subject, in_subject),
            heading=filled(self.heading, values),
            greeting=filled(self.greeting, values),
            paragraphs=tuple(each for each in said if each is not None) or None,
            button=filled(self.button, values),
        )

    def changed(self, change: Callable[[str], str]) -> "LetterText":
        """With each of its texts changed alike."""
        lines = {name: change(getattr(self, name)) for name in self.written if name != "paragraphs"}
        paragraphs = None if self.paragraphs is None else tuple(map(change, self.paragraphs))
        return LetterText(**lines, paragraphs=paragraphs)

    def over(self, ours: "LetterText") -> "LetterText":
        """These words, and ours where there are none."""
        return replace(ours, **{name: getattr(self, name) for name in self.written})

    def lines(self) -> Iterator[tuple[str, str]]:
        """Every text with its place in JSON."""
        for name in self.written:
            if name != "paragraphs":
                yield f"/{name}", getattr(self, name)
        for n, paragraph in enumerate(self.paragraphs or ()):
            yield f"/paragraphs/{n}", paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLetter:
    """What a business says in one kind of letter in one language; id: ``<kind>/<language>``."""

    id: str
    version: int = 1
    text: LetterText

    @property
    def kind(self) -> str:
        return self.id.partition("/")[0]

    @property
    def language(self) -> str:
        return self.id.partition("/")[2]


def own_id(kind: str, language: str) -> str:
    return f"{kind}/{language}"


def filled(text: str | None, values: Mapping[str, str]) -> str | None:
    """The text with its placeholders' values, each put in once; None where it names one that is empty or missing."""
    if text is None or not all(values.get(name) for name in BRACED.findall(text)):
        return None
    return BRACED.sub(lambda found: values[found[1]], text)


def checked(text: LetterText, placeholders: tuple[str, ...], *, at: str = "") -> LetterText:
    """The same text; at: where it stands in JSON.

    Raises Invalid, naming each place, where nothing is written (``nothing_written``), for a brace without its other
    (``unbalanced_brace``) and for what is no placeholder of this letter (``unknown_placeholder``).
    """
    if not text.written:
        detail = "Write at least one part; to have all of it in our words, delete the text."
        raise Invalid("nothing_written", detail, at=at)
    faults = [Fault(at + place, *fault) for place, line in text.lines() for fault in _faults(line, placeholders)]
    if faults:
        raise Invalid(faults[0].code, faults[0].detail, faults=faults)
    return text


def _faults(line: str, placeholders: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if set(BRACED.sub("", line)) & set("{}"):
        yield "unbalanced_brace", "A brace stands at each side of a placeholder and nowhere else, as in {client}."
    known = ", ".join(f"{{{name}}}" for name in placeholders)
    for name in dict.fromkeys(BRACED.findall(line)):
        if name not in placeholders:
            yield "unknown_placeholder", f"This letter has no {{{name}}}; it has {known}."
