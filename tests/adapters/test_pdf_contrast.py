"""Whatever colour a business has, all text can be read: 4.5 to 1 against what it stands on (WCAG 2.2, 1.4.3)."""

import io
from dataclasses import dataclass, replace

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Template
from tests.adapters.pdf_samples import ASKED, GROUPS, ONLINE, PLAN, a_sample

WHITE = (1.0, 1.0, 1.0)


def luminance(color):
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@dataclass
class Area:
    color: tuple
    left: float
    bottom: float
    right: float
    top: float

    def lies_under(self, x, y):
        return self.left <= x <= self.right and self.bottom <= y <= self.top


def texts_and_grounds(page):
    """The colour of each text on a page, and that of the area it begins on."""
    areas, path, color = [], [], WHITE
    for operands, operator in pikepdf.parse_content_stream(page):
        numbers = [float(each) for each in operands] if str(operator) in ("rg", "re", "m", "l", "c", "Td") else []
        match str(operator):
            case "rg":
                color = tuple(numbers)
            case "re":
                left, bottom, width, height = numbers
                path += [(left, bottom), (left + width, bottom + height)]
            case "m" | "l" | "c":
                path += [(numbers[place], numbers[place + 1]) for place in range(0, len(numbers), 2)]
            case "f":
                xs, ys = zip(*path, strict=True)
                areas.append(Area(color, min(xs), min(ys), max(xs), max(ys)))
                path = []
            case "S" | "Q":
                path = []
            case "Td":
                under = [area.color for area in areas if area.lies_under(*numbers)]
                yield color, (under or [WHITE])[-1]


@pytest.mark.parametrize(
    "accent", ["#0b5d4e", "#ffff00", "#ffffff", "#000000", "#e5e7eb", "#ff6b6b", "#00b8d9", "#777777"]
)
@pytest.mark.parametrize("template", Template)
def test_every_text_stands_out_from_what_it_stands_on(template, accent):
    document = a_sample(template, 0, accent=accent, panel=ASKED, groups=GROUPS, schedule=PLAN, stamp="DRAFT", **ONLINE)
    document = replace(document, panel=replace(ASKED, note="by June 1  ·  of $900.00"))
    with pikepdf.open(io.BytesIO(PdfRenderer().render(document).pdf)) as file:
        pairs = {pair for page in file.pages for pair in texts_and_grounds(page)}

    assert len({ground for _, ground in pairs}) > (template is not Template.CLASSIC)
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
