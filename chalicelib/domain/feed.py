"""The feed: what of the journal is told to the outside, under which names, and in one order per business."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.journal import Caller, Envelope, Event
from chalicelib.domain.money import Money
from chalicelib.domain.payment_events import PaymentChanged
from chalicelib.domain.values import dataclass

API_VERSION = "v1"
PING = "webhook.ping"
"""What a test posts; it is in no feed."""


def _types(**verbs: str) -> frozenset[str]:
    return frozenset(f"{noun}.{verb}" for noun, said in verbs.items() for verb in said.split())


def _named(fields_: str) -> frozenset[str]:
    return frozenset(fields_.split())


TOLD = _types(
    accounting="connected disconnected refused",
    business="changed series_changed series_continued",
    catalog="changed price_agreed price_ended",
    contract="accepted activated drafted edited ended milestone_completed period_closed period_opened progressed "
    "removed retainage_released",
    client="added card_refused card_removed card_stored card_updated changed removed",
    credit_note="bounced delivered delivery_failed exported issued sent",
    export="failed ready requested",
    invoice="attached bounced charge_declined credited deducted delivered delivery_failed drafted edited "
    "exported imported instalment_completed issued late_fee_charged late_fee_refused paid payment_promised reminded "
    "reminder_failed removed replanned restored scheduled sent settled viewed voided written_off",
    item="accrued claimed drafted edited published released removed waived",
    job="changed opened removed",
    letter="removed written",
    payment="allocated changed matched quarantined received",
    payout="received returned",
    plan="added billed changed not_billed paused removed resumed",
    quote="approved continued declined delivery_failed deposits_changed drafted edited expired invoiced removed "
    "sent viewed",
    refund="changed requested",
    reminder="failed mailed",
    sale="billed cancelled continued drafted edited removed",
    visit="changed completed invoiced planned removed",
)
"""The stored types of events that are told."""

KEPT = _types(
    accounting="renewed",
    batch="asked cancelled paused planned progressed resumed",
    business="audited clock_moved opened",
    client="links_ended statement_requested",
    credit_note="rendered send_requested",
    export="advanced chosen",
    invoice="charge_due charge_given_up charge_planned charge_reserved checkout_closed checkout_opened "
    "checkout_reserved items_claimed late_fee_due reminder_dropped reminder_requested reminder_step "
    "reminders_planned reminders_switched rendered send_requested",
    key="created revoked",
    payment="refund_released refund_reserved",
    plan="moved",
    quote="send_requested",
    tally="closed counted",
    reminder="queued withdrawn",
    user="added changed",
    webhook="added changed disabled removed replayed secret_rotated",
)
"""Those that are not: steps of our own work, and who may come in. A type in neither list is not told."""

OF_PAYMENTS = frozenset({"payment.refunded", "payment.refund_failed", "payment.disputed", "payment.dispute_won"})
"""What ``payment.changed`` is called where its amounts say which it was."""

PUBLIC = TOLD | OF_PAYMENTS
"""Every type that somebody outside may see, in the feed's own names."""

SHOWN = _named(
    "allocated allowed_automatic amount amount_due arrives_on booked_in brand by client_id code contract_id count "
    "credit_note_id credited difference disputed document_id due_date due_on ends ends_on export_id failed fields "
    "format instalment_id invoice invoice_id invoice_ids job_id kind language last4 last_number late_fee_id left_out "
    "method milestone_id next_number number on online paid_total parked payment_id period promised_on quote_id reason "
    "received refunded remote_id retry_at send send_on series since situation source_id starts status target template "
    "through to total unit_price visit_id"
)
"""The fields of events that are shown; whatever else an event keeps is for ourselves."""
HIDDEN = _named("account attempt claims_left facts message_id note revision schedule seq tries")
"""Those of told events that are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event's place in the feed, given once and for ever.

    sequence: 1, 2, 3... in a business, without a hole (0: not given yet); event_id: the event's own; subject, version:
    which of the journal it is.
    type: the name under which it is told.
    """

    sequence: int
    event_id: str
    subject: str
    version: int
    type: str

    @property
    def id(self) -> str:
        return place(self.sequence)


def place(sequence: int) -> str:
    """A sequence as text that sorts as it counts."""
    return f"{sequence:012d}"


def is_told(event: Event) -> bool:
    return event.type in TOLD


def name_of(event: Event, before: Iterable[Event]) -> str:
    """The name under which an event is told.

    before: the earlier events of the same entity; they are asked only of what is ``payment.changed``.
    """
    if not isinstance(event, PaymentChanged):
        return event.type
    none = Money.zero(event.received.currency)
    earlier = max((each for each in before if isinstance(each, PaymentChanged)), key=_version, default=None)
    refunded, disputed = (earlier.refunded, earlier.disputed) if earlier else (none, none)
    moves = {
        "payment.refunded": event.refunded > refunded,
        "payment.refund_failed": event.refunded < refunded,
        "payment.disputed": event.disputed > disputed,
        "payment.dispute_won": event.disputed < disputed,
    }
    return next((name for name, holds in moves.items() if holds), event.type)


def as_told(told: Told, envelope: Envelope) -> dict[str, Any]:
    """An event as the outside sees it, in plain JSON values: in the feed, and in what is posted."""
    event = envelope.event
    place = {"id": told.event_id, "sequence": told.sequence, "type": told.type}
    about = {"entity_id": event.subject, "entity_version": event.version}
    return place | _said_by(envelope.caller, event.at) | about | {"data": data_of(event)}


def ping(id: str, webhook_id: str, *, caller: Caller, at: datetime) -> dict[str, Any]:
    """What looks like an event, and tells nothing but that it arrives."""
    place = {"id": id, "sequence": 0, "type": PING}
    about = {"entity_id": webhook_id, "entity_version": None}
    return place | _said_by(caller, at) | about | {"data": {}}


def data_of(event: Event) -> dict[str, Any]:
    """What an event says beside what it is about; amounts as decimal strings, with their currency."""
    given = {each.name: getattr(event, each.name) for each in fields(event) if each.name in SHOWN}
    currencies = [amount.currency for amount in given.values() if isinstance(amount, Money)]
    return {name: _plain(value) for name, value in given.items()} | ({"currency": currencies[0]} if currencies else {})


def _said_by(caller: Caller, at: datetime) -> dict[str, Any]:
    return {
        "api_version": API_VERSION,
        "business_id": caller.business_id,
        "created_at": _plain(at),
        "actor": caller.actor,
    }


def _plain(value: object) -> object:
    match value:
        case Money() | Decimal():
            return f"{value}"
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
    return value


def _version(event: Event) -> int:
    return event.version
