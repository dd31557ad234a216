"""A client that reaches the world as boto3's does, without botocore's own work between."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.aws.errors import AwsError

Door = Callable[[str, str, dict[str, Any]], dict[str, Any]]


class Exceptions:
    """``client.exceptions``: a class for each error code, made when it is first asked for."""

    ClientError = ClientError

    def __init__(self) -> None:
        self._known: dict[str, type[ClientError]] = {}

    def __getattr__(self, code: str) -> type[ClientError]:
        return self._known.setdefault(code, type(code, (ClientError,), {}))


class Direct:
    def __init__(self, service: str, door: Door) -> None:
        self._service, self._door = service, door
        self.exceptions = Exceptions()
        self._made = 0

    def __getattr__(self, name: str) -> Any:
        operation = "".join(part.title() for part in name.split("_"))

        def call(**request: Any) -> dict[str, Any]:
            if operation == "TransactWriteItems":
                self._made += 1
                request["ClientRequestToken"] = f"token-{self._made}"
            try:
                return self._door(self._service, operation, request)
            except AwsError as error:
                said = {"Error": {"Code": error.code, "Message": error.message}, **error.extra}
                raise getattr(self.exceptions, error.code)(said, operation) from error

        self.__dict__[name] = call
        return call
