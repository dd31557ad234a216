"""A client's stored card charged for an invoice: written down first, known for certain afterwards."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.business import Business
from chalicelib.domain.card import Card, Decline, DeclineKind
from chalicelib.domain.card_events import ChargeDeclined, ChargeDue, ChargeGivenUp, ChargePlanned, ChargeReserved
from chalicelib.domain.charge_plan import LOOK_AGAIN, ChargePlan, being_made, planned_at, still_wished, tried_again
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Checkout, Invoice, WayToPay, must_be_issued
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass

MORNING = time(9)
"""When a client is charged on a due day, where the client is: the mail about it comes at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeAttempt:
    """One try at charging a stored card; sent again only unchanged.

    id: with business and invoice it makes the idempotency key; number: the invoice's, for the card statement.
    since: before the attempt was first sent.
    """

    id: str
    business_id: str
    invoice_id: str
    number: str
    amount: Money
    label: str
    customer_id: str
    payment_method_id: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeOutcome:
    """What became of an attempt: a payment at the provider, and why it brought nothing if it did not."""

    payment_intent_id: str
    decline: Decline | None = None


def must_be_chargeable(invoice: Invoice) -> None:
    """Raise Refused for an invoice of which nothing may be charged now."""
    must_be_issued(invoice, "charge")
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot charge invoice {invoice.name} because a payment is disputed.")
    if invoice.amount_due.minor <= 0:
        raise Refused("nothing_due", f"You cannot charge invoice {invoice.name} because nothing is due.")


def card_to_charge(client: Client, *, account_id: str) -> Card:
    """The client's card. Raises Refused if there is none, it was refused for good, or it is on another account."""
    card = client.card
    if card is None:
        raise Refused("no_card", f"You cannot charge client {client.name} because no card is stored.")
    if card.refused:
        raise Refused("card_refused", f"You cannot charge card {card.last4} because its bank said: {card.refused}.")
    if card.account_id != account_id:
        raise Refused(
            "card_elsewhere",
            f"You cannot charge card {card.last4} because it was stored on a payment account that is not used now.",
        )
    return card


def reserved(
    invoice: Invoice,
    card: Card,
    amount: Money,
    *,
    instalment_id: str | None,
    automatic: bool,
    real_now: datetime,
    at: datetime,
) -> tuple[Invoice, ChargeReserved]:
    """The invoice with the attempt that is about to be made; real_now: as the provider counts."""
    checkout = Checkout(
        kind=WayToPay.CHARGE,
        attempt=invoice.attempts + 1,
        account_id=card.account_id,
        amount=amount,
        instalment_id=instalment_id,
        expires_at=real_now.replace(microsecond=0),
        customer_id=card.customer_id,
        payment_method_id=card.payment_method_id,
        automatic=automatic,
    )
    after = replace(
        invoice,
        version=invoice.version + 1,
        attempts=checkout.attempt,
        checkout=checkout,
        charging=being_made(invoice.charging, now=at),
    )
    event = ChargeReserved(
        subject=invoice.id,
        version=after.version,
        at=at,
        attempt=checkout.attempt,
        amount=amount,
        automatic=automatic,
    )
    return after, event


def declined(invoice: Invoice, decline: Decline, *, at: datetime) -> tuple[Invoice, ChargeDeclined]:
    """The invoice without the attempt that brought nothing; one that may pass later is planned again.

    Raises ValueError if none is being made.
    """
    attempt = _attempt(invoice)
    plan = invoice.charging or being_made(None, now=at)
    is_told_at_once = not plan.is_retry and not attempt.automatic
    if is_told_at_once:
        plan = _as_wished(plan, attempt, invoice)
    may_pass = decline.kind is DeclineKind.SOFT or (decline.was_not_asked and not is_told_at_once)
    later = tried_again(plan, code=decline.code, now=at) if may_pass else None
    after = replace(invoice, version=invoice.version + 1, checkout=None, charging=later)
    event = ChargeDeclined(
        subject=invoice.id,
        version=after.version,
        at=at,
        attempt=attempt.attempt,
        amount=attempt.amount,
        code=decline.code,
        kind=decline.kind,
        reason=decline.reason,
        retry_at=later.due_at if later else None,
    )
    return after, event


