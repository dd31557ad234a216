"""Every kind of event there is, by the name under which it is stored."""

from chalicelib.domain import (
    batch_events,
    card_events,
    connection_events,
    contract_events,
    credit_events,
    deposit_events,
    events,
    export_events,
    import_events,
    late_fee_events,
    letter_events,
    payment_events,
    payout_events,
    plan_events,
    price_events,
    project_events,
    refund_events,
    reminder_events,
    sales_events,
    schedule_events,
    statement_events,
    tally,
    webhook_events,
    work_events,
)
from chalicelib.domain.journal import Event

__all__ = [
    "EVENTS",
    "batch_events",
    "card_events",
    "connection_events",
    "contract_events",
    "credit_events",
    "deposit_events",
    "events",
    "export_events",
    "import_events",
    "late_fee_events",
    "letter_events",
    "payment_events",
    "payout_events",
    "plan_events",
    "price_events",
    "project_events",
    "refund_events",
    "reminder_events",
    "sales_events",
    "schedule_events",
    "statement_events",
    "tally",
    "webhook_events",
    "work_events",
]


def _leaves(kind: type[Event]) -> list[type[Event]]:
    return [kind, *(leaf for child in kind.__subclasses__() for leaf in _leaves(child))]


EVENTS: dict[str, type[Event]] = {kind.type: kind for kind in _leaves(Event) if kind is not Event}
