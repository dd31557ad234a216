"""SES: takes whole messages of senders it has verified, and keeps what it accepted."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from tests.simulation.aws.errors import AwsError

LARGEST_MESSAGE = 40 * 1024 * 1024
LONGEST_LINE = 1000
MOST_DESTINATIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A mail that was accepted. raw: the whole message; tags: by name."""

    message_id: str
    source: str
    destinations: tuple[str, ...]
    raw: bytes
    tags: dict[str, str] = field(default_factory=dict)


class Ses:
    """mails: every one accepted, in order; verified: the addresses that may send, None for all."""

    def __init__(self) -> None:
        self.mails: list[Sent] = []
        self.verified: set[str] | None = None

    def answer(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """What SES answers. Raises AwsError."""
        match operation:
            case "VerifyEmailIdentity":
                self.verified = (self.verified or set()) | {request["EmailAddress"]}
                return {}
            case "SendRawEmail":
                return self._send(request)
        raise NotImplementedError(f"the simulator's SES has no {operation}")

    def _send(self, request: dict[str, Any]) -> dict[str, Any]:
        raw, source = request["RawMessage"]["Data"], request.get("Source", "")
        _check(raw, request.get("Destinations", ()))
        if self.verified is not None and parseaddr(source)[1] not in self.verified:
            failed = f"The following identities failed the check: {source}"
            raise AwsError("MessageRejected", f"Email address is not verified. {failed}")
        sent = Sent(
            message_id=f"{len(self.mails) + 1:016x}-00000000-0000-4000-8000-000000000000-000000",
            source=source,
            destinations=tuple(request.get("Destinations", ())),
            raw=raw,
            tags={tag["Name"]: tag["Value"] for tag in request.get("Tags", ())},
        )
        self.mails.append(sent)
        return {"MessageId": sent.message_id}


def _check(raw: bytes, destinations: Any) -> None:
    if len(raw) > LARGEST_MESSAGE:
        raise AwsError("InvalidParameterValue", f"Message length is more than {LARGEST_MESSAGE} bytes long")
    if len(destinations) > MOST_DESTINATIONS:
        raise AwsError("MessageRejected", "Recipient count exceeds 50.")
    if any(len(line) > LONGEST_LINE for line in raw.splitlines()):
        raise AwsError("InvalidParameterValue", "Line too long: a line may have 998 characters and its end")
    if any(not 0 < len(parseaddr(address)[1]) <= 320 or "@" not in address for address in destinations):
        raise AwsError("InvalidParameterValue", "Illegal address")
