"""What drawing may cost at most, in processor time of this process: a small part of it is what it takes (C46)."""

import io
import time

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from tests.adapters.documents import a_document, lines


@pytest.mark.row("C46")
@pytest.mark.parametrize(("count", "pages", "seconds"), [(40, 2, 0.3), (1_000, 20, 5)])
def test_an_invoice_is_drawn_within_its_budget(count, pages, seconds):
    renderer, document = PdfRenderer(), a_document(*lines(count))
    renderer.render(a_document())  # warm: the fonts are loaded
    before = time.process_time()

    pdf = renderer.render(document).pdf

    assert time.process_time() - before < seconds
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert len(file.pages) >= pages
