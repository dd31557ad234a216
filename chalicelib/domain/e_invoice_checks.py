"""Which rules an e-invoice is checked by, and what of it breaks them."""

from dataclasses import replace

from chalicelib.domain.e_invoice import EInvoice, Level
from chalicelib.domain.e_invoice_rules import Rule, Violation, violations_of
from chalicelib.domain.e_invoice_rules_core import CORE
from chalicelib.domain.e_invoice_rules_extension import EXTENSION
from chalicelib.domain.e_invoice_rules_france import FRANCE
from chalicelib.domain.e_invoice_rules_peppol import PEPPOL
from chalicelib.domain.e_invoice_rules_vat import KNOWN, VAT
from chalicelib.domain.e_invoicing import Profile

RULES: dict[Profile, tuple[Rule, ...]] = {
    Profile.EN16931: CORE + VAT,
    Profile.EN16931_FR: CORE + VAT + FRANCE,
    Profile.EXTENDED_CTC_FR: CORE + VAT + FRANCE + EXTENSION,
    Profile.PEPPOL: CORE + VAT + PEPPOL,
}

NORM = ("EN 16931 1.3",)
RULE_SETS: dict[Profile, tuple[str, ...]] = {
    Profile.EN16931: NORM,
    Profile.EN16931_FR: (*NORM, "BR-FR-Flux2 1.4.0"),
    Profile.EXTENDED_CTC_FR: (*NORM, "BR-FR-Flux2 1.4.0", "EXTENDED-CTC-FR 1.4.0"),
    Profile.PEPPOL: (*NORM, "Peppol BIS Billing 3"),
}
"""The books that the rules are from, with their versions."""

OF_TOTALS = frozenset({"BR-02", "BR-06", "BR-07", "BR-09", "BR-CL-04", "BR-CO-09", "BR-CO-26"})
ABOUT_LINES = frozenset({"BR-16", "BR-CO-10"}) | {
    f"BR-{kind.letters}-{number}" for kind in KNOWN for number in ("01", "08")
}
LOOSER = frozenset({"BR-CO-11", "BR-CO-12", "BR-CO-13", "BR-CO-15", "BR-CO-16", "BR-S-09"})
"""What EXTENDED lets be a cent off for each line; it also has lines that only inform, and are in no sum."""


def violations(invoice: EInvoice) -> tuple[Violation, ...]:
    """Every rule of its profile that it breaks, with the place."""
    return violations_of(invoice, (rule for rule in RULES[invoice.profile] if _is_asked(rule, invoice.level)))


def _is_asked(rule: Rule, level: Level) -> bool:
    """Whether a rule is one of a level's, as Factur-X's Schematrons have them."""
    if level is Level.TOTALS:
        return rule.id in OF_TOTALS
    if level is Level.NO_LINES:
        return rule.id not in ABOUT_LINES
    return level is Level.WHOLE or rule.id not in ABOUT_LINES | LOOSER


def tolerated(invoice: EInvoice) -> EInvoice:
    """In the norm's profile with France's rules, where France's extension lets no such rounding pass.

    The last of many parts takes what rounding left of the others, which may be cents.
    """
    if invoice.profile is Profile.EXTENDED_CTC_FR and violations_of(invoice, EXTENSION):
        return replace(invoice, profile=Profile.EN16931_FR)
    return invoice
