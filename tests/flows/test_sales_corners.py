"""Corners of what is made of quotes and sales documents: no part below nothing, no quote that says something else."""

import pytest

from tests.flows.selling import billed, made_of, place_of, sold, told, wanted

TENS = [{"description": "Carreaux", "unit_price": "10", "quantity": "10"}]


@pytest.mark.row("K9", "H34")
def test_a_discount_alone_is_not_delivered(world):
    lines = [{"description": "Pose", "unit_price": "100"}, {"description": "Rabais", "unit_price": "-60"}]
    order = sold(world, lines=lines, discount_amount=None)
    before = world.everything()

    answer = world.api("POST", f"{place_of(order)}/deliveries", wanted(_2="1"))

    assert answer.problem == (422, "negative_total")
    assert world.everything() == before
    assert made_of(world, order, "deliveries", _1="1", _2="1")["net_total"] == "40.00"


@pytest.mark.row("K6", "K8")
@pytest.mark.parametrize("way", ["whole", "in parts"])
def test_a_quote_says_what_was_ordered_of_it(world, way):
    quote = world.quote(lines=TENS)
    if way == "whole":
        order = made_of(world, quote, "orders")
    else:
        billed(world, quote, _1="4")
        order = world.ok("GET", "/v1/orders")["data"][0]

    edit = {"lines": [{"description": "Autre", "unit_price": "99"}]}
    assert world.api("PATCH", place_of(quote), edit).problem == (409, "quote_ordered")
    if way == "whole":
        world.ok("DELETE", place_of(order))
        assert world.ok("PATCH", place_of(quote), edit)["net_total"] == "99.00"


@pytest.mark.row("K6", "K8")
def test_a_quote_of_which_an_order_was_made_does_not_expire(world):
    quote = world.quote(lines=TENS, valid_until="2026-03-05")
    order = made_of(world, quote, "orders")
    world.time.pass_(days=10)
    world.sweep()

    assert world.see(quote)["status"] == "draft"
    assert "quote.expired" not in told(world, quote)
    world.ok("DELETE", place_of(order))
    world.sweep()
    assert world.see(quote)["status"] == "expired"
