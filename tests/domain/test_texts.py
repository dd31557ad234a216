"""What people write, and what machines say: kept where it is text, refused or cleaned where it is not."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.texts import legible, readable


def refusal(text, **more):
    with pytest.raises(Invalid) as caught:
        readable(text, longest=20, **more)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("\u202e123\u202c abc", "123 abc", id="an override"),
        pytest.param("\u202a+1 514 555 0100\u202c", "+1 514 555 0100", id="a number copied from a phone"),
        pytest.param("\u2067a\u2069", "a", id="an isolate"),
        pytest.param("\u05d0\u200f!", "\u05d0\u200f!", id="a mark of direction, which turns nothing else"),
    ],
)
def test_what_turns_the_direction_of_others_is_left_out(text, kept):
    assert readable(text, longest=20) == kept


@pytest.mark.parametrize("separator", ["\r\n", "\n", "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}"])
def test_every_line_break_is_a_line_feed_and_none_stands_in_a_line(separator):
    assert readable(f"a{separator}b", longest=20, several_lines=True) == "a\nb"
    assert refusal(f"a{separator}b") == "control_character"


def test_a_letter_bears_eight_marks_and_the_next_letter_as_many():
    tower = "x" + "\N{COMBINING ACUTE ACCENT}" * 8

    assert readable(tower * 2, longest=20) == tower * 2
    assert refusal(tower + "\N{COMBINING ACUTE ACCENT}") == "too_many_marks"


@pytest.mark.parametrize("code", ["\uffff", "\ufffe", "\U0001ffff", "\ufdd0"])
def test_a_code_that_is_no_character_is_refused(code):
    assert refusal(code) == "no_character"


@pytest.mark.parametrize("text", ["\U0001fae9", "\U000e0041", "\ue000", "\u200d", "नमस्ते", "שָׁלוֹם", "ཧཱུྃ"])
def test_what_is_new_private_or_joins_is_kept(text):
    assert readable(text, longest=20) == text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 no\r\nsuch\0 user\x1b", "550 no such user"),
        ("\u202e550\ud800", "550"),
        ("e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ENCLOSING CIRCLE}", "éte"),
        ("x" * 50, "x" * 20),
        ("\0", ""),
    ],
)
def test_what_a_machine_said_is_made_a_line_that_can_be_shown(said, shown):
    assert legible(said, longest=20) == shown
