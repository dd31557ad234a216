"""Words and figures as French and English readers write them."""

import ast
import string
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chalicelib.adapters.wording import babel_wording, wording
from chalicelib.adapters.wording.babel_wording import CATALOGUES, catalogue
from chalicelib.domain.marks_france_words import OPERATIONS
from chalicelib.domain.money import Money
from chalicelib.domain.order_document import NUMBERED, TITLES
from chalicelib.domain.payment import Method
from chalicelib.domain.receipt_document import METHODS
from chalicelib.domain.statement import Kind
from chalicelib.domain.statement_document import AGES, KINDS

CODE = Path(__file__).parents[2] / "chalicelib"
CATALOGUED = sorted(path.stem for path in CATALOGUES.glob("*.po"))


@pytest.mark.parametrize(
    ("language", "country", "minor", "currency", "written"),
    [
        pytest.param("fr", "CA", 114_975, "CAD", "1\u00a0149,75\u00a0$", id="Quebec"),
        pytest.param("en", "CA", 114_975, "CAD", "$1,149.75", id="English Canada"),
        pytest.param("fr", "FR", 114_975, "EUR", "1\u202f149,75\u00a0€", id="France"),
        pytest.param("en", "US", 114_975, "USD", "$1,149.75", id="United States"),
        pytest.param(
            "fr", "CA", 114_975, "USD", "1\u00a0149,75\u00a0$\u00a0US", id="another country's dollar is named"
        ),
        pytest.param("en", "CA", 114_975, "USD", "US$1,149.75", id="in English too"),
        pytest.param("fr", "CA", -5, "CAD", "\u22120,05\u00a0$", id="a minus sign, not a hyphen"),
        pytest.param("en", "CA", -114_975, "CAD", "\u2212$1,149.75", id="before the symbol"),
        pytest.param("en", "CA", 0, "CAD", "$0.00", id="nothing"),
        pytest.param("en", "US", 5_000, "JPY", "¥5,000", id="a currency without cents"),
        pytest.param("en", "US", 1_234_567, "KWD", "KWD\u00a01,234.567", id="a currency with thousandths"),
        pytest.param("en", "US", 1_234, "IQD", "IQD\u00a01.234", id="decimals of ISO 4217, not CLDR's"),
        pytest.param("en", "IN", 1_234_567_89, "INR", "₹12,34,567.89", id="lakhs"),
        pytest.param("fr", "CA", 10**14 - 1, "CAD", "999\u00a0999\u00a0999\u00a0999,99\u00a0$", id="a trillion"),
    ],
)
def test_amounts(language, country, minor, currency, written):
    assert wording(language, country).money(Money(minor, currency)) == written


@pytest.mark.parametrize(
    ("amount", "written"),
    [("78", "78,00\u00a0$"), ("0.0125", "0,0125\u00a0$"), ("12.50", "12,50\u00a0$"), ("-1.5", "\u22121,50\u00a0$")],
)
def test_prices_keep_every_decimal(amount, written):
    assert wording("fr", "CA").price(Decimal(amount), "CAD") == written


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("8.50", "8,5", "8.5"),
        ("1E+3", "1\u00a0000", "1,000"),
        ("0.000001", "0,000001", "0.000001"),
        ("-2", "\u22122", "\u22122"),
        ("0.00", "0", "0"),
    ],
)
def test_numbers(value, french, english):
    assert wording("fr", "CA").number(Decimal(value)) == french
    assert wording("en", "CA").number(Decimal(value)) == english


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [("9.975", "9,975\u00a0%", "9.975%"), ("20", "20\u00a0%", "20%"), ("5.0", "5\u00a0%", "5%")],
)
def test_percentages(value, french, english):
    assert wording("fr", "CA").percent(Decimal(value)) == french
    assert wording("en", "CA").percent(Decimal(value)) == english


@pytest.mark.parametrize(
    ("language", "country", "day", "written"),
    [
        ("fr", "CA", date(2026, 11, 21), "21 novembre 2026"),
        ("fr", "FR", date(2026, 8, 1), "1er août 2026"),
        ("fr", "CA", date(2026, 12, 11), "11 décembre 2026"),
        ("en", "CA", date(2026, 11, 21), "November 21, 2026"),
        ("en", "GB", date(2026, 11, 21), "21 November 2026"),
    ],
)
def test_days(language, country, day, written):
    assert wording(language, country).day(day) == written


def test_a_short_day_is_the_first_in_french_too():
    days = [wording(*where).short_day(date(2026, 3, 1)) for where in (("fr", "CA"), ("fr", "FR"), ("en", "CA"))]

    assert days == ["1er mars 2026", "1er mars 2026", "Mar 1, 2026"]


@pytest.mark.parametrize(
    ("language", "country", "tag"),
    [("fr", "CA", "fr-CA"), ("en", None, "en"), ("es", "MX", "en"), ("fr", "JP", "fr"), ("xx", "ZZ", "en")],
)
def test_a_language_without_a_catalogue_is_answered_in_english(language, country, tag):
    spoken = wording(language, country)

    assert (spoken.tag, spoken.language) == (tag, tag[:2])


