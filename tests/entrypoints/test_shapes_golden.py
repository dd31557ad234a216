"""Every public golden invoice, from the JSON of a preview to its JSON answer."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.entrypoints.http.shapes.answering import preview
from chalicelib.entrypoints.http.shapes.documents import PreviewIn
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
    found = {id: case for id, case in cases("invoice").items() if policy in case["holds_under"]}
    return [pytest.param(case, id=id) for id, case in found.items() if id not in LEFT_OUT]


@pytest.mark.row("C24")
@pytest.mark.parametrize("case", stated("per_rate"))
def test_taxes_rounded_on_the_document_come_to_what_the_source_states(case):
    check(case, rounding="document")


@pytest.mark.row("C24")
@pytest.mark.parametrize("case", stated("per_line"))
def test_taxes_rounded_on_each_line_come_to_what_the_source_states(case):
    check(case, rounding="line")


def test_every_case_left_out_exists():
    assert set(LEFT_OUT) <= set(cases("invoice"))


def check(case, *, rounding):
    digits = {"minor_units": 0} if case["id"] in WITHOUT_DECIMALS else {}
    answer = answered({**case["input"], **digits}, rounding=rounding)
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


def answered(given, *, rounding):
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
    document = PreviewIn.model_validate({**request, "tax_rates": list(rates.values())})
    return preview(document, today=date(2026, 3, 1), currency="EUR").model_dump(mode="json")


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
