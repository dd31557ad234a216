"""What is sold: codes with their prices, prices agreed with one client, and price lists taken in."""

import pytest


def sell(world, code, name="First meeting", price="50.00", **more):
    return world.ok("POST", "/v1/catalog", {"code": code, "name": name, "unit_price": price} | more).body


def agree(world, client, code, price, **more):
    return world.api("PUT", f"/v1/clients/{client['id']}/prices/{code}", {"unit_price": price}, **more)


def billed(world, client, **line):
    (written,) = world.draft(client, lines=[{"catalog_code": "PR"} | line])["lines"]
    return written["description"], written["unit_price"], written["net"]


def take_in(world, text, *, dry_run=False, **headers):
    path = "/v1/catalog/import" + ("?dry_run=true" if dry_run else "")
    return world.ok("POST", path, text.encode(), content_type="text/csv; charset=utf-8", **headers)


def outcomes(report):
    return [(one["line"], one["code"], one["outcome"]) for one in report["lines"]]


def prices(world):
    return {one["code"]: one["unit_price"] for one in world.ok("GET", "/v1/catalog?limit=100")["data"]}


@pytest.mark.row("H8", "H9", "P12")
def test_an_intervention_code_has_a_description_a_short_code_and_a_price(world):
    entry = sell(world, "PR", kind="intervention", unit="h")

    assert (entry["code"], entry["name"], entry["unit_price"], entry["kind"]) == (
        "PR",
        "First meeting",
        "50.00",
        "intervention",
    )
    assert world.ok("GET", "/v1/catalog/PR").body == entry


@pytest.mark.row("P11", "P12", "H33")
def test_lines_are_filled_in_from_the_catalogue(world):
    sell(world, "PR")

    assert billed(world, world.client()) == ("First meeting", "50.00", "50.00")
    assert billed(world, world.client(), quantity="3", description="Suivi") == ("Suivi", "50.00", "150.00")


@pytest.mark.row("H9", "P11")
def test_a_client_pays_the_price_that_was_agreed_and_nobody_else_does(world):
    sell(world, "PR")
    marie, jean = world.client(), world.client(name="Jean Roy")
    assert agree(world, marie, "PR", "42.50")["unit_price"] == "42.50"

    assert billed(world, marie) == ("First meeting", "42.50", "42.50")
    assert billed(world, marie, unit_price="45") == ("First meeting", "45", "45.00")
    assert billed(world, jean) == ("First meeting", "50.00", "50.00")
    quote = world.quote(marie, lines=[{"catalog_code": "PR"}])
    assert quote["lines"][0]["unit_price"] == "42.50"
    edited = world.ok("PATCH", f"/v1/invoices/{world.draft(marie)['id']}", {"lines": [{"catalog_code": "PR"}]})
    assert edited["lines"][0]["unit_price"] == "42.50"
    preview = world.ok("POST", "/v1/invoices/preview", {"client_id": marie["id"], "lines": [{"catalog_code": "PR"}]})
    assert preview["lines"][0]["unit_price"] == "42.50"


@pytest.mark.row("H9")
def test_an_agreed_price_is_changed_listed_and_ended(world):
    sell(world, "PR")
    sell(world, "SUIVI")
    marie = world.client()
    first = agree(world, marie, "PR", "42.50")
    agree(world, marie, "SUIVI", "30")

    assert agree(world, marie, "PR", "40", If_Match='"9"').status == 412
    assert agree(world, marie, "PR", "40", If_Match=first.headers["etag"])["version"] == 2
    place = f"/v1/clients/{marie['id']}/prices"
    listed = world.ok("GET", place)["data"]
    assert {one["code"]: one["unit_price"] for one in listed} == {"PR": "40", "SUIVI": "30"}
    assert world.ok("DELETE", f"{place}/PR").status == 204
    assert world.api("GET", f"{place}/PR").status == 404
    assert billed(world, marie)[1] == "50.00"
    assert agree(world, marie, "PR", "41")["version"] == 4
    assert billed(world, marie)[1] == "41"


def test_a_price_is_agreed_on_what_there_is_with_whom_there_is(world):
    sell(world, "PR")
    marie = world.client()

    assert agree(world, marie, "NIX", "1").status == 404
    assert agree(world, {"id": "cli_none"}, "PR", "1").status == 404
    assert world.api("DELETE", f"/v1/clients/{marie['id']}/prices/PR").status == 404
    assert agree(world, marie, "PR", "1", key=world.key("technician")).status == 403


@pytest.mark.row("P12")
@pytest.mark.parametrize(
    "text",
    [
        "code,name,unit_price,kind\nPR,First meeting,55.00,intervention\nSAVON,Savon,12.50,product\n",
        "\ufeffCode;Name;Unit_price;Kind\r\nPR;First meeting;55,00;intervention\r\nSAVON;Savon;12,50;product\r\n",
        'name\tcode\tkind\tunit_price\n"First meeting"\tPR\tintervention\t55.00\n\nSavon\tSAVON\tproduct\t12.50',
    ],
    ids=["commas and points", "as a French spreadsheet writes it", "tabs, another order, an empty line"],
)
def test_a_price_list_is_taken_in_line_by_line(world, text):
    sell(world, "PR", kind="intervention")

    report = take_in(world, text)

    assert [(one["code"], one["outcome"]) for one in report["lines"]] == [("PR", "changed"), ("SAVON", "added")]
    assert (report["added"], report["changed"], report["unchanged"], report["refused"]) == (1, 1, 0, 0)
    assert {code: float(price) for code, price in prices(world).items()} == {"PR": 55.0, "SAVON": 12.5}
    assert {one["outcome"] for one in take_in(world, text)["lines"]} == {"unchanged"}


