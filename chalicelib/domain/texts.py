"""Text that can be stored, printed and mailed."""

import unicodedata

from chalicelib.domain.errors import Invalid

LINE_BREAKS = {"\n", "\t"}


def readable(text: str, *, longest: int, several_lines: bool = False) -> str:
    """The same text; a carriage return before a line feed is left out.

    longest: in characters.
    Raises Invalid for control characters (a line break and a tab are allowed
    in several lines), for half of a surrogate pair, and for too long a text.
    """
    unified = text.replace("\r\n", "\n") if several_lines else text
    if len(unified) > longest:
        raise Invalid("too_long", f"This text cannot be longer than {longest} characters.")
    for character in unified:
        match unicodedata.category(character):
            case "Cs":
                raise Invalid("lone_surrogate", "This text has half of a surrogate pair, which is no character.")
            case "Cc" if not (several_lines and character in LINE_BREAKS):
                raise Invalid("control_character", "This text has a control character.")
    return unified
