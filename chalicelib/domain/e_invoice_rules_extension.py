"""Where France's extension of EN 16931 is stricter than the norm: rounding, of which it lets a cent pass for each line.

Source: EXTENDED-CTC-FR 1.4.0 (FNFE-MPE), BR-FREXT-S-09, which in CII is called BR-FXEXT-S-09.
"""

from decimal import ROUND_FLOOR, Decimal

from chalicelib.domain.e_invoice import ZERO, EInvoice, VatGroup
from chalicelib.domain.e_invoice_rules import Places, Rule, levies_in

CENT, HALF = Decimal("0.01"), Decimal("0.5")
STANDARD = "S"


def _bearing(invoice: EInvoice, group: VatGroup) -> int:
    """How many lines, allowances and charges bear a group's rate."""
    keys = [(line.category, line.rate) for line in invoice.lines]
    keys += [(levy.category, levy.rate) for _, _, levy in levies_in(invoice)]
    return keys.count((group.category, group.rate))


def _tax_is_near(invoice: EInvoice, group: VatGroup) -> bool:
    computed = (group.base * (group.rate or ZERO) + HALF).to_integral_value(ROUND_FLOOR) / 100  # as XPath rounds
    return abs(group.tax - computed) <= CENT * _bearing(invoice, group)


def _tax_off(invoice: EInvoice) -> Places:
    for place, group in enumerate(invoice.vat):
        if group.category == STANDARD and not _tax_is_near(invoice, group):
            yield f"/vat/{place}/tax"


EXTENSION = (Rule("BR-FREXT-S-09", "VAT is its base times its rate, but for a cent for each that bears it.", _tax_off),)
