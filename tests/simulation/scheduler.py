"""Ordinary synchronous code as greenlets: each gives way only where it says so, and chance alone picks who goes on."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import greenlet


class Crash(BaseException):
    """The sandbox died; no ``except Exception`` survives that."""


class Task(greenlet.greenlet):
    """One run of a function or of a person's deed.

    attempt: how often the same piece of work was begun; struck: whether a fault hit this run;
    behind: by how much this sandbox's clock is behind.
    """

    def __init__(self, name: str, deed: Callable[[], None], scheduler: "Scheduler", attempt: int) -> None:
        super().__init__(deed, scheduler.main)
        self.name, self.attempt, self.struck, self.behind = name, attempt, False, timedelta()


class Scheduler:
    def __init__(self, chance: random.Random) -> None:
        self.main = greenlet.getcurrent()
        self.tasks: list[Task] = []
        self._chance = chance

    def spawn(self, name: str, deed: Callable[[], None], *, attempt: int = 1) -> None:
        self.tasks.append(Task(name, deed, self, attempt))

    def running(self) -> Task | None:
        """The task that runs now; None outside of all."""
        current: Any = greenlet.getcurrent()
        return current if isinstance(current, Task) else None

    def pause(self) -> None:
        """Let others go on; a task that is alone goes on itself."""
        if len(self.tasks) > 1 and self.running():
            self.main.switch()

    def step(self) -> None:
        """Let one of the tasks go on to its next pause, or its end. What it raises is raised here."""
        task = self._chance.choice(self.tasks)
        task.switch()
        if task.dead:
            self.tasks.remove(task)


class Own:
    """Attributes of which every greenlet has its own, as each Lambda sandbox has its own globals."""

    def __getattr__(self, name: str) -> Any:
        try:
            return greenlet.getcurrent().__dict__[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        greenlet.getcurrent().__dict__[name] = value
