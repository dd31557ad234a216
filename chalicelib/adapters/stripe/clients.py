"""Who speaks to Stripe: the platform's key for connected accounts, or a business's own, opened for one call."""

from collections.abc import Callable

import stripe

from chalicelib.adapters.stripe.refusals import not_connected
from chalicelib.domain.checkout import AccountMode, PaymentAccount
from chalicelib.ports import Seal


class Clients:
    """Clients of Stripe's, each for one account; the connections are kept open for all of them.

    platform_key: of the platform's account; opens nothing but accounts connected to it.
    seal:         asked for when a business's own key is to be opened, which is not kept open.
    api_base:     another address than Stripe's, for the stand-in.
    retries:      of one call, by the SDK, with the same idempotency key; only after connection errors, 409 and 5xx.
    timeout_s:    of one call; of one that somebody waits for, hurried_s.
    """

    def __init__(
        self,
        *,
        platform_key: str,
        seal: Callable[[], Seal] | None,
        api_base: str,
        retries: int,
        timeout_s: float,
        hurried_s: float,
    ) -> None:
        stripe.enable_telemetry = False  # otherwise it writes ~/.config/stripe and tells Stripe about this machine
        self._platform_key, self._seal, self._api_base, self._retries = platform_key, seal, api_base, retries
        self._http = stripe.RequestsClient(timeout=timeout_s)  # the SDK's own default is 80 s and no retry
        self._hurried = stripe.RequestsClient(timeout=hurried_s)

    def close(self) -> None:
        """Give back the connections that are kept open."""
        self._http.close()  # type: ignore[no-untyped-call]
        self._hurried.close()  # type: ignore[no-untyped-call]

    def of(self, account: PaymentAccount, *, hurried: bool = False) -> stripe.StripeClient:
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
