"""What a screen reader gets of a PDF: its structure, read by the rules of ISO 32000-1, 14.6 to 14.8."""

import io
import re
from dataclasses import dataclass, field

import pikepdf

CODES = re.compile(r"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")


@dataclass
class Read:
    """An element as it is read: `own` is the text that is in it and in none of its parts."""

    role: str
    own: str = ""
    parts: list["Read"] = field(default_factory=list)
    alt: str = ""
    scope: str = ""
    span: int = 1

    def all(self):
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def text(self):
        return " ".join([self.own, *(part.text for part in self.parts)]).strip()

    def of(self, *roles):
        return [element for element in self.all() if element.role in roles]


def read(pdf):
    """The structure of a file, with its text."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        spoken = [contents(page) for page in file.pages]
        numbers = {page.objgen: number for number, page in enumerate(file.pages)}
        return _element(file.Root.StructTreeRoot.K, spoken, numbers)


def _element(node, spoken, numbers):
    attributes = node.get("/A", {})
    element = Read(
        str(node.S)[1:],
        alt=str(node.get("/Alt", "")),
        scope=str(attributes.get("/Scope", ""))[1:],
        span=int(attributes.get("/ColSpan", 1)),
    )
    for kid in kids(node):
        if isinstance(kid, int):
            element.own += spoken[numbers[node.Pg.objgen]][kid]
        elif "/S" in kid:
            element.parts.append(_element(kid, spoken, numbers))
        elif kid.Type == "/MCR":
            element.own += spoken[numbers[kid.Pg.objgen]][int(kid.MCID)]
    return element


def kids(node):
    inside = node.get("/K", [])
    return list(inside) if isinstance(inside, pikepdf.Array) else [inside]


def contents(page):
    """The text of each piece of a page's content, by its number; that of artifacts under "apart", unmarked text never.

    A text that was given an ActualText is read as that says.
    """
    alphabets = {name: _alphabet(font) for name, font in page.get("/Resources", {}).get("/Font", {}).items()}
    said, begun, alphabet = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                begun.append(_begun(operands[1], said))
            case "BMC":
                begun.append(("apart", None))
            case "EMC":
                begun.pop()
            case "Tf":
                alphabet = alphabets[str(operands[0])]
            case "Tj" | "TJ":
                _say(said, begun, _shown(operands[0], alphabet))
            case "S" | "f" | "B":
                assert begun, "something is drawn that is neither content nor artifact"
    assert begun == []
    return said


def _begun(properties, said):
    if "/MCID" in properties:
        assert int(properties.MCID) not in said
        said[int(properties.MCID)] = ""
        return int(properties.MCID), None
    return "inside", str(properties.ActualText)


def _say(said, begun, text):
    assert begun, f"{text!r} is neither content nor artifact"
    place, instead = begun[-1]
    if instead is None:
        said[place] = said.get(place, "") + text
        return
    outer, _ = begun[-2]
    said[outer] = said.get(outer, "") + instead
    begun[-1] = ("inside", "")


def _shown(operand, alphabet):
    strings = (
        [operand] if isinstance(operand, pikepdf.String) else [s for s in operand if isinstance(s, pikepdf.String)]
    )
    shown = b"".join(map(bytes, strings))
    return "".join(alphabet[shown[place : place + 2]] for place in range(0, len(shown), 2))


def _alphabet(font):
    table = font.ToUnicode.read_bytes().decode()
    return {bytes.fromhex(code): bytes.fromhex(letters).decode("utf-16-be") for code, letters in CODES.findall(table)}
