"""The world's AWS: the tables, queues and bucket of resources.yaml, and what is new in them since the last look."""

from collections.abc import Callable
from typing import Any

from infra.local import resources
from tests.simulation.aws.dynamodb import Dynamo
from tests.simulation.aws.s3 import S3
from tests.simulation.aws.ses import Sent, Ses
from tests.simulation.aws.sqs import Message, Sqs
from tests.simulation.direct import Direct

STREAMED = "journal"


class Services:
    """now: epoch seconds; lag: how many of a table's newest writes its indexes do not show, asked at each read."""

    def __init__(self, *, now: Callable[[], float], lag: Callable[[], int]) -> None:
        self.dynamo, self.sqs, self.s3, self.ses = Dynamo(now=now), Sqs(now=now), S3(), Ses()
        self.dynamo.lag = lag
        self._services: dict[str, Any] = {"dynamodb": self.dynamo, "sqs": self.sqs, "s3": self.s3, "ses": self.ses}
        self._read: dict[str, int] = {}
        resources.create(lambda service: Direct(service, self.answer), kinds=(resources.TABLE, resources.QUEUE))
        self.s3.answer("CreateBucket", {"Bucket": "documents"})

    def answer(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Raises AwsError."""
        answer: dict[str, Any] = self._services[service].answer(operation, request)
        return answer

    def fresh_records(self) -> list[dict[str, Any]]:
        """The stream's records since the last look."""
        return [dict(record.record) for record in self._fresh("stream", self.dynamo.stream(STREAMED))]

    def fresh_messages(self, queue: str) -> list[Message]:
        return self._fresh(queue, self.sqs.queues[queue].waiting)

    def fresh_mails(self) -> list[Sent]:
        return self._fresh("mails", self.ses.mails)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every item of a table as it is now."""
        return [row.item for row in self.dynamo.tables[table].rows.values()]

    def is_fifo(self, queue: str) -> bool:
        return self.sqs.queues[queue].is_fifo

    def most_receives(self, queue: str) -> int:
        """How often a message is given before it ends among the dead letters."""
        return self.sqs.queues[queue].most_receives or 1

    def hidden_s(self, queue: str) -> int:
        """For how long a message that failed is not given again."""
        return int(self.sqs.queues[queue].attributes["VisibilityTimeout"])

    def _fresh(self, name: str, everything: list[Any]) -> list[Any]:
        known = self._read.get(name, 0)
        self._read[name] = len(everything)
        return everything[known:]
