"""Which rules an e-invoice is checked by, and what of it breaks them."""

from dataclasses import replace

from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_rules import Rule, Violation, violations_of
from chalicelib.domain.e_invoice_rules_core import CORE
from chalicelib.domain.e_invoice_rules_extension import EXTENSION
from chalicelib.domain.e_invoice_rules_france import FRANCE
from chalicelib.domain.e_invoice_rules_peppol import PEPPOL
from chalicelib.domain.e_invoice_rules_vat import VAT
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


def violations(invoice: EInvoice) -> tuple[Violation, ...]:
    """Every rule of its profile that it breaks, with the place."""
    return violations_of(invoice, RULES[invoice.profile])


def tolerated(invoice: EInvoice) -> EInvoice:
    """In the norm's profile with France's rules, where France's extension lets no such rounding pass.

    The last of many parts takes what rounding left of the others, which may be cents.
    """
    if invoice.profile is Profile.EXTENDED_CTC_FR and violations_of(invoice, EXTENSION):
        return replace(invoice, profile=Profile.EN16931_FR)
    return invoice
