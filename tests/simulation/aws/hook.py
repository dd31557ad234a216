"""boto3 clients that ask the simulator: botocore has checked and written the request, no signing, no HTTP."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.simulation.aws import decoding
from tests.simulation.aws.errors import AwsError

Door = Callable[[str, str, dict[str, Any]], dict[str, Any]]


class Response:
    """What botocore and its users look at of the HTTP response."""

    __slots__ = ("headers", "status_code")

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code
        self.headers: dict[str, str] = {}


DONE = Response(200)


def install(client: Any, service: str, door: Door) -> None:
    """Let every call of a client go through ``door(service, operation, request)``; AwsError becomes its ClientError."""
    decode = decoding.PROTOCOLS[client.meta.service_model.resolved_protocol]

    def answer(model: Any, params: Mapping[str, Any], **_: Any) -> tuple[Response, dict[str, Any]]:
        try:
            parsed = door(service, model.name, decode(model, params))
        except AwsError as error:
            return Response(error.status), _refusal(service, error)
        parsed = {**parsed, "ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}
        return DONE, parsed

    client.meta.events.register_first("before-call", answer)


def _refusal(service: str, error: AwsError) -> dict[str, Any]:
    told = {"Code": error.code, "Message": error.message}
    if service == "sqs":
        told |= {"QueryErrorCode": error.code, "Type": "Sender"}
    metadata = {"HTTPStatusCode": error.status, "HTTPHeaders": {}, "RetryAttempts": 0}
    return {"Error": told, **error.extra, "message": error.message, "ResponseMetadata": metadata}
