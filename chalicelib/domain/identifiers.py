"""Numbers by which the law knows a business, found among its registrations whatever they are called there."""

import re
from typing import Final

from chalicelib.domain.party import Party

_STATES: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EUROPEAN_UNION: Final = frozenset(_STATES.split())
"""The member states (ISO 3166-1)."""
VAT_PREFIXES: Final = (EUROPEAN_UNION - {"GR"}) | {"EL"}
"""What VAT numbers begin with; Greece's with EL (directive 2006/112/EC, art. 215)."""
VAT_NUMBER = re.compile(r"([A-Z]{2})([0-9A-Z+*]{2,13})")
FRENCH_VAT = re.compile(r"FR[0-9A-HJ-NP-Z]{2}([0-9]{9})")
SIREN, SIRET = re.compile(r"[0-9]{9}"), re.compile(r"[0-9]{14}")
QST = re.compile(r"([0-9]{10}|NR[0-9]{8})TQ[0-9]{4}|NR[0-9]{8}")
"""Ten digits, TQ and four digits; of a non-resident NR and eight digits."""
LA_POSTE: Final = "356000000"
"""Its branches' numbers follow a rule of their own."""


def numbers_of(party: Party) -> tuple[tuple[str, str], ...]:
    """What each registration is called, in capitals, with its number without blanks and dots."""
    return tuple((entry.name.upper(), _plain(entry.number)) for entry in party.registrations)


def siren_of(party: Party) -> str | None:
    """The nine digits of a French business: registered as such, or held in its SIRET or its VAT number."""
    for name, number in numbers_of(party):
        if name.startswith("SIRE") and (SIREN.fullmatch(number) or SIRET.fullmatch(number)):
            return number[:9]
    found = (FRENCH_VAT.fullmatch(number) for _, number in numbers_of(party))
    return next((one[1] for one in found if one), None)


def vat_number_of(party: Party) -> str | None:
    """The number under which it is known for VAT in the European Union."""
    return next((number for _, number in numbers_of(party) if is_vat_number(number)), None)


def is_vat_number(number: str) -> bool:
    """Whether it looks like one of a member state."""
    found = VAT_NUMBER.fullmatch(_plain(number))
    return found is not None and found[1] in VAT_PREFIXES and any(sign.isdigit() for sign in found[2])


def qst_number_of(party: Party) -> str | None:
    """Under which it collects Quebec's sales tax."""
    for name, number in numbers_of(party):
        if QST.search(number) or "TVQ" in name or "QST" in name:
            return number
    return None


def gst_number_of(party: Party) -> str | None:
    """Under which it collects Canada's; any number that is not known to be another."""
    others = ("RBQ", "NEQ", "TVQ", "QST")
    for name, number in numbers_of(party):
        if "RT" in number or not (QST.search(number) or any(other in name for other in others)):
            return number
    return None


def is_siren(number: str) -> bool:
    """Nine digits that the Luhn check holds for."""
    plain = _plain(number)
    return bool(SIREN.fullmatch(plain)) and _luhn(plain) % 10 == 0


def is_siret(number: str) -> bool:
    """A SIREN and five digits that the Luhn check holds for, too; of La Poste, a sum that five divides."""
    plain = _plain(number)
    if not SIRET.fullmatch(plain) or not is_siren(plain[:9]):
        return False
    return _luhn(plain) % 10 == 0 or (plain[:9] == LA_POSTE and sum(map(int, plain)) % 5 == 0)


def _luhn(digits: str) -> int:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)  # noqa: PLR2004 - two digits summed


def _plain(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum() or sign in "+*")
