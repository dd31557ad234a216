"""What SES tells about a mail afterwards, as EventBridge hands it over."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.functions import request_id
from infra.local.mail import Mail

WORDS = {"Bounce": "Bounced", "Complaint": "Complaint Received", "Reject": "Rejected", "Delivery": "Delivered"}


def mail_event(
    kind: str, *, message_id: str, mail: Mail | None, tags: Mapping[str, list[str]], reason: str
) -> dict[str, Any]:
    """The event that this became of a mail.

    kind: Bounce, Complaint, Reject or Delivery.
    mail: the mail where it is known; adds its recipients and headers.
    tags: those it was sent with.
    """
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")  # noqa: TID251  # EventBridge's clock is the machine's
    to = mail.to if mail else []
    return {
        "version": "0",
        "id": request_id(),
        "detail-type": f"Email {WORDS[kind]}",
        "source": "aws.ses",
        "account": "000000000000",
        "time": at,
        "region": "us-east-1",
        "resources": ["arn:aws:ses:us-east-1:000000000000:configuration-set/local"],
        "detail": {
            "eventType": kind,
            "mail": {
                "timestamp": at,
                "source": str(mail.message["From"]) if mail else "",
                "messageId": message_id,
                "destination": to,
                "headers": [
                    {"name": name, "value": str(value)} for name, value in (mail.message.items() if mail else [])
                ],
                "commonHeaders": {"to": to, "subject": str(mail.message["Subject"]) if mail else ""},
                "tags": dict(tags),
            },
            kind.lower(): _outcome(kind, to, at, reason),
        },
    }


def _outcome(kind: str, to: list[str], at: str, reason: str) -> dict[str, Any]:
    match kind:
        case "Bounce":
            recipients = [
                {"emailAddress": each, "action": "failed", "status": "5.1.1", "diagnosticCode": f"smtp; 550 {reason}"}
                for each in to
            ]
            return {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": recipients,
                "timestamp": at,
                "feedbackId": request_id(),
            }
        case "Complaint":
            complained = [{"emailAddress": each} for each in to]
            return {"complainedRecipients": complained, "timestamp": at, "feedbackId": request_id()}
        case "Reject":
            return {"reason": reason}
        case _:
            return {"timestamp": at, "recipients": to, "smtpResponse": "250 ok", "processingTimeMillis": 100}
