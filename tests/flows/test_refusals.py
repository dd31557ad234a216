"""Documents and payments that are refused: with a status, a code and the place, and nothing written."""

import pytest

from tests.flows.refusing import INVOICES, LINE, NUMBERS, QUOTES, UNREADABLE, Raw, refused, written


@pytest.mark.parametrize(("number", "code"), NUMBERS)
@pytest.mark.parametrize("path", [QUOTES, INVOICES])
@pytest.mark.parametrize("place", ["unit_price", "quantity"])
def test_what_is_no_number_we_take_is_refused_in_its_place(world, path, place, number, code):
    client = world.client()

    answer = refused(world, path, {"client_id": client["id"], "lines": [LINE, LINE | {place: number}]})

    assert answer.status == 422
    places = [(fault["at"], fault["code"]) for fault in answer["errors"]]
    unreadable = isinstance(number, Raw) and number in UNREADABLE
    assert places == [("" if unreadable else f"/lines/1/{place}", code)]


@pytest.mark.parametrize(("number", "code"), [*NUMBERS, pytest.param("0.001", "too_many_decimals", id="a mill")])
def test_a_payment_of_no_amount_we_take_is_refused(world, number, code):
    invoice = world.invoice()

    answer = refused(world, f"{INVOICES}/{invoice['id']}/payments", {"amount": number, "method": "cash"})

    assert answer.status == 422
    assert code in {answer["code"], *(fault["code"] for fault in answer["errors"])}


@pytest.mark.parametrize(
    ("payment", "problem", "at"),
    [
        pytest.param({"amount": "0"}, (422, "not_positive"), "/amount", id="nothing"),
        pytest.param({"amount": "-5"}, (422, "not_positive"), "/amount", id="less than nothing"),
        pytest.param({"amount": "5000"}, (422, "overpayment"), "/amount", id="too much"),
        pytest.param({"method": "barter"}, (422, "literal_error"), "/method", id="an unknown method"),
        pytest.param({"method": "online"}, (422, "literal_error"), "/method", id="a method that is not taken by hand"),
        pytest.param({"received_on": "2026-02-30"}, (422, "not_a_date"), "/received_on", id="an impossible day"),
        pytest.param({"instalment_id": "9"}, (422, "unknown_instalment"), "/instalment_id", id="no such instalment"),
        pytest.param({"note": "x"}, (422, "unknown_field"), "/note", id="an unknown field"),
        pytest.param({"reference": "a\u0000b"}, (422, "control_character"), "/reference", id="a control character"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(world, payment, problem, at):
    invoice = world.invoice()

    answer = refused(world, f"{INVOICES}/{invoice['id']}/payments", {"amount": "10", "method": "cash"} | payment)

    status, code = problem
    assert (answer.status, [(fault["at"], fault["code"]) for fault in answer["errors"]]) == (status, [(at, code)])


def test_a_payment_on_a_draft_is_refused(world):
    draft = world.draft()

    answer = refused(world, f"{INVOICES}/{draft['id']}/payments", {"amount": "10", "method": "cash"})

    assert answer.problem == (409, "invoice_not_issued")


def instalments(*parts):
    return {"schedule": [{"label": f"{n}"} | part for n, part in enumerate(parts)]}


DOCUMENTS = [
    pytest.param({"lines": [LINE] * 3_001}, "too_many_lines", "/lines", id="3,001 lines"),
    pytest.param({"lines": [{"unit_price": "1"}]}, None, "/lines/0/description", id="a line without words"),
    pytest.param({"lines": [LINE | {"taxes": ["VAT"]}]}, "unknown_tax", "/lines/0/taxes/0", id="an unknown tax"),
    pytest.param(
        {"lines": [{"catalog_code": "NONE"}]}, "unknown_catalog_code", "/lines/0/catalog_code", id="no such code"
    ),
    pytest.param({"lines": [LINE | {"unit_price": "-1"}]}, "negative_total", "/lines", id="a total below zero"),
    pytest.param({"lines": [LINE], "discount_amount": "100.01"}, "negative_total", "/lines", id="a discount beyond it"),
    pytest.param(
        {"lines": [LINE], "prepaid_total": "1000"}, "negative_due", "/prepaid_total", id="more prepaid than it comes to"
    ),
    pytest.param(
        {"lines": [LINE | {"quantity": "999999999999", "unit_price": "999999999999"}]},
        "too_large",
        "/lines/0",
        id="a product beyond 10^12",
    ),
    pytest.param(
        {"lines": [LINE | {"description": "a\u0007b"}]}, "control_character", "/lines/0/description", id="a bell"
    ),
    pytest.param(
        {"lines": [LINE | {"description": Raw('"\\ud83d"')}]},
        "lone_surrogate",
        "/lines/0/description",
        id="half a character",
    ),
    pytest.param(
        {"lines": [LINE | {"price": "5"}]}, "unknown_field", "/lines/0/price", id="an unknown field of a line"
    ),
    pytest.param({"lines": [LINE], "totl": "5"}, "unknown_field", "/totl", id="an unknown field"),
    pytest.param({"lines": [LINE], "currency": "EURO"}, "unknown_currency", "/currency", id="an unknown currency"),
    pytest.param(
        {"lines": [LINE], "currency": "cad"}, "unknown_currency", "/currency", id="a currency in small letters"
    ),
    pytest.param({"lines": [LINE], "discount_percent": "5", "discount_amount": "5"}, "one_of", "", id="two discounts"),
    pytest.param({"lines": [LINE], "discount_amount": "0.001"}, "too_many_decimals", "/discount_amount", id="a mill"),
    pytest.param(
        {"lines": [LINE]} | instalments({"percent": "50"}, {"percent": "49.99"}),
        "percentages_off",
        "/schedule",
        id="99.99 percent",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"percent": "60"}, {"percent": "41"}),
        "percentages_off",
        "/schedule",
        id="101 percent",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"amount": "114.99"}), "over_total", "/schedule", id="a cent too much"
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"amount": "50"}, {"amount": "50"}),
        "amounts_off",
        "/schedule",
        id="amounts that do not sum",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"remainder": True}, {"remainder": True}),
        "two_remainders",
        "/schedule/1/remainder",
        id="two rests",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"percent": "-10"}, {"remainder": True}),
        "negative_instalment",
        "/schedule/0/percent",
        id="a negative part",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"percent": "50", "amount": "5"}, {"remainder": True}),
        "one_of",
        "/schedule/0",
        id="a part said twice",
    ),
    pytest.param(
        {"lines": [LINE]} | instalments({"remainder": True, "due": {"on": "2026-13-01"}}),
        "not_a_date",
        "/schedule/0/due/on",
        id="a thirteenth month",
    ),
]


