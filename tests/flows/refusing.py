"""Requests that must leave no trace, and numbers that nobody takes."""

import json

import pytest

QUOTES, INVOICES, CLIENTS = "/v1/quotes", "/v1/invoices", "/v1/clients"
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
