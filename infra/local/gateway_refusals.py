"""What API Gateway answers by itself, in the words that resources.yaml gives it."""

from dataclasses import dataclass
from typing import Any

from infra.local import resources

# AWS's own words, where resources.yaml does not replace them
DEFAULTS = {
    "UNAUTHORIZED": (401, "Unauthorized"),
    "MISSING_AUTHENTICATION_TOKEN": (403, "Missing Authentication Token"),
    "ACCESS_DENIED": (403, "User is not authorized to access this resource"),
    "REQUEST_TOO_LARGE": (413, "Request Too Long"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def refusal(kind: str, *, request_id: str) -> Answer:
    """The answer of this kind of gateway response."""
    status, sentence = DEFAULTS[kind]
    ours: dict[str, Any] = resources.defined()["RestAPI"]["Properties"]["GatewayResponses"].get(kind, {})
    templates = ours.get("ResponseTemplates", {"application/json": f'{{"message": "{sentence}"}}'})
    headers = ours.get("ResponseParameters", {}).get("Headers", {"Content-Type": "'application/json'"})
    body: str = templates["application/json"].replace("$context.requestId", request_id)
    return Answer(
        status=int(ours.get("StatusCode", status)),
        headers=[(name, value.strip("'")) for name, value in headers.items()],
        body=body.encode(),
    )
