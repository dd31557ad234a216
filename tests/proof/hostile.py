"""What hostile users write into free fields, where they can write, and what became of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.proof.operations import Asked, Place, _choices, every_operation

MARK = "zq7"
"""Stands in every text, so that it is found wherever it came out."""
REFUSED = {
    "NUL": f"{MARK}\0",
    "escape": f"{MARK}\x1b[31m",
    "a C1 control": f"{MARK}\x9b31m",
    "half a surrogate pair": f"{MARK}\ud83d",
    "the other half": f"{MARK}\udc00",
    "a noncharacter": f"{MARK}\uffff",
    "a tower of 10,000 combining marks": MARK + "\N{COMBINING ACUTE ACCENT}" * 9_990,
    "a low tower": MARK + "\N{COMBINING ENCLOSING CIRCLE}" * 9,
}
OF_ONE_LINE = {
    "CRLF and a header": f"{MARK}\r\nBcc: {MARK}@evil.example",
    "a line separator": f"{MARK}\N{LINE SEPARATOR}Bcc: x",
    "a lone line feed": f"{MARK}\nx",
}
"""Refused in a single line; in several lines they are line breaks, but for a lone carriage return."""
SHOWN = {
    "a formula": f"=cmd|'/c {MARK}'!A1",
    "an element": f"<script>{MARK}()</script>",
    "an attribute": f"\"'><img src=x onerror={MARK}>",
    "an entity": f"&lt;b&gt;{MARK}",
    "an address": f"javascript:{MARK}()",
    "a template": f"{{{{7*7}}}}{{business}}{{0}}%s{MARK}",
    "a PDF string": f")Tj /JS ({MARK}) \\) endstream",
    "an encoded header": f"=?utf-8?q?=0D=0ABcc:{MARK}@x.org?=",
    "marks": f"{MARK}x" + "\N{COMBINING ACUTE ACCENT}" * 8,
    "right to left": f"\N{HEBREW LETTER SHIN}{MARK}\N{ARABIC LETTER ALEF}",
    "a path": f"../../{MARK}\\..\\nul.exe",
}
"""Words that are just words, if whoever shows them quotes them."""
ALL_SHOWN = " ".join(SHOWN.values())
TURNED = f"\N{RIGHT-TO-LEFT OVERRIDE}{MARK}fdp.exe\N{LEFT-TO-RIGHT ISOLATE}\N{LEFT-TO-RIGHT EMBEDDING}"
STRAIGHT = f"{MARK}fdp.exe"
FIXED = {"pattern", "enum", "format", "const"}


def free_places(operation: Asked) -> list[tuple[Place, int]]:
    """Where the body takes a text that nothing fixes, and how long a one."""
    return [] if operation.schema is None else list(dict(_texts(operation.schema, ())).items())


def every_place() -> list[tuple[Asked, Place, int]]:
    return [(one, place, longest) for one in every_operation() for place, longest in free_places(one)]


def strings(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    match value:
        case str():
            yield value
        case dict():
            for inner in value.values():
                yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)


@dataclass(slots=True)
class Markup(HTMLParser):
    """What a browser would make of a page: where the mark ended up as anything but words."""

    told: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    _inside: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        if MARK in repr((tag, attrs)) or any(name.startswith("on") for name, _ in attrs):
            self.broken.append(self.get_starttag_text() or tag)

    def handle_data(self, data: str) -> None:
        self.told.append(data)
        if self._inside in {"script", "style"} and data.strip():
            self.broken.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_comment(self, data: str) -> None:
        self.broken.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.broken.append(decl)

    def handle_pi(self, data: str) -> None:
        self.broken.append(data)


def read(page: str) -> Markup:
    markup = Markup()
    markup.feed(page)
    markup.close()
    return markup


def sent(body: Any) -> bytes:
    """A body as a hostile program sends it: half a surrogate pair is an escape in JSON."""
    return json.dumps(body, ensure_ascii=True).encode()


def _texts(schema: dict[str, Any], at: Place) -> Iterator[tuple[Place, int]]:
    for one in _choices(schema):
        if one.get("type") == "string" and not FIXED & set(one):
            yield at, one.get("maxLength", 0)
        for name, inner in one.get("properties", {}).items():
            yield from _texts(inner, (*at, name))
        if "items" in one:
            yield from _texts(one["items"], (*at, "[]"))
