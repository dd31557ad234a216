"""What an invoice says on paper, before anybody draws it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.domain.appearance import Appearance, Column
from chalicelib.domain.document import Emphasis, Paper, Standing
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.lines import Adjustment, Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.tax import TaxRate

GST = TaxRate(code="GST", name="GST", rate_percent=Decimal(5), registration_number="123456789 RT0001")
QST = TaxRate(code="QST", name="QST", rate_percent=Decimal("9.975"), registration_number="1234567890 TQ0001")
HELD = TaxRate(code="IRPF", name="IRPF", rate_percent=Decimal(15), withheld=True)
EXEMPT = TaxRate(code="NONE", name="TVA", category="E", exemption_reason="art. 293 B du CGI")
SELLER = Party(
    name="Boréale",
    legal_name="Rénovation Boréale inc.",
    address=Address(city="Montréal", country="CA"),
    registrations=(Registration(name="RBQ", number="5798"), Registration(name="NEQ", number="11 712")),
)
BUYER = Party(name="Les Érables", address=Address(city="Montréal", country="CA"))


class PlainWording:
    """Keys stand for themselves, figures are as Python writes them."""

    language = "en"
    tag = "en-CA"

    def text(self, key, **values):
        return key.format(**values) if values else key

    def money(self, amount):
        return f"{amount} {amount.currency}"

    def price(self, amount, currency):
        return f"{amount} {currency}"

    def number(self, value):
        return f"{value}"

    def percent(self, value):
        return f"{value}%"

    def day(self, value):
        return value.isoformat()

    def short_day(self, value):
        return value.isoformat()

    def country(self, code):
        return f"country {code}"


def a_line(description="Labour", quantity="1", unit_price="100", **rest):
    rest.setdefault("taxes", ("GST", "QST"))
    return Line(description=description, quantity=Decimal(quantity), unit_price=Decimal(unit_price), **rest)


def a_document(*lines, invoice=None, buyer=BUYER, seller=SELLER, pay_url="", **content):
    given = Content(currency="CAD", lines=lines or (a_line(),), rates=(GST, QST, HELD, EXEMPT), **content)
    priced, figures = worked_out(given)
    none = Money.zero("CAD")
    head = Invoice(
        id="inv_1",
        client_id="cli_1",
        client_name=buyer.name,
        figures=figures,
        paid_total=none,
        credited_total=none,
        refunded_total=none,
        disputed_total=none,
        language="en",
        created_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        **{"number": "42", "issue_date": date(2026, 11, 21), "due_date": date(2026, 12, 21), **(invoice or {})},
    )
    parties = Parties(id="inv_1", seller=seller, buyer=buyer)
    return invoice_document(head, priced, parties, wording=PlainWording(), pay_url=pay_url)


def said(document):
    return [(total.label, total.value, total.detail) for total in document.totals]


def test_each_tax_stands_at_its_own_rate_with_its_registration_number():
    assert said(a_document()) == [
        ("Subtotal", "100.00 CAD", ""),
        ("GST 5%", "5.00 CAD", "No. 123456789\u00a0RT0001"),
        ("QST 9.975%", "9.98 CAD", "No. 1234567890\u00a0TQ0001"),
        ("Total due", "114.98 CAD", ""),
    ]


def test_a_combined_rate_of_gst_and_qst_is_nowhere():
    assert "14.975" not in repr(a_document())


def test_discounts_charges_and_what_was_paid_lead_to_the_balance():
    document = a_document(
        a_line(unit_price="1000", taxes=("GST", "IRPF")),
        allowances=(Adjustment(percent=Decimal(10)),),
        charges=(Adjustment(amount=Money(50_00, "CAD")),),
        prepaid=Money(100_00, "CAD"),
    )

    assert said(document) == [
        ("Subtotal", "1000.00 CAD", ""),
        ("Discount", "-100.00 CAD", ""),
        ("Charges", "50.00 CAD", ""),
        ("Total before tax", "950.00 CAD", ""),
        ("GST 5%", "47.50 CAD", "No. 123456789\u00a0RT0001"),
        ("Total", "997.50 CAD", ""),
        ("IRPF 15%", "-142.50 CAD", ""),
        ("Already paid", "-100.00 CAD", ""),
        ("Balance due", "755.00 CAD", ""),
    ]
    assert [total.emphasis for total in document.totals if total.emphasis is not Emphasis.PLAIN] == [
        Emphasis.STRONG,
        Emphasis.FINAL,
    ]


def test_an_exemption_says_its_reason_and_no_rate():
    assert said(a_document(a_line(taxes=("NONE",))))[1] == ("TVA", "0.00 CAD", "art. 293 B du CGI")


def test_a_tax_on_a_part_says_on_how_much():
    document = a_document(a_line(), a_line(taxes=("GST",)))

    assert said(document)[2] == ("QST 9.975%", "9.98 CAD", "No. 1234567890\u00a0TQ0001\non 100.00 CAD")


def test_lines_say_their_taxes_only_where_they_differ():
    same = a_document(a_line(), a_line())
    apart = a_document(a_line(), a_line(taxes=("GST",)))

    assert (same.columns.taxes, [row.taxes for row in same.groups[0].rows]) == ("", ["", ""])
    assert (apart.columns.taxes, [row.taxes for row in apart.groups[0].rows]) == ("Taxes", ["GST, QST", "GST"])


def test_lines_of_a_group_stand_together_under_its_subtotal():
    document = a_document(
        a_line("a", group="Walls"), a_line("b"), a_line("c", group="Walls"), a_line("d", group="Roof")
    )

    assert [(group.title, group.subtotal, [row.description for row in group.rows]) for group in document.groups] == [
        ("", "", ["b"]),
        ("Walls", "200.00 CAD", ["a", "c"]),
        ("Roof", "100.00 CAD", ["d"]),
    ]


def test_a_line_says_its_discount_its_charge_and_for_how_many_its_price_is():
    allowance = Adjustment(percent=Decimal(10), reason="loyalty")
    charge = Adjustment(amount=Money(5_00, "CAD"))
    line = a_line(
        "Screws\ngalvanised", base_quantity=Decimal(100), allowances=(allowance,), charges=(charge,), unit="piece"
    )
    document = a_document(line)
    (row,) = document.groups[0].rows

    assert (row.description, row.unit, row.unit_price) == ("Screws", "piece", "100 CAD / 100")
    assert row.detail.split("\n") == ["galvanised", "Discount 10%  ·  loyalty", "Charge 5.00 CAD"]
    assert (document.columns.unit, a_document().columns.unit) == ("Unit", "")


def test_a_draft_is_stamped_and_asks_for_nothing():
    draft = a_document(invoice={"number": None, "issue_date": None, "due_date": None}, pay_url="https://pay")

    assert (draft.stamp, draft.number, draft.heading, draft.panel, draft.pay_url) == ("DRAFT", "", "Invoice", None, "")
    assert draft.dated == date(2026, 11, 20)
    assert draft.facts == ()


def test_an_issued_invoice_asks_for_its_amount_by_its_due_date():
    document = a_document(pay_url="https://pay")

    assert (document.panel.label, document.panel.amount) == ("Amount due", "114.98 CAD")
    assert (document.panel.note, document.pay_url, document.stamp) == ("by 2026-12-21", "https://pay", "")
    assert [(fact.label, fact.value) for fact in document.facts] == [
        ("Issue date", "2026-11-21"),
        ("Due date", "2026-12-21"),
    ]


def test_the_days_that_are_billed_stand_beside_the_others():
    days = ServicePeriod(start=date(2026, 11, 1), end=date(2026, 11, 30))

    document = a_document(invoice={"service_period": days})

    assert [fact.value for fact in document.facts if fact.label == "Service period"] == [
        "2026-11-01 \N{EN DASH} 2026-11-30"
    ]


def test_with_a_schedule_the_first_instalment_is_asked_for():
    schedule = (
        Instalment(id="1", label="On signing", amount=Money(34_49, "CAD"), due_on=date(2026, 11, 30)),
        Instalment(id="2", amount=Money(80_49, "CAD")),
    )
    document = a_document(invoice={"schedule": schedule})

    assert (document.panel.label, document.panel.amount) == ("Instalment due", "34.49 CAD")
    assert document.panel.note == "by 2026-11-30  ·  Total balance: 114.98 CAD"
    assert [(entry.label, entry.detail, entry.standing, entry.share) for entry in document.schedule.instalments] == [
        ("On signing", "2026-11-30", Standing.DUE, 299),
        ("Instalment 2", "", Standing.UPCOMING, 700),
    ]


def test_of_a_draft_no_instalment_is_due():
    parts = tuple(Instalment(id=f"{n}", amount=Money(57_49, "CAD")) for n in (1, 2))

    draft = a_document(invoice={"schedule": parts, "number": None, "issue_date": None})

    assert [(one.state, one.standing) for one in draft.schedule.instalments] == [("", Standing.UPCOMING)] * 2


def test_one_instalment_is_no_schedule():
    schedule = (Instalment(id="1", amount=Money(114_98, "CAD")),)

    assert a_document(invoice={"schedule": schedule}).schedule is None


def test_nothing_is_asked_for_when_nothing_is_due():
    assert a_document(prepaid=Money(114_98, "CAD")).panel is None


def test_the_seller_is_named_with_every_registration():
    document = a_document()

    assert (document.brand, document.brand_note, document.monogram) == ("Boréale", "RBQ licence: 5798", "B")
    assert (document.parties[0].name, document.parties[0].lines) == (
        "Rénovation Boréale inc.",
        ("Montréal", "NEQ\u00a011\u00a0712"),
    )
    assert document.footer == "Rénovation Boréale inc.  ·  RBQ\u00a05798  ·  NEQ\u00a011\u00a0712"


def test_a_buyer_abroad_has_the_country_in_the_address():
    abroad = replace(BUYER, address=Address(city="Lyon", country="FR"), legal_name="Érables SA")
    document = a_document(buyer=abroad)

    assert (document.parties[1].name, document.parties[1].lines) == (
        "Érables SA",
        ("Les Érables", "Lyon", "country FR"),
    )
    assert a_document().parties[1].lines == ("Montréal",)


@pytest.mark.parametrize(("country", "paper"), [("CA", Paper.LETTER), ("FR", Paper.A4), (None, Paper.A4)])
def test_paper_is_cut_as_in_the_sellers_country(country, paper):
    assert a_document(seller=replace(SELLER, address=Address(country=country))).paper is paper


def test_notes_and_terms_are_said_if_there_are_any():
    document = a_document(notes="Thanks.\nCome again.")

    assert [(passage.title, passage.paragraphs) for passage in document.passages] == [
        ("Notes", ("Thanks.", "Come again."))
    ]


def test_a_documents_colour_and_foot_are_the_sellers():
    chosen = Appearance(accent="#7c2d12", footer="Merci")
    document = a_document(seller=replace(SELLER, appearance=chosen))

    assert (document.accent, a_document().accent) == ("#7c2d12", "#0b5d4e")
    assert document.footer.startswith("Merci  ·  Rénovation Boréale inc.")


@pytest.mark.parametrize(
    ("columns", "country", "shown"),
    [
        pytest.param(None, "CA", ("Qty", "Unit", "Unit price", ""), id="what the lines have"),
        pytest.param((), "CA", ("", "", "", ""), id="none"),
        pytest.param((Column.TAXES,), "CA", ("", "", "", "Taxes"), id="taxes though they are alike"),
        pytest.param((), "FR", ("Qty", "", "Unit price", ""), id="France wants quantity and price"),
    ],
)
def test_columns_are_as_chosen_but_for_what_the_law_wants(columns, country, shown):
    seller = replace(SELLER, appearance=Appearance(columns=columns), country=country)
    document = a_document(a_line(unit="h"), seller=seller)

    told = document.columns
    assert (told.quantity, told.unit, told.unit_price, told.taxes) == shown
    apart = a_document(a_line(), a_line(taxes=("GST",)), seller=seller)
    assert apart.columns.taxes == "Taxes"
