"""Charging a client's stored card: reserved first, asked for once, and known for certain before another try."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import charge as charges
from chalicelib.domain.business import Business
from chalicelib.domain.card import Decline, DeclineKind
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.charge_plan import ChargePlan
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Conflict, Invalid, Refused
from chalicelib.domain.invoice import Checkout, Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Gateway, Ids, Save, Store, Unfinished
from chalicelib.usecases import checkouts
from chalicelib.usecases.charge_plans import plan_anew
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.checkouts import account_named, account_of
from chalicelib.usecases.reading import every
from chalicelib.usecases.settling import settle
from chalicelib.usecases.storing import refused_for_good

SURELY_NOT_UNDER_WAY = timedelta(minutes=15)
"""After which no process that reserved an attempt can still be sending it: the longest function lives two minutes."""

MOST_AT_ONCE = 10
"""Invoices charged in one request; each takes the provider a second or two."""

OF_ONE_INVOICE = {"invoice_disputed", "nothing_due", "payment_under_way"}
"""Why an invoice cannot be charged that says nothing of the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeWish:
    """What to charge: an instalment, an amount, or without both all that is due."""

    instalment_id: str | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What became of one wish to charge: nobody declined it, and it is not pending, if the money is there."""

    invoice_id: str
    attempt: int
    amount: Money
    decline: Decline | None = None
    pending: bool = False
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What a charge is made with. real_now: as the provider counts, whatever a sandbox's clock says."""

    now: datetime
    real_now: datetime
    ids: Ids
    store: Store
    gateway: Callable[[], Gateway]


def charge(invoice_id: str, wish: ChargeWish, *, if_match: int | None = None, hands: Hands) -> Charged:
    """Charge the client's stored card for an invoice now (H46, H50, H51).

    An open page is closed first. When the provider does not answer, it is looked for later, and never charged anew.
    Raises Refused for what cannot be charged, without a usable card, or while another payment is under way.
    """
    unchanged(hands.store.get(Invoice, invoice_id), if_match)
    told = _charged(invoice_id, wish, hands)
    if told.decline and told.decline.kind is DeclineKind.REFUSED:
        raise Refused(told.decline.code, told.decline.reason)
    return told


def charge_balance(client_id: str, *, hands: Hands) -> tuple[Charged, ...]:
    """Charge a client's unpaid invoices one by one, the earliest due first, each an attempt of its own (H48).

    An invoice that cannot be charged now leaves the others alone. It stops at the first that the card does not pay, and
    after ten. Raises Refused when none can be tried.
    """
    present_client(client_id, hands.store)
    unpaid = Filter(account_of=client_id, unfinished=Unfinished.DUE)
    tried: list[Charged] = []
    stands_alone: Refused | Conflict | None = None
    for listed in every(Invoice, unpaid, hands.store, at_once=MOST_AT_ONCE):
        counted = replace(hands, store=hands.store.aside()) if tried else hands
        try:
            tried.append(_charged(listed.id, ChargeWish(), counted))
        except (Refused, Conflict) as refused:
            if refused.code not in OF_ONE_INVOICE:
                if tried:
                    break
                raise
            stands_alone = stands_alone or refused
            continue
        if len(tried) == MOST_AT_ONCE or not _may_go_on(tried[-1]):
            break
    if not tried:
        nothing = Refused("nothing_due", f"You cannot charge client {client_id} because nothing is due.")
        raise stands_alone or nothing
    return tuple(tried)


def go_on(invoice_id: str, *, hands: Hands) -> None:
    """Bring to its end what is to be charged of an invoice, or was begun; doing it again charges nothing twice."""
    invoice = hands.store.get(Invoice, invoice_id)
    if invoice.checkout and invoice.checkout.is_charge:
        _asked(invoice_id, invoice.checkout, hands, anew=True)
    elif invoice.charging and invoice.charging.due_at and invoice.charging.due_at <= hands.now:
        _charge_planned(invoice, invoice.charging, hands)
    elif invoice.charging and invoice.charging.due_at is None:
        plan_anew(invoice_id, now=hands.now, store=hands.store)


