"""What Stripe lists of an account: its events, its payments, and what moved on its balance."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import stripe
from stripe.params import BalanceTransactionListParams, EventListParams, PaymentIntentListParams

from chalicelib.adapters.stripe.amounts import from_stripe
from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.domain.money import Money
from chalicelib.domain.reconciliation import Sighting
from chalicelib.domain.webhook_signature import ProviderEvent, event_of
from chalicelib.ports import Page

_AT_ONCE = 100  # Stripe's most
WITNESSES = (
    *("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"),
    *("charge.updated", "refund.created", "refund.updated", "refund.failed"),
    *("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
    *("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
    *("checkout.session.completed", "checkout.session.async_payment_succeeded"),
    *("checkout.session.async_payment_failed", "checkout.session.expired"),
    *("setup_intent.succeeded", "payment_method.detached"),
    *("payment_method.updated", "payment_method.automatically_updated"),
)
"""Of the types that are followed, enough to hear of everything: Stripe lists at most 20 by name."""

_KINDS = {
    "charge": MovementKind.CHARGE,
    "payment": MovementKind.CHARGE,
    "refund": MovementKind.REFUND,
    "payment_refund": MovementKind.REFUND,
    "refund_failure": MovementKind.REFUND,
    "payment_failure_refund": MovementKind.REFUND,
    "payout": MovementKind.PAYOUT,
    "payout_cancel": MovementKind.PAYOUT,
    "payout_failure": MovementKind.PAYOUT,
}


def events(client: stripe.StripeClient, *, since: datetime, until: datetime, after: str | None) -> Page:
    """A page of events, newest first. They may be of any API version: only what they are about is read."""
    wanted: EventListParams = {"created": _between(since, until), "limit": _AT_ONCE, "types": list(WITNESSES)}
    if after:
        wanted["starting_after"] = after
    listed = client.v1.events.list(wanted)
    return _page([_event(each) for each in listed.data], listed)


def payments(client: stripe.StripeClient, *, since: datetime, until: datetime, after: str | None) -> Page:
    """A page of payments by when they were begun, newest first."""
    wanted: PaymentIntentListParams = {
        "created": _between(since, until),
        "limit": _AT_ONCE,
        "expand": ["data.latest_charge"],
    }
    if after:
        wanted["starting_after"] = after
    listed = client.v1.payment_intents.list(wanted)
    return _page([_sighting(each) for each in listed.data], listed)


def movements(
    client: stripe.StripeClient, account: str, *, since: datetime, until: datetime, after: str | None
) -> Page:
    """A page of what moved on the balance, newest first."""
    wanted: BalanceTransactionListParams = {
        "created": _between(since, until),
        "limit": _AT_ONCE,
        "expand": ["data.source"],
    }
    if after:
        wanted["starting_after"] = after
    listed = client.v1.balance_transactions.list(wanted)
    return _page([_movement(each, account) for each in listed.data], listed)


def paid_out(client: stripe.StripeClient, account: str, payout_id: str, *, most: int) -> Sequence[Movement]:
    """What movements a payout is made of, as far as Stripe tells; of a payout by hand it does not."""
    wanted: BalanceTransactionListParams = {"payout": payout_id, "limit": _AT_ONCE, "expand": ["data.source"]}
    found = []
    for each in client.v1.balance_transactions.list(wanted).auto_paging_iter():
        found.append(_movement(each, account))
        if len(found) > most:
            break
    return [movement for movement in found if movement.payment_intent_id]


def _between(since: datetime, until: datetime) -> Any:  # noqa: ANN401 - the SDK has a type of its own for each list
    return {"gte": int(since.timestamp()), "lte": int(until.timestamp())}


def _page(rows: Sequence[object], listed: Any) -> Page:  # noqa: ANN401 - a list of any of Stripe's objects
    return Page(rows=tuple(rows), next={"after": listed.data[-1].id} if listed.has_more and listed.data else None)


def _event(event: stripe.Event) -> ProviderEvent:
    return event_of(event.to_dict())


def _sighting(intent: stripe.PaymentIntent) -> Sighting:
    charge = intent.latest_charge
    known = charge if isinstance(charge, stripe.Charge) else None
    return Sighting(
        payment_intent_id=intent.id,
        received=from_stripe(intent.amount_received, intent.currency),
        refunded=from_stripe(known.amount_refunded if known else 0, intent.currency),
        disputed=bool(known and known.disputed),
        metadata=intent.metadata.to_dict() if intent.metadata else {},
    )


def _movement(moved: stripe.BalanceTransaction, account: str) -> Movement:
    source: Any = moved.source
    about = "" if source is None else source if isinstance(source, str) else source.id
    intent = getattr(source, "payment_intent", None)
    return Movement(
        id=moved.id,
        account=account,
        kind=_kind(moved, about),
        type=moved.type,
        amount=_money(moved.amount, moved.currency),
        fee=_money(moved.fee, moved.currency),
        source=about,
        payment_intent_id="" if intent is None else intent if isinstance(intent, str) else intent.id,
        at=datetime.fromtimestamp(moved.created, UTC),
        arrives_on=_arrival(source),
    )


def _kind(moved: stripe.BalanceTransaction, source: str) -> MovementKind:
    if moved.type == "adjustment" and source.startswith(("dp_", "du_")):
        return MovementKind.DISPUTE
    return _KINDS.get(moved.type, MovementKind.OTHER)


def _arrival(source: Any) -> date | None:  # noqa: ANN401 - whatever a movement is of
    day = getattr(source, "arrival_date", None)
    return None if day is None else datetime.fromtimestamp(day, UTC).date()


def _money(units: int, currency: str) -> Money:
    return from_stripe(units, currency)
