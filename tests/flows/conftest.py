"""The world of a flow test."""

import pytest

from chalicelib import wiring
from infra.local import stripe
from tests.conftest import forget_what_was_wired
from tests.fakes.receiver import Receiver
from tests.flows.accounting import Programs
from tests.flows.things import Time
from tests.flows.world import PLATFORM_KEY, application, blueprints, opened

CLOCK = Time()
"""The clock of the test that runs; Stripe's stand-in lives longer than one test and looks at it too."""


def _seconds():
    return CLOCK.instant.timestamp()


@pytest.fixture(scope="session")
def stand_in():
    """Stripe, for all tests; each test has accounts of its own in it."""
    running = stripe.start(platform_key=PLATFORM_KEY, clock=_seconds)
    yield running
    running.stop()


@pytest.fixture
def time():
    CLOCK.instant = Time().instant
    return CLOCK


@pytest.fixture
def programs(monkeypatch):
    """The accounting programs that businesses of this test may connect."""
    made = Programs()
    monkeypatch.setattr(wiring, "accounting", made)
    return made


@pytest.fixture
def world(aws, stand_in, time, programs, monkeypatch):
    """A Quittance with one business, a plumber in Montreal; nothing is under way."""
    app, _ = application()
    for blueprint in blueprints():
        monkeypatch.setattr(blueprint, "_current_app", app)  # another test may have registered it elsewhere
    monkeypatch.setenv("STRIPE_API_BASE", stand_in.url)
    forget_what_was_wired()
    monkeypatch.setattr(wiring, "now", lambda business=None: (business and business.clock) or time())
    monkeypatch.setattr(wiring, "courier", Receiver)
    contract_errors = len(stand_in.contract_errors)
    world = opened(aws, stand_in, time)
    yield world
    world.check_the_books()
    assert stand_in.contract_errors[contract_errors:] == []
