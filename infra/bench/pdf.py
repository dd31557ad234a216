"""How long our renderer and reportlab take to draw the same invoice (C46), in turns, in one run; prints JSON.

    python -m infra.bench.pdf [--rounds 15]

Both draw the same ready document with an embedded TrueType font: letterhead, parties, facts, table with its heading
on every page, totals, "page x of y". The QR code is left out on both sides. Every round draws other words and
amounts. Times are CPU milliseconds of the process, medians of all rounds; fonts were loaded before.
reportlab is driven by its canvas, its fastest way, and with its C helper rl_accel where that is installed.
"""

import argparse
import importlib.util
import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import reportlab

from chalicelib.adapters.pdf import PdfRenderer
from chalicelib.adapters.wording import wording
from chalicelib.domain.document import Document
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_document import invoice_document
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party
from chalicelib.domain.sales import Content, Parties, worked_out
from chalicelib.domain.tax import TaxRate
from infra.bench.pdf_by_reportlab import draw

SIZES = (5, 25, 500)
RATES = (
    TaxRate(code="TPS", name="TPS", rate_percent=Decimal(5), registration_number="123456789 RT0001"),
    TaxRate(code="TVQ", name="TVQ", rate_percent=Decimal("9.975"), registration_number="1234567890 TQ0001"),
)
WORDS = [
    "montants",
    "acier",
    "gypse",
    "résistant",
    "humidité",
    "isolant",
    "laine",
    "roche",
    "tirage",
    "joints",
    "finition",
    "maître",
    "mécanicien",
    "tuyauterie",
    "main-d'œuvre",
    "robinet",
    "cuisine",
    "toilette",
    "drain",
    "douche",
    "circuit",
    "dédié",
    "table",
    "induction",
    "prises",
    "encastrés",
    "ventilateur",
]


def main() -> None:
    arguments = argparse.ArgumentParser(description="Time our renderer against reportlab.")
    arguments.add_argument("--rounds", type=int, default=15)
    rounds = arguments.parse_args().rounds
    print(json.dumps(measured(rounds), indent=2))


def measured(rounds: int) -> dict[str, object]:
    chance = random.Random(20261121)  # noqa: S311 - words of a benchmark
    _in_turns(a_document(5, chance), {})
    return {
        "unit": "CPU milliseconds, median",
        "rounds": rounds,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "reportlab": str(reportlab.__version__),
        "rl_accel": importlib.util.find_spec("_rl_accel") is not None,
        "lines": {str(lines): _compared(lines, rounds, chance) for lines in SIZES},
    }


def _compared(lines: int, rounds: int, chance: random.Random) -> dict[str, float]:
    times: dict[str, list[float]] = {"ours": [], "reportlab": []}
    sizes: dict[str, int] = {}
    for _ in range(rounds):
        sizes = _in_turns(a_document(lines, chance), times)
    ours, theirs = (statistics.median(times[name]) for name in ("ours", "reportlab"))
    return {
        "ours_ms": round(ours, 2),
        "reportlab_ms": round(theirs, 2),
        "times_faster": round(theirs / ours, 2),
        "ours_bytes": sizes["ours"],
        "reportlab_bytes": sizes["reportlab"],
    }


def _in_turns(document: Document, times: dict[str, list[float]]) -> dict[str, int]:
    ways: dict[str, Callable[[Document], bytes]] = {"ours": _ours, "reportlab": draw}
    sizes = {}
    for name, way in ways.items():
        start = time.process_time()
        pdf = way(document)
        times.setdefault(name, []).append((time.process_time() - start) * 1000)
        sizes[name] = len(pdf)
    return sizes


def _ours(document: Document) -> bytes:
    return PdfRenderer().render(document).pdf


def a_document(lines: int, chance: random.Random) -> Document:
    sold = tuple(
        Line(
            description=" ".join(chance.choices(WORDS, k=chance.randint(3, 7))),
            quantity=Decimal(chance.randint(1, 400)) / 4,
            unit="h",
            unit_price=Decimal(chance.randint(100, 99_999)) / 100,
            taxes=("TPS", "TVQ"),
        )
        for _ in range(lines)
    )
    content, figures = worked_out(Content(currency="CAD", lines=sold, rates=RATES))
    none = Money.zero("CAD")
    invoice = Invoice(
        id="inv_1",
        client_id="cli_1",
        client_name="Les Érables",
        figures=figures,
        paid_total=none,
        credited_total=none,
        refunded_total=none,
        disputed_total=none,
        language="fr",
        number=f"2026-{chance.randint(1, 99_999):05}",
        issue_date=date(2026, 11, 21),
        due_date=date(2026, 12, 21),
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    home = Address(lines=("4820, rue de Bordeaux",), city="Montréal", postal_code="H2H 2A1", country="CA")
    parties = Parties(
        id="inv_1",
        seller=Party(name="Rénovation Boréale inc.", address=home, email="facturation@boreale.example"),
        buyer=Party(name="Copropriété Les Érables du Plateau", address=home),
    )
    return invoice_document(invoice, content, parties, wording=wording("fr", "CA"))


if __name__ == "__main__":
    main()
