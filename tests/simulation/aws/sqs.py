"""SQS. Whoever plays Lambda takes the messages itself, as often as it likes, of a standard queue in any order.

Of a FIFO queue it takes those of a group in order; what was sent there twice within five minutes is here once.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.aws.errors import AwsError
from tests.simulation.aws.streams import ACCOUNT, REGION

LARGEST_MESSAGE = 1024 * 1024
LONGEST_GROUP = 128
ONE_FOR_S = 300


@dataclass(slots=True, kw_only=True)
class Message:
    """group: what makes a standard queue fair, without any order, and a FIFO queue's order; receives: times taken."""

    id: str
    body: str
    group: str | None = None
    receives: int = 0


@dataclass(slots=True, kw_only=True)
class Queue:
    """waiting: every message sent and not deleted, oldest first.

    sent: of a FIFO queue, by group and body, when the message that stands for both was sent, and its id.
    most_receives: after how many a message goes to ``dead_letters``; None where nothing says so.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    waiting: list[Message] = field(default_factory=list)
    sent: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    @property
    def is_fifo(self) -> bool:
        return self.attributes.get("FifoQueue") == "true"

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def url(self) -> str:
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.name}"

    @property
    def most_receives(self) -> int | None:
        return int(self._redrive["maxReceiveCount"]) if self._redrive else None

    @property
    def dead_letters(self) -> str | None:
        """The name of the queue for what was taken too often."""
        return str(self._redrive["deadLetterTargetArn"]).rpartition(":")[2] if self._redrive else None

    @property
    def _redrive(self) -> dict[str, Any]:
        policy: dict[str, Any] = json.loads(self.attributes.get("RedrivePolicy", "{}"))
        return policy


class Sqs:
    """queues: by name; now: epoch seconds."""

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self.queues: dict[str, Queue] = {}
        self._now = now
        self._sent = 0

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """What SQS answers. Raises AwsError."""
        match operation:
            case "CreateQueue":
                queue = self.queues.setdefault(request["QueueName"], Queue(name=request["QueueName"]))
                queue.attributes |= request.get("Attributes", {})
                return {"QueueUrl": queue.url}
            case "GetQueueUrl":
                return {"QueueUrl": self._queue(request["QueueName"]).url}
            case "SetQueueAttributes":
                self._queue(request["QueueUrl"]).attributes |= request["Attributes"]
                return {}
            case "GetQueueAttributes":
                return {"Attributes": _attributes(self._queue(request["QueueUrl"]), request.get("AttributeNames", ()))}
            case "SendMessage":
                return self._send(self._queue(request["QueueUrl"]), request)
        raise NotImplementedError(f"the simulator's SQS has no {operation}")

    def taken(self, queue: str, message: Message) -> bool:
        """Count that a message is taken; False when that is once too often, and it went to the dead letters instead."""
        it = self.queues[queue]
        message.receives += 1
        if it.most_receives is None or message.receives <= it.most_receives:
            return True
        self.deleted(queue, message)
        self.queues[str(it.dead_letters)].waiting.append(message)
        return False

    def deleted(self, queue: str, message: Message) -> None:
        """Take a message away for good; one that is gone already is no error."""
        it = self.queues[queue]
        it.waiting = [waiting for waiting in it.waiting if waiting is not message]

    def _queue(self, name: str) -> Queue:
        queue = self.queues.get(name.rpartition("/")[2])
        if queue is None:
            raise AwsError("QueueDoesNotExist", "The specified queue does not exist.")
        return queue

    def _send(self, queue: Queue, request: dict[str, Any]) -> dict[str, Any]:
        body, group = request["MessageBody"], request.get("MessageGroupId")
        if not body:
            raise AwsError("MissingParameter", "The request must contain the parameter MessageBody.")
        if len(body.encode()) > LARGEST_MESSAGE:
            why = f"Message must be shorter than {LARGEST_MESSAGE} bytes."
            raise AwsError("InvalidParameterValue", f"One or more parameters are invalid. Reason: {why}")
        if group is not None and not 1 <= len(group) <= LONGEST_GROUP:
            raise AwsError("InvalidParameterValue", f"Value {group} for parameter MessageGroupId is invalid.")
        if queue.is_fifo and (known := self._known(queue, group, body)):
            return {"MessageId": known}
        self._sent += 1
        message = Message(id=f"00000000-0000-4000-8000-{self._sent:012d}", body=body, group=group)
        queue.waiting.append(message)
        if queue.is_fifo:
            queue.sent[message.group or "", body] = self._now(), message.id
        return {"MessageId": message.id}

    def _known(self, queue: Queue, group: str | None, body: str) -> str | None:
        """The message that stands for this one too; content is what tells (ContentBasedDeduplication)."""
        if group is None:
            raise AwsError("MissingParameter", "The request must contain the parameter MessageGroupId.")
        at, id = queue.sent.get((group, body), (float("-inf"), ""))
        return id if self._now() - at < ONE_FOR_S else None


def _attributes(queue: Queue, names: Any) -> dict[str, str]:
    count = str(len(queue.waiting))
    everything = {**queue.attributes, "QueueArn": queue.arn, "ApproximateNumberOfMessages": count}
    return {name: value for name, value in everything.items() if "All" in names or name in names}
