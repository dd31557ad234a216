"""Reads the public golden cases (tests/data/golden/README.md)."""

import json
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "golden"


def cases(operation):
    """The cases of one operation, by id."""
    return {case["id"]: case for case in read("golden_public.json") if case["operation"] == operation}


def operations():
    return {case["operation"] for case in read("golden_public.json")}


def schedules():
    """The worked examples, by id."""
    return {case["id"]: case for case in read("schedules_public.json")}


def en16931():
    """The figures of public EN 16931 invoices, by file."""
    return read("en16931_public.json")


@cache
def read(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
