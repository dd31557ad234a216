"""How the AWS of the simulator refuses."""

from typing import Any, NoReturn


class AwsError(Exception):
    """An error answer; ``extra`` are the modelled members beside code and message (CancellationReasons, Item...)."""

    def __init__(self, code: str, message: str, *, status: int = 400, **extra: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.extra = code, message, status, extra


class Mismatch(AwsError):
    """A ValidationException that in a transaction is one action's reason: what is written does not fit the table."""


def invalid(message: str) -> NoReturn:
    raise AwsError("ValidationException", message)


def mismatch(message: str) -> NoReturn:
    raise Mismatch("ValidationException", message)
