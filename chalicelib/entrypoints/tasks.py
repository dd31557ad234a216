"""Work as it is put on a queue, where several put the same."""

from chalicelib.domain.webhook_signature import ProviderEvent, Use


def hearing(event: ProviderEvent, account: str, key: str) -> dict[str, str | None]:
    """What the worker gets; a signed event of no shape we know ends among the dead letters, where somebody is told."""
    return {
        "deed": "examine" if event.use is Use.MALFORMED else "settle",
        "event": key,
        "account": account,
        "payment": event.payment_intent_id,
        "session": event.session_id,
        "customer": event.customer_id,
    }
