"""What France wants where work on dwellings is taxed at a reduced rate: that the client certifies what they are.

Until 2025-02-15 a form apart was to be signed; since then the quote or the invoice holds it (loi 2025-127, art. 41), in
the words of the tax office (BOI-LETTRE-000280 of 2025-10-22).
"""

from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.mark import Case, PaperKind, Rule
from chalicelib.domain.wording import Wording

FRANCE: Final = frozenset({"FR"})
OFFERS: Final = frozenset({PaperKind.QUOTE, PaperKind.INVOICE})
RENOVATION, ENERGY = Decimal(10), Decimal("5.5")
CERTIFIED_SINCE: Final = date(2025, 2, 16)
CERTIFICATE: Final = "To be signed by the client"


def _at(percent: Decimal, case: Case) -> bool:
    rates = (tax.rate_percent for tax in case.taxed)
    return case.seller.legal.dwelling_works and percent in rates


def _on_dwellings(_: Case, wording: Wording) -> str:
    certified = wording.text(
        "I, the undersigned ………………………… (name, first name), certify, as the client, that the work is done in premises"
        " for housing completed more than two years ago, and that, over a period of two years at most, it has neither"
        " contributed to a new building within the meaning of 2° of 2 of I of article 257 of the CGI, nor increased the"
        " floor area of the existing premises by more than 10 %."
    )
    return _to_sign(certified, wording)


def _to_save_energy(_: Case, wording: Wording) -> str:
    certified = wording.text(
        "I, the undersigned ………………………… (name, first name), certify, as the client, that the work is done in premises"
        " for housing completed more than two years ago, that, over a period of two years at most, it has neither"
        " contributed to a new building within the meaning of 2° of 2 of I of article 257 of the CGI, nor increased the"
        " floor area of the existing premises by more than 10 %, and that it is renovation to save energy."
    )
    return _to_sign(certified, wording)


def _to_sign(certified: str, wording: Wording) -> str:
    return f"{certified}\n{wording.text('Date and signature of the client: …………………………')}"


RULES: Final = (
    Rule(
        id="fr.dwelling",
        source="CGI, art. 279-0 bis",
        sellers=FRANCE,
        since=CERTIFIED_SINCE,
        kinds=OFFERS,
        applies=lambda case: _at(RENOVATION, case),
        said=_on_dwellings,
        title=CERTIFICATE,
    ),
    Rule(
        id="fr.dwelling.energy",
        source="CGI, art. 278-0 bis A",
        sellers=FRANCE,
        since=CERTIFIED_SINCE,
        kinds=OFFERS,
        applies=lambda case: _at(ENERGY, case),
        said=_to_save_energy,
        title=CERTIFICATE,
    ),
)
