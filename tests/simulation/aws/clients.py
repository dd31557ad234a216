"""boto3 clients of an AWS of the simulator, for tests of what it promises."""

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3

from tests.simulation.aws import hook
from tests.simulation.aws.dynamodb import Dynamo
from tests.simulation.aws.reader import Reader


def simulated_clients(*, now: Callable[[], float] = time.time) -> Callable[[str], Any]:
    """A client for each service of one AWS; safe for threads, which the simulator itself never has."""
    dynamo, one_at_a_time = Dynamo(now=now), threading.Lock()
    services = {"dynamodb": dynamo, "dynamodbstreams": Reader(dynamo)}

    def door(service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        with one_at_a_time:
            return services[service].answer(operation, request)

    @functools.cache
    def client(service: str) -> Any:
        made = boto3.client(service)
        hook.install(made, service, door)
        return made

    return client
