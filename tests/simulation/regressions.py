"""Histories that once went wrong, each in its shortest form; every one is played at every check."""

from tests.simulation.play import Plan

REGRESSIONS: dict[str, Plan] = {}
