"""The proof works on the worlds of the flow tests."""

from tests.flows.conftest import stand_in, time, world

__all__ = ["stand_in", "time", "world"]
