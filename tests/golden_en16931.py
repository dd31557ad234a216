"""The public EN 16931 invoices as requests for a preview, and what their answers must be."""

from collections import defaultdict
from decimal import Decimal

from tests.golden import en16931

NOT_EXACT = {file: invoice["why"] for file, invoice in en16931().items() if not invoice["totals_exact"]}
NO_LINES = {file: "the profile has no lines" for file, invoice in en16931().items() if not invoice["lines"]}
PRICE_DECIMALS = 6  # a finer price is given for a thousand times the base quantity
TOTALS = {
    "BT106": "subtotal",
    "BT107": "discount_total",
    "BT108": "charge_total",
    "BT109": "net_total",
    "BT110": "tax_total",
    "BT112": "total",
    "BT113": "prepaid_total",
    "BT114": "rounding_adjustment",
    "BT115": "amount_due",
}


def computable():
    """The invoices, by file, whose figures follow from what they contain."""
    return {file: one for file, one in en16931().items() if file not in NOT_EXACT and file not in NO_LINES}


def requested(invoice):
    """The body of POST /v1/invoices/preview for an invoice."""
    rates = {}
    document = {
        "currency": invoice["cur"],
        "lines": [line_in(line, invoice, rates) for line in invoice["lines"] if line[8] is None],
        "allowances": [adjustment_in(one, rates) for one in invoice["ac"] if not one[0]],
        "charges": [adjustment_in(one, rates) for one in invoice["ac"] if one[0]],
        "prepaid_total": invoice["BT113"],
        "rounding_adjustment": invoice["BT114"],
    }
    return {**document, "tax_rates": list(rates.values())}


def check(invoice, answer):
    """Raises AssertionError unless the answer has the invoice's totals and VAT groups."""
    for term, name in TOTALS.items():
        assert Decimal(answer[name]) == Decimal(invoice[term] or 0), term
    assert groups(answer["taxes"]) == stated_groups(invoice["vat"])


def line_in(line, invoice, rates):
    id, quantity, price, base_quantity, adjustments, net, category, rate, _, _ = line
    taxes = [code_of(category, rate, rates)]
    if id in invoice["bad_lines"] or quantity is None or price is None:
        return {"description": id, "unit_price": net, "taxes": taxes}
    scale = 1_000 if len(price.partition(".")[2]) > PRICE_DECIMALS else 1
    return {
        "description": id,
        "quantity": quantity,
        "unit_price": f"{Decimal(price) * scale:f}",
        "base_quantity": f"{Decimal(base_quantity) * scale:f}",
        "allowances": [{"amount": amount} for is_charge, amount in adjustments if not is_charge],
        "charges": [{"amount": amount} for is_charge, amount in adjustments if is_charge],
        "taxes": taxes,
    }


def adjustment_in(adjustment, rates):
    _, amount, category, rate = adjustment
    return {"amount": amount, "taxes": [code_of(category, rate, rates)]}


def code_of(category, rate, rates):
    percent = Decimal(rate or 0).normalize()
    code = f"{category} {percent:f}"
    rates[code] = {"code": code, "rate_percent": f"{percent:f}", "category": category}
    return code


def groups(taxes):
    return {
        (tax["category"], Decimal(tax["rate_percent"])): (Decimal(tax["base"]), Decimal(tax["amount"])) for tax in taxes
    }


def stated_groups(vat):
    """The VAT groups of the file; those of one category and rate that it splits by reason are one."""
    sums = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for category, rate, base, tax in vat:
        key = category, Decimal(rate or 0)
        sums[key] = (sums[key][0] + Decimal(base), sums[key][1] + Decimal(tax))
    return dict(sums)
