"""What every test may ask for."""

import functools
import gc
import os
import sys
from pathlib import Path

import boto3
import pytest

from infra.local import resources
from tests import aws as emulated
from tests.simulation.aws.clients import simulated_clients

HERE = Path(__file__).parent
GARBAGE = 100_000
"""So many new objects before any are looked at."""
WITHOUT_A_NETWORK = ("domain", "usecases")
DYNAMODB_LOCAL = os.environ.get("DYNAMODB_LOCAL_ENDPOINT")
BACKENDS = ["ministack", "world", *(["dynamodb-local"] if DYNAMODB_LOCAL else [])]
SETTINGS = {
    "SENDER": "billing@example.com",
    "PUBLIC_URL": "https://billing.example.com",
    "SIGNING_SECRET": "a secret that signs in tests",
    "SEALING_KEYS": "the newer of two keys that seal in tests, the older of two keys that seal in tests",
    "STRIPE_API_KEY": "sk_test_quittance",
    "STRIPE_WEBHOOK_SECRETS": "whsec_test",
}

os.environ.update(emulated.ENVIRONMENT)


def pytest_collection_modifyitems(items):
    """Below the adapters nothing opens a socket; above them, only to this machine."""
    for item in items:
        layer = item.path.relative_to(HERE).parts[0]
        alone = layer in WITHOUT_A_NETWORK
        item.add_marker(pytest.mark.disable_socket if alone else pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))


def pytest_collection_finish():
    """What was collected stays to the end: the garbage collector need not look through it, nor come so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 50, 100)


@pytest.fixture(scope="session")
def emulator():
    return emulated.Emulator()


@pytest.fixture
def aws(emulator, monkeypatch):
    """An AWS of the test's own, as resources.yaml defines it, with the environment the functions get."""
    forget_what_was_wired()
    environment = emulator.holding(_everything)
    for name, value in {**environment, **SETTINGS}.items():
        monkeypatch.setenv(name, value)
    yield emulated.Aws(environment=environment, emulator=emulator)
    forget_what_was_wired()


def _everything():
    environment = resources.create(emulated.client)
    _keep_what_expires()
    emulated.client("ses").verify_email_identity(EmailAddress=SETTINGS["SENDER"])
    return environment


def _keep_what_expires():
    """Tests live in a past of their own: what expires there is long over here, and the emulator would take it away."""
    never = {"AttributeName": "ttl", "Enabled": False}
    emulated.client("dynamodb").update_time_to_live(TableName="ops", TimeToLiveSpecification=never)


@pytest.fixture(scope="session", params=BACKENDS)
def backend(request, emulator):
    """Clients by service of each DynamoDB at hand: ministack's, the simulator's, and Amazon's where one listens.

    DYNAMODB_LOCAL_ENDPOINT=http://127.0.0.1:8000 turns the last on; it keeps a database per access key.
    """
    return clients_of(request.param, "test")


def clients_of(backend, owner):
    match backend:
        case "ministack":
            return emulated.client
        case "world":
            return simulated_clients()
    own = {
        "endpoint_url": DYNAMODB_LOCAL,
        "aws_access_key_id": f"{owner}{os.getpid()}",
        "aws_secret_access_key": "test",  # botocore takes both or neither
    }
    return functools.cache(lambda service: boto3.client(service, **own))


@pytest.fixture
def dynamodb(backend, emulator):
    """A DynamoDB client with the tables core, journal and ops, empty, once for each backend."""
    emulator.reset()
    client = backend("dynamodb")
    for table in client.list_tables()["TableNames"]:
        client.delete_table(TableName=table)
    resources.create(backend, kinds=[resources.TABLE])
    return client


def forget_what_was_wired():
    """Adapters are built once per process; a test gets its own."""
    for name in {"chalicelib.wiring", "chalicelib.settings"} & set(sys.modules):
        for part in vars(sys.modules[name]).values():
            if hasattr(part, "cache_clear"):
                part.cache_clear()