def _as_wished(plan: ChargePlan, attempt: Checkout, invoice: Invoice) -> ChargePlan:
    left = max(invoice.amount_due - attempt.amount, Money.zero(invoice.currency))
    return replace(plan, asked=True, amount=attempt.amount, instalment_id=attempt.instalment_id, leaves=left)


def given_up(invoice: Invoice, *, at: datetime) -> tuple[Invoice, ChargeGivenUp]:
    """The invoice without an attempt that never reached the provider. Raises ValueError if none is being made."""
    attempt = _attempt(invoice)
    after = replace(invoice, version=invoice.version + 1, checkout=None, charging=None)
    return after, ChargeGivenUp(subject=invoice.id, version=after.version, at=at, attempt=attempt.attempt)


def planned(invoice: Invoice, plan: ChargePlan | None, *, at: datetime) -> tuple[Invoice, ChargePlanned]:
    after = replace(invoice, version=invoice.version + 1, charging=plan)
    charge_at = plan.due_at if plan else None
    return after, ChargePlanned(subject=invoice.id, version=after.version, at=at, charge_at=charge_at)


def due(invoice: Invoice, plan: ChargePlan, *, at: datetime) -> tuple[Invoice, ChargeDue]:
    """The invoice whose time has come: it is worked on at once, and looked at again if nothing comes of that."""
    after = replace(invoice, version=invoice.version + 1, charging=replace(plan, look_at=at + LOOK_AGAIN))
    return after, ChargeDue(subject=invoice.id, version=after.version, at=at)


def by_itself(invoice: Invoice, client: Client, business: Business, *, now: datetime) -> ChargePlan | None:
    """When an invoice will be charged because its day has come; None if it will not.

    What fell due before today is not caught up: a setting that is switched on takes nobody by surprise.
    """
    day = invoice.next_due()
    if day is None or not charges_by_itself(client, business) or not may_be_charged(invoice):
        return None
    zone = zone_of(client, business)
    if invoice.promised_on:
        day = max(day, invoice.promised_on + timedelta(days=1))
    if day < now.astimezone(zone).date():
        return None
    return planned_at(max(datetime.combine(day, MORNING, zone), now))


def charges_by_itself(client: Client, business: Business) -> bool:
    """Whether business and client both allow it, and there is a card that may be charged."""
    card = client.card
    if card is None or card.refused or not card.allowed_automatic:
        return False
    return business.automation.auto_charge and card.account_id == business.payment_account


def may_be_charged(invoice: Invoice) -> bool:
    """Whether anything of an invoice may be charged without anybody asking now.

    Nothing while a payment is disputed; and what was given back is not taken again before somebody asks.
    """
    owed = invoice.issued_at is not None and invoice.amount_due.minor > 0
    return owed and not invoice.disputed_total and not invoice.refunded_total


def is_promised(invoice: Invoice, *, on: date) -> bool:
    """Whether the client promised to pay by a day that is not over."""
    return invoice.promised_on is not None and on <= invoice.promised_on


def planned_amount(invoice: Invoice, plan: ChargePlan, *, today: date) -> Money:
    """What is to be charged of an invoice now: what is left of somebody's wish, else what is due by today."""
    amount = still_wished(plan, due=invoice.amount_due) if plan.asked else due_on_day(invoice, today)
    if amount.minor <= 0:
        raise Refused("nothing_due", f"You cannot charge invoice {invoice.name} because nothing is due.")
    return amount


def due_on_day(invoice: Invoice, day: date) -> Money:
    """What of an invoice should be paid by a day: the instalments due by then, else the whole."""
    if not invoice.schedule:
        return invoice.amount_due if invoice.due_date and invoice.due_date <= day else Money.zero(invoice.currency)
    come = Money.zero(invoice.currency)
    for instalment, settled in zip(invoice.schedule, invoice.instalments_settled, strict=True):
        if instalment.due_on and instalment.due_on <= day:
            come += instalment.amount - settled
    return min(come, invoice.amount_due)


def zone_of(client: Client, business: Business) -> ZoneInfo:
    """Where the client is."""
    return ZoneInfo(client.time_zone) if client.time_zone else business.zone


def _attempt(invoice: Invoice) -> Checkout:
    if invoice.checkout is None or not invoice.checkout.is_charge:
        raise ValueError(f"no card is being charged for {invoice.id}")
    return invoice.checkout
