"""Stripe's errors in the domain's words."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import stripe

from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import DomainError, NotFound, Refused

_SERVER_ERROR = 500


@contextmanager
def asking(kind: str, id: str, *, needs: str = "") -> Iterator[None]:
    """Say in the domain's words why Stripe did not answer about the thing named.

    needs: the permission that the call takes of a business's own key, which may be older than our wish for it.

    Raises NotFound if it is not on this account; Refused with Stripe's own code, with
    ``account_not_connected`` if the account left us, with ``key_refused`` if our key is wrong, which is no news of it;
    UnknownOutcome if the call may or may not have been carried out.
    """
    try:
        yield
    except stripe.PermissionError as error:
        raise (_lacking(needs) if needs else not_connected()) from error
    except stripe.StripeError as error:
        raise _refusal(error, kind=kind, id=id) from error


def _refusal(error: stripe.StripeError, *, kind: str, id: str) -> DomainError:
    match error:
        case stripe.AuthenticationError():
            return Refused("key_refused", "You cannot pay online because Stripe does not take the key we have.")
        case stripe.IdempotencyError():
            return Refused("attempt_changed", "You cannot repeat this attempt because it is not what was sent first.")
        case stripe.InvalidRequestError(code="resource_missing"):
            return NotFound(kind, id)
        case stripe.InvalidRequestError(code="amount_too_small" | "amount_too_large") | stripe.CardError():
            return Refused(error.code or "declined", f"You cannot pay this online because Stripe says: {_said(error)}")
        case stripe.InvalidRequestError(param="expires_at"):
            return Refused(
                "attempt_too_old", "You cannot send this attempt again because it is too old; start a new one."
            )
        case stripe.InvalidRequestError() if (error.http_status or _SERVER_ERROR) < _SERVER_ERROR and (
            error.http_status != HTTPStatus.CONFLICT  # the same attempt is being carried out by another request
        ):
            return Refused("checkout_refused", f"You cannot do this because Stripe says: {_said(error)}")
        case _:
            return unknown_outcome()


def unknown_outcome() -> UnknownOutcome:
    return UnknownOutcome("unknown_outcome", "Stripe did not say whether it was done; try the same again.")


def not_connected() -> Refused:
    """``account_not_connected``: there is no key that opens the business's account."""
    return Refused("account_not_connected", "You cannot pay online because Stripe does not let us in.")


def _lacking(permission: str) -> Refused:
    return Refused(
        "key_lacks_permissions",
        f"You cannot do this because your Stripe key does not allow {permission}; give us one that does.",
    )


def _said(error: stripe.StripeError) -> str:
    return error.user_message or "nothing"
