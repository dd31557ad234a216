from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.errors import Invalid
from chalicelib.entrypoints.http.shapes.answering import preview
from chalicelib.entrypoints.http.shapes.documents import PreviewIn

MARCH_1 = date(2026, 3, 1)
QUEBEC = [
    {"code": "GST", "name": "TPS", "rate_percent": "5", "registration_number": "123456789 RT0001"},
    {"code": "QST", "name": "TVQ", "rate_percent": "9.975"},
]
CALL = CatalogueEntry(
    id="CALL", name="Call-out", description=None, unit="hour", unit_price=Decimal("72.50"), taxes=("GST",)
)


def a_line(**fields):
    return {"description": "Work", "unit_price": "1000", **fields}


def instalment(id, label, due_on, amount, *, status):
    agreed = {"id": id, "label": label, "due_on": due_on, "amount": amount}
    return agreed | {
        "paid": "0.00",
        "credited": "0.00",
        "status": status,
        "holdback": False,
        "awaits_completion": False,
    }


def previewed(body, **rest):
    document = PreviewIn.model_validate({"currency": "CAD", **body})
    return preview(document, today=MARCH_1, currency="EUR", **rest).model_dump(mode="json")


def refusal(body, **rest):
    """Where and with which code a body is refused, by the shapes or by the domain."""
    try:
        previewed(body, **rest)
    except ValidationError as error:
        return [("/" + "/".join(map(str, fault["loc"])), fault["type"]) for fault in error.errors()]
    except Invalid as invalid:
        return [(fault.at, fault.code) for fault in invalid.faults]
    return []


@pytest.mark.row("P28")
def test_a_preview_answers_every_figure_and_the_schedule():
    answer = previewed(
        {
            "lines": [a_line(taxes=["GST", "QST"], quantity=2, discount_percent="50")],
            "tax_rates": QUEBEC,
            "prepaid_total": "49.75",
            "schedule": [
                {"label": "Deposit", "percent": "30", "due": {"on": "2026-02-15"}},
                {"amount": "100", "due": {"days_after": "issue", "days": 15}},
                {"label": "Balance", "remainder": True, "due": {"end_of_month": 1}},
            ],
        }
    )

    assert answer == {
        "currency": "CAD",
        "rounding": "document",
        "subtotal": "1000.00",
        "discount_total": "0.00",
        "charge_total": "0.00",
        "net_total": "1000.00",
        "taxes": [
            {
                "code": "GST",
                "name": "TPS",
                "rate_percent": "5",
                "base": "1000.00",
                "amount": "50.00",
                "category": "S",
                "exemption_reason": None,
                "exemption_certificate": None,
                "registration_number": "123456789 RT0001",
                "withheld": False,
            },
            {
                "code": "QST",
                "name": "TVQ",
                "rate_percent": "9.975",
                "base": "1000.00",
                "amount": "99.75",
                "category": "S",
                "exemption_reason": None,
                "exemption_certificate": None,
                "registration_number": None,
                "withheld": False,
            },
        ],
        "tax_total": "149.75",
        "withheld_total": "0.00",
        "total": "1149.75",
        "payable": "1149.75",
        "prepaid_total": "49.75",
        "rounding_adjustment": "0.00",
        "amount_due": "1100.00",
        "lines": [
            {
                "id": "1",
                "position": 1,
                "catalog_code": None,
                "description": "Work",
                "quantity": "2",
                "unit": None,
                "unit_price": "1000",
                "base_quantity": "1",
                "discount_percent": "50",
                "discount_amount": None,
                "allowances": [{"percent": "50", "amount": None, "reason": None, "taxes": None}],
                "charges": [],
                "taxes": ["GST", "QST"],
                "item_id": None,
                "item_ids": [],
                "group": None,
                "net": "1000.00",
            }
        ],
        "discount_percent": None,
        "discount_amount": None,
        "allowances": [],
        "charges": [],
        "groups": [],
        "schedule": [
            instalment("1", "Deposit", "2026-02-15", "344.93", status="overdue"),
            instalment("2", "", "2026-03-16", "100.00", status="upcoming"),
            instalment("3", "Balance", "2026-04-30", "704.82", status="upcoming"),
        ],
    }


@pytest.mark.row("P13", "P14")
def test_taxes_are_those_of_the_line_else_of_the_catalogue_else_of_the_business():
    lines = [a_line(taxes=[]), {"catalog_code": "CALL"}, a_line()]

    answer = previewed({"lines": lines, "tax_rates": QUEBEC}, catalogue={"CALL": CALL}, default_taxes=("GST", "QST"))

    assert [line["taxes"] for line in answer["lines"]] == [[], ["GST"], ["GST", "QST"]]


def test_a_line_takes_from_the_catalogue_what_it_leaves_out():
    lines = [
        {"catalog_code": "CALL", "quantity": "2", "taxes": []},
        {"catalog_code": "CALL", "description": "Night", "unit_price": "0", "unit": "night", "taxes": []},
    ]

    first, second = previewed({"lines": lines}, catalogue={"CALL": CALL})["lines"]

    assert (first["description"], first["unit"], first["unit_price"], first["net"]) == (
        "Call-out",
        "hour",
        "72.50",
        "145.00",
    )
    assert (second["description"], second["unit"], second["net"]) == ("Night", "night", "0.00")


def test_the_currency_and_the_rounding_are_the_business_s_where_left_out():
    answer = previewed({"currency": None, "lines": [a_line()]}, rounding="line")

    assert (answer["currency"], answer["rounding"]) == ("EUR", "line")


