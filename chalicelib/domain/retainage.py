"""What the client of a project may hold back until the work has proved good, by country.

France: loi 71-584 of 16 July 1971, art. 1 (at most 5 per cent of each payment) and 2 (released a year after the
acceptance of the work). Elsewhere, so in Quebec, it is what the contract says, and released when both agree.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from chalicelib.domain.errors import Invalid
from chalicelib.domain.recurrence import add_months
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainageRule:
    """most: per cent; months: after the acceptance of the work it is released at the latest, None: no law says."""

    most: Decimal = Decimal(100)
    months: int | None = None


RULES: Mapping[str, RetainageRule] = {"FR": RetainageRule(most=Decimal(5), months=12)}
FREELY_AGREED = RetainageRule()

WORDS: Mapping[str, tuple[str, str]] = {
    "en": ("Holdback", "Release of the holdback"),
    "fr": ("Retenue de garantie", "Libération de la retenue de garantie"),
}
"""By language: what it is called where it is held back, and where it is released."""


def rule_in(country: str) -> RetainageRule:
    return RULES.get(country, FREELY_AGREED)


def must_be_lawful(percent: Decimal, country: str) -> None:
    """Raise Invalid (``retainage_too_high``) for more than the country's law lets a client hold back."""
    most = rule_in(country).most
    if percent > most:
        detail = f"The law lets a client hold back at most {most:f} per cent."
        raise Invalid("retainage_too_high", detail, at="/project/retainage_percent")


def release_on(accepted_on: date, country: str) -> date | None:
    """The day on which what was held back is released at the latest; None where no law says so."""
    months = rule_in(country).months
    return None if months is None else add_months(accepted_on, months)
