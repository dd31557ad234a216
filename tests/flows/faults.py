"""What goes wrong between the app and AWS: calls that are refused, and crashes before or after one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from botocore.exceptions import ClientError


class Crashed(Exception):
    """The function ended here."""


@dataclass(slots=True)
class Faults:
    """client: gives the app's own client of a service."""

    client: Callable[[str], Any]
    called: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def crash_before(self, service: str, call: str, *, times: int = 1) -> None:
        """The next calls never reach AWS."""
        self._plan(f"provide-client-params.{service}.{call}", _raise(Crashed(call)), service, times)

    def crash_after(self, service: str, call: str, *, times: int = 1, skip: int = 0) -> None:
        """The next calls, after so many more, are carried out, and the function ends before it hears of it."""
        self._plan(f"after-call.{service}.{call}", _raise(Crashed(call)), service, times, skip)

    def refuse(self, service: str, call: str, code: str, message: str = "no", *, times: int = 1) -> None:
        """The next calls are refused by AWS with this code."""
        error = ClientError({"Error": {"Code": code, "Message": message}}, call)
        self._plan(f"provide-client-params.{service}.{call}", _raise(error), service, times)

    def meanwhile(self, service: str, call: str, deed: Callable[[], object]) -> None:
        """Somebody else does this just before the next call."""

        def do() -> None:
            deed()

        self._plan(f"provide-client-params.{service}.{call}", do, service, 1)

    def watch(self, service: str, call: str) -> list[dict[str, Any]]:
        """The parameters of every such call from now on."""
        seen: list[dict[str, Any]] = []

        def note(params: dict[str, Any], **_: Any) -> None:
            seen.append(params)

        self.client(service).meta.events.register(f"provide-client-params.{service}.{call}", note)
        return seen

    def _plan(self, event: str, deed: Callable[[], None], service: str, times: int, skip: int = 0) -> None:
        calls = count()

        def strike(**_: Any) -> None:
            if skip <= next(calls) < skip + times:
                deed()

        self.client(service).meta.events.register(event, strike)


def _raise(error: Exception) -> Callable[[], None]:
    def deed() -> None:
        raise error

    return deed