def test_a_rate_of_the_preview_stands_before_the_business_s_and_may_be_fixed_or_exempt():
    rates = [
        {"code": "ECO", "kind": "fixed", "amount": "0.25"},
        {"code": "EX", "category": "E", "exemption_reason": "art. 293 B du CGI"},
        {"code": "ZERO"},
    ]

    answer = previewed({"lines": [a_line(taxes=["ECO", "EX", "ZERO"])], "tax_rates": rates})

    found = [(tax["code"], tax["category"], tax["rate_percent"], tax["amount"]) for tax in answer["taxes"]]
    assert found == [("ECO", "S", None, "0.25"), ("EX", "E", "0", "0.00"), ("ZERO", "Z", "0", "0.00")]


def test_discounts_and_charges_of_the_document_are_shown_as_they_were_given():
    body = {"lines": [a_line()], "discount_amount": "100", "charges": [{"percent": "1", "reason": "Fuel", "taxes": []}]}

    answer = previewed(body)

    assert (answer["discount_amount"], answer["discount_total"], answer["charge_total"]) == (
        "100.00",
        "100.00",
        "10.00",
    )
    assert answer["charges"] == [{"percent": "1", "amount": None, "reason": "Fuel", "taxes": []}]


def test_an_allowance_with_a_reason_has_no_short_form():
    answer = previewed({"lines": [a_line(allowances=[{"percent": "10", "reason": "Loyal"}])]})

    assert (answer["lines"][0]["discount_percent"], answer["lines"][0]["net"]) == (None, "900.00")


@pytest.mark.parametrize(
    ("body", "at", "code"),
    [
        pytest.param({"lines": [a_line(colour="red")]}, "/lines/0/colour", "extra_forbidden", id="unknown field"),
        pytest.param({}, "/lines", "missing", id="no lines"),
        pytest.param({"lines": [a_line()] * 3_001}, "/lines", "too_many_lines", id="3,001 lines"),
        pytest.param({"lines": [{"unit_price": "1"}]}, "/lines/0/description", "missing", id="no description"),
        pytest.param({"lines": [{"description": "x"}]}, "/lines/0/unit_price", "missing", id="no price"),
        pytest.param({"lines": [{"catalog_code": "X"}]}, "/lines/0/catalog_code", "unknown_catalog_code", id="code"),
        pytest.param({"lines": [a_line(taxes=["X"])]}, "/lines/0/taxes/0", "unknown_tax", id="unknown tax"),
        pytest.param({"lines": [a_line(unit_price="NaN")]}, "/lines/0/unit_price", "not_a_number", id="NaN"),
        pytest.param({"lines": [a_line(quantity=1.5)]}, "/lines/0/quantity", "not_a_number", id="binary float"),
        pytest.param({"lines": [a_line(description="a\0")]}, "/lines/0/description", "control_character", id="NUL"),
        pytest.param({"lines": [a_line(base_quantity="0")]}, "/lines/0/base_quantity", "not_positive", id="per 0"),
        pytest.param(
            {"lines": [a_line(discount_amount="1.005")]}, "/lines/0/discount_amount", "too_many_decimals", id="mills"
        ),
        pytest.param(
            {"lines": [a_line(charges=[{"amount": "0.001"}])]},
            "/lines/0/charges/0/amount",
            "too_many_decimals",
            id="charge",
        ),
        pytest.param({"lines": [a_line(charges=[{}])]}, "/lines/0/charges/0", "one_of", id="empty charge"),
        pytest.param(
            {"lines": [a_line(discount_amount="1", discount_percent="1")]}, "/lines/0", "one_of", id="two discounts"
        ),
        pytest.param({"lines": [], "discount_percent": "0", "discount_amount": "1"}, "/", "one_of", id="two of them"),
        pytest.param({"lines": [], "prepaid_total": "0.001"}, "/prepaid_total", "too_many_decimals", id="prepaid"),
        pytest.param({"lines": [], "currency": "XXX"}, "/currency", "unknown_currency", id="currency"),
        pytest.param({"lines": [], "rounding": "up"}, "/rounding", "literal_error", id="rounding"),
        pytest.param({"lines": [], "tax_rates": QUEBEC * 2}, "/tax_rates/2/code", "tax_twice", id="tax twice"),
        pytest.param(
            {"lines": [], "tax_rates": [{"code": "X", "kind": "fixed"}]},
            "/tax_rates/0/amount",
            "tax_amount",
            id="fixed",
        ),
        pytest.param({"lines": [a_line()], "schedule": [{}]}, "/schedule/0", "one_of", id="no instalment"),
        pytest.param(
            {"lines": [a_line()], "schedule": [{"percent": "50"}]}, "/schedule", "percentages_off", id="50 % of it"
        ),
        pytest.param(
            {"lines": [a_line()], "schedule": [{"percent": "100", "due": {"on": "2026-02-30"}}]},
            "/schedule/0/due/on",
            "not_a_date",
            id="30 February",
        ),
        pytest.param(
            {"lines": [a_line()], "schedule": [{"percent": "100", "due": {"on": "2026-03-01", "end_of_month": 1}}]},
            "/schedule/0/due",
            "one_of",
            id="due twice",
        ),
        pytest.param(
            {"lines": [a_line()], "schedule": [{"percent": "100", "due": {"days_after": "issue"}}]},
            "/schedule/0/due",
            "one_of",
            id="no days",
        ),
        pytest.param(
            {"lines": [a_line()], "schedule": [{"percent": "100", "due": {"days_after": "issue", "days": True}}]},
            "/schedule/0/due/days",
            "int_type",
            id="days that are true",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_place(body, at, code):
    assert refusal(body) == [(at, code)]


def test_a_percentage_of_zero_counts_as_given():
    assert refusal({"lines": [a_line(charges=[{"percent": "0"}])]}) == []
    assert refusal({"lines": [a_line(charges=[{"percent": "0", "amount": "0"}])]}) == [("/lines/0/charges/0", "one_of")]
