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
from tests.simulation.aws.s3 import S3
from tests.simulation.aws.ses import Ses
from tests.simulation.aws.sqs import Sqs


def services(*, now: Callable[[], float]) -> dict[str, Any]:
    """One AWS, empty."""
    dynamo = Dynamo(now=now)
    return {"dynamodb": dynamo, "dynamodbstreams": Reader(dynamo), "sqs": Sqs(now=now), "s3": S3(), "ses": Ses()}


def simulated_clients(aws: dict[str, Any] | None = None) -> Callable[[str], Any]:
    """A client for each service of one AWS; safe for threads, which the simulator itself never has."""
    parts = services(now=time.time) if aws is None else aws
    one_at_a_time = threading.Lock()

    def door(service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        with one_at_a_time:
            answer: dict[str, Any] = parts[service].answer(operation, request)
        return answer

    @functools.cache
    def client(service: str) -> Any:
        made = boto3.client(service)
        hook.install(made, service, door)
        return made

    return client
