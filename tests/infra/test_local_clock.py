"""The local clock: a tick for every minute that begins, and one for every night."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from infra.local.clock import Clock

ALL = ["sweep", "reconcile", "audit"]


class Days:
    """A machine on which these instants come one after the other; then it is stopped."""

    def __init__(self, *instants):
        self._instants = [datetime.fromisoformat(instant).replace(tzinfo=UTC) for instant in instants]

    @property
    def stopped(self):
        return not self._instants

    def now(self):
        return self._instants[0]

    def wait_until(self, _holds, *, at_most_s):
        assert 0 < at_most_s <= 60
        self._instants.pop(0)


@pytest.mark.parametrize(
    ("instants", "woken"),
    [
        pytest.param(["2026-03-02T02:58:59", "2026-03-02T02:59:00"], ["sweep"], id="a minute begins"),
        pytest.param(["2026-03-02T02:44:58", "2026-03-02T02:45:00"], ["sweep", "reconcile"], id="a quarter begins"),
        pytest.param(["2026-03-02T02:59:01", "2026-03-02T02:59:40"], [], id="within a minute"),
        pytest.param(["2026-03-02T02:59:59", "2026-03-02T03:00:00"], ALL, id="the night's hour"),
        pytest.param(
            ["2026-03-02T23:00:00", "2026-03-03T04:00:00"],
            ["sweep", "reconcile", "audit"],
            id="slept through the night",
        ),
        pytest.param(["2026-03-02T23:00:00", "2026-03-03T02:00:00"], ["sweep", "reconcile"], id="midnight"),
    ],
)
def test_what_the_clock_wakes(instants, woken):
    heard, days = [], Days(*instants)
    functions = {
        name: lambda _event, context: heard.append(context.function_name) for name in ("sweep", "reconcile", "audit")
    }
    clock = Clock(SimpleNamespace(handler_map=functions), now=days.now, attention=days)
    clock.thread.start()
    clock.thread.join()
    assert heard == woken
