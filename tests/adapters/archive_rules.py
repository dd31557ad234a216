"""What ISO 19005-3 (PDF/A-3a) and ISO 14289-1 (PDF/UA-1) ask of a file, rule by rule as veraPDF's profiles number them.

Each rule yields what breaks it. Rules of what our files never have (forms, signatures, layers, media) are one rule:
that they do not have it.
"""

import io
import re
import struct
from collections.abc import Iterator

import pikepdf

HEADER = re.compile(rb"%PDF-1\.[0-7]\n%[\x80-\xff]{4}")
OBJECT = re.compile(rb"(?:^|\n)(\d+ 0 obj\n)")
STREAM = re.compile(rb"/Length (\d+)[^>]*>>\nstream\n")
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
MIME = re.compile(r"[-\w+.]+/[-\w+.]+")
OPERATORS = frozenset(re.findall(r"\w+", "BT ET Tf Tc Td TJ rg RG w m l c h re f S q Q cm Do BDC BMC EMC"))
MAY_HOLD = {
    "Document": {"H1", "H2", "P", "L", "Table", "Figure"},
    "Table": {"TR"},
    "TR": {"TH", "TD"},
    "L": {"LI"},
    "LI": {"Lbl", "LBody"},
}
ONLY_IN = {"TR": {"Table"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "Lbl": {"LI"}, "LBody": {"LI"}}
STANDARD = {"Document", "H1", "H2", "P", "Span", "Table", "TR", "TH", "TD", "L", "LI", "Lbl", "LBody", "Link", "Figure"}
PRINT, HIDDEN = 0b100, 0b1_0010_0011
CATALOG = {
    "/Type",
    "/Pages",
    "/Lang",
    "/MarkInfo",
    "/Metadata",
    "/OutputIntents",
    "/StructTreeRoot",
    "/ViewerPreferences",
    "/Names",
    "/AF",
    "/PageMode",
    "/PageLayout",
    "/OpenAction",
    "/Version",
}
LONGEST_TEXT, LONGEST_NAME = 32_767, 127


def broken(pdf: bytes) -> list[str]:
    """The rules that a file breaks, each with where."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        rules = (_bytes(pdf), _catalog(file), _values(file), _pages(file), _fonts(file), _structure(file))
        return [fault for rule in rules for fault in rule]


def _bytes(pdf: bytes) -> Iterator[str]:
    if not HEADER.match(pdf):
        yield "6.1.2: header"
    if not re.search(rb"startxref\n\d+\n%%EOF\n$", pdf):
        yield "6.1.3: end of file"
    if len(STREAM.findall(pdf)) < pdf.count(b"\nendstream\nendobj\n"):
        yield "6.1.7: a stream without its length"
    for found in STREAM.finditer(pdf):
        if pdf[found.end() + int(found[1]) :][:18] != b"\nendstream\nendobj\n":
            yield f"6.1.7: stream at {found.start()}"
    starts = [found.start(1) for found in OBJECT.finditer(pdf)]
    last = int(pdf[pdf.rindex(b"startxref\n") + 10 : pdf.rindex(b"\n%%EOF")])
    if last not in starts or pdf.count(b"\nendobj\n") < len(starts):
        yield "6.1.9: objects do not begin and end on lines of their own"


def _catalog(file: pikepdf.Pdf) -> Iterator[str]:
    root, trailer = file.Root, file.trailer
    if unknown := set(root.keys()) - CATALOG:
        yield f"6.4 to 6.11: {unknown}"
    if "/Encrypt" in trailer or "/Info" in trailer or len(trailer.get("/ID", [])) != 2:
        yield "6.1.3: trailer"
    if not root.MarkInfo.Marked or root.MarkInfo.get("/Suspects", False):
        yield "6.7.2, 7.1-4: marks"
    if not root.ViewerPreferences.DisplayDocTitle:
        yield "7.1-10: title"
    if not LANGUAGE.fullmatch(str(root.Lang)):
        yield f"6.7.4, 7.2-29: {root.Lang}"
    (intent,) = root.OutputIntents
    profile = intent.DestOutputProfile.read_bytes()
    if (intent.S, profile[16:20], profile[36:40]) != ("/GTS_PDFA1", b"RGB ", b"acsp"):
        yield "6.2.3: output intent"
    yield from _packet(root.Metadata)
    yield from _attachments(root)


def _packet(metadata: pikepdf.Stream) -> Iterator[str]:
    packet = metadata.read_bytes().decode()
    header = packet[: packet.index("?>")]
    if "bytes=" in header or "encoding=" in header or "/Filter" in metadata:
        yield "6.6.2.1: packet"
    told = set(re.findall(r"<(fx|pdfuaid):(\w+)", packet))
    explained = set(re.findall(r"<pdfaProperty:name>(\w+)<", packet))
    if missing := {name for _, name in told} - explained:
        yield f"6.6.2.3: {missing} not explained"
    for needed in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<dc:title>"):
        if needed not in packet:
            yield f"6.6.4, 5: {needed}"


def _attachments(root: pikepdf.Dictionary) -> Iterator[str]:
    named = list(root.Names.EmbeddedFiles.Names)[1::2] if "/Names" in root else []
    if [each.objgen for each in named] != [each.objgen for each in root.get("/AF", [])]:
        yield "6.8-4: associated files"
    for each in named:
        if not (str(each.F) and str(each.UF) and each.AFRelationship):
            yield "6.8-2, 7.11: names"
        if not MIME.fullmatch(str(each.EF.F.Subtype)[1:]):
            yield f"6.8-1: {each.EF.F.Subtype}"


def _values(file: pikepdf.Pdf) -> Iterator[str]:
    ahead = list(file.objects)
    while ahead:
        value = ahead.pop()
        if isinstance(value, pikepdf.Array):
            ahead += [each for each in value if not _is_reference(each)]
        elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            yield from _dictionary(value)
            ahead += [each for _, each in value.items() if not _is_reference(each)]
        elif isinstance(value, pikepdf.String) and len(bytes(value)) > LONGEST_TEXT:
            yield "6.1.13-3: text"


def _is_reference(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect


def _dictionary(value: pikepdf.Dictionary | pikepdf.Stream) -> Iterator[str]:
    if any(len(key) > LONGEST_NAME for key in value.keys()):  # noqa: SIM118 - no mapping
        yield "6.1.13-4: name"
    filters = value.get("/Filter", "/FlateDecode") if isinstance(value, pikepdf.Stream) else "/FlateDecode"
    if str(filters) not in ("/FlateDecode", "/DCTDecode"):
        yield f"6.1.7-4: {filters}"
    if any(key in value for key in ("/SMask", "/Interpolate", "/Alternates", "/OPI", "/TR", "/AA", "/JS")):
        yield "6.2.8, 6.2.10: image or state"


def _pages(file: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(file.pages, 1):
        if page.get("/Tabs") != "/S" or "/Group" in page or "/AA" in page:
            yield f"7.18.3, 6.2.10: page {number}"
        for annotation in page.get("/Annots", []):
            yield from _annotation(annotation)
        depth = deepest = 0
        for _, operator in pikepdf.parse_content_stream(page):
            depth += {"q": 1, "Q": -1}.get(str(operator), 0)
            deepest = max(deepest, depth)
            if str(operator) not in OPERATORS:
                yield f"6.2.2: {operator} on page {number}"
        if depth or deepest > 28:
            yield f"6.1.13-8: page {number}"


def _annotation(link: pikepdf.Dictionary) -> Iterator[str]:
    if (link.Subtype, link.A.S) != ("/Link", "/URI"):
        yield f"6.3.1, 6.5.1: {link.Subtype}"
    flags = int(link.get("/F", 0))
    if not flags & PRINT or flags & HIDDEN:
        yield f"6.3.2: flags {flags}"
    if not str(link.get("/Contents", "")) or "/StructParent" not in link:
        yield "7.18.5: link"


def _fonts(file: pikepdf.Pdf) -> Iterator[str]:
    used: dict[tuple[int, int], set[int]] = {}
    for page in file.pages:
        for font, shown in _shown(page):
            used.setdefault(font.objgen, set()).update(shown)
    for objgen, glyphs in used.items():
        yield from _font(file.get_object(objgen), glyphs)


def _shown(page: pikepdf.Page) -> Iterator[tuple[pikepdf.Dictionary, set[int]]]:
    font = None
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = page.Resources.Font[str(operands[0])]
        elif str(operator) == "TJ":
            text = b"".join(bytes(part) for part in operands[0] if isinstance(part, pikepdf.String))
            yield font, {code for (code,) in struct.iter_unpack(">H", text)}


def _font(font: pikepdf.Dictionary, glyphs: set[int]) -> Iterator[str]:
    name, (cid,) = str(font.BaseFont), font.DescendantFonts
    descriptor = cid.FontDescriptor
    if (font.Subtype, font.Encoding, cid.CIDToGIDMap) != ("/Type0", "/Identity-H", "/Identity"):
        yield f"6.2.11.3: {name}"
    if not re.fullmatch(r"/[A-Z]{6}\+\S+", name) or {cid.BaseFont, descriptor.FontName} != {font.BaseFont}:
        yield f"6.2.11.2: {name}"
    if "/CIDSet" in descriptor:
        yield f"6.2.11.4-4: {name}"
    numbers = list(cid.W)
    widths = {int(first): float(width[0]) for first, width in zip(numbers[::2], numbers[1::2], strict=True)}
    in_file = _widths(descriptor.FontFile2.read_bytes())
    letters = _letters(font.ToUnicode.read_bytes().decode())
    for glyph in glyphs:
        if glyph == 0:
            yield f"6.2.11.8: {name} shows .notdef"
        if glyph >= len(in_file):
            yield f"6.2.11.4-2: {name} lacks glyph {glyph}"
        elif abs(widths.get(glyph, float(cid.DW)) - in_file[glyph]) > 1:
            yield f"6.2.11.5: width of glyph {glyph} of {name}"
        text = letters.get(glyph, "\0")
        if any(each in "\0\ufeff\ufffe" or "\ue000" <= each <= "\uf8ff" or each >= "\U000f0000" for each in text):
            yield f"6.2.11.7: glyph {glyph} of {name} is read as {text!r}"


def _widths(font: bytes) -> list[float]:
    """Of each glyph, in thousandths of an em, from the tables of a TrueType file."""
    (count,) = struct.unpack_from(">H", font, 4)
    tables = {}
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        tables[tag] = offset
    (em,) = struct.unpack_from(">H", font, tables[b"head"] + 18)
    (glyphs,) = struct.unpack_from(">H", font, tables[b"maxp"] + 4)
    rows = struct.unpack_from(">" + "Hh" * glyphs, font, tables[b"hmtx"])
    return [advance * 1000 / em for advance in rows[::2]]


def _letters(table: str) -> dict[int, str]:
    pairs = re.findall(r"<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>", table)
    return {int(code, 16): bytes.fromhex(letters).decode("utf-16-be") for code, letters in pairs}


def _structure(file: pikepdf.Pdf) -> Iterator[str]:
    tree = file.Root.StructTreeRoot
    if "/RoleMap" in tree or str(tree.K.S) != "/Document":
        yield "7.1-5 to 7: roles"
    levels: list[int] = []
    ahead = [(tree.K, "")]
    while ahead:
        element, parent = ahead.pop()
        role, kids = str(element.S)[1:], _kids(element)
        yield from _element(element, role, [str(kid.S)[1:] for kid in kids], parent)
        if role in ("H1", "H2"):
            levels.append(int(role[1]))
        ahead += [(kid, role) for kid in reversed(kids)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"7.4.2: headings {levels}"


def _kids(element: pikepdf.Dictionary) -> list[pikepdf.Dictionary]:
    inside = element.get("/K", [])
    kids = list(inside) if isinstance(inside, pikepdf.Array) else [inside]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _element(element: pikepdf.Dictionary, role: str, kids: list[str], parent: str) -> Iterator[str]:
    if role not in STANDARD:
        yield f"7.1-5: {role}"
    if role in MAY_HOLD and not set(kids) <= MAY_HOLD[role]:
        yield f"7.2-3, 10, 19, 20: {set(kids)} in {role}"
    if role in ONLY_IN and parent not in ONLY_IN[role]:
        yield f"7.2-4, 8, 9, 17, 18: {role} in {parent}"
    attributes = element.get("/A", {})
    if role == "TH" and str(attributes.get("/Scope", "")) not in ("/Row", "/Column"):
        yield "7.5-1: a heading of a table without its scope"
    if int(attributes.get("/ColSpan", 1)) < 1:
        yield "7.2-15: a cell that takes no column"
    if role == "Figure" and not (str(element.get("/Alt", "")) and len(attributes.get("/BBox", [])) == 4):
        yield "7.3-1: a picture without words or place"
