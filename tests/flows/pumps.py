"""Lambda's part: the journal's stream and the queues worked off when the test says so, and in an order it knows."""

import base64
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from infra.local import functions, resources
from infra.local.functions import context

MOST_ROUNDS = 2_000
"""What is told to the outside comes one message at a time."""


@dataclass(slots=True, kw_only=True)
class Settled:
    """records and messages: so many were done; failures: so many failed, and wait for the next settle."""

    records: int = 0
    messages: int = 0
    failures: int = 0


@dataclass(slots=True)
class Pump:
    app: Any
    client: Callable[[str], Any]
    environment: Mapping[str, str]
    seen: list[dict[str, Any]] = field(default_factory=list)
    _iterator: str = ""
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _urls: dict[str, str] = field(default_factory=dict)

    def settle(self, *, times: int = 1) -> Settled:
        """Until nothing is left but what has failed; each record and message is given so many times."""
        settled = Settled()
        failed: list[tuple[str, str]] = []
        stream_failed = False
        for _ in range(MOST_ROUNDS):
            self._waiting += self._fresh()
            had_records = bool(self._waiting) and not stream_failed
            if had_records:
                stream_failed = not self._react(times, settled)
            had_messages = [self._work_off(mapping, times, settled, failed) for mapping in functions.queues(self.app)]
            if not had_records and not any(had_messages):
                self._let_come_again(failed)
                return settled
        raise AssertionError("the stream and the queues never come to rest")

    def replay(self, order: str) -> Settled:
        """Every record that was ever given, once more, one by one."""
        records = list(self.seen)
        if order == "reversed":
            records.reverse()
        if order == "shuffled":
            random.Random(1).shuffle(records)
        (react,) = functions.streams(self.app)
        for record in records:
            answer = react.function({"Records": [record]}, context(react.name))
            assert answer == {"batchItemFailures": []}, "a record that was done once fails the second time"
        return self.settle()

    def _fresh(self) -> list[dict[str, Any]]:
        streams = self.client("dynamodbstreams")
        if not self._iterator:
            arn = self.client("dynamodb").describe_table(TableName=self.environment["JOURNAL_TABLE"])["Table"][
                "LatestStreamArn"
            ]
            shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
            self._iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")[
                "ShardIterator"
            ]
        page = streams.get_records(ShardIterator=self._iterator, Limit=1000)
        self._iterator = page["NextShardIterator"]
        fresh = [_plain(record) for record in page["Records"] if record["eventName"] == "INSERT"]
        self.seen += fresh
        return fresh

    def _react(self, times: int, settled: Settled) -> bool:
        """Give what waits to react, in order; False if something failed, from which on all comes again."""
        (react,) = functions.streams(self.app)
        while self._waiting:
            batch = self._waiting[: react.batch_size]
            for _ in range(times):
                answer = react.function({"Records": batch}, context(react.name))
                failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
                if failed:
                    break
            numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
            done = next((place for place, number in enumerate(numbers) if number in failed), len(batch))
            settled.records += done
            self._waiting = self._waiting[done:]
            if failed:
                settled.failures += 1
                return False
        return True

    def _work_off(
        self, mapping: functions.Mapping, times: int, settled: Settled, failed: list[tuple[str, str]]
    ) -> bool:
        """Until the queue is empty; whether it had anything."""
        batches = 0
        while self._take(mapping, times, settled, failed):
            batches += 1
            if batches > MOST_ROUNDS:
                raise AssertionError(f"{mapping.name} never comes to rest")
        return batches > 0

    def _take(self, mapping: functions.Mapping, times: int, settled: Settled, failed: list[tuple[str, str]]) -> bool:
        sqs, url = self.client("sqs"), self._url(mapping)
        messages = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=mapping.batch_size, AttributeNames=["All"]
        ).get("Messages", [])
        if not messages:
            return False
        event = {"Records": [_message(message, url) for message in messages]}
        for _ in range(times):
            answer = mapping.function(event, context(mapping.name))
            bad = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
            if bad:
                break
        for message in messages:
            if message["MessageId"] in bad:
                failed.append((url, message["ReceiptHandle"]))
                settled.failures += 1
            else:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                settled.messages += 1
        return True

    def _url(self, mapping: functions.Mapping) -> str:
        name = resources.named(mapping.source)
        if name not in self._urls:
            self._urls[name] = str(self.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])
        return self._urls[name]

    def _let_come_again(self, failed: list[tuple[str, str]]) -> None:
        for url, handle in failed:
            self.client("sqs").change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)


def _message(message: dict[str, Any], url: str) -> dict[str, Any]:
    """A queue's message as Lambda gets it."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{url.rsplit('/', 1)[1]}",
        "awsRegion": "us-east-1",
    }


def _plain(value: Any) -> Any:
    """A stream's record as Lambda gets it: JSON."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.timestamp()
        case _:
            return value
