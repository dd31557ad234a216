"""A queue that a test empties by hand."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class MemoryQueue:
    """``Queue``: bodies as they come out of JSON, with their groups."""

    waiting: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def put(self, body: Mapping[str, Any], *, group: str) -> None:
        self.waiting.append((json.loads(json.dumps(body)), group))

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for body, _ in self.waiting]

    def work_off(self, worker: Callable[[dict[str, Any]], object]) -> int:
        """Give everything to a worker, what comes in meanwhile too; answers how much it was.

        What the worker fails at stays first in the queue.
        """
        done = 0
        while self.waiting:
            worker(self.waiting[0][0])
            self.waiting.pop(0)
            done += 1
        return done
