"""Bugs put into the product on purpose, each as somebody might well make it; the simulator must find every one."""

from tests.simulation.planted import (
    billing,
    building,
    charging,
    comparing,
    contracting,
    crediting,
    deciding,
    exporting,
    planning,
    recurring,
    reminding,
    returning,
    storing,
    telling,
)
from tests.simulation.planted.book import BUGS

__all__ = [
    "BUGS",
    "billing",
    "building",
    "charging",
    "comparing",
    "contracting",
    "crediting",
    "deciding",
    "exporting",
    "planning",
    "recurring",
    "reminding",
    "returning",
    "storing",
    "telling",
]
