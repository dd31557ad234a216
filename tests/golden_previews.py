"""The public golden invoices as requests for a preview, and what their answers must be."""

from decimal import Decimal

from tests.golden import cases

LEFT_OUT = {
    "odoo-comp-03a": "a currency whose smallest step is 0.05; ISO 4217 has none",
    "ninja-21": "a discount of 18 decimals; an amount has its currency's",
    "ninja-27": "a discount of 18 decimals; an amount has its currency's",
    "odoo-cash-1": "the API takes a rounding amount, no rule for rounding cash",
    "odoo-cash-2": "the API takes a rounding amount, no rule for rounding cash",
    "odoo-cash-3": "the API takes a rounding amount, no rule for rounding cash",
    "ninja-01": "the API takes a rounding amount, no rule for rounding cash",
    "ninja-02": "the API takes a rounding amount, no rule for rounding cash",
    "budget2012-02": "the API takes a rounding amount, no rule for rounding cash",
    "gobl-u15": "the API takes a prepaid amount, no percentage",
}
ELSEWHERE = {
    "line_taxes": "the tax of one line is not part of the answer",
    "cash_rounding_amount": "see the cases left out",
}
NAMES = {"due": "amount_due"}
CURRENCIES = {0: "JPY", 2: "EUR", 3: "KWD"}
WITHOUT_DECIMALS = {"odoo-comp-07a", "odoo-comp-07d"}  # so by their notes alone


def stated(policy):
    """The cases that hold under a policy, ``per_rate`` or ``per_line``, and that a preview can be asked for."""
    found = {id: case for id, case in cases("invoice").items() if policy in case["holds_under"]}
    return {id: case for id, case in found.items() if id not in LEFT_OUT}


def requested(case, *, rounding):
    """The body of POST /v1/invoices/preview for a case."""
    given = case["input"] | ({"minor_units": 0} if case["id"] in WITHOUT_DECIMALS else {})
    rates = {}
    request = {
        "currency": given.get("currency") or CURRENCIES[given.get("minor_units", 2)],
        "rounding": rounding,
        "lines": [line_in(line, rates) for line in given["lines"]],
        "allowances": [adjustment_in(one, rates) for one in given.get("document_discounts", ())],
        "charges": [adjustment_in(one, rates) for one in given.get("document_charges", ())],
        "rounding_adjustment": given.get("rounding_amount"),
        "prepaid_total": f"{sum(Decimal(one['value']) for one in given.get('prepaid', ()))}",
    }
    return {**request, "tax_rates": list(rates.values())}


def check(case, answer):
    """Raises AssertionError unless the answer says what the source of the case states."""
    expected = case["expected"]
    assert set(expected) - set(ELSEWHERE) <= {*answer, *NAMES, "line_totals"}
    for key, value in expected.items():
        if key == "taxes":
            check_taxes(answer["taxes"], value)
        elif key == "line_totals":
            assert [Decimal(line["net"]) for line in answer["lines"]] == [Decimal(net) for net in value]
        elif key not in ELSEWHERE:
            assert Decimal(answer[NAMES.get(key, key)]) == Decimal(value), key


def check_taxes(found, expected):
    by_name = {(tax["name"], Decimal(tax["rate_percent"] or 0)): tax for tax in found}
    assert len(by_name) == len(found)
    for tax in expected:
        line = by_name[tax["code"], Decimal(tax.get("rate") or 0)]
        assert Decimal(line["amount"]) == Decimal(tax["amount"])
        assert "base" not in tax or Decimal(line["base"]) == Decimal(tax["base"])


def line_in(line, rates):
    return {
        "description": "Work",
        "quantity": line["quantity"],
        "unit_price": line["unit_price"],
        "base_quantity": line.get("base_quantity", "1"),
        "allowances": [{one["type"]: one["value"]} for one in line.get("discounts", ())],
        "charges": [{one["type"]: one["value"]} for one in line.get("charges", ())],
        "taxes": [code_of(tax, rates) for tax in line["taxes"]],
    }


def adjustment_in(adjustment, rates):
    taxes = adjustment.get("taxes")
    spread = adjustment.get("allocation") == "proportional"
    codes = None if spread else [code_of(tax, rates) for tax in taxes or ()]
    return {adjustment["type"]: adjustment["value"], "taxes": codes}


def code_of(tax, rates):
    """A code for a tax at its rate; the source may give one code to several rates."""
    flags = {key: tax[key] for key in ("included", "affects_next", "affected", "withheld") if key in tax}
    code = " ".join(f"{value}" for value in (tax["code"], tax.get("rate"), tax.get("amount"), *flags.items()))
    rate = {"code": code, "name": tax["code"], **flags}
    if tax.get("type") == "fixed":
        rates[code] = {**rate, "kind": "fixed", "amount": tax["amount"]}
    else:
        rates[code] = {**rate, "rate_percent": tax.get("rate") or "0"}
    return code