def _charged(invoice_id: str, wish: ChargeWish, hands: Hands) -> Charged:
    def amount_of(invoice: Invoice) -> Money:
        charges.must_be_chargeable(invoice)
        return _wished(invoice, wish)

    attempt = _reserved(invoice_id, amount_of, wish.instalment_id, automatic=False, hands=hands)
    return _asked(invoice_id, attempt, replace(hands, store=hands.store.aside()), anew=False)


def _may_go_on(told: Charged) -> bool:
    """Whether the card may be charged for another invoice after this one."""
    return not told.pending and (told.decline is None or told.decline.is_of_amount)


def _charge_planned(invoice: Invoice, plan: ChargePlan, hands: Hands) -> None:
    """Charge what is planned, if it still may be; one that may not is planned anew as the settings say."""
    store = hands.store
    client, business = store.get(Client, invoice.client_id), store.get(Business)
    today = _today(client, business, hands.now)
    if not _still_wanted(invoice, plan, client, business, today=today):
        plan_anew(invoice.id, now=hands.now, store=hands.store)
        return

    def amount_of(invoice: Invoice) -> Money:
        charges.must_be_chargeable(invoice)
        if invoice.charging != plan:
            raise Conflict("charge_changed", f"What is charged of invoice {invoice.name} has just changed.")
        return charges.planned_amount(invoice, plan, today=today)

    try:
        attempt = _reserved(invoice.id, amount_of, plan.instalment_id, automatic=not plan.asked, hands=hands)
    except Refused as refused:
        if refused.code == "payment_under_way":
            return  # the client is paying, and the sweep looks again
        plan_anew(invoice.id, now=hands.now, store=hands.store)
        return
    _asked(invoice.id, attempt, hands, anew=False)


def _still_wanted(invoice: Invoice, plan: ChargePlan, client: Client, business: Business, *, today: date) -> bool:
    if not charges.may_be_charged(invoice):
        return False
    return plan.asked or (not charges.is_promised(invoice, on=today) and charges.charges_by_itself(client, business))


def _reserved(
    invoice_id: str,
    amount_of: Callable[[Invoice], Money],
    instalment_id: str | None,
    *,
    automatic: bool,
    hands: Hands,
) -> Checkout:
    """The next attempt, written down; a page that stands open is closed first, at the provider."""

    def deed() -> Checkout:
        invoice, business = hands.store.get(Invoice, invoice_id), hands.store.get(Business)
        amount = amount_of(invoice)
        account_id = account_of(business).account_id
        card = charges.card_to_charge(hands.store.get(Client, invoice.client_id), account_id=account_id)
        if invoice.checkout:
            checkouts.close_checkout(invoice_id, now=hands.now, store=hands.store.aside(), gateway=hands.gateway)
            invoice = hands.store.get(Invoice, invoice_id)
            amount = amount_of(invoice)
        if invoice.checkout:
            raise Conflict("payment_under_way", f"Another payment of invoice {invoice.name} has just been started.")
        after, event = charges.reserved(
            invoice,
            card,
            amount,
            instalment_id=instalment_id,
            automatic=automatic,
            real_now=hands.real_now,
            at=hands.now,
        )
        hands.store.commit(Save(after, event))
        return _standing(after)

    return hands.store.persistently(deed)


def _asked(invoice_id: str, attempt: Checkout, hands: Hands, *, anew: bool) -> Charged:
    """Ask the provider for a reserved attempt, or first what became of it (``anew``), and book the answer."""
    store = hands.store
    invoice, business = store.get(Invoice, invoice_id), store.get(Business)
    account, asked = account_named(attempt.account_id, business), _attempt(invoice, attempt, business)
    told = Charged(invoice_id=invoice_id, attempt=attempt.attempt, amount=attempt.amount)
    try:
        outcome = hands.gateway().charge_made(asked, account=account) if anew else None
    except (UnknownOutcome, Refused):
        return replace(told, pending=True)  # nothing is known, and nothing is tried until something is
    if outcome is None and invoice.amount_due < attempt.amount:
        _give_up(invoice_id, attempt, hands)
        return replace(told, pending=True)
    try:
        outcome = outcome or hands.gateway().charge(asked, account=account)
    except UnknownOutcome:
        return replace(told, pending=True)
    except Refused as refused:
        if refused.code == "attempt_changed":
            return replace(told, pending=True)
        decline = Decline(code=refused.code, kind=DeclineKind.REFUSED, reason=refused.detail)
        outcome = ChargeOutcome(payment_intent_id="", decline=decline)
    return _learn(attempt, outcome, told, hands)


