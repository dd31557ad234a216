"""The marks of French and of Quebec's law in French, against the dated rules of ``tests/data/golden``."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.adapters.wording import wording
from chalicelib.domain.business import InvoiceDefaults
from chalicelib.domain.credit_note import numbering_of
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice_totals import totals_of
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Insurance, Legal, Operations, Size, VatScheme
from chalicelib.domain.letterhead import places_of
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import RULES as ALL_RULES
from chalicelib.domain.marks import missing_marks, notices_of
from chalicelib.domain.marks_france import E_INVOICES, LAST_DAY_OF_CGI
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party, Registration
from chalicelib.domain.retainage import RetainageRule, rule_in
from chalicelib.domain.sales import Parties, worked_out
from chalicelib.domain.statutory_rates import STATUTES
from chalicelib.domain.terms import DaysThenEndOfMonth, EndOfMonthThenDays, NetDays, due_on
from tests import builders as b

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
RULES = json.loads((GOLDEN / "fr_invoice_rules.json").read_text())
PROVINCES = json.loads((GOLDEN / "ca_tax_rates.json").read_text())["provinces"]
WORDS = RULES["mentions"]
VAT = Registration(name="TVA", number="FR44732829320")
TVA, REVERSED = b.a_rate("TVA", "20", registration_number=VAT.number), b.a_rate("AE", "0", category="AE")


def figures(*rates, currency="EUR") -> Figures:
    line = b.a_line(unit_price=Decimal(1000), taxes=tuple(rate.code for rate in rates))
    return worked_out(b.content(line, currency=currency, rates=rates))[1]


def said(*rates, on=date(2026, 3, 2), late_fee=None, **legal):
    legal = Legal(**legal)
    seller = Party(name="Dupont", address=b.PARIS, registrations=(b.SIREN, VAT), legal=legal, late_fee=late_fee)
    buyer = Party(name="Durand", address=b.PARIS, registrations=(VAT,))
    parties = Parties(id="inv_1", seller=seller, buyer=buyer)
    case = Case(kind=PaperKind.INVOICE, figures=figures(*rates), parties=parties, on=on)
    texts = {notice.rule.id: notice.text for notice in notices_of(case, wording("fr", "FR"))}
    return {id: text.replace("\u00a0", " ").replace("\u2019", "'").rstrip(".") for id, text in texts.items()}


def test_each_mention_is_in_the_words_of_the_law():
    assert said(vat_scheme=VatScheme.FRANCHISE)["fr.franchise"] == WORDS["franchise"]
    assert said(REVERSED)["eu.reverse_charge"] == WORDS["reverse_charge"]
    assert said(TVA, vat_scheme=VatScheme.DEBITS)["fr.debits"] == WORDS["debits"]
    assert said(TVA)["fr.early_discount"] in WORDS["early_discount"]
    assert (
        said(TVA, operations=Operations.SERVICES)["fr.operations"] == "Nature de l'opération : prestation de services"
    )


def test_late_payment_is_as_the_rules_have_it():
    late, texts = RULES["late_payment"], said(TVA)

    assert STATUTES["FR"].recovery.decimal == Decimal(late["fixed_fee_eur"])
    assert "40,00 €" in texts["fr.recovery"]
    assert f"{late['h1_2026'].replace('.', ',')} % par an" in texts["fr.penalties"]
    assert late["h2_2026"] is None
    assert "%" not in said(TVA, on=date(2026, 9, 1))["fr.penalties"]


def test_e_invoicings_marks_begin_on_the_days_of_the_rules():
    days = RULES["e_invoicing"]["issue"]

    assert {
        Size.LARGE: date.fromisoformat(days["large and mid-size"]),
        Size.SMALL: date.fromisoformat(days["SME and micro"]),
    } == E_INVOICES
    assert f"{LAST_DAY_OF_CGI}" in RULES["code_change"]


LEFT_OUT = {
    "franchise_293B": "what was earned elsewhere in the year is not known here, and nothing printed depends on it",
    "self_billing": "nobody writes invoices for another here",
    "max_net_days": "trades have longer terms by decree, and a business may be one of them",
}
"""Of the rules, what no code of ours looks at, and why."""


def test_every_part_of_the_rules_is_looked_at():
    looked_at = {"vat_rates", "mentions", "code_change", "e_invoicing", "numbering", "payment_terms", "late_payment"}
    mentions = {"franchise", "reverse_charge", "exempt", "late_payment", "early_discount", "debits"}

    assert looked_at | {"as_of", "retention"} | LEFT_OUT.keys() == RULES.keys() | {"self_billing", "max_net_days"}
    assert mentions | {"self_billing"} == WORDS.keys()
    assert len(RULES["e_invoicing"]["new_mentions"]) == 4
    assert len(RULES["numbering"]) == 4


@pytest.mark.parametrize("percent", RULES["vat_rates"])
def test_each_rate_of_vat_is_said_with_its_decimals(percent):
    rate = b.a_rate(f"TVA{percent}", percent, name="TVA", registration_number=VAT.number)

    labels = [total.label.replace("\u00a0", " ") for total in totals_of(figures(rate), wording("fr", "FR"))]
    assert f"TVA {percent.replace('.', ',')} %" in labels


def test_an_exemption_names_its_article_beside_the_tax():
    rate = b.a_rate("EX", "0", category="E", exemption_reason="CGI, art. 261, 4-1°")

    assert [total.detail for total in totals_of(figures(rate), wording("fr", "FR")) if total.detail] == [
        "CGI, art. 261, 4-1°"
    ]


def test_what_e_invoicing_adds_is_printed_as_soon_as_it_is_known():
    texts = said(TVA, vat_scheme=VatScheme.DEBITS, operations=Operations.GOODS)
    assert {"fr.buyer_siren", "fr.operations", "fr.debits"} <= texts.keys()

    buyer = Party(name="Durand", address=b.PARIS)
    parties = Parties(id="inv_1", seller=buyer, buyer=buyer, delivery=replace(b.PARIS, lines=("2 rue A",)))
    assert [place.label for place in places_of(parties, wording("fr", "FR"))] == ["Adresse de livraison"]


def test_terms_of_payment_numbers_and_retention_are_as_the_rules_have_them():
    terms, kept = RULES["payment_terms"], RULES["retention"]

    assert InvoiceDefaults().due == NetDays(days=terms["default_days"])
    both = DaysThenEndOfMonth(days=45), EndOfMonthThenDays(end_of_month_days=45)
    assert len({due_on(reading, date(2026, 1, 20)) for reading in both}) == len(terms["end_of_month_readings"])
    assert rule_in("FR") == RetainageRule(most=Decimal(kept["max_percent"]), months=12)
    business = b.a_business()
    assert numbering_of(business).prefix != business.numbering.prefix


def test_penalties_agreed_on_are_never_under_the_least():
    low = LateFeeTerms(yearly_rate_percent=Decimal(1))
    (least,) = re.findall(r"H1 2026: ([0-9.]+)", RULES["late_payment"]["minimum"])

    assert f"{least.replace('.', ',')} % par an" in said(TVA, late_fee=low)["fr.penalties"]


def every_mark(said_in):
    """What each rule that prints something says of a business that has said all there is to say."""
    legal = Legal(
        form="SARL",
        capital=Money(10_000_00, "EUR"),
        operations=Operations.MIXED,
        early_discount="2 %",
        insurance=Insurance(insurer="MAAF", contract="1", area="EU"),
    )
    terms = LateFeeTerms(yearly_rate_percent=Decimal(12))
    seller = Party(name="Dupont", address=b.PARIS, registrations=(b.SIREN, VAT), legal=legal, late_fee=terms)
    parties = Parties(id="inv_1", seller=seller, buyer=replace(seller, late_fee=None))
    case = Case(kind=PaperKind.INVOICE, figures=figures(TVA), parties=parties, on=date(2026, 3, 2))
    return {rule.id: (said_in.text(rule.title), rule.said(case, said_in)) for rule in ALL_RULES if rule.said}


def test_every_mark_is_said_in_french_in_english_and_in_both_with_french_first():
    french, english = every_mark(wording("fr", "CA")), every_mark(wording("en", "CA"))
    both = every_mark(wording("fr+en", "CA"))

    alike = {id for id in french if french[id] == english[id]}
    assert alike == set()
    assert "SARL au capital de 10 000,00 € / SARL with a capital of 10 000,00 €" in both["fr.identity"][1].replace(
        "\u00a0", " "
    )
    for id, (title, text) in both.items():
        (fr_title, fr_text), (en_title, en_text) = french[id], english[id]
        assert (title.find(fr_title), title.find(en_title) > 0) == (0, True), id
        apart = text.replace("\n", " / ").replace("  ", " ")
        for one, other in zip(fr_text.splitlines(), en_text.splitlines(), strict=True):
            first = [apart.find(said[:12]) for said in (one, other)]
            assert first == sorted(first), (id, first)
            assert -1 not in first, (id, first, apart)


@pytest.mark.parametrize("province", PROVINCES, ids=[one["province"] for one in PROVINCES])
def test_the_taxes_of_every_province_are_charged_with_their_numbers_alone(province):
    home = Party(name="Tremblay", address=b.MONTREAL)
    parties = Parties(id="inv_1", seller=home, buyer=home)

    def missing(number):
        rates = [b.a_rate(one["code"], one["rate"], registration_number=number) for one in province["taxes"]]
        case = Case(
            kind=PaperKind.INVOICE, figures=figures(*rates, currency="CAD"), parties=parties, on=date(2026, 3, 2)
        )
        return [one.rule.id for one in missing_marks(case)]

    codes = {one["code"] for one in province["taxes"]}
    assert missing("123456789") == []
    assert missing(None) == ["ca.gst_number", *(["qc.qst_number"] if "QST" in codes else [])]
