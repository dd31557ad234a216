"""The marks of French and of Quebec's law in French, against the dated rules of ``tests/data/golden``."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chalicelib.adapters.wording import wording
from chalicelib.domain.figures import Figures
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Insurance, Legal, Operations, Size, VatScheme
from chalicelib.domain.mark import Case, PaperKind
from chalicelib.domain.marks import RULES as ALL_RULES
from chalicelib.domain.marks import missing_marks, notices_of
from chalicelib.domain.marks_france import E_INVOICES, LAST_DAY_OF_CGI
from chalicelib.domain.money import Money
from chalicelib.domain.party import Party, Registration
from chalicelib.domain.sales import Parties, worked_out
from chalicelib.domain.statutory_rates import STATUTES
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


def said(*rates, on=date(2026, 3, 2), **legal):
    seller = Party(name="Dupont", address=b.PARIS, registrations=(b.SIREN, VAT), legal=Legal(**legal))
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
