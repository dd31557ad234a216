"""Exports: asked for over HTTP, made by the worker, fetched as files."""

import csv
import io

import pytest

HEADER_AND_TWO = 3


def asked(world, format="csv", **more):
    return world.ok("POST", "/v1/exports", {"format": format} | more).body


def made(world, format="csv", **more):
    """An export as it is when it is over."""
    export = asked(world, format, **more)
    world.settle()
    return world.ok("GET", f"/v1/exports/{export['id']}").body


def fetched(world, export):
    return world.ok("GET", export["file"]["url"])


def table(world, export, delimiter=","):
    text = fetched(world, export).raw.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.row("A46", "A51", "A53", "A59")
def test_invoices_are_exported_once_as_csv_and_marked(world):
    one, two = world.invoice(), world.invoice()
    world.draft()
    export = asked(world)
    assert (export["status"], export["progress"]["total"]) == ("queued", None)
    world.settle()
    export = world.ok("GET", f"/v1/exports/{export['id']}").body
    assert (export["status"], export["progress"]["count"], export["failures"]) == ("ready", 2, [])
    rows = table(world, export)
    assert [(row["number"], row["net"], row["tax"], row["total"]) for row in rows] == [
        ("00001", "1000.00", "149.75", "1149.75"),
        ("00002", "1000.00", "149.75", "1149.75"),
    ]
    for invoice in (one, two):
        seen = world.see(invoice)
        assert (seen["status"], seen["exported_at"] is not None) == ("exported", True)
        assert "invoice.exported" in world.timeline(invoice)
    answer = world.api("POST", "/v1/exports", {"format": "csv"})
    assert (answer.status, answer["code"]) == (409, "nothing_to_export")
    assert made(world, again=True)["progress"]["count"] == 2
