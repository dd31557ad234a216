"""Reading a PNG of any kind (ISO/IEC 15948), and writing one of eight bits of red, green and blue."""

import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import add
from typing import Final

from chalicelib.domain.values import dataclass

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
GREY, COLOURS, PALETTE, GREY_ALPHA, COLOURS_ALPHA = 0, 2, 3, 4, 6
CHANNELS: Final = {GREY: 1, COLOURS: 3, PALETTE: 1, GREY_ALPHA: 2, COLOURS_ALPHA: 4}
"""By kind of colour: grey, colours, a palette, and with transparency."""
DEPTHS: Final = {GREY: (1, 2, 4, 8, 16), PALETTE: (1, 2, 4, 8)}
OTHER_DEPTHS: Final = (8, 16)
BYTE: Final = 8
PASSES: Final = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: its first column and row, and the steps to the next ones (8.2)."""
NONE, SUB, UP, AVERAGE = range(4)
"""How a row is filtered; what is more is Paeth's way (9.2)."""


class NotPng(Exception):
    """The file is no PNG, or not a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Png:
    """depth: bits of a channel; content: the rows of pixels, deflated."""

    width: int
    height: int
    depth: int
    colour: int
    interlaced: bool
    palette: bytes
    clear: bytes
    content: bytes


def parsed(file: bytes) -> Png:
    """A file taken apart, its pixels still packed. Raises NotPng."""
    chunks = list(_chunks(file))
    parts = dict(chunks)
    if not file.startswith(SIGNATURE) or len(parts.get(b"IHDR", b"")) != struct.calcsize(">IIBBBBB"):
        raise NotPng
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if not width or not height or colour not in CHANNELS or depth not in DEPTHS.get(colour, OTHER_DEPTHS):
        raise NotPng
    return Png(
        width=width,
        height=height,
        depth=depth,
        colour=colour,
        interlaced=bool(interlaced),
        palette=parts.get(b"PLTE", b""),
        clear=parts.get(b"tRNS", b""),
        content=b"".join(body for kind, body in chunks if kind == b"IDAT"),
    )


def written(width: int, height: int, rows: bytes) -> bytes:
    """A file of rows of red, green and blue, each after a byte that says how it is filtered (0: not at all)."""
    header = struct.pack(">IIBBBBB", width, height, BYTE, COLOURS, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def on_white(png: Png) -> list[bytes]:
    """The rows as red, green and blue; what was transparent is white. Raises NotPng."""
    read = _reader(png)
    if not png.interlaced:
        return [read(row)[: 3 * png.width] for row in _unfiltered(png, [(png.width, png.height)])]
    whole = [bytearray(3 * png.width) for _ in range(png.height)]
    sizes = [(-(-(png.width - x) // step), -(-(png.height - y) // down)) for x, y, step, down in PASSES]
    rows = _unfiltered(png, [size for size in sizes if min(size) > 0])
    for (x, y, step, down), size in zip(PASSES, sizes, strict=True):
        for number in range(size[1] if min(size) > 0 else 0):
            coloured = read(next(rows))[: 3 * size[0]]
            for part in range(3):
                whole[y + number * down][3 * x + part :: 3 * step] = coloured[part::3]
    return list(map(bytes, whole))


def smaller(rows: Sequence[bytes], factor: int) -> list[bytes]:
    """The picture in a whole fraction of its size; each pixel is the mean of those it stands for."""
    width, count = len(rows[0]) // 3 // factor, factor * factor
    return [_mean(rows[top : top + factor], width, count) for top in range(0, len(rows) - factor + 1, factor)]


def _mean(rows: Sequence[bytes], width: int, count: int) -> bytes:
    factor, mean = len(rows), bytearray(3 * width)
    for part in range(3):
        among = [row[part + 3 * place :: 3 * factor][:width] for row in rows for place in range(factor)]
        mean[part::3] = bytes([sum(values) // count for values in zip(*among, strict=True)])
    return bytes(mean)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 8 <= len(file):
        (length,) = struct.unpack_from(">I", file, at)
        yield file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(png: Png, sizes: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    """The rows of each part of a picture, in their order."""
    bits = CHANNELS[png.colour] * png.depth
    strides = [(-(-width * bits // 8), height) for width, height in sizes]
    most = sum((stride + 1) * height for stride, height in strides)
    raw = _inflated(png.content, most)
    at, step = 0, max(bits // 8, 1)
    for stride, height in strides:
        above = bytes(stride)
        for _ in range(height):
            above = _row(raw[at], raw[at + 1 : at + 1 + stride], above, step)
            yield above
            at += stride + 1


def _inflated(content: bytes, most: int) -> bytes:
    try:
        raw = zlib.decompressobj().decompress(content, most)
    except zlib.error as error:
        raise NotPng from error
    if len(raw) != most:
        raise NotPng
    return raw


def _row(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """The row as it was before it was filtered."""
    if kind == NONE:
        return row
    if kind == UP:
        return bytes([value & 255 for value in map(add, row, above)])
    plain = bytearray(len(row))
    for channel in range(step):
        mine, over = row[channel::step], above[channel::step]
        plain[channel::step] = _SUMS.get(kind, _by_paeth)(mine, over)
    return bytes(plain)


def _by_left(row: bytes, above: bytes) -> bytes:
    del above
    return bytes([value & 255 for value in accumulate(row)])


def _by_average(row: bytes, above: bytes) -> bytes:
    left, plain = 0, bytearray()
    for value, over in zip(row, above, strict=True):
        left = (value + (left + over) // 2) & 255
        plain.append(left)
    return bytes(plain)


def _by_paeth(row: bytes, above: bytes) -> bytes:
    left = corner = 0
    plain = bytearray()
    for value, over in zip(row, above, strict=True):
        to_left, to_over, to_corner = abs(over - corner), abs(left - corner), abs(left + over - 2 * corner)
        nearest = over if to_over <= to_corner else corner
        if to_left <= to_over and to_left <= to_corner:
            nearest = left
        left, corner = (value + nearest) & 255, over
        plain.append(left)
    return bytes(plain)


_SUMS: dict[int, Callable[[bytes, bytes], bytes]] = {SUB: _by_left, AVERAGE: _by_average}


def _reader(png: Png) -> Callable[[bytes], bytes]:
    """What makes red, green and blue of a row."""
    if png.colour == PALETTE:
        entries = [_entry(index, png) for index in range(1 << png.depth)]
        return lambda row: b"".join([entries[index] for index in _samples(row, png.depth)])
    clear = _clear(png)
    return lambda row: _composed([_levels(row, channel, png) for channel in range(CHANNELS[png.colour])], clear)


def _entry(index: int, png: Png) -> bytes:
    opacity = png.clear[index] if index < len(png.clear) else 255
    return bytes(_over_white(part, opacity) for part in png.palette[index * 3 : index * 3 + 3].ljust(3, b"\0"))


def _clear(png: Png) -> tuple[int, ...] | None:
    """The one colour that is transparent, by eight bits; of sixteen the others are not told apart."""
    if png.colour not in {GREY, COLOURS} or len(png.clear) < 2 * CHANNELS[png.colour]:
        return None
    values = struct.unpack_from(f">{CHANNELS[png.colour]}H", png.clear)
    return tuple(value >> 8 if png.depth > BYTE else value * 255 // ((1 << png.depth) - 1) for value in values)


def _levels(row: bytes, channel: int, png: Png) -> bytes:
    """One channel of a row, by eight bits."""
    if png.depth < BYTE:
        most = (1 << png.depth) - 1
        return bytes([value * 255 // most for value in _samples(row, png.depth)])
    size = png.depth // 8
    return row[channel * size :: CHANNELS[png.colour] * size]


def _samples(row: bytes, depth: int) -> bytes:
    """Values of less than a byte, the first in the highest bits."""
    if depth == BYTE:
        return row
    shifts, mask = range(8 - depth, -1, -depth), (1 << depth) - 1
    return bytes([value >> shift & mask for value in row for shift in shifts])


def _composed(channels: list[bytes], clear: tuple[int, ...] | None) -> bytes:
    *parts, opacity = channels if len(channels) in {2, 4} else [*channels, b""]
    shown = bytearray(3 * len(parts[0]))
    if clear is not None:
        opacity = bytes([0 if pixel == clear else 255 for pixel in zip(*parts, strict=True)])
    for place, part in enumerate(parts * (3 // len(parts))):
        opaque = not opacity or opacity.count(255) == len(opacity)
        shown[place::3] = part if opaque else bytes(map(_over_white, part, opacity))
    return bytes(shown)


def _over_white(part: int, opacity: int) -> int:
    return 255 - ((255 - part) * opacity + 127) // 255
