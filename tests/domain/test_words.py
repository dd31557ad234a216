"""Words as people look for them."""

import pytest

from chalicelib.domain.words import are_in, first_of, words_in


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Hélène O'Neil-Çelik", ("helene", "o", "neil", "celik"), id="accents, apostrophes, hyphens"),
        pytest.param("STRASSE Straße", ("strasse",), id="case, and each once"),
        pytest.param("Œuvre ÆØ Łódź", ("oeuvre", "aeo", "lodz"), id="ligatures and strokes"),
        pytest.param("F-2026-00012", ("f", "2026", "00012"), id="a number"),
        pytest.param("marie@exemple.ca", ("marie", "exemple", "ca"), id="an address"),
        pytest.param("李小龙 שלום", ("李小龙", "שלום"), id="other scripts"),
        pytest.param("!? --", (), id="nothing"),
        pytest.param("x" * 50, ("x" * 40,), id="a long one is cut"),
    ],
)
@pytest.mark.row("P21")
def test_texts_are_taken_apart_and_folded(text, words):
    assert words_in(text) == words


def test_words_of_several_texts_are_one_list():
    assert words_in("Marie", None, "", "Gagnon") == ("marie", "gagnon")


@pytest.mark.parametrize(
    ("asked", "found"),
    [("gag", True), ("GAGNON mar", True), ("arie", False), ("marie roy", False), ("", False), ("...", False)],
)
def test_every_word_asked_for_begins_one_of_the_words(asked, found):
    assert are_in(words_in(asked), words_in("Marie Gagnon")) is found


def test_the_first_word_in_the_alphabet_that_begins_so():
    assert first_of(("marie", "marcel", "luc"), "mar") == "marcel"
    assert first_of(("luc",), "mar") is None
