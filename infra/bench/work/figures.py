"""Samples summed up."""

import math
import os
import platform
import statistics
from collections.abc import Mapping, Sequence

Row = dict[str, object]

Samples = dict[str, list[float]]
"""Milliseconds by what was done."""


def p95(samples: Sequence[float]) -> float:
    """The smallest sample that 95 of 100 do not pass."""
    return sorted(samples)[math.ceil(0.95 * len(samples)) - 1]


def rows(samples: Mapping[str, Sequence[float]]) -> list[Row]:
    """One row per metric: its median as the value, and its p95."""
    return [
        {
            "metric": metric,
            "value": round(statistics.median(taken), 2),
            "unit": "ms",
            "n": len(taken),
            "p95": round(p95(taken), 2),
        }
        for metric, taken in samples.items()
    ]


def machine() -> dict[str, object]:
    """What the figures depend on besides the program."""
    return {"python": platform.python_version(), "cores": os.cpu_count(), "machine": platform.machine()}
