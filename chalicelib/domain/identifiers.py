"""Numbers by which the law knows a business, found among its registrations whatever they are called there."""

import re
from typing import Final

from chalicelib.domain.party import Party, Registration

_STATES: Final = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EUROPEAN_UNION: Final = frozenset(_STATES.split())
"""The member states (ISO 3166-1)."""
VAT_FORMS: Final = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z\d]\d{7}[A-Z\d]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z\d]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z\d+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z\d+*]{12}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|(?:GD|HA)\d{3}",
}
"""What follows the two letters of a VAT number (European Commission, VIES, "structure of the VAT number").

Greece's are EL (directive 2006/112/EC, art. 215); Northern Ireland's, for goods, XI.
"""
OTHER_PREFIXES: Final = {"EL": "GR", "XI": "GB"}
FRENCH_VAT = re.compile(r"FR[0-9A-HJ-NP-Z]{2}([0-9]{9})")
SIREN, SIRET = re.compile(r"[0-9]{9}"), re.compile(r"[0-9]{14}")
NINE = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
REGISTERS: Final = frozenset({"RCS", "RM", "RNE", "SIREN", "SIRET"})
"""Where French businesses are entered, by their SIREN."""
GST = re.compile(r"(?<![0-9])[0-9]{9}RT[0-9]{4}")
QST = re.compile(r"([0-9]{10}|NR[0-9]{8})TQ[0-9]{4}|NR[0-9]{8}")
"""Ten digits, TQ and four digits; of a non-resident NR and eight digits."""
RBQ_DIGITS = re.compile(r"[0-9]{10}")
GST_NAMES: Final = frozenset({"GST", "HST", "TPS", "TVH"})
QST_NAMES: Final = frozenset({"QST", "TVQ"})
OTHER_NAMES: Final = QST_NAMES | frozenset(
    {"RBQ", "NEQ", "PST", "RST", "TVP", "TVD", "CCQ", "CNESST", "CMEQ", "CMMTQ", "WCB", "WSIB"}
)
"""What is no number for GST: of other taxes and registers, licences, insurers of accidents at work."""
LA_POSTE, ITS_SEAT = "356000000", "35600000000048"
"""Its branches' numbers follow a rule of their own; its seat's does not."""


def words_of(*names: str) -> frozenset[str]:
    """The words of names in capitals, whatever stands between them; dots within one are left out."""
    return frozenset(re.findall(r"[^\W_]+", " ".join(names).upper().replace(".", "")))


def numbers_of(party: Party) -> tuple[tuple[str, str], ...]:
    """What each registration is called, in capitals, with its number without blanks and dots."""
    return tuple((entry.name.upper(), _plain(entry.number)) for entry in party.registrations)


def siren_of(party: Party) -> str | None:
    """The nine digits of a French business: registered as such, or in its SIRET, its VAT number or a register.

    Without a name, too, where it is in France and the check digit is right.
    """
    for entry in party.registrations:
        named = words_of(entry.name, entry.number) & REGISTERS
        if (named or _is_bare(entry, party)) and (found := _siren_in(_plain(entry.number))):
            return found
    found_in_vat = (FRENCH_VAT.fullmatch(number) for _, number in numbers_of(party))
    return next((one[1] for one in found_in_vat if one), None)


def _is_bare(entry: Registration, party: Party) -> bool:
    at_home = party.home == "FR" and not entry.name
    return at_home and (is_siren(entry.number) or is_siret(entry.number))


def _siren_in(number: str) -> str | None:
    """A SIRET's first nine digits, or those that stand alone, such as in Paris B 732829320."""
    digits = number.removeprefix("SIREN").removeprefix("SIRET")
    if SIRET.fullmatch(digits):
        return digits[:9]
    alone = NINE.search(digits)
    return alone[0] if alone else None


def vat_number_of(party: Party) -> str | None:
    """The number under which it is known for VAT in the European Union."""
    return next((number for _, number in numbers_of(party) if is_vat_number(number)), None)


def is_vat_number(number: str) -> bool:
    """Whether it is written as one of a member state, or for goods of Northern Ireland."""
    plain = _plain(number)
    form = VAT_FORMS.get(plain[:2])
    return form is not None and re.fullmatch(form, plain[2:], re.ASCII) is not None


def country_of(party: Party) -> str | None:
    """Where it is, as its address says, else its VAT number."""
    prefix = (vat_number_of(party) or "")[:2]
    return party.address.country or OTHER_PREFIXES.get(prefix, prefix) or None


def qst_number_of(party: Party) -> str | None:
    """Under which it collects Quebec's sales tax."""
    for entry in party.registrations:
        if QST.search(_plain(entry.number)) or words_of(entry.name) & QST_NAMES:
            return _plain(entry.number)
    return None


def gst_number_of(party: Party) -> str | None:
    """Under which it collects Canada's: one that says so, else any that is not known to be another."""
    plain = tuple((words_of(entry.name, entry.number), _plain(entry.number)) for entry in party.registrations)
    said = (number for words, number in plain if words & GST_NAMES or GST.search(number))
    others = (number for words, number in plain if not (words & OTHER_NAMES or QST.search(number)))
    return next(said, None) or next(others, None)


def licence_number(entry: Registration) -> str:
    """As the RBQ wants it written, 1234-5678-90, where it has the ten digits."""
    digits = "".join(sign for sign in entry.number if sign.isdigit())
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}" if RBQ_DIGITS.fullmatch(digits) else entry.number


def is_trade_licence(entry: Registration) -> bool:
    """Whether it is of Quebec's Régie du bâtiment (RBQ), which is no number for taxes."""
    return "RBQ" in words_of(entry.name, entry.number)


def is_siren(number: str) -> bool:
    """Nine digits that the Luhn check holds for."""
    plain = _plain(number)
    return bool(SIREN.fullmatch(plain)) and _luhn(plain) % 10 == 0


def is_siret(number: str) -> bool:
    """A SIREN and five digits that the Luhn check holds for, too; of La Poste's branches, a sum that five divides."""
    plain = _plain(number)
    if not SIRET.fullmatch(plain) or not is_siren(plain[:9]):
        return False
    if plain.startswith(LA_POSTE) and plain != ITS_SEAT:
        return sum(map(int, plain)) % 5 == 0
    return _luhn(plain) % 10 == 0


def _luhn(digits: str) -> int:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled)  # noqa: PLR2004 - two digits summed


def _plain(number: str) -> str:
    return "".join(sign for sign in number.upper() if sign.isalnum() or sign in "+*")
