"""Where a business's money goes, and the key it gives us, as JSON."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr

from chalicelib.domain.business import Business
from chalicelib.domain.own_key import OwnKey
from chalicelib.entrypoints.http.shapes.scalars import SHORT, Shape, refusal

MOST_SECRETS = 2
WEBHOOK_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,240}")
RESTRICTED: dict[str, Any] = {"pattern": "^rk_(live|test)_[A-Za-z0-9_]{8,240}$"}  # the domain says why not


class StripeKeyShape(Shape):
    """The business's own restricted key in use, by its end; ``connected`` once events can be checked and clients pay.

    ``webhook_url`` is the address to give to Stripe; it stays when the key is rolled.
    """

    last4: str
    livemode: bool
    webhook_url: str
    connected: bool

    @classmethod
    def of(cls, key: OwnKey, *, public_url: str) -> "StripeKeyShape":
        return cls(
            last4=key.last4,
            livemode=key.livemode,
            webhook_url=f"{public_url}/v1/stripe/webhook/{key.endpoint}",
            connected=key.is_complete,
        )


class PaymentsIn(Shape):
    stripe_account: Annotated[str, Field(pattern=r"^acct_[A-Za-z0-9_]{1,60}$")] | None = None


class PaymentsShape(PaymentsIn):
    """Where clients' money goes; ``stripe_key`` is only told here, it has an address of its own to be changed at."""

    stripe_key: StripeKeyShape | None = None

    @classmethod
    def of(cls, business: Business, *, public_url: str) -> "PaymentsShape":
        own = business.own_key
        return cls(
            stripe_account=business.stripe_account,
            stripe_key=StripeKeyShape.of(own, public_url=public_url) if own else None,
        )


def _webhook_secret(given: SecretStr) -> SecretStr:
    if not WEBHOOK_SECRET.fullmatch(given.get_secret_value()):
        raise refusal("not_a_webhook_secret", "A signing secret of Stripe's begins with whsec_.")
    return given


WebhookSecret = Annotated[
    SecretStr, AfterValidator(_webhook_secret), Field(json_schema_extra={"pattern": f"^{WEBHOOK_SECRET.pattern}$"})
]


class StripeKeyIn(Shape):
    """A restricted key of Stripe's and the signing secrets of its webhook; what is left out stays as it is.

    The key (`rk_...`, never `sk_...`) needs these permissions: Checkout Sessions, PaymentIntents, SetupIntents,
    Customers, PaymentMethods and Refunds write; Charges, Disputes, Events, Payouts and Balance read. A key that was
    given before some of them were needed works on, and what it does not allow is refused when it is asked for. Give
    it first; register the answer's `webhook_url` at Stripe for the events of payment_intent, charge, refund,
    checkout.session, setup_intent and payment_method; then give the `whsec_...` that Stripe shows: from then on
    clients pay there. To roll the key give the new one; to roll the secret give both, newest first. A key of another
    Stripe account gets another `webhook_url`. DELETE keeps the key sealed, to close pages opened by it and to see
    refunds; end it at Stripe when it should open nothing any more.
    """

    restricted_key: Annotated[SecretStr, Field(min_length=1, max_length=SHORT, json_schema_extra=RESTRICTED)] | None = (
        None
    )
    webhook_secrets: Annotated[list[WebhookSecret], Field(max_length=MOST_SECRETS)] | None = None

    @property
    def key(self) -> str | None:
        return self.restricted_key.get_secret_value() if self.restricted_key else None

    @property
    def secrets(self) -> list[str] | None:
        given = self.webhook_secrets
        return None if given is None else [secret.get_secret_value() for secret in given]
