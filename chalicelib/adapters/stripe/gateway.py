"""Asking Stripe to take money, and reading what became of it."""

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime

import stripe
from stripe.params import RefundCreateParams
from stripe.params.checkout import SessionCreateParams

from chalicelib.adapters.stripe import cards, lists, permissions
from chalicelib.adapters.stripe.amounts import for_stripe, units_of
from chalicelib.adapters.stripe.facts import facts_of
from chalicelib.adapters.stripe.refusals import asking, not_connected, unknown_outcome
from chalicelib.domain.balance import Movement
from chalicelib.domain.card import CardSetup, StoredCard
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.checkout import (
    AccountMode,
    CheckoutAttempt,
    CheckoutPage,
    CheckoutState,
    CheckoutStatus,
    PaymentAccount,
    UnknownOutcome,
)
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.ports import Page, Seal

_LOCALES = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR "
    "ro ru sk sl sv th tr vi zh zh-HK zh-TW"
)
_AT_ONCE = 11
"""Calls: as many as a key that is given is tried by."""

_LONGEST_SUFFIX = 10  # with the account's own prefix and "* " it must fit 22 characters


class StripeGateway:
    """Stripe's checkout pages and payments, on connected accounts or with a business's own key.

    platform_key: of the platform's account; opens nothing but accounts connected to it.
    seal:         asked for when a business's own key is to be opened, which is not kept open.
    api_base:     another address than Stripe's, for the stand-in.
    retries:      of one call, by the SDK, with the same idempotency key; only after connection errors, 409 and 5xx.
    trial_s:      in which a key that is given must have been tried, while somebody waits; a call gets a third of it.
    """

    def __init__(
        self,
        *,
        platform_key: str = "",
        seal: Callable[[], Seal] | None = None,
        api_base: str = "",
        retries: int = 2,
        timeout_s: float = 8,
        trial_s: float = 10,
    ) -> None:
        stripe.enable_telemetry = False  # otherwise it writes ~/.config/stripe and tells Stripe about this machine
        self._platform_key, self._seal, self._api_base, self._retries = platform_key, seal, api_base, retries
        self._hurried, self._trial_s = stripe.RequestsClient(timeout=trial_s / 3), trial_s
        self._http = stripe.RequestsClient(timeout=timeout_s)  # the SDK's own default is 80 s and no retry
        self._threads = ThreadPoolExecutor(_AT_ONCE)  # the client above keeps a session for each

    def close(self) -> None:
        """Give back the connections that are kept open."""
        self._threads.shutdown()
        self._http.close()  # type: ignore[no-untyped-call]
        self._hurried.close()  # type: ignore[no-untyped-call]

    def open_checkout(self, attempt: CheckoutAttempt, *, account: PaymentAccount) -> CheckoutPage:
        """The page on which the attempt can be paid; the same attempt again gives the same page.

        Raises Refused: ``amount_too_small``, ``amount_too_large``, ``amount_not_payable_online``,
        ``account_not_connected``, ``attempt_changed``, ``attempt_too_old`` (Stripe forgets keys after 24 hours;
        less than 30 minutes of the page must not be left by then), ``checkout_refused`` for the rest.
        Raises UnknownOutcome if the same attempt must be sent again.
        """
        wanted = _wanted(attempt)
        key = _idempotency_key("checkout", attempt.business_id, attempt.invoice_id, attempt.id)
        with asking("account", account.account_id):
            session = self._client(account).v1.checkout.sessions.create(wanted, {"idempotency_key": key})
        if session.url is None:
            raise UnknownOutcome("unknown_outcome", "The payment page was opened and is closed already.")
        return CheckoutPage(
            session_id=session.id,
            url=session.url,
            expires_at=datetime.fromtimestamp(session.expires_at, UTC),
        )

    def expire_checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState:
        """The page after trying to close it: ``expired``, or ``complete`` if somebody paid meanwhile.

        Raises NotFound, UnknownOutcome.
        """
        sessions = self._client(account).v1.checkout.sessions
        with asking("checkout", session_id):
            try:
                return _state(sessions.expire(session_id))
            except stripe.InvalidRequestError:
                return _state(sessions.retrieve(session_id))  # it was paid, or had expired by itself

    def checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState:
        """Where a page stands. Raises NotFound, UnknownOutcome."""
        with asking("checkout", session_id):
            return _state(self._client(account).v1.checkout.sessions.retrieve(session_id))

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts:
        """What Stripe says now of a payment, its charges, refunds and disputes. Raises NotFound, UnknownOutcome."""
        v1, of = self._client(account).v1, payment_intent_id
        charges = self._threads.submit(
            v1.charges.list, {"payment_intent": of, "limit": 100, "expand": ["data.balance_transaction"]}
        )
        moved = ["data.balance_transaction", "data.failure_balance_transaction"]
        refunds = self._threads.submit(v1.refunds.list, {"payment_intent": of, "limit": 100, "expand": moved})
        disputes = self._threads.submit(v1.disputes.list, {"payment_intent": of, "limit": 100})
        with asking("payment", of):
            return facts_of(
                v1.payment_intents.retrieve(of),
                account=account.account_id,
                charges=charges.result().auto_paging_iter(),
                refunds=refunds.result().auto_paging_iter(),
                disputes=disputes.result().auto_paging_iter(),
            )

    def refund(
        self, payment_intent_id: str, amount: Money, *, refund_id: str, business_id: str, account: PaymentAccount
    ) -> None:
        """Give back so much of a payment; Stripe forgets the key after 24 hours, so ask what is known first.

        Raises Refused (``checkout_refused`` and others) when Stripe never will, UnknownOutcome, NotFound.
        """
        key = _idempotency_key("refund", business_id, refund_id)
        wanted: RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "amount": units_of(amount),
            "metadata": {"business_id": business_id, "refund_id": refund_id},
        }
        with asking("payment", payment_intent_id, needs=_needs(account, "Refunds (write)")):
            self._client(account).v1.refunds.create(wanted, {"idempotency_key": key})

    def open_setup(self, setup: CardSetup, *, account: PaymentAccount) -> CheckoutPage:
        """The page on which a client stores a card. Raises Refused, UnknownOutcome."""
        v1 = self._client(account).v1
        with asking("account", account.account_id, needs=_needs(account, "Customers and Checkout Sessions (write)")):
            customer_id = setup.customer_id or self._customer(v1, setup)
            page = v1.checkout.sessions.create(cards.page_to_open(setup, customer_id, locale=_locale(setup.locale)))
        if page.url is None:
            raise UnknownOutcome("unknown_outcome", "The page was opened and is closed already.")
        return CheckoutPage(session_id=page.id, url=page.url, expires_at=datetime.fromtimestamp(page.expires_at, UTC))

    def stored_card(self, customer_id: str, *, account: PaymentAccount) -> StoredCard:
        """Raises NotFound, Refused, UnknownOutcome."""
        with asking("customer", customer_id, needs=_needs(account, "SetupIntents and Customers (read)")):
            return cards.newest_card(self._client(account).v1, customer_id, account_id=account.account_id)

    def forget_card(self, payment_method_id: str, *, account: PaymentAccount) -> None:
        """Raises Refused, UnknownOutcome."""
        with asking("card", payment_method_id, needs=_needs(account, "PaymentMethods (write)")):
            cards.detach(self._client(account).v1, payment_method_id)

    def charge(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome:
        """Charge a stored card; Stripe forgets the key after 24 hours, so ask first what is known of an old attempt.

        Raises Refused as ``open_checkout`` does, and then nothing was made; UnknownOutcome.
        """
        wanted = cards.intent_to_make(attempt, suffix=_suffix(attempt.number))
        key = _idempotency_key("charge", attempt.business_id, attempt.invoice_id, attempt.id)
        with asking("card", attempt.payment_method_id, needs=_needs(account, "PaymentIntents (write)")):
            try:
                made = self._client(account).v1.payment_intents.create(wanted, {"idempotency_key": key})
            except stripe.StripeError as error:
                if outcome := cards.outcome_of_error(error):
                    return outcome
                raise
        return cards.outcome_of(made)

    def charge_made(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome | None:
        """What became of an attempt; None if Stripe never made it. Stripe's search is behind, its lists are not.

        Nothing is listed of a customer that is gone: sent again, the attempt is answered as it was first, or refused.
        Raises Refused, UnknownOutcome.
        """
        try:
            with asking("customer", attempt.customer_id):
                found = self._client(account).v1.payment_intents.list(cards.where_it_may_be(attempt))
                return cards.outcome_made(found.auto_paging_iter(), attempt)
        except NotFound:
            return None

    def events(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of what Stripe has told, or tried to, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            return lists.events(self._client(account), since=since, until=until, after=after)

    def payments(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of payments, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            return lists.payments(self._client(account), since=since, until=until, after=after)

    def movements(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of what moved on the balance, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            client = self._client(account)
            return lists.movements(client, account.account_id, since=since, until=until, after=after)

    def paid_out(self, payout_id: str, *, account: PaymentAccount, most: int) -> Sequence[Movement]:
        """What a payout is made of, where Stripe tells. Raises Refused, UnknownOutcome."""
        try:
            with asking("payout", payout_id):
                return lists.paid_out(self._client(account), account.account_id, payout_id, most=most)
        except Refused as refused:
            if refused.code != "checkout_refused":  # of a payout made by hand Stripe does not tell
                raise
            return ()

    def lacking(self, account: PaymentAccount) -> tuple[str, ...]:
        """The permissions of Stripe's that an own key needs and does not have.

        Raises Refused (``key_refused``), UnknownOutcome.
        """
        trials = permissions.trials(self._client(account, hurried=True).v1)
        tried = {name: self._threads.submit(trial) for name, trial in trials.items()}
        if wait(tried.values(), timeout=self._trial_s).not_done:
            raise unknown_outcome()
        with asking("account", account.account_id):
            return tuple(name for name, trial in tried.items() if not _is_allowed(trial))

    def is_same(self, account: PaymentAccount, other: PaymentAccount) -> bool | None:
        """Whether the last page opened on one account is there for another key; None if none was ever opened.

        Raises Refused (``key_refused``), UnknownOutcome.
        """
        with asking("account", account.account_id):
            last = self._client(account, hurried=True).v1.checkout.sessions.list({"limit": 1}).data
        if not last:
            return None
        try:
            with asking("checkout", last[0].id):
                self._client(other, hurried=True).v1.checkout.sessions.retrieve(last[0].id)
        except NotFound:
            return False
        return True

    def _customer(self, v1: stripe.V1Services, setup: CardSetup) -> str:
        """Made once a day for what we say of a client: more would be no harm."""
        wanted = cards.customer_to_create(setup)
        key = _idempotency_key("customer", setup.business_id, setup.client_id, setup.name, setup.email)
        return v1.customers.create(wanted, {"idempotency_key": key}).id

    def _client(self, account: PaymentAccount, *, hurried: bool = False) -> stripe.StripeClient:
        """hurried: somebody waits who can ask again, so each call is made once and briefly."""
        connected = account.mode is AccountMode.CONNECT
        key = self._platform_key if connected else self._own_key(account)
        if not key or (connected and not account.account_id):
            raise not_connected()  # without an account, the platform itself would be paid
        return stripe.StripeClient(
            key,
            stripe_account=account.account_id if connected else None,
            base_addresses={"api": self._api_base} if self._api_base else None,
            max_network_retries=0 if hurried else self._retries,
            http_client=self._hurried if hurried else self._http,
        )

    def _own_key(self, account: PaymentAccount) -> str:
        if self._seal is None or not account.sealed_key:
            return ""
        return self._seal().open(account.sealed_key, of=account.business_id)


def _needs(account: PaymentAccount, permission: str) -> str:
    """A connected account gave us no key that could lack one: there it means that it left us."""
    return permission if account.mode is AccountMode.OWN_KEY else ""


def _is_allowed(trial: Future[object]) -> bool:
    """Whether Stripe let the key in; that there is no such page says that it did."""
    try:
        trial.result()
    except stripe.PermissionError:
        return False
    except stripe.InvalidRequestError:
        return True
    return True


def _wanted(attempt: CheckoutAttempt) -> SessionCreateParams:
    """Depends on the attempt alone: sent again, Stripe compares it byte by byte with what the key first came with."""
    reference = {
        **attempt.metadata,
        "business_id": attempt.business_id,
        "invoice_id": attempt.invoice_id,
        "attempt_id": attempt.id,
    }
    wanted: SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "locale": _locale(attempt.locale),
        "client_reference_id": f"{attempt.business_id}:{attempt.invoice_id}:{attempt.id}",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": attempt.amount.currency.lower(),
                    "unit_amount": for_stripe(attempt.amount),
                    "product_data": {"name": attempt.label},
                },
            },
        ],
        "metadata": reference,
        "payment_intent_data": {
            "metadata": reference,  # Stripe does not copy the session's own
            "description": attempt.label,
            "statement_descriptor_suffix": _suffix(attempt.number),
        },
        "adaptive_pricing": {"enabled": False},  # or the payer may be charged in another currency
        "success_url": attempt.success_url,
        "cancel_url": attempt.cancel_url,
        "expires_at": int(attempt.expires_at.timestamp()),
    }
    if attempt.customer_email:
        wanted["customer_email"] = attempt.customer_email
    return wanted


def _state(session: stripe.checkout.Session) -> CheckoutState:
    intent = session.payment_intent
    return CheckoutState(
        session_id=session.id,
        status=CheckoutStatus(session.status or CheckoutStatus.OPEN),
        url=session.url or "",
        payment_intent_id=intent if isinstance(intent, str) else intent.id if intent else "",
        metadata=session.metadata.to_dict() if session.metadata else {},
        setup_of=_setup_of(session),
    )


def _setup_of(session: stripe.checkout.Session) -> str:
    """The customer who stored a card there, or is about to."""
    customer = session.customer if session.mode == "setup" else None
    return customer if isinstance(customer, str) else customer.id if customer else ""


def _idempotency_key(purpose: str, *identity: str) -> str:
    """From business identity alone, so that the same try is the same key after a crash or a deploy."""
    told = json.dumps([purpose, *identity], separators=(",", ":"))
    return f"v1:{purpose}:{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _locale(tag: str) -> str:
    language = tag.partition("-")[0]
    return next((spoken for spoken in (tag, language) if spoken in _LOCALES.split()), "auto")


def _suffix(number: str) -> str:
    """What a card statement may show: Latin letters and digits, at least one letter."""
    shown = "".join(sign for sign in number if sign.isascii() and (sign.isalnum() or sign in "-. "))[:_LONGEST_SUFFIX]
    return shown if any(sign.isalpha() for sign in shown) else f"INV{shown}"[:_LONGEST_SUFFIX]
