"""What a screen reader gets of a PDF: its structure, read by the rules of ISO 32000-1, 14.6 to 14.8."""

import io
import re
from dataclasses import dataclass, field

import pikepdf

CODES = re.compile(r"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>")


@dataclass
class Read:
    """An element as it is read: its own text and its parts, in their order."""

    role: str
    pieces: list["str | Read"] = field(default_factory=list)
    alt: str = ""
    scope: str = ""
    span: int = 1

    def all(self):
        yield self
        for part in self.parts:
            yield from part.all()

    @property
    def parts(self):
        return [piece for piece in self.pieces if isinstance(piece, Read)]

    @property
    def text(self):
        said = (f" {piece.text} " if piece.role != "Span" else piece.text for piece in self.parts)
        text = "".join(piece if isinstance(piece, str) else next(said) for piece in self.pieces)
        return text if self.role == "Span" else text.strip(" ")

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
            element.pieces.append(spoken[numbers[node.Pg.objgen]][kid])
        elif "/S" in kid:
            element.pieces.append(_element(kid, spoken, numbers))
        elif kid.Type == "/MCR":
            element.pieces.append(spoken[numbers[kid.Pg.objgen]][int(kid.MCID)])
    if "/ActualText" in node:
        element.pieces = [str(node.ActualText)]
    return element


def kids(node):
    inside = node.get("/K", [])
    return list(inside) if isinstance(inside, pikepdf.Array) else [inside]


def contents(page):
    """The text of each piece of a page's content, by its number; that of artifacts under "apart"."""
    alphabets = {name: _alphabet(font) for name, font in page.get("/Resources", {}).get("/Font", {}).items()}
    said, begun, alphabet = {}, [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                begun.append(int(operands[1].MCID))
                assert begun[-1] not in said
                said[begun[-1]] = ""
            case "BMC":
                begun.append("apart")
            case "EMC":
                begun.pop()
            case "Tf":
                alphabet = alphabets[str(operands[0])]
            case "Tj" | "TJ":
                said[begun[-1]] = said.get(begun[-1], "") + _shown(operands[0], alphabet)
            case "S" | "f" | "B":
                assert begun, "something is drawn that is neither content nor artifact"
    assert begun == []
    return said


def _shown(operand, alphabet):
    strings = (
        [operand] if isinstance(operand, pikepdf.String) else [s for s in operand if isinstance(s, pikepdf.String)]
    )
    shown = b"".join(map(bytes, strings))
    return "".join(alphabet[shown[place : place + 2]] for place in range(0, len(shown), 2))


def _alphabet(font):
    table = font.ToUnicode.read_bytes().decode()
    return {bytes.fromhex(code): bytes.fromhex(letters).decode("utf-16-be") for code, letters in CODES.findall(table)}
