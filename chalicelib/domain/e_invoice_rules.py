"""The business rules of e-invoices, and what of an e-invoice breaks them.

What a field's type makes sure of (a date, a total that is there) has no rule here. Source of the rules: EN 16931-1 and
its Schematron 1.3 (CEN), BR-FR-Flux2 1.4 (FNFE-MPE), Peppol BIS Billing 3; tests compare with the Schematrons.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from chalicelib.domain.e_invoice import EInvoice, Levy
from chalicelib.domain.values import dataclass

CENTS = 2
Places = Iterable[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name in its book, what it wants, and where an e-invoice breaks it (JSON pointers)."""

    id: str
    wants: str
    broken: Callable[[EInvoice], Places]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A rule that is broken at a place of an e-invoice."""

    rule: str
    at: str
    wants: str


def violations_of(invoice: EInvoice, rules: Iterable[Rule]) -> tuple[Violation, ...]:
    return tuple(
        Violation(rule=rule.id, at=place, wants=rule.wants) for rule in rules for place in rule.broken(invoice)
    )


def unless(holds: object, at: str) -> Places:
    return () if holds else (at,)


def levies_in(invoice: EInvoice) -> Iterator[tuple[str, bool, Levy]]:
    """Every allowance and charge of the document: its place, whether it charges, and itself."""
    for name, charges, levies in (("allowances", False, invoice.allowances), ("charges", True, invoice.charges)):
        for number, levy in enumerate(levies):
            yield f"/{name}/{number}", charges, levy


def levies_on_lines(invoice: EInvoice) -> Iterator[tuple[str, bool, Levy]]:
    for place, line in enumerate(invoice.lines):
        for name, charges, levies in (("allowances", False, line.allowances), ("charges", True, line.charges)):
            for number, levy in enumerate(levies):
                yield f"/lines/{place}/{name}/{number}", charges, levy


def decimals(amount: Decimal) -> int:
    """How many decimals an amount needs."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
