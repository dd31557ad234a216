"""How the AWS of the simulator refuses."""

from typing import Any, NoReturn


class AwsError(Exception):
    """An error answer; ``extra`` are the modelled members beside code and message (CancellationReasons, Item...)."""

    def __init__(self, code: str, message: str, *, status: int = 400, **extra: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status, self.extra = code, message, status, extra


def invalid(message: str) -> NoReturn:
    raise AwsError("ValidationException", message)
