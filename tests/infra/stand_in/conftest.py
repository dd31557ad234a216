"""A stand-in with two accounts, and the real SDK talking to it."""

import pytest
import stripe as sdk

from infra.local import stripe as stand_in
from tests.infra.stand_in.wanted import MARCH_1


class Clock:
    def __init__(self):
        self.now = MARCH_1

    def __call__(self):
        return self.now.timestamp()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def running(clock, monkeypatch):
    monkeypatch.setattr(sdk, "enable_telemetry", False)
    running = stand_in.start(accounts={"acct_a": "sk_test_a", "acct_b": "sk_test_b"}, clock=clock)
    yield running
    running.stop()


@pytest.fixture
def http():
    http = sdk.RequestsClient(timeout=8)
    yield http
    http.close()


@pytest.fixture
def client(running, http):
    return lambda key="sk_test_a", **more: (
        sdk.StripeClient(key, base_addresses={"api": running.url}, http_client=http, max_network_retries=0, **more).v1
    )
