"""The PDF as a file: the same bytes every time, sound, light to load, and with links that work."""
# ruff: noqa: RUF001 - French apostrophes are meant

import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.adapters.pdf.container import ResourceAccessPolicy
from chalicelib.adapters.pdf.metadata import About
from chalicelib.adapters.pdf.producer import Container
from chalicelib.adapters.pdf.structure import Structure
from tests.adapters.documents import PAY_URL, a_document, a_line, lines, pages
from tests.adapters.pdf_samples import hashed


@pytest.mark.row("C47")
def test_rendering_gives_the_same_bytes_in_another_process_whatever_was_drawn_before():
    script = "import json; from tests.adapters.pdf_samples import hashed; print(json.dumps(hashed()))"
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": "1"}
    )
    PdfRenderer().render(a_document(a_line("un autre document ไ d’abord")))

    assert json.loads(done.stdout) == hashed()


def test_rendering_loads_no_library_for_fonts_or_pictures():
    script = (
        "import sys; from chalicelib.adapters.pdf import PdfRenderer;"
        "from tests.adapters.documents import a_document;"
        "PdfRenderer().render(a_document());"
        "print([name for name in sys.modules if name.split('.')[0] in ('fontTools', 'PIL', 'numpy')])"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_the_real_libraries_can_be_imported_afterwards():
    script = (
        "import chalicelib.adapters.pdf, fontTools.ttLib, PIL.Image;"
        "print(fontTools.ttLib.TTFont.__module__, PIL.Image.Image.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "fontTools.ttLib.ttFont PIL.Image"


def test_the_file_is_sound_and_says_what_it_is():
    with pikepdf.open(io.BytesIO(PdfRenderer().render(a_document(*lines(60))).pdf)) as file:
        assert file.check_pdf_syntax() == []
        with file.open_metadata() as said:
            assert said["dc:title"] == "Facture 2026-00042"
            assert said["dc:creator"] == ["Rénovation Boréale inc."]
            assert said["xmp:CreateDate"] == "2026-11-21T00:00:00+00:00"
        assert str(file.Root.Lang) == "fr-CA"


def test_the_button_and_the_code_lead_to_the_page_to_pay():
    with pikepdf.open(io.BytesIO(PdfRenderer().render(a_document()).pdf)) as file:
        links = [str(link.A.URI) for link in file.pages[0].Annots]
    assert links == [PAY_URL, PAY_URL]


def test_without_a_page_to_pay_nothing_asks_to_pay_online():
    document = a_document(pay_url="")

    assert "Payer en ligne" not in pages(document)[0]
    with pikepdf.open(io.BytesIO(PdfRenderer().render(document).pdf)) as file:
        assert "/Annots" not in file.pages[0]


def test_neither_files_nor_the_network_may_be_read():
    about = About(title="Facture", author="Boréale", language="fr-CA", dated=datetime(2026, 11, 21, tzinfo=UTC))
    container = Container(612, 792, letterings=[], structure=Structure(), about=about)

    assert container.resource_access_policy is ResourceAccessPolicy.NONE