@pytest.mark.row("P12")
def test_a_bad_line_changes_nothing_and_stops_no_other(world):
    sell(world, "PR")
    text = """code;name;unit_price;taxes;kind
A;Bon;10;TPS TVQ;service
B;;10;;
C;Cher;a lot;;
PR;;60;XYZ;
A;Encore;11;;
D;Trop;1;;service;de;cellules
;Sans code;1;;
E;Autre;1;;magie
F/G;Barre;1;;
Z;Dernier;9,99;TPS;product"""

    report = take_in(world, text)

    assert outcomes(report) == [
        (2, "A", "added"),
        (3, "B", "refused"),
        (4, "C", "refused"),
        (5, "PR", "refused"),
        (6, "A", "refused"),
        (7, "D", "refused"),
        (8, None, "refused"),
        (9, "E", "refused"),
        (10, "F/G", "refused"),
        (11, "Z", "added"),
    ]
    reasons = {one["line"]: one["reason"] for one in report["lines"]}
    assert reasons[3] == "A code that is new needs a name."
    assert reasons[5] == "There is no tax 'XYZ'."
    assert reasons[6] == "This code stands in line 2 already."
    assert reasons[7] == "This line has 7 cells, and there are 5 columns."
    assert reasons[2] is None
    assert prices(world) == {"PR": "50.00", "A": "10", "Z": "9.99"}


@pytest.mark.row("P12")
def test_a_dry_run_tells_the_same_and_writes_nothing(world):
    sell(world, "PR")
    text = "code,name,unit_price\nPR,,60\nNEU,Neu,1\nBAD,,\n"
    before = world.everything()

    told = take_in(world, text, dry_run=True)

    assert world.everything() == before
    assert told["dry_run"] is True
    done = take_in(world, text)
    assert done["lines"] == told["lines"]
    assert prices(world) == {"PR": "60", "NEU": "1"}


def test_a_dry_run_and_the_deed_under_one_key_are_two_requests(world):
    text = "code,name,unit_price\nPR,First meeting,50\n"
    take_in(world, text, dry_run=True, Idempotency_Key="list")

    taken_in = world.ok("POST", "/v1/catalog/import", text.encode(), content_type="text/csv", Idempotency_Key="list")

    assert taken_in["added"] == 1


@pytest.mark.row("P12")
def test_two_thousand_lines_are_taken_in_and_one_more_is_refused(world):
    text = "code,name,unit_price\n" + "".join(f"C{n:04d},Chose {n},{n}.50\n" for n in range(2_000))
    sell(world, "C1999", "Chose 1999", "1999.50")

    assert take_in(world, text)["added"] == 1_999
    assert world.api("POST", "/v1/catalog/import", {"csv": text + "X,X,1\n"}).problem == (422, "too_many_lines")
    assert take_in(world, text)["unchanged"] == 2_000


def test_a_code_that_was_removed_comes_back_with_its_history(world):
    sell(world, "PR")
    world.ok("DELETE", "/v1/catalog/PR")

    assert outcomes(take_in(world, "code,name,unit_price\nPR,First meeting,51\n")) == [(2, "PR", "added")]
    assert world.ok("GET", "/v1/catalog/PR")["version"] == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing"),
        ("name,unit_price\nx,1", "missing"),
        ("code,prix\nx,1", "unknown_field"),
        ("code,code\nx,1", "given_twice"),
        ("code,name\nx," + "y" * 140_000, "malformed_csv"),
    ],
)
def test_what_is_no_price_list_is_refused_whole(world, text, code):
    assert world.api("POST", "/v1/catalog/import", {"csv": text}).problem == (422, code)


def test_a_price_that_can_be_read_in_two_ways_is_refused(world):
    lines = ['A,Mille,"1,234"', 'B,Mille,"1,234.50"', 'C,Dix,"10,50"', 'D,Mille,"1 234,50"']
    report = take_in(world, "code,name,unit_price\n" + "\n".join(lines))

    assert outcomes(report) == [(2, "A", "refused"), (3, "B", "refused"), (4, "C", "added"), (5, "D", "added")]
    assert prices(world) == {"C": "10.50", "D": "1234.50"}


def test_another_encoding_is_not_guessed(world):
    answer = world.api("POST", "/v1/catalog/import", "code,name\nPR,été".encode("latin-1"), content_type="text/csv")

    assert answer.problem == (400, "malformed_csv")
    assert world.api("POST", "/v1/clients", b"name", content_type="text/csv").problem == (415, "not_json")
