"""A business's logo on its documents: as it was sent, in its place, and read out."""

import io
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Invalid
from chalicelib.domain.logo import MOST_BYTES, made_ready, picture_of
from tests.adapters.documents import a_document

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


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "P", "RGBA"])
def test_a_png_of_any_kind_is_kept_as_colours_on_white(mode):
    _, kept = made_ready(a_picture(mode), "biz_1")
    ours = Image.open(io.BytesIO(kept))
    theirs = Image.open(io.BytesIO(a_picture(mode))).convert("RGBA")
    on_white = Image.new("RGBA", theirs.size, "white")
    on_white.alpha_composite(theirs)

    assert (ours.mode, ours.tobytes()) == ("RGB", on_white.convert("RGB").tobytes())


def test_a_jpeg_is_kept_as_it_came():
    for mode, colours in (("RGB", 3), ("L", 1)):
        file = a_picture(mode, kind="JPEG")
        logo, kept = made_ready(file, "biz_1")

        assert (kept, picture_of(kept).colours, logo.width, logo.height) == (file, colours, 60, 20)
        assert image_in(drawn(file)).size == (60, 20)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"GIF89a", id="another kind"),
        pytest.param(a_picture()[:40], id="cut off"),
        pytest.param(a_picture()[:-30], id="cut off at its end"),
        pytest.param(a_picture("1"), id="one bit"),
        pytest.param(a_picture("CMYK", kind="JPEG"), id="four colours"),
        pytest.param(a_picture(size=(600, 600)), id="too many pixels"),
        pytest.param(b"\xff\xd8\xff\xe0", id="no JPEG"),
        pytest.param(b"\xff\xd8\xff\xe0\x00\x00" * 9, id="a JPEG that does not move on"),
        pytest.param(b"\xff\xd8\xff" + bytes(MOST_BYTES), id="too large"),
    ],
)
def test_what_is_no_logo_is_refused(file):
    with pytest.raises(Invalid) as refused:
        made_ready(file, "biz_1")

    assert (refused.value.code, refused.value.faults[0].at) == ("not_a_logo", "/appearance/logo")