@pytest.mark.parametrize(("document", "code", "at"), DOCUMENTS)
@pytest.mark.parametrize("path", [QUOTES, INVOICES])
def test_a_document_that_cannot_be_is_refused(world, path, document, code, at):
    client = world.client()

    answer = refused(world, path, {"client_id": client["id"]} | document)

    assert answer.status == 422
    faults = [(fault["at"], fault["code"]) for fault in answer["errors"]]
    assert [place for place, _ in faults] == [at]
    assert code in {None, faults[0][1]}


@pytest.mark.parametrize(
    ("path", "more", "at"),
    [
        (QUOTES, {"valid_until": "2026-02-29"}, "/valid_until"),
        (INVOICES, {"due_date": "2026-04-31"}, "/due_date"),
        (INVOICES, {"send_on": "2026-00-10"}, "/send_on"),
        (INVOICES, {"send_on": "10/03/2026"}, "/send_on"),
        (INVOICES, {"send_on": 20260310}, "/send_on"),
        (INVOICES, {"due_date": "+002026-04-01"}, "/due_date"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(world, path, more, at):
    client = world.client()

    answer = refused(world, path, {"client_id": client["id"], "lines": [LINE]} | more)

    assert [(fault["at"], fault["code"]) for fault in answer["errors"]] == [(at, "not_a_date")]


@pytest.mark.row("C27")
def test_a_json_number_with_a_point_is_read_from_its_digits(world):
    client = world.client()
    lines = [{"description": "Vis", "quantity": Raw("3"), "unit_price": Raw("0.1"), "taxes": []}]
    lines.append({"description": "Clou", "quantity": Raw("1.1"), "unit_price": Raw("1.15"), "taxes": []})

    draft = world.ok("POST", INVOICES, written({"client_id": client["id"], "lines": lines}))

    assert [line["unit_price"] for line in draft["lines"]] == ["0.1", "1.15"]
    assert [line["net"] for line in draft["lines"]] == ["0.30", "1.27"]
    assert draft["total"] == "1.57"


@pytest.mark.row("C27")
def test_a_number_with_more_digits_than_a_float_has_keeps_them(world):
    client = world.client()
    lines = [{"description": "Terrain", "unit_price": Raw("99999999999.99"), "taxes": []}]

    assert world.ok("POST", INVOICES, written({"client_id": client["id"], "lines": lines}))["total"] == "99999999999.99"


@pytest.mark.row("C50")
def test_an_invoice_of_three_thousand_lines_is_issued_within_what_a_table_takes(world):
    client = world.client()
    lines = [{"description": f"Vis {n} {'é' * 60}", "unit_price": "0.01", "taxes": []} for n in range(3_000)]
    asked = world.faults.watch("dynamodb", "TransactWriteItems")

    draft = world.draft(client, lines=lines)
    issued = world.ok("POST", f"{INVOICES}/{draft['id']}/issue", {})

    assert (issued["total"], len(issued["lines"])) == ("30.00", 3_000)
    writes = [[written(item) for item in one["TransactItems"]] for one in asked]
    assert max(len(item) for items in writes for item in items) < 400_000
    assert max(sum(map(len, items)) for items in writes) < 4_000_000
    assert max(map(len, writes)) < 20
