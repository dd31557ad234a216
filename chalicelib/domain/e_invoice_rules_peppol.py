"""What the Peppol network wants beyond EN 16931 (BIS Billing 3), as far as an invoice of ours could break it."""

from decimal import Decimal

from chalicelib.domain.e_invoice import ZERO, EInvoice, ELine, Levy
from chalicelib.domain.e_invoice_rules import Places, Rule, levies_in, levies_on_lines, unless

SLACK = Decimal("0.02")


def _net_follows(line: ELine) -> bool:
    taken = sum((one.amount for one in line.allowances), ZERO)
    added = sum((one.amount for one in line.charges), ZERO)
    gross = line.quantity * line.price / line.base_quantity
    return abs(gross - taken + added - line.net) <= SLACK


def _follows(levy: Levy) -> bool:
    if levy.percent is None or levy.base is None:
        return levy.percent is None and levy.base is None
    return abs(levy.base * levy.percent / 100 - levy.amount) <= SLACK


def _odd_levies(invoice: EInvoice) -> Places:
    for levies in (levies_in, levies_on_lines):
        for at, _, levy in levies(invoice):
            if not _follows(levy):
                yield f"{at}/amount"


PEPPOL = (
    Rule("PEPPOL-EN16931-R001", "The business process is told.", lambda e: unless(e.process, "/process")),
    Rule("PEPPOL-EN16931-R002", "There is at most one remark.", lambda e: unless(len(e.notes) <= 1, "/notes")),
    Rule(
        "PEPPOL-EN16931-R003",
        "A reference of the buyer or a purchase order is told.",
        lambda e: unless(e.buyer_reference or e.purchase_order, "/buyer_reference"),
    ),
    Rule(
        "PEPPOL-EN16931-R010",
        "The buyer has an electronic address.",
        lambda e: unless(e.buyer.endpoint, "/buyer/endpoint"),
    ),
    Rule(
        "PEPPOL-EN16931-R020",
        "The seller has an electronic address.",
        lambda e: unless(e.seller.endpoint, "/seller/endpoint"),
    ),
    Rule("PEPPOL-EN16931-R040", "An allowance or a charge is its percentage of its base.", _odd_levies),
    Rule(
        "PEPPOL-EN16931-R120",
        "The net of a line is quantity times price, with its allowances and charges.",
        lambda e: (f"/lines/{place}/net" for place, line in enumerate(e.lines) if not _net_follows(line)),
    ),
    Rule(
        "PEPPOL-EN16931-R121",
        "A base quantity is above zero.",
        lambda e: (f"/lines/{place}/base_quantity" for place, line in enumerate(e.lines) if line.base_quantity <= 0),
    ),
)
