"""What every entry point shares: logs with a request's identity, and nothing that a cold start could miss."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from chalicelib import wiring
from chalicelib.entrypoints import logs

P = ParamSpec("P")
R = TypeVar("R")

logger = logs.logger()
wiring.preload()  # on import, which Lambda gives a whole processor and ten seconds of its own


class Failed(Exception):
    """A function that did not do its work; its cause was logged.

    Lambda prints the text of what a function raises, which may quote what somebody sent; this one's does not.
    """


def observed(handler: Callable[P, R]) -> Callable[P, R]:
    """Log what a handler of events raises; Lambda then tries again or parks it.

    Raises Failed.
    ``wraps`` keeps the handler's name, which is the path that is deployed.
    """

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        except Exception as error:
            logger.exception("failed", handler=handler.__name__)
            raise Failed(type(error).__name__) from error

    return run


def each_record(records: list[dict[str, Any]], follow: Callable[[dict[str, Any]], None], *, id_of: str) -> Any:  # noqa: ANN401
    """Run ``follow`` on each record; answer those that failed, so that only they come again.

    id_of: ``messageId`` for a queue; ``SequenceNumber`` for a stream, where everything from the
    first failure on comes again, in order.
    """
    failed: list[dict[str, str]] = []
    for record in records:
        try:
            follow(record)
        except Exception:
            identifier = record[id_of] if id_of in record else record["dynamodb"][id_of]
            logger.exception("record failed", record=identifier)
            failed.append({"itemIdentifier": identifier})
            if id_of == "SequenceNumber":
                break
    return {"batchItemFailures": failed}
