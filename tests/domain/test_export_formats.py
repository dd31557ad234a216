"""What each format says of a document, held against the headers that public importers take."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain import credit_note as credit_notes
from chalicelib.domain import export_fec as fec
from chalicelib.domain import export_quickbooks_desktop, export_quickbooks_online, export_xero
from chalicelib.domain.accounting import Chart, Lack, Words
from chalicelib.domain.bookkeeping import bill_of
from chalicelib.domain.errors import Refused
from chalicelib.domain.export_format import Format, Options
from chalicelib.domain.export_layouts import LAYOUTS, Setting
from chalicelib.domain.export_lines import Paper, sold_on
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.sales import parties_of, worked_out
from tests import builders as b
from tests import golden

FORMATS = golden.read("export_formats.json")
BOTH = {"TPS+TVQ": "GST/QST QC - 9.975", "none": "Exempt"}
CHART = Chart(
    accounts={"revenue": "200", "receivable": "1200", "PR": "210"},
    tax_codes=BOTH,
    tax_accounts={"TPS": "2310", "TVQ": "2320"},
    items={"default": "Services"},
)


def a_paper(sold=None, *, credit=False, **more):
    sold = sold or b.content()
    content, _ = worked_out(sold)
    invoice = b.an_issued_invoice(sold, number="00042", **more)
    document = a_credit_of(invoice) if credit else invoice
    parties = parties_of(document.id, content, seller=b.a_business().as_seller(), buyer=b.a_client().as_buyer())
    return Paper(document=document, content=content, parties=parties, reference="GAGNON")


def a_credit_of(invoice):
    number = b.a_number("CN-00001", series="credit_note", document_id="crn_1")
    note, _ = credit_notes.issued(
        "crn_1", invoice, invoice.figures, number=number, reason="Erreur", send=False, at=b.NOON
    )
    return note


def setting(chart=CHART, *, country="CA", currency="CAD", **options):
    return Setting(words=Words(chart), country=country, currency=currency, options=Options(**options))


def said(format, paper, setting_=None, number=1):
    setting_ = setting_ or setting()
    layout = LAYOUTS[format]
    return layout.opening(setting_) + layout.text(paper, setting_, number)


def rows(format, paper, setting_=None, delimiter=","):
    return list(csv.DictReader(io.StringIO(said(format, paper, setting_), newline=""), delimiter=delimiter))


def header(name, field):
    return FORMATS[name][field]


@pytest.mark.row("A48", "A49", "A50")
@pytest.mark.parametrize(
    ("first_line", "told"),
    [
        (lambda: said(Format.XERO, a_paper()), header("xero_sales_invoice_csv", "header")),
        (
            lambda: said(Format.QUICKBOOKS_ONLINE, a_paper(), setting(country="US")),
            header("quickbooks_online_csv", "us_header"),
        ),
        (lambda: said(Format.QUICKBOOKS_ONLINE, a_paper()), header("quickbooks_online_csv", "non_us_header")),
        (lambda: said(Format.QUICKBOOKS_DESKTOP, a_paper()), header("quickbooks_desktop_iif", "trns_columns_min")),
        (lambda: said(Format.FEC, a_paper()), "\t".join(header("fec", "columns"))),
    ],
    ids=["xero", "quickbooks online in the us", "elsewhere", "quickbooks desktop", "fec"],
)
def test_a_file_begins_with_the_header_that_the_program_takes(first_line, told):
    assert first_line().split("\r\n")[0] == told


def test_the_second_header_of_an_iif_is_the_one_it_takes():
    lines = said(Format.QUICKBOOKS_DESKTOP, a_paper()).split("\r\n")
    assert lines[1:3] == [header("quickbooks_desktop_iif", "spl_columns_min"), "!ENDTRNS"]


def test_the_entry_of_a_french_example_is_the_same_to_the_byte():
    (case,) = golden.cases("fec_row").values()
    move = case["input"]["move"]
    entry = fec.Entry(
        journal=move["journal_code"],
        journal_name=move["journal_name"],
        number=move["number"],
        on=date.fromisoformat(move["date"]),
        posted_on=date.fromisoformat(move["post_date"]),
        lines=tuple(an_entry_line(line) for line in move["lines"]),
    )
    assert fec.opening() == case["expected"]["header"] + "\r\n"
    assert list(fec.rows(entry)) == case["expected"]["rows"]


def an_entry_line(line):
    amount = b.cad(line.get("debit", "0")) - b.cad(line.get("credit", "0"))
    return fec.EntryLine(
        account=line["account"],
        account_name=line["account_name"],
        amount=amount,
        party=line.get("party", ""),
        party_name=line.get("party_name", ""),
    )


def test_a_row_of_xero_has_account_and_tax_code_of_the_line():
    (row,) = rows(Format.XERO, a_paper(purchase_order="BC-7"))
    assert {name: row[name] for name in ("*ContactName", "*InvoiceNumber", "Reference", "*InvoiceDate")} == {
        "*ContactName": "Marie Gagnon",
        "*InvoiceNumber": "00042",
        "Reference": "BC-7",
        "*InvoiceDate": "02/03/2026",
    }
    assert [row[name] for name in ("*Quantity", "*UnitAmount", "*AccountCode", "*TaxType", "Currency")] == [
        *("1", "100", "200", "GST/QST QC - 9.975", "CAD"),
    ]


def test_a_credit_note_of_xero_is_below_zero():
    (row,) = rows(Format.XERO, a_paper(credit=True))
    assert (row["*InvoiceNumber"], row["*UnitAmount"], row["Reference"]) == ("CN-00001", "-100", "00042")


def test_dates_are_month_first_in_the_united_states():
    (row,) = rows(Format.XERO, a_paper(), setting(country="US"))
    assert row["*InvoiceDate"] == "03/02/2026"


def test_quickbooks_online_has_the_customer_on_the_first_row_only():
    two = b.content(b.a_line(), b.a_line(description="Pose", unit_price=Decimal(50)))
    found = rows(Format.QUICKBOOKS_ONLINE, a_paper(two))
    assert [(row["*InvoiceNo"], row["*Customer"], row["*ItemAmount"], row["Item Tax Amount"]) for row in found] == [
        ("00042", "Marie Gagnon", "100.00", "14.97"),
        ("00042", "", "50.00", "7.49"),
    ]
    assert {row["*Item Tax Code"] for row in found} == {"GST/QST QC - 9.975"}


def test_every_invoice_has_a_day_to_be_paid_by_where_the_program_wants_one():
    paper = a_paper()
    paper = replace(paper, document=replace(paper.document, due_date=None))
    for format in (Format.QUICKBOOKS_ONLINE, Format.XERO):
        (row,) = rows(format, paper)
        assert row["*DueDate"] == "02/03/2026"


@pytest.mark.parametrize("name", ["\u4e2d\u6587", "\u05de\u05e8\u05d9"])
def test_a_client_whose_name_quickbooks_desktop_cannot_write_is_not_billed_under_another(name):
    """In Windows-1252 all of them would be called by the same question marks."""
    paper = a_paper()
    buyer = replace(paper.parties.buyer, name=name)
    with pytest.raises(Refused) as refused:
        said(Format.QUICKBOOKS_DESKTOP, replace(paper, parties=replace(paper.parties, buyer=buyer)))
    assert refused.value.code == "name_not_written"


def test_accents_are_written_as_windows_1252_has_them():
    text = said(Format.QUICKBOOKS_DESKTOP, a_paper(b.content(b.a_line(description="Re\u0301paration"))))
    assert "R\xe9paration".encode("cp1252") in text.encode("cp1252")


def test_a_credit_note_is_no_invoice_of_quickbooks_online():
    with pytest.raises(Refused) as refused:
        rows(Format.QUICKBOOKS_ONLINE, a_paper(credit=True))
    assert refused.value.code == "no_credit_notes"


def test_in_the_united_states_taxes_are_lines_so_that_the_total_is_the_invoices():
    found = rows(Format.QUICKBOOKS_ONLINE, a_paper(), setting(Chart(), country="US"))
    amounts = [Decimal(row["*ItemAmount"]) for row in found]
    assert (sum(amounts), [row["ItemDescription"] for row in found][1:]) == (Decimal("114.98"), ["TPS", "TVQ"])


@pytest.mark.parametrize(("credit", "sign"), [(False, 1), (True, -1)], ids=["an invoice", "a credit note"])
def test_a_transaction_of_an_iif_sums_to_zero(credit, sign):
    lines = said(Format.QUICKBOOKS_DESKTOP, a_paper(credit=credit)).split("\r\n")[3:]
    table = [line.split("\t") for line in lines if line.startswith(("TRNS", "SPL"))]
    amounts = [Decimal(row[6]) for row in table]
    assert (amounts[0], sum(amounts)) == (sign * Decimal("114.98"), 0)
    assert {row[2] for row in table} == {"CREDIT MEMO" if credit else "INVOICE"}
    assert (table[0][3], table[0][4], table[1][9]) == ("03/02/26", "1200", f"{-sign}")


@pytest.mark.parametrize("credit", [False, True], ids=["an invoice", "a credit note"])
def test_an_entry_of_a_fec_has_as_much_on_both_sides(credit):
    text = said(Format.FEC, a_paper(credit=credit), number=7)
    table = list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"))
    debit, credit_ = (sum(Decimal(row[name].replace(",", ".")) for row in table) for name in ("Debit", "Credit"))
    assert (debit, credit_) == (Decimal("114.98"), Decimal("114.98"))
    assert {row["EcritureNum"] for row in table} == {"7"}
    client = next(row for row in table if row["CompAuxNum"])
    assert (client["CompteNum"], client["CompAuxNum"], client["CompAuxLib"]) == ("1200", "GAGNON", "Marie Gagnon")


def test_a_fec_takes_no_document_in_another_currency():
    with pytest.raises(Refused) as refused:
        said(Format.FEC, a_paper(), setting(currency="EUR"))
    assert refused.value.code == "other_currency"


def test_a_document_that_books_nothing_takes_no_number_of_a_fec():
    """The numbers of entries have no gap, and an entry of no line would be one."""
    free = b.content(b.a_line(), allowances=(Adjustment(percent=Decimal(100)),))
    with pytest.raises(Refused) as refused:
        said(Format.FEC, a_paper(free))
    assert refused.value.code == "nothing_to_book"


@pytest.mark.parametrize(
    ("unit_price", "quantity", "told"),
    [("0.012345", "1000", ("1", "12.35")), ("12.5", "0.33333", ("1", "4.17")), ("0.0123", "3.5", ("3.5", "0.0123"))],
)
def test_xero_is_told_no_more_than_four_decimals(unit_price, quantity, told):
    """It would round them, and then refuse the line or book another amount."""
    fine = b.content(b.a_line(unit_price=Decimal(unit_price), quantity=Decimal(quantity)))
    (row,) = rows(Format.XERO, a_paper(fine))
    assert (row["*Quantity"], row["*UnitAmount"]) == told
    (line,) = bill_of(a_paper(fine), Words(CHART), with_items=False).lines
    assert (f"{line.quantity:f}", f"{line.unit_price:f}") == told


@pytest.mark.row("A49")
def test_everything_that_is_lacking_is_named():
    setting_ = setting(Chart())
    mixed = b.content(b.a_line(), b.a_line(taxes=()))
    said(Format.QUICKBOOKS_ONLINE, a_paper(mixed), setting_)
    assert setting_.words.lacks == {
        Lack("items", "default"),
        Lack("tax_codes", "TPS+TVQ"),
        Lack("tax_codes", "none"),
    }


@pytest.mark.parametrize(
    "sold",
    [
        pytest.param(b.content(b.a_line(), b.a_line(taxes=())), id="taxed and not"),
        pytest.param(b.content(b.a_line(unit_price=Decimal("33.333"), quantity=Decimal(3))), id="a rounded line"),
        pytest.param(b.content(allowances=(Adjustment(percent=Decimal(10)),)), id="a discount"),
        pytest.param(
            b.content(b.a_line(), b.a_line(taxes=("TPS",)), allowances=(Adjustment(amount=b.cad("7.77")),)),
            id="a discount shared over taxes",
        ),
        pytest.param(
            b.content(charges=(Adjustment(amount=b.cad("5"), reason="Péage", taxes=("TPS",)),)),
            id="a charge with its own tax",
        ),
        pytest.param(
            b.content(b.a_line(taxes=("TTC",)), rates=(b.a_rate("TTC", "20", included=True),)), id="taxes included"
        ),
        pytest.param(b.content(b.a_line(base_quantity=Decimal(3))), id="a price for three"),
    ],
)
def test_the_lines_come_to_the_document_to_the_cent(sold):
    paper = a_paper(sold)
    lines, figures = sold_on(paper), paper.document.figures
    assert sum(line.net.minor for line in lines) == figures.net_total.minor
    assert sum(line.tax.minor for line in lines) == figures.tax_total.minor
    for line in lines:
        assert round(line.quantity * line.unit_price, 2) == line.net.decimal


def test_lines_that_do_not_come_to_the_document_are_refused():
    paper = a_paper()
    figures = replace(paper.document.figures, net_total=b.cad("99"))
    with pytest.raises(Refused) as refused:
        sold_on(replace(paper, document=replace(paper.document, figures=figures)))
    assert refused.value.code == "figures_differ"


def test_the_headers_have_as_many_columns_as_their_rows():
    paper, words = a_paper(), Words(CHART)
    assert {len(row) for row in export_xero.rows(paper, words)} == {len(export_xero.HEADER)}
    for country in ("US", "CA"):
        wide = len(export_quickbooks_online.header(country))
        assert {len(row) for row in export_quickbooks_online.rows(paper, words, country=country)} == {wide}
    iif = export_quickbooks_desktop.text(paper, words).split("\r\n")
    assert len(iif[0].split("\t")) == len(export_quickbooks_desktop.HEAD) + 1
    assert len(iif[1].split("\t")) == len(export_quickbooks_desktop.SPLIT) + 1
