"""Corners of prices: whose they are, in which currency, agreed twice at once, and written in two ways."""

import pytest

from tests.flows.desk import at_once
from tests.flows.test_catalogue import agree, outcomes, prices, sell, take_in

ROUNDS = range(5)


@pytest.mark.row("H9")
def test_two_who_agree_on_a_first_price_at_once_both_agree(world):
    marie = world.client()
    for number in ROUNDS:
        code = f"PR{number}"
        sell(world, code)

        answers = at_once(
            lambda code=code: agree(world, marie, code, "40"), lambda code=code: agree(world, marie, code, "41")
        )

        assert sorted((answer.status, answer["version"]) for answer in answers) == [(200, 1), (200, 2)]


def test_a_price_that_was_ended_meanwhile_is_not_changed(world):
    sell(world, "PR")
    marie = world.client()
    tag = agree(world, marie, "PR", "40").headers["etag"]
    world.ok("DELETE", f"/v1/clients/{marie['id']}/prices/PR")

    assert agree(world, marie, "PR", "39", If_Match=tag).problem == (412, "stale")
    assert world.api("GET", f"/v1/clients/{marie['id']}/prices/PR").status == 404


@pytest.mark.row("H9")
def test_another_clients_price_is_no_contracts(world):
    sell(world, "PR")
    marie, jean = world.client(), world.client(name="Jean Roy")
    agree(world, jean, "PR", "1")

    wanted = {"client_id": marie["id"], "catalog_code": "PR"}

    assert world.api("POST", "/v1/items", wanted | {"contract_id": jean["id"]}).problem == (404, "not_found")
    assert world.ok("POST", "/v1/items", wanted)["unit_price"] == "50.00"


@pytest.mark.row("P11")
@pytest.mark.parametrize("path", ["/v1/invoices", "/v1/invoices/preview", "/v1/orders", "/v1/quotes"])
def test_a_catalogues_price_is_not_taken_for_one_of_another_currency(world, path):
    sell(world, "PR")
    named = {"client_id": world.client()["id"], "currency": "JPY", "lines": [{"catalog_code": "PR"}]}

    answer = world.api("POST", path, named)

    assert answer.problem == (422, "currency_mismatch")
    assert answer["errors"][0]["at"] == "/lines/0/unit_price"
    priced = world.ok("POST", path, named | {"lines": [{"catalog_code": "PR", "unit_price": "8000"}]})
    assert (priced["lines"][0]["description"], priced["net_total"]) == ("First meeting", "8000")


@pytest.mark.row("H21")
def test_what_is_described_by_nothing_is_called_by_its_name(world):
    client = world.client()
    sell(world, "PR", description="  ")
    item = world.ok("POST", "/v1/items", {"client_id": client["id"], "catalog_code": "PR"})
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})

    page = world.portal(world.ok("POST", f"/v1/clients/{client['id']}/portal-link", {})["url"])

    assert (item["description"], page.status) == ("First meeting", 200)
    assert "First meeting" in page.text
    assert world.draft(client, lines=[{"catalog_code": "PR"}])["lines"][0]["description"] == "First meeting"


@pytest.mark.parametrize(
    ("separator", "read"),
    [
        pytest.param(",", {"A": "refused", "B": "1.234", "C": "0.125", "D": "0.5"}, id="points before decimals"),
        pytest.param(";", {"A": "1.234", "B": "refused", "C": "0.125", "D": "0.5"}, id="commas before decimals"),
        pytest.param("\t", {"A": "refused", "B": "refused", "C": "0.125", "D": "0.5"}, id="who knows"),
    ],
)
def test_three_decimals_that_may_be_a_thousand_are_asked_about(world, separator, read):
    cells = {"A": '"1,234"', "B": "1.234", "C": '"0,125"', "D": '"0,5"'}
    lines = [separator.join((code, code, cell)) for code, cell in cells.items()]

    report = take_in(world, "\n".join([separator.join(("code", "name", "unit_price")), *lines]))

    came = {code: outcome for _, code, outcome in outcomes(report)}
    assert {code: prices(world).get(code, came[code]) for code in cells} == read
