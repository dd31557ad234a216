"""Lambda's part between a table's stream and a function: in order, at least once, from the first failure again."""

import base64
import json
import logging
import threading
from collections.abc import Mapping as Map
from datetime import datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import resources
from infra.local.attention import Attention
from infra.local.functions import Mapping, context

logger = logging.getLogger("quittance.local")
PAGE = 1000
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.05, 1.0


class StreamPump:
    """Reads one stream from its beginning and wakes one function with what is new.

    delivered: a file with the keys of the records that are done, for the next start: after a crash the emulator makes
    the stream again from its journal, with other sequence numbers. Keys are enough, as the table is only added to.
    given_up: a file that takes each record whose retries are used up.
    """

    def __init__(
        self,
        mapping: Mapping,
        *,
        streams: Any,  # noqa: ANN401  # boto3 makes its clients at run time
        arn: str,
        delivered: Path,
        given_up: Path,
        attention: Attention,
    ) -> None:
        self._mapping = mapping
        self._streams = streams
        self._arn = arn
        self._delivered = delivered
        self._given_up = given_up
        self._attention = attention
        self._done = set(delivered.read_text().splitlines()) if delivered.exists() else set()
        self.name = mapping.name
        self.place = f"DynamoDB/{resources.named(mapping.source)}"
        self.caught_up = -1  # with this many writes
        self.handled = 0
        self.failures = 0
        self.dead_letters = len(given_up.read_text().splitlines()) if given_up.exists() else 0
        self.thread = threading.Thread(target=self._run, name=mapping.name, daemon=True)

    def is_caught_up(self) -> bool:
        return self.caught_up >= self._attention.writes(self.place)

    def _run(self) -> None:
        iterator = None
        while not self._attention.stopped:
            writes = self._attention.writes(self.place)
            try:
                iterator = iterator or self._beginning()
                page = self._streams.get_records(ShardIterator=iterator, Limit=PAGE)
            except (BotoCoreError, ClientError):
                if not self._attention.stopped:
                    logger.exception("the stream of %s could not be read", self._mapping.source)
                iterator = None
                self._attention.wait_until(lambda: False, at_most_s=LONGEST_PAUSE_S)
                continue
            self._deliver([record for record in page["Records"] if self._is_wanted(record)])
            iterator = page.get("NextShardIterator")
            if not page["Records"]:
                self.caught_up = writes
                self._attention.announce()
                self._attention.wait_beyond(self.place, writes, at_most_s=LONGEST_PAUSE_S)

    def _beginning(self) -> str:
        shards = self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]
        iterator: str = self._streams.get_shard_iterator(
            StreamArn=self._arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return iterator

    def _is_wanted(self, record: Map[str, Any]) -> bool:
        names = self._mapping.event_names
        return (not names or record["eventName"] in names) and _key(record) not in self._done

    def _deliver(self, records: list[Map[str, Any]]) -> None:
        size = self._mapping.batch_size
        for start in range(0, len(records), size):
            self._deliver_batch(records[start : start + size])

    def _deliver_batch(self, batch: list[Map[str, Any]]) -> None:
        """Deliver until each record is done or given up; a failure pauses the stream, as in Lambda."""
        attempts = 0
        while batch and not self._attention.stopped:
            done = self._invoke(batch)
            self._note_done(batch[:done])
            batch = batch[done:]
            if not batch:
                return
            attempts = 1 if done else attempts + 1
            self.failures += 1
            if attempts > self._mapping.retries:
                self._give_up(batch[0])
                batch, attempts = batch[1:], 0
            pause = min(FIRST_PAUSE_S * 2**attempts, LONGEST_PAUSE_S)
            self._attention.wait_until(lambda: False, at_most_s=pause)

    def _invoke(self, batch: list[Map[str, Any]]) -> int:
        """How many records from the front are done; with an exception, the batch is tried in halves."""
        event = {"Records": [_lambda_record(record, self._arn) for record in batch]}
        try:
            answer = self._mapping.function(event, context(self._mapping.name))
        except Exception:
            logger.exception("%s failed", self._mapping.name)
            return self._invoke(batch[: len(batch) // 2]) if len(batch) > 1 else 0
        failed = {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", [])}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return next((place for place, number in enumerate(numbers) if number in failed), len(batch))

    def _note_done(self, records: list[Map[str, Any]]) -> None:
        keys = [_key(record) for record in records]
        self._done.update(keys)
        self.handled += len(keys)
        with self._delivered.open("a") as file:
            file.write("".join(f"{key}\n" for key in keys))

    def _give_up(self, record: Map[str, Any]) -> None:
        logger.error("%s gave up on %s", self._mapping.name, _key(record))
        self.dead_letters += 1
        self._given_up.parent.mkdir(parents=True, exist_ok=True)
        with self._given_up.open("a") as file:
            file.write(json.dumps(_lambda_record(record, self._arn)) + "\n")
        self._note_done([record])


def _key(record: Map[str, Any]) -> str:
    return json.dumps(_plain(record["dynamodb"]["Keys"]), sort_keys=True)


def _lambda_record(record: Map[str, Any], arn: str) -> dict[str, Any]:
    """A record as Lambda hands it over: what GetRecords gives, and whose it is."""
    plain: dict[str, Any] = _plain(record)
    return {**plain, "eventSource": "aws:dynamodb", "eventSourceARN": arn}


def _plain(value: Any) -> Any:  # noqa: ANN401  # JSON of any shape
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
