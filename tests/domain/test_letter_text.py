"""The words of a business in its letters: what they may name, and how a letter's values come into them."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.letter_kinds import KINDS, MEANS, languages_of, must_be_written, names_in
from chalicelib.domain.letter_text import LetterText, OwnLetter, checked, filled
from tests import builders as b

NAMES = ("client", "number", "due_date")
VALUES = {"client": "Marie Gagnon", "number": "F-00012", "due_date": ""}
OURS = LetterText(subject="S", heading="H", greeting="G", paragraphs=("P",), button="B")


def refused(text, names=NAMES):
    with pytest.raises(Invalid) as refusal:
        checked(text, names)
    return [(fault.at, fault.code) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Facture {number}", "Facture F-00012", id="a placeholder gives its value"),
        pytest.param("{client}, {client} !", "Marie Gagnon, Marie Gagnon !", id="as often as it is named"),
        pytest.param("Merci", "Merci", id="and none is needed"),
        pytest.param("Avant le {due_date}", None, id="a line that names what the letter lacks is left out"),
        pytest.param("{since}", None, id="and so is one that names what it does not know"),
        pytest.param(None, None, id="what is not written stays so"),
    ],
)
def test_a_line_says_its_values(text, said):
    assert filled(text, VALUES) == said


def test_a_value_is_put_in_as_it_is_and_never_read_for_placeholders():
    assert filled("Bonjour {client}", {"client": "{number} {0} \\1", "number": "F-1"}) == "Bonjour {number} {0} \\1"


def test_what_a_letter_lacks_is_left_out_and_what_is_not_written_is_ours():
    own = LetterText(
        subject="{number} pour {due_date}", paragraphs=("Avant le {due_date}", "À {client}"), button="Ouvrir"
    )

    said = own.filled(VALUES, in_subject=VALUES).over(OURS)

    assert said == replace(OURS, paragraphs=("À Marie Gagnon",), button="Ouvrir")


def test_where_no_paragraph_is_left_ours_are_said():
    own = LetterText(paragraphs=("Avant le {due_date}",))

    assert own.filled(VALUES, in_subject=VALUES).over(OURS) == OURS


def test_a_subject_has_its_own_shorter_values():
    own = LetterText(subject="{client}", heading="{client}")

    said = own.filled(VALUES, in_subject=VALUES | {"client": "Marie…"})

    assert (said.subject, said.heading) == ("Marie…", "Marie Gagnon")


@pytest.mark.parametrize("brace", ["{", "}", "{client", "client}", "{{client}}", "}{", "{cli{ent}", "{client}}"])
def test_a_brace_without_its_other_is_refused_with_its_place(brace):
    assert ("/heading", "unbalanced_brace") in refused(LetterText(subject="{client}", heading=brace))


@pytest.mark.parametrize("name", ["{}", "{ client }", "{Client}", "{client.name}", "{0}", "{amount}", "{client!r:>99}"])
def test_what_is_no_placeholder_of_the_letter_is_refused_with_its_place(name):
    text = LetterText(subject="Bonjour", paragraphs=("{client}", f"Pour {name}"))

    assert refused(text) == [("/paragraphs/1", "unknown_placeholder")]


def test_every_fault_is_told_at_once_and_says_what_there_is():
    text = LetterText(subject="{a} {b} {a}", button="{")
    with pytest.raises(Invalid) as refusal:
        checked(text, NAMES)

    assert [(fault.at, fault.detail) for fault in refusal.value.faults] == [
        ("/subject", "This letter has no {a}; it has {client}, {number}, {due_date}."),
        ("/subject", "This letter has no {b}; it has {client}, {number}, {due_date}."),
        ("/button", "A brace stands at each side of a placeholder and nowhere else, as in {client}."),
    ]


def test_nothing_written_is_refused():
    assert refused(LetterText()) == [("", "nothing_written")]


def test_what_holds_is_taken_as_it_is():
    text = LetterText(greeting="Bonjour {client},", paragraphs=("{number}\nà {due_date}",))

    assert checked(text, NAMES) == text
    assert text.written == ("greeting", "paragraphs")


def test_an_own_letter_knows_what_it_is_of():
    own = OwnLetter(id="invoice_sent/fr", text=OURS)

    assert (own.kind, own.language) == ("invoice_sent", "fr")


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_names_client_and_business_and_each_name_once_with_its_meaning(kind):
    names = names_in(kind)

    assert names[:2] == ("client", "business")
    assert len(set(names)) == len(names)
    assert all(placeholder.means == MEANS[placeholder.name] for placeholder in KINDS[kind])


def test_every_meaning_is_of_some_letter():
    assert {name for kind in KINDS for name in names_in(kind)} == set(MEANS)


@pytest.mark.parametrize(
    ("offered", "mails"),
    [
        pytest.param(("fr", "en"), ("fr", "en"), id="each language"),
        pytest.param(("fr+en",), ("fr",), id="of a pair the first"),
        pytest.param(("en+fr", "fr"), ("fr",), id="which is French in Quebec, whatever stands first"),
    ],
)
def test_mails_are_written_in(offered, mails):
    assert languages_of(b.a_business(languages=offered)) == mails


@pytest.mark.parametrize(
    ("kind", "language", "at", "code"),
    [
        ("newsletter", "fr", "/kind", "unknown_letter"),
        ("payment_notice", "fr", "/kind", "unknown_letter"),
        ("invoice_sent", "de", "/language", "unknown_language"),
        ("invoice_sent", "fr+en", "/language", "unknown_language"),
        ("invoice_sent", "FR", "/language", "unknown_language"),
    ],
)
def test_what_is_no_letter_or_no_language_of_mails_is_refused_with_its_place(kind, language, at, code):
    with pytest.raises(Invalid) as refusal:
        must_be_written(kind, language, b.a_business(languages=("fr", "en")))

    assert [(fault.at, fault.code) for fault in refusal.value.faults] == [(at, code)]
