"""Exports: asked for over HTTP, made by the worker, fetched as files."""

import csv
import io
import json
import re
import zipfile

import pytest

from chalicelib.entrypoints.http.exports import LARGEST_ANSWER

XERO = {"accounts": {"revenue": "200"}, "tax_codes": {"TPS+TVQ": "GST/QST QC - 9.975"}}
FEC = {"accounts": {"revenue": "706000", "receivable": "411000"}, "tax_accounts": {"TPS": "445711", "TVQ": "445712"}}


def asked(world, format="csv", **more):
    return world.ok("POST", "/v1/exports", {"format": format} | more).body


def made(world, format="csv", **more):
    """An export as it is when it is over."""
    export = asked(world, format, **more)
    world.settle()
    return seen(world, export)


def seen(world, export):
    return world.ok("GET", f"/v1/exports/{export['id']}").body


def fetched(world, export):
    return world.ok("GET", export["file"]["url"])


def table(world, export, delimiter=","):
    text = fetched(world, export).raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def mapped(world, **charts):
    world.ok("PATCH", "/v1/business", {"accounting": charts})


@pytest.mark.row("A46", "A51", "A53", "A59")
def test_invoices_are_exported_once_as_csv_and_marked(world):
    one, two = world.invoice(), world.invoice()
    world.draft()
    export = asked(world)
    assert (export["status"], export["progress"]["total"]) == ("queued", None)
    world.settle()
    export = seen(world, export)
    assert (export["status"], export["progress"]["count"], export["failures"]) == ("ready", 2, [])
    rows = table(world, export)
    assert [(row["number"], row["net"], row["tax"], row["total"]) for row in rows] == [
        ("00001", "1000.00", "149.75", "1149.75"),
        ("00002", "1000.00", "149.75", "1149.75"),
    ]
    for invoice in (one, two):
        marked = world.see(invoice)
        assert (marked["status"], marked["exported_at"] is not None) == ("exported", True)
        assert "invoice.exported" in world.timeline(invoice)


@pytest.mark.row("A53")
def test_what_was_exported_is_left_out_unless_it_is_asked_for_again(world):
    invoice = world.invoice()
    made(world)
    answer = world.api("POST", "/v1/exports", {"format": "csv"})
    assert (answer.status, answer["code"]) == (409, "nothing_to_export")
    assert made(world, again=True)["progress"]["count"] == 1
    world.invoice()
    assert [row["number"] for row in table(world, made(world))] == ["00002"]
    assert world.timeline(invoice).count("invoice.exported") == 2


@pytest.mark.row("A53", "A54", "A59")
def test_the_status_is_of_what_was_done_last(world):
    invoice = world.invoice()
    made(world)
    world.time.pass_(minutes=1)
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {})
    world.settle()
    assert world.see(invoice)["status"] == "sent"
    world.time.pass_(minutes=1)
    made(world, again=True)
    assert world.see(invoice)["status"] == "exported"


@pytest.mark.row("A50")
def test_an_unmapped_code_refuses_the_export_with_all_that_is_missing(world):
    world.invoice()
    answer = world.api("POST", "/v1/exports", {"format": "xero"})
    assert (answer.status, answer["code"]) == (422, "unmapped")
    assert [error["at"] for error in answer["errors"]] == [
        "/accounting/xero/accounts/revenue",
        "/accounting/xero/tax_codes/TPS+TVQ",
    ]
    mapped(world, xero=XERO)
    (row,) = table(world, made(world, "xero"))
    assert (row["*AccountCode"], row["*TaxType"]) == ("200", "GST/QST QC - 9.975")


@pytest.mark.row("A50")
def test_what_is_missing_for_later_documents_refuses_the_whole_and_marks_nothing(world, monkeypatch):
    monkeypatch.setattr("chalicelib.usecases.exporting.CHECKED_AT_ONCE", 1)
    mapped(world, xero={"accounts": {"revenue": "200"}, "tax_codes": {"TPS+TVQ": "A"}})
    world.invoice(lines=[{"description": "Pose", "unit_price": "10", "taxes": ["TPS"]}])
    first = world.invoice()
    export = made(world, "xero")
    assert (export["status"], [one["at"] for one in export["errors"]]) == (
        "failed",
        ["/accounting/xero/tax_codes/TPS"],
    )
    assert world.see(first)["exported_at"] is None


def test_a_french_csv_has_a_mark_semicolons_and_commas(world):
    client = world.client(name="=cmd|' /C calc'!A0")
    world.invoice(client, lines=[{"description": "-Remise", "quantity": "-1", "unit_price": "-12.50"}])
    options = {"byte_order_mark": True, "separator": ";", "decimal": ","}
    export = made(world, options=options)
    assert fetched(world, export).raw.startswith(b"\xef\xbb\xbfdocument;number;")
    (row,) = table(world, export, ";")
    assert (row["client_name"], row["description"]) == ("'=cmd|' /C calc'!A0", "'-Remise")
    assert (row["quantity"], row["unit_price"], row["net"]) == ("-1", "-12,50", "12,50")


