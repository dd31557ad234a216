"""The same document is the same file, byte for byte: on any day, in any process, under any Python (C47)."""

import json
import zlib

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from tests.adapters.pdf_samples import KNOWN, SAMPLES, hashed, uncompressed

ANEW = "If the look was changed on purpose: python -m tests.adapters.pdf_samples"


def known(form):
    return json.loads(KNOWN.read_text())[form]


@pytest.mark.row("C47")
def test_ten_documents_are_drawn_as_they_were():
    with uncompressed():
        drawn = hashed()

    assert drawn == known("uncompressed"), ANEW


@pytest.mark.row("C47")
@pytest.mark.skipif(
    known("zlib") != zlib.ZLIB_RUNTIME_VERSION, reason="another zlib may compress the same content to other bytes"
)
def test_ten_files_are_the_same_to_the_last_byte():
    assert hashed() == known("files"), ANEW


def test_what_is_not_compressed_for_comparison_can_be_read_all_the_same(tmp_path):
    document, attachments = SAMPLES["small and dense"]
    with uncompressed():
        path = tmp_path / "a.pdf"
        path.write_bytes(PdfRenderer().render(document, attachments).pdf)
    with pikepdf.open(path) as file:
        assert file.check_pdf_syntax() == []
