"""What is refused: with a status, a code and the place, and nothing written."""

import json

import pytest

from chalicelib.domain.business import Numbering

QUOTES, INVOICES, CLIENTS, CATALOG = "/v1/quotes", "/v1/invoices", "/v1/clients", "/v1/catalog"
LINE = {"description": "Robinet", "unit_price": "100.00"}


class Raw(str):
    """JSON as it is written, where Python would write it otherwise."""

    __slots__ = ()


def written(body):
    """The body's JSON; a Raw stands in it as it is."""
    raws = {}

    def marked(value):
        if isinstance(value, Raw):
            raws[f'"\N{SNOWMAN}{len(raws)}"'] = str(value)
            return f"\N{SNOWMAN}{len(raws) - 1}"
        if isinstance(value, dict):
            return {name: marked(each) for name, each in value.items()}
        return [marked(each) for each in value] if isinstance(value, list) else value

    whole = json.dumps(marked(body), ensure_ascii=False)
    for mark, raw in raws.items():
        whole = whole.replace(mark, raw)
    return whole.encode("utf-8", errors="surrogatepass")


def refused(world, path, body):
    """The answer to a request that must leave no trace."""
    before = world.everything()
    answer = world.api("POST", path, written(body))
    assert world.everything() == before
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer["status"] == answer.status
    return answer


UNREADABLE = {Raw("NaN"), Raw("-Infinity"), Raw("9" * 400)}
"""No JSON of the standard, or too long to be read at all: refused before there is a place."""

NUMBERS = [
    pytest.param(Raw("NaN"), "not_a_number", id="NaN of JavaScript"),
    pytest.param(Raw("-Infinity"), "not_a_number", id="Infinity of JavaScript"),
    pytest.param("NaN", "not_a_number", id="NaN in words"),
    pytest.param("Infinity", "not_a_number", id="Infinity in words"),
    pytest.param("1e3", "not_a_number", id="an exponent"),
    pytest.param(Raw("1e3"), "not_a_number", id="an exponent in JSON"),
    pytest.param("\u0661\u0662", "not_a_number", id="Arabic digits"),
    pytest.param("\uff11\uff12", "not_a_number", id="full-width digits"),
    pytest.param("1,50", "not_a_number", id="a comma"),
    pytest.param("1 000", "not_a_number", id="a space"),
    pytest.param("1_000", "not_a_number", id="an underscore"),
    pytest.param("", "not_a_number", id="nothing"),
    pytest.param("12\n", "not_a_number", id="a line end"),
    pytest.param(True, "not_a_number", id="a truth value"),
    pytest.param([1], "not_a_number", id="a list"),
    pytest.param("1.0000001", "too_many_decimals", id="seven decimals"),
    pytest.param(Raw("0.1000000000000000055511151231257827"), "too_many_decimals", id="the digits of a float"),
    pytest.param("1000000000001", "too_large", id="more than a billion times a thousand"),
    pytest.param(Raw("9" * 400), "too_large", id="four hundred digits"),
]


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
    pytest.param({"lines": [LINE] * 2_001}, "too_many_lines", "/lines", id="2,001 lines"),
    pytest.param({"lines": [{"unit_price": "1"}]}, None, "/lines/0/description", id="a line without words"),
    pytest.param({"lines": [LINE | {"taxes": ["VAT"]}]}, "unknown_tax", "/lines/0/taxes/0", id="an unknown tax"),
    pytest.param(
        {"lines": [{"catalog_code": "NONE"}]}, "unknown_catalog_code", "/lines/0/catalog_code", id="no such code"
    ),
    pytest.param({"lines": [LINE | {"unit_price": "-1"}]}, "negative_total", "/lines", id="a total below zero"),
    pytest.param({"lines": [LINE], "discount_amount": "100.01"}, "negative_total", "/lines", id="a discount beyond it"),
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


@pytest.mark.parametrize(
    ("client", "code", "at"),
    [
        pytest.param({}, "missing", "/name", id="no name"),
        pytest.param({"name": ""}, "empty", "/name", id="an empty name"),
        pytest.param({"name": " \t "}, None, "/name", id="a name of blanks"),
        pytest.param({"name": "a" * 256}, "too_long", "/name", id="a long name"),
        pytest.param({"name": "Ann\u001b[31m"}, "control_character", "/name", id="an escape"),
        pytest.param({"name": 7}, "not_a_text", "/name", id="a number"),
        pytest.param({"name": "Ann", "email": "ann@"}, "not_an_email", "/email", id="half an address"),
        pytest.param({"name": "Ann", "email": "a@b.ca\nBcc: x@y.z"}, None, "/email", id="a header in an address"),
        pytest.param({"name": "Ann", "email": "a@b.ca, c@d.ca"}, "not_an_email", "/email", id="two addresses"),
        pytest.param({"name": "Ann", "phon": "1"}, "unknown_field", "/phon", id="an unknown field"),
        pytest.param({"name": "Ann", "address": {"country": "XX"}}, "unknown_country", "/address/country", id="no such country"),
        pytest.param({"name": "Ann", "language": "klingon"}, None, "/language", id="no such language"),
    ],
)
def test_a_client_that_cannot_be_is_refused(world, client, code, at):
    answer = refused(world, CLIENTS, client)

    assert answer.status == 422
    ((place, said),) = [(fault["at"], fault["code"]) for fault in answer["errors"]]
    assert place == at
    assert code in {None, said}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        pytest.param(b"{", 400, None, id="half an object"),
        pytest.param(b"[]", 422, None, id="a list"),
        pytest.param(b"null", 422, None, id="nothing"),
        pytest.param(b"\xff\xfe", 400, None, id="no UTF-8"),
        pytest.param(b"[" * 100_000, 400, None, id="a tower of brackets"),
        pytest.param(b'{"name": "Ann"' + b" " * 2_000_001 + b"}", 413, "body_too_large", id="two megabytes"),
    ],
)
def test_what_is_no_json_object_is_refused(world, body, status, code):
    before = world.everything()

    answer = world.api("POST", CLIENTS, body)

    assert answer.status == status
    assert code in {None, answer["code"]}
    assert world.everything() == before


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


