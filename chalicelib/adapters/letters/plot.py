"""One kind of letter, in keys of the wording's catalogues."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One kind of letter.

    if_given: a paragraph that is left out when its value is empty or missing, by the value's name.
    button:   what the link says; note: a last small line under it.
    """

    subject: str
    heading: str
    greeting: str = ""
    paragraphs: tuple[str, ...]
    if_given: Mapping[str, str]
    button: str
    note: str = ""


HELLO: Final = "Hello {client},"
PRIVATE: Final = "This link is yours alone: whoever has it can see your documents."
