"""Asking Stripe to take money, and reading what became of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import stripe
from stripe.params import RefundCreateParams

from chalicelib.adapters.stripe import cards, lists, pages, permissions
from chalicelib.adapters.stripe.amounts import units_of
from chalicelib.adapters.stripe.attempts import idempotency_key
from chalicelib.adapters.stripe.clients import Clients
from chalicelib.adapters.stripe.facts import facts_of
from chalicelib.adapters.stripe.refusals import asking, unknown_outcome
from chalicelib.domain.balance import Movement
from chalicelib.domain.card import CardSetup, StoredCard
from chalicelib.domain.charge import ChargeAttempt, ChargeOutcome
from chalicelib.domain.checkout import (
    AccountMode,
    CheckoutAttempt,
    CheckoutPage,
    CheckoutState,
    PaymentAccount,
    UnknownOutcome,
)
from chalicelib.domain.errors import NotFound, Refused
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.ports import Page, Seal

_AT_ONCE = 11
"""Calls: as many as a key that is given is tried by."""


class StripeGateway:
    """Stripe's checkout pages and payments, on connected accounts or with a business's own key.

    platform_key, seal, api_base, retries, timeout_s: as ``Clients`` takes them.
    trial_s: in which a key that is given must have been tried, while somebody waits; a call gets a third of it.
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
        self._clients = Clients(
            platform_key=platform_key,
            seal=seal,
            api_base=api_base,
            retries=retries,
            timeout_s=timeout_s,
            hurried_s=trial_s / 3,
        )
        self._trial_s = trial_s
        self._threads = ThreadPoolExecutor(_AT_ONCE)  # each keeps a connection of its own

    def close(self) -> None:
        """Give back the connections that are kept open."""
        self._threads.shutdown()
        self._clients.close()

    def open_checkout(self, attempt: CheckoutAttempt, *, account: PaymentAccount) -> CheckoutPage:
        """The page on which the attempt can be paid; the same attempt again gives the same page.

        Raises Refused: ``amount_too_small``, ``amount_too_large``, ``amount_not_payable_online``,
        ``account_not_connected``, ``attempt_changed``, ``attempt_too_old`` (Stripe forgets keys after 24 hours;
        less than 30 minutes of the page must not be left by then), ``checkout_refused`` for the rest.
        Raises UnknownOutcome if the same attempt must be sent again.
        """
        wanted = pages.page_to_open(attempt)
        key = idempotency_key("checkout", attempt.business_id, attempt.invoice_id, attempt.id)
        with asking("account", account.account_id):
            session = self._clients.of(account).v1.checkout.sessions.create(wanted, {"idempotency_key": key})
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
        sessions = self._clients.of(account).v1.checkout.sessions
        with asking("checkout", session_id):
            try:
                return pages.state_of(sessions.expire(session_id))
            except stripe.InvalidRequestError:
                return pages.state_of(sessions.retrieve(session_id))  # it was paid, or had expired by itself

    def checkout(self, session_id: str, *, account: PaymentAccount) -> CheckoutState:
        """Where a page stands. Raises NotFound, UnknownOutcome."""
        with asking("checkout", session_id):
            return pages.state_of(self._clients.of(account).v1.checkout.sessions.retrieve(session_id))

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts:
        """What Stripe says now of a payment, its charges, refunds and disputes. Raises NotFound, UnknownOutcome."""
        v1, of = self._clients.of(account).v1, payment_intent_id
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
        key = idempotency_key("refund", business_id, refund_id)
        wanted: RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "amount": units_of(amount),
            "metadata": {"business_id": business_id, "refund_id": refund_id},
        }
        with asking("payment", payment_intent_id, needs=_needs(account, "Refunds (write)")):
            self._clients.of(account).v1.refunds.create(wanted, {"idempotency_key": key})

    def open_setup(self, setup: CardSetup, *, account: PaymentAccount) -> CheckoutPage:
        """The page on which a client stores a card. Raises Refused, UnknownOutcome."""
        v1 = self._clients.of(account).v1
        with asking("account", account.account_id, needs=_needs(account, "Customers and Checkout Sessions (write)")):
            customer_id = setup.customer_id or self._customer(v1, setup)
            page = v1.checkout.sessions.create(cards.page_to_open(setup, customer_id))
        if page.url is None:
            raise UnknownOutcome("unknown_outcome", "The page was opened and is closed already.")
        return CheckoutPage(session_id=page.id, url=page.url, expires_at=datetime.fromtimestamp(page.expires_at, UTC))

    def stored_card(self, customer_id: str, *, account: PaymentAccount) -> StoredCard:
        """Raises NotFound, Refused, UnknownOutcome."""
        with asking("customer", customer_id, needs=_needs(account, "SetupIntents and Customers (read)")):
            return cards.newest_card(self._clients.of(account).v1, customer_id, account_id=account.account_id)

    def forget_card(self, payment_method_id: str, *, account: PaymentAccount) -> None:
        """Raises Refused, UnknownOutcome."""
        with asking("card", payment_method_id, needs=_needs(account, "PaymentMethods (write)")):
            cards.detach(self._clients.of(account).v1, payment_method_id)

    def charge(self, attempt: ChargeAttempt, *, account: PaymentAccount) -> ChargeOutcome:
        """Charge a stored card; Stripe forgets the key after 24 hours, so ask first what is known of an old attempt.

        Raises Refused as ``open_checkout`` does, and then nothing was made; UnknownOutcome.
        """
        wanted = cards.intent_to_make(attempt)
        key = idempotency_key("charge", attempt.business_id, attempt.invoice_id, attempt.id)
        with asking("card", attempt.payment_method_id, needs=_needs(account, "PaymentIntents (write)")):
            try:
                made = self._clients.of(account).v1.payment_intents.create(wanted, {"idempotency_key": key})
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
                found = self._clients.of(account).v1.payment_intents.list(cards.where_it_may_be(attempt))
                return cards.outcome_made(found.auto_paging_iter(), attempt)
        except NotFound:
            return None

    def events(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of what Stripe has told, or tried to, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            return lists.events(self._clients.of(account), since=since, until=until, after=after)

    def payments(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of payments, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            return lists.payments(self._clients.of(account), since=since, until=until, after=after)

    def movements(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        """A page of what moved on the balance, newest first. Raises Refused, UnknownOutcome."""
        with asking("account", account.account_id):
            client = self._clients.of(account)
            return lists.movements(client, account.account_id, since=since, until=until, after=after)

    def paid_out(self, payout_id: str, *, account: PaymentAccount, most: int) -> Sequence[Movement]:
        """What a payout is made of, where Stripe tells. Raises Refused, UnknownOutcome."""
        try:
            with asking("payout", payout_id):
                return lists.paid_out(self._clients.of(account), account.account_id, payout_id, most=most)
        except Refused as refused:
            if refused.code != "checkout_refused":  # of a payout made by hand Stripe does not tell
                raise
            return ()

    def lacking(self, account: PaymentAccount) -> tuple[str, ...]:
        """The permissions of Stripe's that an own key needs and does not have.

        Raises Refused (``key_refused``), UnknownOutcome.
        """
        trials = permissions.trials(self._clients.of(account, hurried=True).v1)
        tried = {name: self._threads.submit(trial) for name, trial in trials.items()}
        if wait(tried.values(), timeout=self._trial_s).not_done:
            raise unknown_outcome()
        with asking("account", account.account_id):
            return tuple(name for name, trial in tried.items() if not permissions.is_allowed(trial))

    def is_same(self, account: PaymentAccount, other: PaymentAccount) -> bool | None:
        """Whether the last page opened on one account is there for another key; None if none was ever opened.

        Raises Refused (``key_refused``), UnknownOutcome.
        """
        with asking("account", account.account_id):
            last = self._clients.of(account, hurried=True).v1.checkout.sessions.list({"limit": 1}).data
        if not last:
            return None
        try:
            with asking("checkout", last[0].id):
                self._clients.of(other, hurried=True).v1.checkout.sessions.retrieve(last[0].id)
        except NotFound:
            return False
        return True

    def _customer(self, v1: stripe.V1Services, setup: CardSetup) -> str:
        """Made once a day for what we say of a client: more would be no harm."""
        wanted = cards.customer_to_create(setup)
        key = idempotency_key("customer", setup.business_id, setup.client_id, setup.name, setup.email)
        return v1.customers.create(wanted, {"idempotency_key": key}).id


def _needs(account: PaymentAccount, permission: str) -> str:
    """A connected account gave us no key that could lack one: there it means that it left us."""
    return permission if account.mode is AccountMode.OWN_KEY else ""
