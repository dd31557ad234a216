"""The stand-in, the gateway in front of it, and a clock to move."""

import pytest

from chalicelib.adapters.stripe.gateway import StripeGateway
from infra.local import stripe as stand_in
from tests.adapters.gateway.attempts import MARCH_1
from tests.fakes.seal import FakeSeal


class Clock:
    def __init__(self):
        self.now = MARCH_1

    def __call__(self):
        return self.now.timestamp()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def stripe(clock):
    """A stand-in; the test fails if anything asked or answered is not what the SDK's types allow."""
    running = stand_in.start(accounts={"acct_acme": "rk_test_acme", "acct_other": "rk_test_other"}, clock=clock)
    yield running
    running.stop()
    assert running.contract_errors == []


@pytest.fixture
def gateway(stripe):
    gateway = StripeGateway(platform_key="sk_test_platform", seal=FakeSeal, api_base=stripe.url, retries=0)
    yield gateway
    gateway.close()
