"""The app's functions and what wakes each: Chalice names the functions, resources.yaml their streams and queues."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice
from chalice.local import LambdaContext

from infra.local import resources

MEMORY_MB = 1024
EVENT_TIMEOUT_MS = 120_000

Function = Callable[[dict[str, Any], LambdaContext], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A stream or queue, and the function that its records wake.

    source: the logical name of the table or queue.
    event_names: the stream's records that wake it; empty: all.
    """

    name: str
    function: Function
    source: str
    batch_size: int
    retries: int
    event_names: frozenset[str]


def streams(app: Chalice) -> Iterator[Mapping]:
    """The functions that a table's stream wakes."""
    return _mapped(app, "Stream")


def queues(app: Chalice) -> Iterator[Mapping]:
    """The functions that a queue wakes."""
    return _mapped(app, "Queue")


def function(app: Chalice, name: str) -> Function | None:
    """A function by its name in the app, or None if the app has none of that name."""
    found: Function | None = app.handler_map.get(name)
    return found


def context(name: str, *, timeout_ms: int = EVENT_TIMEOUT_MS) -> LambdaContext:
    """The second argument that Lambda gives a function."""
    made = LambdaContext(function_name=name, memory_size=MEMORY_MB, max_runtime_ms=timeout_ms)
    made.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
    return made


def request_id() -> str:
    """An id as AWS gives each invocation and event."""
    return str(uuid.uuid4())  # noqa: TID251  # the local AWS makes them, not the app


def _mapped(app: Chalice, kind: str) -> Iterator[Mapping]:
    for logical, resource in resources.defined().items():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            found = function(app, logical[:1].lower() + logical[1:])
            if found is not None and kind in event["Properties"]:
                yield _mapping(app, logical, found, event["Properties"], kind)


def _mapping(app: Chalice, logical: str, found: Function, event: dict[str, Any], kind: str) -> Mapping:
    name = logical[:1].lower() + logical[1:]
    declared: Any = next(source for source in app.event_sources if source.name == name)
    return Mapping(
        name=name,
        function=found,
        source=event[kind]["Fn::GetAtt"][0],
        batch_size=declared.batch_size,
        retries=event.get("MaximumRetryAttempts", 0),
        event_names=_event_names(event),
    )


def _event_names(event: dict[str, Any]) -> frozenset[str]:
    """Of the filter language only what our definition uses: a list of event names."""
    filters = event.get("FilterCriteria", {}).get("Filters", [])
    return frozenset(name for each in filters for name in json.loads(each["Pattern"])["eventName"])
