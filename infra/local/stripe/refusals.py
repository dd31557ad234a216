"""The errors that Stripe answers with."""

from typing import Any


class Refusal(Exception):
    """An error answer: its HTTP status and its body."""

    def __init__(self, status: int, type: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.status = status
        told = {"type": type, "message": message, **more}
        self.body: dict[str, Any] = {"error": {name: value for name, value in told.items() if value is not None}}


def invalid(message: str, *, param: str | None = None, code: str | None = None, status: int = 400) -> Refusal:
    """``invalid_request_error``: the request cannot be carried out as it is."""
    return Refusal(status, "invalid_request_error", message, param=param, code=code)


def missing(kind: str, id: str, *, param: str = "id") -> Refusal:
    """``resource_missing``: there is no such object on this account."""
    return invalid(f"No such {kind.replace('_', ' ')}: '{id}'", param=param, code="resource_missing", status=404)