def test_a_workbook_has_typed_cells_and_no_formulas(world):
    client = world.client(name="=1+1")
    world.invoice(client)
    export = made(world, "xlsx")
    answer = fetched(world, export)
    assert answer.headers["content-disposition"] == f'attachment; filename="{export["file"]["name"]}"'
    with zipfile.ZipFile(io.BytesIO(answer.raw)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<t>=1+1</t>" in sheet
    assert re.search(r'<c r="V2" s="\d+"><v>149.75</v>', sheet)


@pytest.mark.row("A3", "C49")
def test_the_pdfs_of_many_invoices_are_one_zip(world):
    issued = [world.invoice() for _ in range(3)]
    world.settle()
    export = made(world, "pdf_zip")
    with zipfile.ZipFile(io.BytesIO(fetched(world, export).raw)) as archive:
        assert archive.namelist() == ["00001.pdf", "00002.pdf", "00003.pdf"]
        kept = archive.read("00001.pdf")
    assert kept == world.ok("GET", f"/v1/invoices/{issued[0]['id']}/pdf").raw


@pytest.mark.row("C49")
def test_one_bad_invoice_fails_alone(world):
    good, bad = world.invoice(), world.invoice()
    world.settle()
    for key in [key for key in world.files() if bad["id"] in key]:
        world.aws.client("s3").delete_object(Bucket=world.aws.environment["DOCUMENTS_BUCKET"], Key=key)
    export = made(world, "pdf_zip")
    assert (export["status"], export["progress"]["count"], export["progress"]["failed"]) == ("ready", 1, 1)
    (failure,) = export["failures"]
    assert (failure["document_id"], failure["number"], failure["code"]) == (bad["id"], "00002", "not_found")
    assert [world.see(one)["exported_at"] is None for one in (good, bad)] == [False, True]


def test_a_draft_asked_for_by_its_id_fails_alone(world):
    issued, draft = world.invoice(), world.draft()
    export = made(world, filter={"ids": [draft["id"], issued["id"]]})
    assert [(one["document_id"], one["code"]) for one in export["failures"]] == [(draft["id"], "invoice_not_issued")]
    assert [row["number"] for row in table(world, export)] == ["00001"]


def test_an_unknown_document_is_not_found(world):
    answer = world.api("POST", "/v1/exports", {"format": "csv", "filter": {"ids": ["inv_01HZZZZZZZZZZZZZZZZZZZZZZZ"]}})
    assert (answer.status, answer["code"]) == (404, "not_found")
    answer = world.api("POST", "/v1/exports", {"format": "csv", "filter": {"client_id": "cli_unknown"}})
    assert (answer.status, answer["code"]) == (404, "not_found")


def test_credit_notes_are_in_formats_that_bear_them(world):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Erreur"})
    mapped(world, fec=FEC, quickbooks_online={"items": {"default": "Services"}, "tax_codes": {"TPS+TVQ": "A"}})
    rows = table(world, made(world))
    assert [(row["document"], row["total"]) for row in rows] == [("invoice", "1149.75"), ("credit_note", "-1149.75")]
    assert [row["*InvoiceNo"] for row in table(world, made(world, "quickbooks_online", again=True))] == ["00001"]
    entries = table(world, made(world, "fec", again=True), "\t")
    assert [row["EcritureNum"] for row in entries] == ["1", "1", "1", "1", "2", "2", "2", "2"]


def test_the_accounts_of_a_fec_begin_with_three_digits(world):
    """So the law has it (LPF art. A47 A-1, VII-5); a file with others is refused by whoever reads it."""
    bad = {"accounts": {"revenue": "70A", "receivable": "411GAGNON"}, "tax_accounts": {"TPS": "TPS"}}
    answer = world.api("PATCH", "/v1/business", {"accounting": {"fec": bad}})
    assert answer.status == 422
    assert [(error["at"], error["code"]) for error in answer["errors"]] == [
        ("/accounting/fec/accounts/revenue", "not_an_account"),
        ("/accounting/fec/tax_accounts/TPS", "not_an_account"),
    ]


def test_exports_are_narrowed_to_a_client_and_to_days(world):
    client = world.client()
    world.invoice()
    world.invoice(client)
    day = world.see(world.invoice(client))["issue_date"]
    assert made(world, filter={"client_id": client["id"]})["progress"]["count"] == 2
    answer = world.api("POST", "/v1/exports", {"format": "csv", "filter": {"to": "2020-01-01"}})
    assert answer["code"] == "nothing_to_export"
    assert made(world, filter={"from": day, "to": day})["progress"]["count"] == 1


def test_a_file_is_fetched_once_it_is_ready(world):
    world.invoice()
    export = asked(world)
    answer = world.api("GET", f"/v1/exports/{export['id']}/file")
    assert (answer.status, answer["code"]) == (409, "export_not_ready")


def test_a_large_file_is_fetched_elsewhere(world, monkeypatch):
    monkeypatch.setattr("chalicelib.entrypoints.http.exports.LARGEST_ANSWER", 10)
    world.invoice()
    answer = world.api("GET", made(world)["file"]["url"])
    assert answer.status == 303
    assert "Signature" in answer.headers["location"]


@pytest.mark.parametrize("text", ["\u00e9", "\u20ac", "\U0001f9fe", '"', "\r\n"])
def test_what_is_fetched_at_once_fits_into_the_answer_of_a_function(text):
    whole = text * (LARGEST_ANSWER // len(text.encode()))
    assert len(json.dumps({"body": whole})) < 6 * 1024 * 1024 - 10_000


@pytest.mark.row("A46")
def test_the_accountant_exports_and_the_technician_does_not(world):
    world.invoice()
    accountant, technician = world.key("accountant"), world.key("technician")
    export = world.ok("POST", "/v1/exports", {"format": "csv"}, key=accountant)
    assert export.status == 202
    assert world.ok("GET", "/v1/exports", key=accountant)["data"][0]["id"] == export["id"]
    assert world.api("POST", "/v1/exports", {"format": "csv"}, key=technician).status == 403
    assert world.api("GET", f"/v1/exports/{export['id']}", key=technician).status == 403
