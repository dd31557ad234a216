"""The proof works on the worlds of the flow tests."""

import pytest

from tests.flows.conftest import programs, stand_in, time, world
from tests.proof.neighbours import moved_in

__all__ = ["programs", "stand_in", "time", "world"]


@pytest.fixture
def ours(world):
    return moved_in(world, "Quenby", telephone="+1 418 555 0188")


@pytest.fixture
def theirs(world, ours):
    """They speak from now on."""
    return moved_in(world, "Zorbulax", telephone="+1 418 555 0177")
