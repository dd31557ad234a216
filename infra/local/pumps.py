"""Every stream and queue of the app, pumped; and the question whether anything is still under way."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalice.app import Chalice

from infra.local import functions, resources
from infra.local.attention import Attention
from infra.local.queue_pump import QueuePump
from infra.local.stream_pump import StreamPump

WORKERS = 2  # per queue, so that what two Lambdas can do to each other happens here too
STOP_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of the work.

    failures: attempts that failed since the last time somebody asked; they were tried again.
    dead_letters: what was given up and lies there still.
    """

    drained: bool
    failures: int
    dead_letters: int
    took_ms: int


class Pumps:
    """The pumps of one app.

    folder: of this generation of the emulator's state.
    data: the run's folder; takes the records given up.
    """

    def __init__(
        self,
        app: Chalice,
        *,
        client: Callable[[str], Any],
        folder: Path,
        data: Path,
        attention: Attention,
    ) -> None:
        self._attention = attention
        self._client = client
        self._known_failures = 0
        self._streams = [self._stream_pump(each, folder, data) for each in functions.streams(app)]
        self._queues = [self._queue_pump(each) for each in functions.queues(app) for _ in range(WORKERS)]

    def start(self) -> None:
        for pump in self._all():
            pump.thread.start()

    def finish(self, *, at_most_s: float) -> bool:
        """Settle if that is possible in this time, and stop; returns whether nothing is left to do."""
        drained = self.settle(at_most_s=at_most_s).drained
        self.stop()
        return drained

    def stop(self) -> None:
        """Let each pump finish what it has in hand."""
        self._attention.stop()
        for pump in self._all():
            pump.thread.join(STOP_S)

    def settle(self, *, at_most_s: float) -> Settled:
        """Wait until streams and queues are empty and every function has finished."""
        began = time.monotonic()
        drained = False
        while not drained and (left := at_most_s - (time.monotonic() - began)) > 0:
            drained = self._passes_idle(at_most_s=left)
        failures = sum(pump.failures for pump in self._all())
        new, self._known_failures = failures - self._known_failures, failures
        took_ms = round((time.monotonic() - began) * 1000)
        return Settled(drained=drained, failures=new, dead_letters=sum(self.dead_letters().values()), took_ms=took_ms)

    def dead_letters(self) -> Mapping[str, int]:
        """How much was given up, by function or queue."""
        given_up = {pump.name: pump.dead_letters for pump in self._streams}
        return {**given_up, **{name: self._depth(name) for name in _dead_letter_queues()}}

    def waiting(self) -> Mapping[str, int]:
        """How many messages each queue holds."""
        return {pump.name: pump.waiting() for pump in self._queues}

    def _passes_idle(self, *, at_most_s: float) -> bool:
        """Make every pump look once more; whether none of them found anything."""
        handled = self._moves()
        for place in {pump.place for pump in self._all()}:
            self._attention.call(place)
        in_time = self._attention.wait_until(
            lambda: all(each.is_caught_up() for each in self._all()), at_most_s=at_most_s
        )
        if not in_time or self._moves() != handled:
            return False
        if not any(self.waiting().values()):
            return True
        self._attention.wait_until(lambda: self._moves() != handled, at_most_s=min(at_most_s, 0.1))
        return False

    def _moves(self) -> int:
        return sum(pump.handled + pump.failures for pump in self._all())

    def _all(self) -> list[StreamPump | QueuePump]:
        return [*self._streams, *self._queues]

    def _depth(self, queue: str) -> int:
        sqs = self._client("sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        name = "ApproximateNumberOfMessages"
        return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])

    def _stream_pump(self, mapping: functions.Mapping, folder: Path, data: Path) -> StreamPump:
        table = resources.named(mapping.source)
        return StreamPump(
            mapping,
            streams=self._client("dynamodbstreams"),
            arn=self._client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"],
            delivered=folder / f"delivered-{mapping.name}",
            given_up=data / "dead-letters" / f"{mapping.name}.jsonl",
            attention=self._attention,
        )

    def _queue_pump(self, mapping: functions.Mapping) -> QueuePump:
        sqs = self._client("sqs")
        url = sqs.get_queue_url(QueueName=resources.named(mapping.source))["QueueUrl"]
        return QueuePump(mapping, sqs=sqs, url=url, attention=self._attention)


def _dead_letter_queues() -> list[str]:
    """Queues to which another queue gives up."""
    policies = (resource.get("Properties", {}).get("RedrivePolicy") for resource in resources.defined().values())
    return sorted({resources.named(each["deadLetterTargetArn"]["Fn::GetAtt"][0]) for each in policies if each})