def _give_up(invoice_id: str, attempt: Checkout, hands: Hands) -> None:
    """Money came another way before the card was charged: the attempt ends once nobody can be sending it any more."""

    def deed() -> None:
        invoice = hands.store.get(Invoice, invoice_id)
        if invoice.checkout == attempt and attempt.expires_at + SURELY_NOT_UNDER_WAY <= hands.real_now:
            hands.store.commit(Save(*charges.given_up(invoice, at=hands.now)))

    hands.store.persistently(deed)


def _learn(attempt: Checkout, outcome: ChargeOutcome, told: Charged, hands: Hands) -> Charged:
    """Book what became of an attempt: the payment as the provider tells it, or why there is none."""
    if outcome.decline is None:
        _settled(attempt, outcome.payment_intent_id, hands)
        after = hands.store.get(Invoice, told.invoice_id)
        if after.checkout is None and after.charging:
            plan_anew(told.invoice_id, now=hands.now, store=hands.store)
        return replace(told, pending=after.checkout == attempt)
    return _declined(attempt, outcome.decline, replace(told, decline=outcome.decline), hands)


def _settled(attempt: Checkout, payment_intent_id: str, hands: Hands) -> None:
    store = hands.store
    account = account_named(attempt.account_id, store.get(Business))
    settle(payment_intent_id, now=hands.now, ids=hands.ids, store=store, gateway=hands.gateway(), account=account)


def _declined(attempt: Checkout, decline: Decline, told: Charged, hands: Hands) -> Charged:
    store = hands.store

    def deed() -> Charged:
        invoice = store.get(Invoice, told.invoice_id)
        if invoice.checkout != attempt:
            return replace(told, retry_at=invoice.charging.due_at if invoice.charging else None)
        after, event = charges.declined(invoice, decline, at=hands.now)
        marked: tuple[Save, ...] = ()
        if decline.kind is DeclineKind.HARD:
            client = store.get(Client, invoice.client_id)
            marked = refused_for_good(client, attempt.payment_method_id, decline, at=hands.now)
        store.commit(Save(after, event), *marked)
        return replace(told, retry_at=event.retry_at)

    return store.persistently(deed)


def _attempt(invoice: Invoice, attempt: Checkout, business: Business) -> ChargeAttempt:
    return ChargeAttempt(
        id=str(attempt.attempt),
        business_id=business.id,
        invoice_id=invoice.id,
        number=invoice.name,
        amount=attempt.amount,
        label=invoice.name,
        customer_id=attempt.customer_id,
        payment_method_id=attempt.payment_method_id,
        since=attempt.expires_at,
    )


def _wished(invoice: Invoice, wish: ChargeWish) -> Money:
    if wish.instalment_id is not None:
        parts = zip(invoice.schedule, invoice.instalments_settled, strict=True)
        left = {one.id: one.amount - settled for one, settled in parts}
        if wish.instalment_id not in left:
            raise Invalid("unknown_instalment", f"There is no instalment {wish.instalment_id!r}.", at="/instalment_id")
        if left[wish.instalment_id].minor <= 0:
            raise Refused("instalment_paid", "You cannot charge this instalment because it is paid.")
        return min(left[wish.instalment_id], invoice.amount_due)
    amount = wish.amount or invoice.amount_due
    if amount.minor <= 0:
        raise Invalid("not_positive", "A charge is above 0.", at="/amount")
    if amount > invoice.amount_due:
        raise Invalid("more_than_due", f"Of this invoice {invoice.amount_due} is due.", at="/amount")
    return amount


def _standing(invoice: Invoice) -> Checkout:
    if invoice.checkout is None:
        raise ValueError(f"nothing is reserved for {invoice.id}")
    return invoice.checkout


def _today(client: Client, business: Business, now: datetime) -> date:
    return now.astimezone(charges.zone_of(client, business)).date()
