"""SQS: standard queues. Whoever plays Lambda takes the messages itself, in any order, as often as it likes."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.aws.errors import AwsError
from tests.simulation.aws.streams import ACCOUNT, REGION

LARGEST_MESSAGE = 1024 * 1024
LONGEST_GROUP = 128


@dataclass(slots=True, kw_only=True)
class Message:
    """group: what makes a standard queue fair, without any order; receives: how often it was taken."""

    id: str
    body: str
    group: str | None = None
    receives: int = 0


@dataclass(slots=True, kw_only=True)
class Queue:
    """waiting: every message sent and not deleted, oldest first.

    most_receives: after how many a message goes to ``dead_letters``; None where nothing says so.
    """

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    waiting: list[Message] = field(default_factory=list)

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
    """queues: by name."""

    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
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
        self._sent += 1
        message = Message(id=f"00000000-0000-4000-8000-{self._sent:012d}", body=body, group=group)
        queue.waiting.append(message)
        return {"MessageId": message.id}


def _attributes(queue: Queue, names: Any) -> dict[str, str]:
    count = str(len(queue.waiting))
    everything = {**queue.attributes, "QueueArn": queue.arn, "ApproximateNumberOfMessages": count}
    return {name: value for name, value in everything.items() if "All" in names or name in names}
