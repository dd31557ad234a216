"""Words as people look for them: whatever the case and the accents, and by their beginnings."""

import unicodedata
from collections.abc import Sequence
from typing import Final

MOST_WORDS: Final = 16
"""Of one thing: a longer name is found by its first words."""
LONGEST_WORD: Final = 40
LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
"""Letters that Unicode does not take apart."""


def words_in(*texts: str | None) -> tuple[str, ...]:
    """The words of some texts, each once, in their order, folded: ``Hélène O'Neil`` has helene, o and neil."""
    folded = unicodedata.normalize("NFKD", " ".join(text for text in texts if text)).casefold().translate(LIGATURES)
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    parted = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in parted))


def are_in(asked: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every word asked for begins one of the words; where none is asked for, nothing is found."""
    return bool(asked) and all(any(word.startswith(one) for word in words) for one in asked)


def first_of(words: Sequence[str], beginning: str) -> str | None:
    """The first in the alphabet of those words that begin so."""
    return min((word for word in words if word.startswith(beginning)), default=None)
