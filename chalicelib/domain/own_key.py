"""A business's own restricted key at the payment provider: which are taken, and what is kept of one."""

import re
from dataclasses import field

from chalicelib.domain.errors import Invalid
from chalicelib.domain.values import dataclass

ENDPOINT_PREFIX = "sep"
"""Of the ids that stand where a connected account's would; no account of the provider's begins like this."""

_RESTRICTED = re.compile(r"rk_(live|test)_[A-Za-z0-9_]{8,240}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """A key of one account at the provider, sealed, with the secrets that sign what the account tells us.

    endpoint:       opaque id of the address to which its events come; it names the account in all we keep, and
                    stays when the key is rolled.
    sealed_secrets: newest first; without one nothing the account tells could be believed, so nobody pays there.
    last4:          the end of the key, for people to tell keys apart.
    outages:        how often the provider stopped to take a key of this account; refused: it does not take this one.
    recovered:      the last outage of which all that waited was asked for again.
    """

    endpoint: str
    sealed_key: str = field(default="", repr=False)
    sealed_secrets: tuple[str, ...] = field(default=(), repr=False)
    last4: str = ""
    livemode: bool = False
    refused: bool = False
    outages: int = 0
    recovered: int = 0

    @property
    def is_complete(self) -> bool:
        return bool(self.sealed_secrets)

    @property
    def is_to_recover(self) -> bool:
        """Whether it opens what waited for it, and not all of that was asked for again."""
        return not self.refused and self.recovered < self.outages


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A payment, a page, or a customer's card, that was told of while no key opened its account; kept for ever.

    id: of endpoint, outage and what was told of, so that each is kept once.
    """

    id: str
    endpoint: str
    outage: int
    payment_intent_id: str | None
    session_id: str | None
    customer_id: str | None = None


def waiting(
    endpoint: str,
    *,
    outage: int,
    payment_intent_id: str | None = None,
    session_id: str | None = None,
    customer_id: str | None = None,
) -> Waiting:
    return Waiting(
        id=f"{endpoint}#{outage:08d}#{customer_id or session_id or payment_intent_id}",
        endpoint=endpoint,
        outage=outage,
        payment_intent_id=payment_intent_id,
        session_id=session_id,
        customer_id=customer_id,
    )


def names_an_endpoint(account_id: str) -> bool:
    """Whether an account is known by the endpoint of a business's own key, and not by the provider's id."""
    return account_id.startswith(f"{ENDPOINT_PREFIX}_")


def livemode_of(restricted_key: str, *, here: bool) -> bool:
    """Whether real money moves with a key; it must as it does ``here``, or events of the two would mix.

    Raises Invalid (``not_a_restricted_key``, ``key_of_other_mode``).
    """
    found = _RESTRICTED.fullmatch(restricted_key)
    if found is None:
        raise _refused("not_a_restricted_key", f"You cannot use this key because it is {_what(restricted_key)}.")
    live = found[1] == "live"
    if live is not here:
        wanted, given = ("live", "test") if here else ("test", "live")
        raise _refused("key_of_other_mode", f"You cannot use a {given} key because payments here are {wanted} ones.")
    return live


def _what(key: str) -> str:
    if key.startswith("sk_"):
        return "a secret key, which opens everything; create a restricted key (rk_...) at Stripe and give that"
    if key.startswith("pk_"):
        return "a publishable key, which cannot ask for money; create a restricted key (rk_...) at Stripe"
    return "no restricted key of Stripe's; those begin with rk_live_ or rk_test_"


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(code, detail, at="/restricted_key")
