"""How long our renderer and others take to draw the same invoice (C46), in turns, in one run; prints JSON.

    python -m infra.bench.pdf [--documents 200]

All draw the same ready document with embedded TrueType fonts: who it is from and for, facts, the table with its heading
on every page, totals, "page x of y". The QR code is left out on all sides. Every document has other words and amounts.
Times are CPU milliseconds of the process, medians over the documents; fonts were loaded before, but by fpdf2, which
cannot keep them. "archive" is PDF/A-3a and PDF/UA-1 with an XML of 12 KB in it; "plain" is the drawing alone.
reportlab uses its C helper rl_accel where that is installed; WeasyPrint and typst are measured where they are. Those
that need seconds for 500 lines draw fewer of such documents: `documents` says how many.

fpdf2's own way is imported first: our renderer imports fpdf2 without the libraries that it reads fonts with.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator

from chalicelib.domain.document import Document
from infra.bench.printers import (
    fpdf2_table,
    ours,
    reportlab_canvas,
    reportlab_platypus,
    typst_page,
    weasyprint_html,
)
from infra.bench.work.documents import a_document

SIZES = (5, 25, 500)
WAYS: dict[str, Callable[[Document], bytes]] = {
    "ours, plain": ours.draw,
    "ours, archive": ours.archive,
    "reportlab canvas": reportlab_canvas.draw,
    "reportlab platypus": reportlab_platypus.draw,
    "fpdf2 table()": fpdf2_table.draw,
    "WeasyPrint": weasyprint_html.draw,
    "typst": typst_page.draw,
}
NEEDED = {"WeasyPrint": "weasyprint", "typst": "typst"}
MOST = {("fpdf2 table()", 25): 40, ("fpdf2 table()", 5): 60, ("fpdf2 table()", 500): 7, ("typst", 500): 40}
MOST |= {("WeasyPrint", 5): 60, ("WeasyPrint", 25): 30, ("WeasyPrint", 500): 5}


def main() -> None:
    arguments = argparse.ArgumentParser(description="Time our renderer against others.")
    arguments.add_argument("--documents", type=int, default=200)
    print(json.dumps(measured(arguments.parse_args().documents), indent=2))


def measured(documents: int) -> dict[str, object]:
    chance = random.Random(20261121)  # noqa: S311 - words of a benchmark
    ways = {name: draw for name, draw in WAYS.items() if name not in NEEDED or importlib.util.find_spec(NEEDED[name])}
    for draw in ways.values():
        draw(a_document(5, chance))
    return {
        "unit": "CPU milliseconds",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rl_accel": importlib.util.find_spec("_rl_accel") is not None,
        "versions": dict(_versions()),
        "lines": {str(lines): _compared(lines, documents, ways, chance) for lines in SIZES},
    }


def _versions() -> Iterator[tuple[str, str]]:
    for name in ("fpdf2", "reportlab", "rl_accel", "weasyprint", "typst"):
        try:
            yield name, importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue


def _compared(
    lines: int, documents: int, ways: dict[str, Callable[[Document], bytes]], chance: random.Random
) -> dict[str, dict[str, float]]:
    times: dict[str, list[float]] = {name: [] for name in ways}
    sizes: dict[str, int] = {}
    for number in range(documents):
        document = a_document(lines, chance)
        for name, draw in ways.items():
            if number < MOST.get((name, lines), documents):
                start = time.process_time()
                sizes[name] = len(draw(document))
                times[name].append((time.process_time() - start) * 1000)
    canvas = statistics.median(times["reportlab canvas"])
    return {name: _summed_up(each, sizes[name], canvas) for name, each in times.items()}


def _summed_up(times: list[float], size: int, canvas: float) -> dict[str, float]:
    median = statistics.median(times)
    return {
        "median_ms": round(median, 2),
        "least_ms": round(min(times), 2),
        "times_reportlab_canvas": round(canvas / median, 2),
        "kilobytes": round(size / 1000),
        "documents": len(times),
    }


if __name__ == "__main__":
    main()
