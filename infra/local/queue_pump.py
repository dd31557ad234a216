"""Lambda's part between a queue and a function: partial answers honoured, failures again, then the dead letters."""

import logging
import threading
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import resources
from infra.local.attention import Attention
from infra.local.functions import Mapping, context

logger = logging.getLogger("quittance.local")
LONGEST_BATCH = 10  # what one ReceiveMessage gives
PAUSE_S = 1.0
LONGEST_RETRY_S = 8


class QueuePump:
    """One worker of a queue. Failed messages come again after 0, 1, 2, 4... seconds instead of the queue's timeout."""

    def __init__(self, mapping: Mapping, *, sqs: Any, url: str, attention: Attention) -> None:  # noqa: ANN401
        self._mapping = mapping
        self._sqs = sqs
        self._url = url
        self._attention = attention
        self.name = mapping.name
        self.place = f"AmazonSQS/{resources.named(mapping.source)}"
        self.caught_up = -1
        self.handled = 0
        self.failures = 0
        self.thread = threading.Thread(target=self._run, name=mapping.name, daemon=True)

    def is_caught_up(self) -> bool:
        return self.caught_up >= self._attention.writes(self.place)

    def waiting(self) -> int:
        """How many messages the queue still owes the function, those in work included."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return sum(int(attributes[name]) for name in names)

    def _run(self) -> None:
        while not self._attention.stopped:
            writes = self._attention.writes(self.place)
            try:
                messages = self._receive()
                if messages:
                    self._deliver(messages)
                    continue
            except (BotoCoreError, ClientError):
                if not self._attention.stopped:
                    logger.exception("the queue of %s could not be read", self._mapping.name)
                self._attention.wait_until(lambda: False, at_most_s=PAUSE_S)
                continue
            self.caught_up = writes
            self._attention.announce()
            self._attention.wait_beyond(self.place, writes, at_most_s=PAUSE_S)

    def _receive(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._mapping.batch_size, LONGEST_BATCH),
            WaitTimeSeconds=0,  # the emulator looks every 100 ms in a long poll; the journal tells us at once
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        return messages

    def _deliver(self, messages: list[dict[str, Any]]) -> None:
        failed = self._invoke(messages)
        done = [message for message in messages if message["MessageId"] not in failed]
        if done:
            entries = [{"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]} for place, each in enumerate(done)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
        self.handled += len(done)
        self.failures += len(messages) - len(done)
        for message in messages:
            if message["MessageId"] in failed:
                self._come_again(message)

    def _invoke(self, messages: list[dict[str, Any]]) -> set[str]:
        event = {"Records": [_lambda_record(message, self._url) for message in messages]}
        try:
            answer = self._mapping.function(event, context(self._mapping.name))
        except Exception:
            logger.exception("%s failed", self._mapping.name)
            return {message["MessageId"] for message in messages}
        return {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", [])}

    def _come_again(self, message: dict[str, Any]) -> None:
        received = int(message["Attributes"]["ApproximateReceiveCount"])
        self._sqs.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=message["ReceiptHandle"],
            VisibilityTimeout=min(2 ** (received - 1) // 2, LONGEST_RETRY_S),
        )


def _lambda_record(message: dict[str, Any], url: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "md5OfBody": message.get("MD5OfBody"),
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{url.rsplit('/', 1)[1]}",
        "awsRegion": "us-east-1",
    }
