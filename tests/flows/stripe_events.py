"""What Stripe's stand-in has to tell, looked up in its books: its control would copy the events of every test."""

from typing import Any

from infra.local.stripe import StandIn
from infra.local.stripe.books import shown


def events_of(stripe: StandIn, account: str) -> list[dict[str, Any]]:
    """As an endpoint of the account's own would get them, oldest first."""
    return [shown(event) for event in stripe.api.books.all(account, "event")]


def events_on_the_platform(stripe: StandIn, *, after: int) -> list[dict[str, Any]]:
    """Each with its account; after: so many accounts were there before."""
    accounts = [account for account in stripe.api.books.accounts()[after:] if account.startswith("acct_flow")]
    return [event | {"account": account} for account in accounts for event in events_of(stripe, account)]
