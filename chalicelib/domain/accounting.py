"""What our accounts, taxes and services are called in a business's accounting program."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum

from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.values import dataclass

NO_TAX = "none"
"""Under which the tax code of untaxed lines is given."""
OTHERWISE = "default"
"""Under which the item of all services is given that have none of their own."""
FRENCH_ACCOUNT = re.compile("[0-9]{3}")
SALES = ("VE", "Ventes")
"""The journal of a FEC, unless it has other words."""


class Program(StrEnum):
    """Whose words a chart is in."""

    QUICKBOOKS_ONLINE = "quickbooks_online"
    QUICKBOOKS_DESKTOP = "quickbooks_desktop"
    XERO = "xero"
    FEC = "fec"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """How one program calls things; nothing is guessed that is not in it.

    accounts:     by code of the catalogue, and ``revenue`` for all other sales, ``receivable``, ``prepaid``,
                  ``withheld``, ``rounding``.
    tax_codes:    by the taxes of a line, ``TPS+TVQ``; ``none`` for untaxed ones.
    tax_accounts: by tax, where taxes are booked and not computed anew.
    items:        by code of the catalogue, and ``default`` for all others.
    names:        of accounts, by account.
    journal:      code and name of the journal of sales.
    """

    accounts: Mapping[str, str] = field(default_factory=dict)
    tax_codes: Mapping[str, str] = field(default_factory=dict)
    tax_accounts: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    journal: tuple[str, ...] = SALES


Charts = Mapping[str, Chart]
"""By program."""


@dataclass(frozen=True, slots=True, order=True)
class Lack:
    """A word that a chart does not have: in which part of it, and for what."""

    part: str
    code: str


@dataclass(slots=True)
class Words:
    """A chart as it is asked for words; what it does not have is remembered, and reads as nothing."""

    chart: Chart
    lacks: set[Lack] = field(default_factory=set)

    def account(self, code: str | None = None, *, booked_as: str = "revenue") -> str:
        """The account of what a line sells: of its code in the catalogue, else of all that is booked alike."""
        accounts = self.chart.accounts
        return accounts.get(code or "") or accounts.get(booked_as) or self._lacking("accounts", booked_as)

    def tax_account(self, code: str) -> str:
        return self.chart.tax_accounts.get(code) or self._lacking("tax_accounts", code)

    def item(self, code: str | None) -> str:
        items = self.chart.items
        return items.get(code or "") or items.get(OTHERWISE) or self._lacking("items", OTHERWISE)

    def tax_code(self, taxes: Iterable[str]) -> str:
        """The one code for all the taxes of a line, in whatever order they were written."""
        wanted = tuple(sorted(taxes)) or (NO_TAX,)
        known = {tuple(sorted(codes.split("+"))): named for codes, named in self.chart.tax_codes.items()}
        return known.get(wanted) or self._lacking("tax_codes", "+".join(wanted))

    def _lacking(self, part: str, code: str) -> str:
        self.lacks.add(Lack(part, code))
        return ""


def must_be_of_french_plan(chart: Chart) -> None:
    """Raise Invalid (``not_an_account``) for accounts that a FEC cannot have (LPF art. A47 A-1)."""
    parts = {"accounts": chart.accounts, "tax_accounts": chart.tax_accounts}
    faults = [
        Fault(f"/accounting/{Program.FEC}/{part}/{code}", "not_an_account", f"{account!r} does not begin so.")
        for part, accounts in parts.items()
        for code, account in accounts.items()
        if not FRENCH_ACCOUNT.match(account)
    ]
    if faults:
        raise Invalid("not_an_account", "An account of the French plan begins with three digits.", faults=faults)


def unmapped(lacks: Iterable[Lack], program: Program) -> Invalid:
    """The refusal of an export that lacks words, each with its place in the settings."""
    told = sorted(set(lacks))
    faults = [
        Fault(
            f"/accounting/{program}/{lack.part}/{lack.code}",
            "unmapped",
            f"There is nothing for {lack.code!r} in the {lack.part.replace('_', ' ')} of {program}.",
        )
        for lack in told
    ]
    many = ", ".join(f"{lack.part}/{lack.code}" for lack in told)
    return Invalid("unmapped", f"You cannot export to {program} because its settings lack {many}.", faults=faults)
