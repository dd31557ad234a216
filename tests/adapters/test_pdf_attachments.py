"""Files within a PDF: associated with it as what they are, and found by programs that read e-invoices."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pytest

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.ports import Attachment
from tests.adapters.documents import a_document, lines

FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"
INVOICE = Attachment(
    name="factur-x.xml",
    mime_type="text/xml",
    body=b"<rsm:CrossIndustryInvoice/>" * 40,
    relationship="Alternative",
    described="Facture électronique",
    modified=datetime(2026, 11, 21, 14, 5, 6, tzinfo=UTC),
    conformance="EN 16931",
)
HOURS = replace(
    INVOICE, name="Heures été.csv", mime_type="text/csv", body=b"8;h", relationship="Source", conformance=""
)


def with_files(*attachments):
    return pikepdf.open(io.BytesIO(PdfRenderer().render(a_document(), attachments).pdf))


@pytest.mark.row("C57")
def test_an_invoice_of_en_16931_is_the_alternative_of_its_pdf():
    with with_files(INVOICE) as file:
        (specification,) = file.Root.AF
        assert str(specification.AFRelationship) == "/Alternative"


@pytest.mark.row("C57")
@pytest.mark.parametrize(
    ("conformance", "wrong"),
    [("EN 16931", "Data"), ("EXTENDED", "Source"), ("BASIC", "Data"), ("MINIMUM", "Alternative")],
)
def test_an_invoice_that_says_it_is_something_else_is_refused(conformance, wrong):
    with pytest.raises(ValueError, match=f"factur-x.xml of {conformance} is"):
        PdfRenderer().render(a_document(), [replace(INVOICE, conformance=conformance, relationship=wrong)])


@pytest.mark.parametrize("conformance", ["MINIMUM", "BASIC WL"])
def test_an_invoice_without_lines_is_data(conformance):
    with with_files(replace(INVOICE, conformance=conformance, relationship="Data")) as file:
        assert str(file.Root.AF[0].AFRelationship) == "/Data"


def test_a_file_is_found_by_its_name_with_all_that_is_known_of_it():
    with with_files(INVOICE) as file:
        name, specification = file.Root.Names.EmbeddedFiles.Names
        assert specification.objgen == file.Root.AF[0].objgen
        assert str(name) == str(specification.F) == str(specification.UF) == "factur-x.xml"
        assert str(specification.Desc) == "Facture électronique"
        embedded = specification.EF.F
        assert embedded.objgen == specification.EF.UF.objgen
        assert embedded.read_bytes() == INVOICE.body
        assert str(embedded.Subtype) == "/text/xml"
        assert int(embedded.Params.Size) == len(INVOICE.body)
        assert str(embedded.Params.ModDate) == "D:20261121140506Z"
        assert bytes(embedded.Params.CheckSum) == hashlib.md5(INVOICE.body, usedforsecurity=False).digest()
        assert file.check_pdf_syntax() == []


def test_the_file_says_that_it_is_a_hybrid_invoice():
    with with_files(INVOICE) as file, file.open_metadata() as said:
        assert said.pdfa_status == "3A"
        names = ("DocumentType", "DocumentFileName", "Version", "ConformanceLevel")
        assert [said[FX + name] for name in names] == ["INVOICE", "factur-x.xml", "1.0", "EN 16931"]
        packet = file.Root.Metadata.read_bytes().decode()
    assert packet.count("<pdfaSchema:prefix>fx</pdfaSchema:prefix>") == 1
    assert [packet.count(f"<pdfaProperty:name>{name}</pdfaProperty:name>") for name in names] == [1, 1, 1, 1]


def test_other_files_do_not_make_it_a_hybrid_invoice():
    with with_files(HOURS) as file:
        assert b"factur-x" not in file.Root.Metadata.read_bytes()
        assert str(file.Root.AF[0].AFRelationship) == "/Source"
        assert list(file.attachments) == ["Heures été.csv"]


def test_several_files_are_listed_by_name():
    with with_files(INVOICE, HOURS) as file:
        assert list(map(str, file.Root.Names.EmbeddedFiles.Names))[::2] == ["Heures été.csv", "factur-x.xml"]
        assert len(file.Root.AF) == 2


def test_without_files_nothing_speaks_of_them():
    with with_files() as file:
        assert ("/AF" in file.Root, "/Names" in file.Root) == (False, False)


def test_the_same_files_give_the_same_bytes_whatever_the_zone_of_their_time():
    elsewhere = replace(INVOICE, modified=INVOICE.modified.astimezone(timezone(timedelta(hours=-5))))
    document = a_document(*lines(3))

    assert PdfRenderer().render(document, [INVOICE]) == PdfRenderer().render(document, [elsewhere])
