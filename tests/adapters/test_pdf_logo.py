"""A business's logo on its documents: as it was sent, in its place, and read out."""

import io
import struct
import zlib
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Invalid
from chalicelib.domain.logo import MOST_BYTES, made_ready, picture_of
from chalicelib.domain.png import PASSES
from tests.adapters.documents import a_document

BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""From a picture that is upright to what a camera keeps of it, by Exif's orientations."""
RED, CLEAR = (200, 30, 30, 255), (0, 0, 0, 0)


def a_picture(mode="RGBA", size=(60, 20), kind="PNG"):
    """Red, the right half transparent where it can be."""
    whole = Image.new("RGBA", size, RED)
    whole.paste(CLEAR, (size[0] // 2, 0, *size))
    file = io.BytesIO()
    whole.convert(mode).save(file, kind)
    return file.getvalue()


def drawn(file, template=Template.MODERN):
    logo, kept = made_ready(file, "biz_1")
    document = replace(a_document(), template=template, logo=logo)
    return PdfRenderer(fetch={logo.key: kept}.__getitem__).render(document).pdf


def image_in(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as file:
        image = file.pages[0].Resources.XObject.Logo
        return pikepdf.PdfImage(image).as_pil_image().convert("RGB")


@pytest.mark.row("H42", "K17")
@pytest.mark.parametrize("template", list(Template))
def test_a_logo_is_drawn_in_place_of_the_initials_and_read_out(template):
    pdf = drawn(a_picture(), template)

    picture = image_in(pdf)
    assert (picture.size, picture.getpixel((5, 5)), picture.getpixel((55, 5))) == (
        (60, 20),
        RED[:3],
        (255, 255, 255),
    )
    assert pdf == drawn(a_picture(), template)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        figures = [one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        assert "Rénovation Boréale inc." in [str(one.Alt) for one in figures]


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(("mode", "bits"), [("1", 1), ("L", 8), ("LA", 8), ("P", 2), ("P", 8), ("RGB", 8), ("RGBA", 8)])
def test_a_png_of_any_kind_is_kept_as_colours_on_white(mode, bits, interlaced):
    file = a_png(a_scene(mode), bits=bits, interlaced=interlaced)
    _, kept = made_ready(file, "biz_1")
    ours, theirs = Image.open(io.BytesIO(kept)), Image.open(io.BytesIO(file))
    on_white = Image.new("RGBA", theirs.size, "white")
    on_white.alpha_composite(theirs.convert("RGBA"))

    assert (ours.mode, ours.size) == ("RGB", theirs.size)
    assert ours.tobytes() == on_white.convert("RGB").tobytes()


@pytest.mark.parametrize("filtered", range(5))
def test_rows_may_be_filtered_in_any_way(filtered):
    scene = a_scene("RGB")
    _, kept = made_ready(a_png(scene, filtered=filtered), "biz_1")

    assert Image.open(io.BytesIO(kept)).tobytes() == scene.tobytes()


def test_of_sixteen_bits_the_finer_ones_are_left_out():
    rows = b"".join(b"\0" + b"".join(bytes((x, 77, 255 - x, 1, y, 200)) for x in range(20)) for y in range(9))
    _, kept = made_ready(_file(20, 9, depth=16, colour=2, rows=rows), "biz_1")

    assert Image.open(io.BytesIO(kept)).getpixel((7, 4)) == (7, 248, 4)


@pytest.mark.parametrize(("colour", "clear", "pixel"), [(0, b"\0\x40", b"\x40"), (2, b"\0\1\0\2\0\3", b"\1\2\3")])
def test_the_one_colour_that_is_transparent_becomes_white(colour, clear, pixel):
    rows = b"\0" + pixel + b"\x09" * len(pixel)
    _, kept = made_ready(_file(2, 1, depth=8, colour=colour, rows=rows, clear=clear), "biz_1")
    picture = Image.open(io.BytesIO(kept))

    assert (picture.getpixel((0, 0)), picture.getpixel((1, 0))) == ((255, 255, 255), (9, 9, 9))


def test_a_picture_larger_than_it_is_printed_is_kept_smaller():
    logo, kept = made_ready(a_picture(size=(900, 600)), "biz_1")
    picture = Image.open(io.BytesIO(kept))

    assert (logo.width, logo.height) == picture.size == (450, 300)
    assert (picture.getpixel((9, 9)), picture.getpixel((449, 299))) == (RED[:3], (255, 255, 255))


def a_scene(mode):
    """No row and no column of it is like another, and the right half is transparent where it can be."""
    scene = Image.new("RGBA", (37, 23))
    scene.putdata([(x * 6, y * 11, (x * y) % 256, 255 if x < 18 else 90) for y in range(23) for x in range(37)])
    return scene.convert(mode)


def a_png(picture, *, bits=8, interlaced=False, filtered=0):
    """A file of a picture's own pixels, written by the book (ISO/IEC 15948, 7 to 9)."""
    bands = len(picture.getbands())
    colour = {"1": 0, "L": 0, "LA": 4, "P": 3, "RGB": 2, "RGBA": 6}[picture.mode]
    if picture.mode == "P":
        picture = picture.convert("RGB").quantize(1 << bits)
    flat = picture.convert("L").point(lambda value: value // 255) if picture.mode == "1" else picture
    pixels, width = flat.tobytes(), picture.width
    at = lambda x, y: pixels[(y * width + x) * bands :][:bands]  # noqa: E731 - as short as it is
    starts = PASSES if interlaced else ((0, 0, 1, 1),)
    rows = b""
    for x0, y0, dx, dy in starts:
        above = b""
        for y in range(y0, picture.height, dy):
            row = _packed(b"".join(at(x, y) for x in range(x0, width, dx)), bits)
            rows += bytes([filtered]) + _filtered(filtered, row, above or bytes(len(row)), bands) if row else b""
            above = row
    palette = bytes(picture.getpalette()) if picture.mode == "P" else b""
    return _file(width, picture.height, depth=bits, colour=colour, rows=rows, palette=palette, interlaced=interlaced)


def _packed(values, bits):
    if bits == 8:
        return values
    each = 8 // bits
    whole = values + bytes(-len(values) % each)
    groups = (whole[start : start + each] for start in range(0, len(whole), each))
    return bytes(sum(value << (8 - bits * (place + 1)) for place, value in enumerate(group)) for group in groups)


def _filtered(kind, row, above, step):
    before, corner = bytes(step) + row, bytes(step) + above
    guess = {
        0: lambda _: 0,
        1: lambda place: before[place],
        2: lambda place: above[place],
        3: lambda place: (before[place] + above[place]) // 2,
        4: lambda place: _nearest(before[place], above[place], corner[place]),
    }[kind]
    return bytes((value - guess(place)) & 255 for place, value in enumerate(row))


def _nearest(left, over, corner):
    return min((left, over, corner), key=lambda one: abs(left + over - corner - one))


def _file(width, height, *, depth, colour, rows, palette=b"", clear=b"", interlaced=False):
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"tRNS", clear), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    written = (_chunk(kind, body) for kind, body in chunks if body or kind == b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def _chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_jpeg_is_kept_as_it_came():
    for mode, colours in (("RGB", 3), ("L", 1)):
        file = a_picture(mode, kind="JPEG")
        logo, kept = made_ready(file, "biz_1")

        assert (kept, picture_of(kept).colours, logo.width, logo.height) == (file, colours, 60, 20)
        assert image_in(drawn(file)).size == (60, 20)


@pytest.mark.parametrize("turned", range(1, 9))
def test_a_photograph_stands_upright_however_the_camera_was_held(turned):
    upright = Image.new("RGB", (80, 40), "white")
    upright.paste("red", (0, 0, 40, 20))
    held = upright.transpose(BACK[turned]) if turned in BACK else upright
    file, camera = io.BytesIO(), Image.Exif()
    camera[0x0112] = turned
    held.save(file, "JPEG", quality=95, exif=camera)
    logo, _ = made_ready(file.getvalue(), "biz_1")
    page = pypdfium2.PdfDocument(drawn(file.getvalue()))
    seen = page[0].render(scale=1).to_pil()
    page.close()

    assert (logo.width, logo.height) == (80, 40)
    red, *white = [seen.getpixel((46 + x, 44 + y)) for x, y in ((10, 9), (60, 9), (10, 27), (60, 27))]
    assert (red[0] > 200, red[1] < 60) == (True, True)
    assert [min(pixel) > 240 for pixel in white] == [True] * 3


def a_photograph(**changes):
    """A grey JPEG of 60 by 20 with other bytes in places: what is before the frame, its depth, its height."""
    file = a_picture("L", kind="JPEG")
    frame = file.index(b"\xff\xc0")
    depth, height = changes.get("depth", 8), changes.get("height", 20)
    head = struct.pack(">BH", depth, height) + file[frame + 7 :]
    return file[:2] + changes.get("before", b"") + file[2 : frame + 4] + head


@pytest.mark.parametrize(
    "camera",
    [
        pytest.param(b"II*\0" + struct.pack("<IHHHII", 8, 1, 0x0110, 3, 1, 6), id="nothing of how it was held"),
        pytest.param(b"MM\0*" + struct.pack(">IH", 8, 9), id="cut off"),
        pytest.param(b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 99, 0), id="held in no way"),
        pytest.param(b"?", id="no directory"),
    ],
)
def test_what_a_camera_says_may_be_of_no_use(camera):
    body = b"Exif\0\0" + camera
    logo, _ = made_ready(a_photograph(before=b"\xff\xff\xe1" + struct.pack(">H", 2 + len(body)) + body), "biz_1")

    assert (logo.width, logo.height) == (60, 20)


@pytest.mark.parametrize(
    ("file", "advice"),
    [
        pytest.param(b"GIF89a", "PNG", id="another kind"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", id="a drawing"),
        pytest.param(a_picture()[:20], "anew", id="cut off in its head"),
        pytest.param(a_picture()[:40], "anew", id="cut off"),
        pytest.param(a_picture()[:-30], "anew", id="cut off at its end"),
        pytest.param(a_picture("CMYK", kind="JPEG"), "Save it in RGB", id="four colours"),
        pytest.param(a_picture(size=(1001, 1000)), "at most 1,000,000", id="too many pixels"),
        pytest.param(b"\xff\xd8\xff\xe0", "anew", id="no JPEG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x00" * 9 + b"\xff\xd9", "anew", id="a JPEG that does not move on"),
        pytest.param(a_picture("RGB", kind="JPEG")[:-40], "anew", id="a JPEG cut off at its end"),
        pytest.param(
            a_picture("RGB", kind="JPEG").replace(b"\xff\xc0", b"\xff\xc9"), "ordinary JPEG", id="a JPEG of a rare kind"
        ),
        pytest.param(b"\xff\xd8\xff" + bytes(MOST_BYTES), "smaller", id="too large"),
        pytest.param(a_photograph(depth=12), "ordinary JPEG", id="a JPEG of twelve bits"),
        pytest.param(a_photograph(height=6001), "at most 6,000", id="a JPEG too high"),
        pytest.param(a_picture().replace(b"IDAT\x78", b"IDAT\x00"), "anew", id="a PNG that cannot be unpacked"),
        pytest.param(_file(1, 1, depth=3, colour=2, rows=b"\0\0\0\0"), "anew", id="a PNG of three bits"),
    ],
)
def test_what_is_no_logo_is_refused_with_what_to_send_instead(file, advice):
    with pytest.raises(Invalid, match=advice) as refused:
        made_ready(file, "biz_1")

    assert (refused.value.code, refused.value.faults[0].at) == ("not_a_logo", "/appearance/logo")
