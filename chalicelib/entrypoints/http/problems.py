"""Refusals as RFC 9457 problem details."""

from typing import Any

from chalice import Response
from pydantic import BaseModel, ValidationError

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import (
    AlreadyDone,
    Changed,
    Conflict,
    DomainError,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Stale,
    TooLarge,
    Unauthenticated,
)

STATUS: dict[type[DomainError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Refused: 409,
    Changed: 409,
    Conflict: 409,
    AlreadyDone: 409,
    Stale: 412,
    TooLarge: 413,
    Invalid: 422,
    UnknownOutcome: 503,
}
TITLES = {
    400: "The request cannot be read",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    409: "Not possible now",
    412: "Changed since it was read",
    413: "Too large",
    415: "Of another type",
    422: "Not valid",
    500: "Our mistake",
    503: "Not available now",
}
SHOWN_FAULTS, LONGEST_POINTER = 100, 255
OURS = {"extra_forbidden": ("unknown_field", "You cannot send this because it is not known here.")}


class Unreadable(Exception):
    """A request that cannot be read at all, so that no rule could be asked."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail


class FaultOut(BaseModel):
    """One thing wrong, and where: a JSON pointer into the request."""

    at: str
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457); ``code`` is stable, ``detail`` is for people."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultOut] = []
    request_id: str


def problem(error: Exception, *, request_id: str) -> Response:
    """The answer to a refusal; anything that is no refusal is our mistake and tells nothing."""
    if isinstance(error, Unreadable):
        return _answer(error.status, error.code, error.detail, [], request_id)
    if isinstance(error, Refused | Invalid):
        faults = [FaultOut(at=fault.at, code=fault.code, detail=fault.detail) for fault in error.faults]
        return _answer(STATUS[type(error)], error.code, error.detail, faults, request_id)
    if isinstance(error, DomainError):
        return _answer(STATUS[type(error)], error.code, error.detail, [], request_id)
    return _answer(500, "internal", "Something went wrong on our side; nothing more is known.", [], request_id)


def faulty(error: ValidationError) -> Invalid:
    """What breaks the rules of a shape, as a refusal that names each place."""
    faults = [
        Fault(_pointer(fault["loc"]), *OURS.get(fault["type"], (fault["type"], fault["msg"])))
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return Invalid("invalid", "The request breaks a rule.", faults=faults)


def _answer(status: int, code: str, detail: str, faults: list[FaultOut], request_id: str) -> Response:
    body = Problem(
        type=f"urn:quittance:problem:{code}",
        title=TITLES[status],
        status=status,
        detail=detail,
        code=code,
        errors=faults[:SHOWN_FAULTS],
        request_id=request_id,
    )
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    if status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body.model_dump_json(), status_code=status, headers=headers)


def _pointer(location: tuple[Any, ...]) -> str:
    """A JSON pointer (RFC 6901), cut where it is absurd; half a surrogate pair cannot be sent back."""
    whole = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)
    return whole[:LONGEST_POINTER].encode(errors="replace").decode()
