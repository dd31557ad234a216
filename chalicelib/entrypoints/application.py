"""The application as API Gateway sees it."""

from typing import Any

from chalice import Chalice, CORSConfig

BINARY = [
    "application/pdf",
    "application/zip",
    "image/png",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
EXPOSED = ["ETag", "Location", "Idempotent-Replay", "Content-Disposition", "Page-Count"]
ACCEPTED = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match"]


class Quittance(Chalice):
    """Chalice, but for one rule of its own: a file is given to whoever asks for it, whatever they say they accept.

    A server may (RFC 9110, 12.5.1), and many clients say ``application/json`` to everything. In the cloud
    resources.yaml lets every type pass API Gateway untouched, so that ``Accept`` plays no part there either.
    """

    def __call__(self, event: dict[str, Any], context: Any) -> Any:  # noqa: ANN401 - Lambda's own types
        if event.get("headers") is not None:
            others = {name: value for name, value in event["headers"].items() if name.lower() != "accept"}
            event = {**event, "headers": {**others, "accept": "*/*"}}
        return super().__call__(event, context)


def application(name: str) -> Quittance:
    app = Quittance(app_name=name)
    app.api.binary_types = BINARY
    app.api.cors = CORSConfig(allow_origin="*", allow_headers=ACCEPTED, expose_headers=EXPOSED, max_age=600)
    return app