@pytest.mark.parametrize(
    ("language", "country", "tag"), [("fr-CA", "FR", "fr-CA"), ("en-GB", None, "en-GB"), ("fr+en", "CA", "fr-CA")]
)
def test_a_language_may_name_its_country_or_be_a_pair(language, country, tag):
    assert wording(language, country).tag == tag


def test_a_pair_of_languages_says_each_word_in_both_and_figures_once():
    both = wording("fr+en", "CA")

    assert both.text("Invoice") == "Facture / Invoice"
    assert both.text("Page {page} of {pages}").format(page=1, pages=2) == "Page 1 de 2 / Page 1 of 2"
    assert both.text("Invoice {number}", number="42") == "Facture / Invoice 42"
    assert both.text("No. {number}", number="42") == "Nº / No. 42"
    licence = both.text("RBQ licence: {number}", number="5798-1234-01")
    assert licence == "Licence RBQ / RBQ licence\u00a0: 5798-1234-01"  # as the Régie du bâtiment wants it
    assert both.text("by {day}", day=both.day(date(2026, 3, 1))) == "au plus tard le / by 2026-03-01"
    assert both.text("Notes") == "Notes"
    assert (both.country("DE"), both.country("FR")) == ("Allemagne / Germany", "France")
    assert both.money(Money(114_975, "CAD")) == both.price(Decimal("1149.75"), "CAD") == "1\u00a0149,75\u00a0$"
    assert (both.number(Decimal("8.5")), both.percent(Decimal(5))) == ("8,5", "5\u00a0%")
    assert (both.short_day(date(2026, 3, 1)), both.language) == ("2026-03-01", "fr")
    longer = "Late payment penalties, from the day after the due date: {rate}."
    first, second = both.text(longer, rate=both.text("{percent} a year", percent="9 %")).splitlines()
    assert first.endswith(": 9 % par an.")
    assert second == longer.format(rate="9 % a year")


def test_a_language_is_added_by_its_catalogue_alone(tmp_path, monkeypatch):
    for known in CATALOGUES.glob("*.po"):
        (tmp_path / known.name).write_bytes(known.read_bytes())
    german = (CATALOGUES / "en.po").read_text(encoding="utf-8")
    added = german.replace('msgid "Invoice"\nmsgstr ""', 'msgid "Invoice"\nmsgstr "Rechnung"')
    (tmp_path / "de.po").write_text(added, encoding="utf-8")
    monkeypatch.setattr(babel_wording, "CATALOGUES", tmp_path)
    babel_wording.wording.cache_clear()

    german = babel_wording.wording("de", "AT")
    pair = babel_wording.wording("de+fr", "DE")

    babel_wording.wording.cache_clear()
    assert (german.text("Invoice"), german.tag) == ("Rechnung", "de-AT")
    assert german.day(date(2026, 3, 1)) == "1. M\u00e4rz 2026"
    assert german.money(Money(114_975, "EUR")) == "\u20ac\u00a01.149,75"
    assert pair.text("Invoice") == "Rechnung / Facture"


def test_a_message_is_filled_with_values():
    assert wording("fr", "CA").text("Page {page} of {pages}", page="1", pages="2") == "Page 1 de 2"
    assert wording("fr", "CA").text("Page {page} of {pages}") == "Page {page} de {pages}"


def test_a_value_with_braces_is_not_a_place():
    assert wording("en", "CA").text("{title} (continued)", title="{0} {x}") == "{0} {x} (continued)"


def test_a_country_is_named():
    assert (wording("fr", "CA").country("DE"), wording("en", "CA").country("DE")) == ("Allemagne", "Germany")


def _keys():
    """Every key that the code asks for in so many words."""
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0]
                if name in {"text", "_worded"} and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


@pytest.mark.parametrize("language", CATALOGUED)
def test_every_message_the_code_asks_for_is_in_the_catalogue(language):
    assert sorted(set(_keys()) - _ids(language)) == []


@pytest.mark.parametrize("language", [language for language in CATALOGUED if language != "en"])
def test_no_catalogue_is_behind_the_english_one(language):
    english = _ids("en")
    assert sorted(english - catalogue(language).keys()) == []
    assert sorted(catalogue(language).keys() - english) == []


@pytest.mark.parametrize("language", CATALOGUED)
def test_a_translation_has_the_places_of_its_message(language):
    assert [key for key, message in catalogue(language).items() if _places(key) != _places(message)] == []


@pytest.mark.parametrize("language", CATALOGUED)
def test_the_words_of_orders_and_operations_are_in_the_catalogue(language):
    assert {*TITLES.values(), *NUMBERED.values(), *OPERATIONS.values()} - _ids(language) == set()


@pytest.mark.parametrize("language", CATALOGUED)
def test_the_words_of_receipts_and_statements_are_in_the_catalogue(language):
    assert {*METHODS.values(), *KINDS.values(), *AGES} - _ids(language) == set()
    assert (set(METHODS), set(KINDS)) == (set(Method), set(Kind))


def _ids(language):
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


def _places(message):
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}
