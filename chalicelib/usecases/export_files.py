"""The files of exports: a piece for each page, and all pieces as one file, of which little is held at a time."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import date
from math import ceil

from chalicelib.domain import export_table
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Refused
from chalicelib.domain.export import Export, ExportFile
from chalicelib.domain.export_format import Format
from chalicelib.domain.export_layouts import LAYOUTS, ZIP, Layout, Setting, unpacked
from chalicelib.domain.export_lines import Paper
from chalicelib.domain.values import dataclass
from chalicelib.ports import Files, Sheets

MOST_LINES = 200_000
"""Of a workbook: a function that is stopped after two minutes writes each in a third of a millisecond."""
LONGEST_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a ZIP, so that the same documents give the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A document's PDF under the name that it has in a ZIP."""

    name: str
    pdf: bytes


def folder_of(business_id: str, export: Export) -> str:
    """Where an export's pieces are until it is ready, and some days more."""
    return f"temporary/{business_id}/exports/{export.id}"


def piece_key(business_id: str, export: Export, page: int) -> str:
    return f"{folder_of(business_id, export)}/{page:06d}"


def file_key(business_id: str, export: Export) -> str:
    return f"{business_id}/exports/{export.id}"


def piece(said: Sequence[Paper | Drawn], export: Export, setting: Setting) -> bytes:
    """A page as it is kept."""
    if export.format.is_drawn:
        buffer = _Pipe()
        members = ((one.name, one.pdf) for one in said if isinstance(one, Drawn))
        return b"".join(_zipped(members, buffer))
    layout, first = LAYOUTS[export.format], export.done + 1
    texts = (layout.text(one, setting, n) for n, one in enumerate(said, start=first) if isinstance(one, Paper))
    return "".join(texts).encode(layout.encoding, errors="replace")


def assembled(
    export: Export, business: Business, setting: Setting, *, today: date, files: Files, sheets: Sheets
) -> ExportFile:
    """The pieces of an export as its file."""
    pieces = (files.get(piece_key(business.id, export, page)) for page in range(export.pages))
    name, content_type, parts = _laid_out(export, business, setting, pieces, today=today, sheets=sheets)
    measured = _Measured()
    files.stream(file_key(business.id, export), measured.through(parts), content_type=content_type)
    return ExportFile(name=name, content_type=content_type, size=measured.size, sha256=measured.digest.hexdigest())


def _laid_out(
    export: Export, business: Business, setting: Setting, pieces: Iterator[bytes], *, today: date, sheets: Sheets
) -> tuple[str, str, Iterator[bytes]]:
    """The file's name, what it is, and its bytes."""
    stem = f"{export.format}-{today}-{export.id[-6:]}"
    if export.format.is_drawn:
        return f"{stem}.zip", ZIP, _joined(pieces)
    layout = LAYOUTS[export.format]
    if export.format is Format.XLSX:
        rows = (unpacked(line) for line in _few(line for part in pieces for line in part.decode().split("\n") if line))
        return f"{stem}.xlsx", layout.content_type, sheets.workbook(export_table.HEADER, rows)
    if layout.most and export.total and export.total > layout.most:
        return f"{stem}.zip", ZIP, _in_several(stem, export, setting, pieces)
    named = layout.name(export, business) if layout.name else f"{stem}.{layout.extension}"
    return named, layout.content_type, _opened(layout, setting, pieces)


def _few(lines: Iterable[str]) -> Iterator[str]:
    """The same. Raises Refused (``too_many_lines``) for more than there is time for."""
    for count, line in enumerate(lines, start=1):
        if count > MOST_LINES:
            detail = f"A workbook holds {MOST_LINES} lines; export again, of fewer days or as CSV."
            raise Refused("too_many_lines", detail)
        yield line


def _opened(layout: Layout, setting: Setting, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield layout.opening(setting).encode(layout.encoding)
    yield from pieces


def _in_several(stem: str, export: Export, setting: Setting, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """As many files as the program takes the documents in, of so many each."""
    layout, pages = LAYOUTS[export.format], export.pages
    at_once = max((layout.most or export.page) // export.page, 1)

    def members() -> Iterator[tuple[str, bytes]]:
        for number in range(ceil(pages / at_once)):
            some = [next(pieces) for _ in range(min(at_once, pages - number * at_once))]
            yield f"{stem}-{number + 1:03d}.{layout.extension}", b"".join(_opened(layout, setting, some))

    return _zipped(members(), _Pipe(), method=zipfile.ZIP_DEFLATED)


def _joined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One ZIP of all that is in several; PDFs are as small as they get, and are only stored."""

    def members() -> Iterator[tuple[str, bytes]]:
        for one in pieces:
            with zipfile.ZipFile(io.BytesIO(one)) as opened:
                for name in opened.namelist():
                    yield name, opened.read(name)

    return _zipped(members(), _Pipe())


def _zipped(
    members: Iterable[tuple[str, bytes]], pipe: "_Pipe", *, method: int = zipfile.ZIP_STORED
) -> Iterator[bytes]:
    with zipfile.ZipFile(pipe, "w", compression=method) as archive:  # type: ignore[call-overload]
        for name, body in members:
            entry = zipfile.ZipInfo(name, date_time=LONGEST_AGO)
            entry.compress_type = method
            archive.writestr(entry, body)
            yield pipe.taken()
    yield pipe.taken()


@dataclass(slots=True)
class _Pipe:
    """What a ZIP is written into, and taken out of at once: nobody can go back in it."""

    held: list[bytes] = field(default_factory=list)

    def write(self, part: bytes) -> int:
        self.held.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        return

    def taken(self) -> bytes:
        part = b"".join(self.held)
        self.held.clear()
        return part


@dataclass(slots=True)
class _Measured:
    size: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)

    def through(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        for part in parts:
            self.size += len(part)
            self.digest.update(part)
            yield part
