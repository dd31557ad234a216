"""Writes infra/openapi.json, the API's reference for machines, or says that it is stale."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.entrypoints.http import openapi

WRITTEN = Path(__file__).with_name("openapi.json")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")
    asked = parser.parse_args(arguments)
    importlib.import_module("app")  # registers every operation
    fresh = openapi.text()
    if not asked.check:
        WRITTEN.write_text(fresh)
        print(f"wrote {WRITTEN}")
        return 0
    if not WRITTEN.exists() or WRITTEN.read_text() != fresh:
        print("infra/openapi.json is stale; write it with: python3 infra/dev.py openapi", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
