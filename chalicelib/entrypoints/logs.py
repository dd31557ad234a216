"""What may be written to the logs: words we chose, ids and counts; never what somebody sent, wrote, or is called."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import BasePowertoolsFormatter

SERVICE: Final = "quittance"
FIELDS: Final = (
    *("account", "business", "code", "count", "event", "failed", "handler", "id", "invoice"),
    *("kind", "mail", "operation", "page", "record", "request_id", "type"),
)
"""The only fields that are written; any other is left out, whatever it holds."""
PLAIN: Final = re.compile(r"[A-Za-z0-9_.:#/{}-]{0,200}")
"""Ids, codes, names of our own: no blank, so no sentence; no @, so no address."""
CARD: Final = re.compile(r"(?<![0-9])(?:[0-9][ -]?){12,18}[0-9](?![0-9])")
UUID: Final = re.compile("-".join(f"[0-9a-f]{{{length}}}" for length in (8, 4, 4, 4, 12)))
HIDDEN: Final = "(hidden)"
MOST_FRAMES, MOST_CAUSES = 12, 5
HERE: Final = Path(__file__).parents[2]


class Formatter(BasePowertoolsFormatter):
    """A line of JSON: the word that was logged, where, and the fields of the list above.

    An exception is told by its types, its codes and its places: what it says may quote what somebody sent. Of what a
    library logs only the place is told, since its words are not ours to choose.
    """

    def append_keys(self, **additional_keys: Any) -> None:  # noqa: ANN401 - powertools' own
        """Nothing is added to every line; what a line says is at the place that logs it."""

    def clear_state(self) -> None:
        """There is none."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "level": record.levelname,
            "message": record.msg if _is_ours(record) else "logged by a library",
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "service": SERVICE if _is_ours(record) else record.name,
            "place": f"{_file(record.pathname)}:{record.lineno}",
        }
        told |= {name: safe(vars(record)[name]) for name in FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[1]:
            told["exception"] = _told(record.exc_info[1])
        return json.dumps(told)


def logger() -> Logger:
    """Quittance's logger; whatever else logs in this process is held to the same rule from now on."""
    formatter = Formatter()
    for handler in logging.getLogger().handlers:  # Lambda's own, which prints what any library logs
        handler.setFormatter(formatter)
    return Logger(service=SERVICE, logger_formatter=formatter)


def safe(value: object) -> object:
    """A field's value, if it can be an id, a code or a count."""
    if value is None or (isinstance(value, bool | int) and abs(value) < 10**9):
        return value
    text = str(value)
    is_an_id = UUID.fullmatch(text) or (PLAIN.fullmatch(text) and not CARD.search(text))
    return text if is_an_id else HIDDEN


def _is_ours(record: logging.LogRecord) -> bool:
    """Our own words are constants; so are Chalice's, which logs under the app's name, before it fills them in."""
    return record.name == SERVICE and isinstance(record.msg, str)


def _told(error: BaseException) -> list[dict[str, Any]]:
    """An exception and what caused it, the outermost first."""
    causes: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(causes) < MOST_CAUSES:
        causes.append(_one(current))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return causes


def _one(error: BaseException) -> dict[str, Any]:
    one: dict[str, Any] = {"type": type(error).__name__, "places": _places(error.__traceback__)}
    code = getattr(error, "code", None) or _code_of_aws(error)
    if code:
        one["code"] = safe(code)
    if isinstance(error, BaseExceptionGroup):
        one["errors"] = [_told(inner) for inner in error.exceptions[:MOST_CAUSES]]
    return one


def _code_of_aws(error: BaseException) -> object:
    answer = getattr(error, "response", None)
    return answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None


def _places(trace: TracebackType | None) -> list[str]:
    """The innermost frames, in the order of the calls."""
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(trace)]
    return [f"{_file(code.co_filename)}:{line} {code.co_name}" for code, line in frames[-MOST_FRAMES:]]


@cache
def _file(path: str) -> str:
    """A file's path from our root, or from where libraries lie."""
    roots = [str(HERE), *sorted(sys.path, key=len, reverse=True)]
    root = next((root for root in roots if root and path.startswith(f"{root}/")), "")
    return path.removeprefix(f"{root}/")
