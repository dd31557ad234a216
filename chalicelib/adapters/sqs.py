"""Work handed to a queue."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SqsQueue:
    """``Queue`` on SQS; the group makes a standard queue fair between businesses (SQS fair queues)."""

    url: str
    client: Any

    def put(self, body: Mapping[str, Any], *, group: str) -> None:
        self.client.send_message(QueueUrl=self.url, MessageBody=json.dumps(body), MessageGroupId=group)