def test_two_thousand_lines_are_taken(world):
    client = world.client()
    lines = [{"description": f"Vis {n}", "unit_price": "0.01", "taxes": []} for n in range(2_000)]

    draft = world.draft(client, lines=lines)

    issued = world.ok("POST", f"{INVOICES}/{draft['id']}/issue", {})
    assert (issued["total"], len(issued["lines"])) == ("20.00", 2_000)


@pytest.mark.parametrize("path", [QUOTES, INVOICES])
@pytest.mark.parametrize("client_id", ["cli_none", "cli_01KJQQW3M9DKBYX56WD39526V3", "../../x", "T#biz"])
def test_a_client_that_is_not_there_is_refused(world, path, client_id):
    answer = refused(world, path, {"client_id": client_id, "lines": [LINE]})

    assert answer.status == 404


def test_an_empty_draft_is_not_issued(world):
    draft = world.draft(lines=[])

    answer = refused(world, f"{INVOICES}/{draft['id']}/issue", {})

    assert answer.problem == (409, "invoice_empty")


def test_a_total_below_zero_is_not_reached_by_an_edit_either(world):
    draft = world.draft()
    before = world.everything()

    answer = world.api("PATCH", f"{INVOICES}/{draft['id']}", {"discount_amount": "1000.01"})

    assert (answer.status, answer["errors"][0]["code"]) == (422, "negative_total")
    assert world.everything() == before


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({"currency": "XYZ"}, "/currency"),
        ({"time_zone": "Mars/Base"}, "/time_zone"),
        ({"numbering": {"prefix": "F\n"}}, "/numbering/prefix"),
        ({"numbering": {"start": 0}}, "/numbering/start"),
        ({"tax_rates": [{"code": "A", "rate_percent": "NaN"}]}, "/tax_rates/0/rate_percent"),
        ({"tax_groups": [{"name": "G", "codes": ["NONE"]}]}, "/tax_groups/0/codes"),
        ({"invoice_defaults": {"due_days": -1}}, "/invoice_defaults/due_days"),
        ({"automation": {"send": "never"}}, "/automation/send"),
        ({"sandbox": True}, "/sandbox"),
    ],
)
def test_settings_that_cannot_be_are_refused(world, settings, at):
    before = world.everything()

    answer = world.api("PATCH", "/v1/business", settings)

    assert answer.status == 422
    assert [fault["at"] for fault in answer["errors"]] == [at]
    assert world.everything() == before


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("sk_live_none", 401, "bad_key"), ("", 401, None), ("x" * 5_000, 401, None)],
)
def test_who_does_not_prove_themselves_is_told_nothing(world, key, status, code):
    answer = world.request("GET", "/v1/clients", b"", {"authorization": f"Bearer {key}"} if key else {})

    assert answer.status == status
    assert code in {None, answer["code"]}


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        ("technician", "POST", "/issue", 403),
        ("technician", "POST", "/void", 403),
        ("technician", "POST", "/send", 403),
        ("accountant", "PATCH", "", 403),
        ("accountant", "DELETE", "", 403),
        ("technician", "PATCH", "", 200),
        ("manager", "POST", "/issue", 200),
    ],
)
def test_each_role_may_do_its_own(world, role, method, path, status):
    draft = world.draft()

    answer = world.api(method, f"{INVOICES}/{draft['id']}{path}", {}, key=world.key(role))

    assert answer.status == status


def test_a_revoked_key_ends_at_once(world):
    made = world.ok("POST", "/v1/keys", {"name": "old", "role": "manager"})
    assert world.api("GET", CLIENTS, key=made["secret"]).status == 200

    world.ok("DELETE", f"/v1/keys/{made['id']}")

    assert world.api("GET", CLIENTS, key=made["secret"]).problem == (401, "bad_key")


def test_a_number_that_is_taken_is_given_to_nobody_else(world):
    """The register refuses it, whatever the counter says (C20)."""
    world.business(numbering=Numbering(prefix="A"))
    client = world.client()
    world.invoice(client)
    draft = world.draft(client)
    core = world.aws.client("dynamodb")
    counter = {"PK": {"S": f"T#{world.house.id}#SER#invoice"}, "SK": {"S": "CTR"}}
    item = core.get_item(TableName="core", Key=counter)["Item"]
    item["doc"]["S"] = item["doc"]["S"].replace('"next":2', '"next":1').replace('"next": 2', '"next": 1')
    core.put_item(TableName="core", Item=item)

    answer = world.api("POST", f"{INVOICES}/{draft['id']}/issue", {})

    assert answer.status == 409
    assert world.see(draft)["number"] is None
