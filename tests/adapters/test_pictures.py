"""Pages as pictures, for many who ask at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pypdfium2

from chalicelib.adapters import pictures
from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.domain.document import Template
from tests.adapters.pdf_samples import a_sample


class Watched(pypdfium2.PdfDocument):
    """Says how many documents were open at once."""

    open_ones: ClassVar = []
    most = 0

    def __init__(self, file):
        super().__init__(file)
        self.open_ones.append(self)
        Watched.most = max(Watched.most, len(self.open_ones))

    def close(self):
        self.open_ones.remove(self)
        super().close()


def test_pdfium_is_asked_for_one_page_at_a_time(monkeypatch):
    monkeypatch.setattr(pictures, "PdfDocument", Watched)
    pdf = PdfRenderer().render(a_sample(Template.COMPACT, 3)).pdf
    with ThreadPoolExecutor(4) as pool:
        drawn = set(pool.map(lambda _: pictures.PdfiumPictures().picture(pdf, page=1).png, range(4)))

    assert (len(drawn), Watched.most) == (1, 1)
