"""What a business's own key must allow, each tried by something harmless that needs it."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future

import stripe

_NONE = "there_is_no_such_thing"


def trials(v1: stripe.V1Services) -> Mapping[str, Callable[[], object]]:
    """Stripe's name of each permission, and a call that takes it: a list of one, or a change of what never was.

    Whoever may write may read.
    """
    return {
        "Checkout Sessions (write)": lambda: v1.checkout.sessions.expire(f"cs_test_{_NONE}"),
        "PaymentIntents (write)": lambda: v1.payment_intents.cancel(f"pi_{_NONE}"),
        "SetupIntents (write)": lambda: v1.setup_intents.cancel(f"seti_{_NONE}"),
        "Customers (write)": lambda: v1.customers.update(f"cus_{_NONE}", {"description": ""}),
        "PaymentMethods (write)": lambda: v1.payment_methods.detach(f"pm_{_NONE}"),
        "Refunds (write)": lambda: v1.refunds.update(f"re_{_NONE}", {"metadata": ""}),
        "Charges (read)": lambda: v1.charges.list({"limit": 1}),
        "Disputes (read)": lambda: v1.disputes.list({"limit": 1}),
        "Events (read)": lambda: v1.events.list({"limit": 1}),
        "Payouts (read)": lambda: v1.payouts.list({"limit": 1}),
        "Balance (read)": lambda: v1.balance_transactions.list({"limit": 1}),
    }


def is_allowed(trial: Future[object]) -> bool:
    """Whether Stripe let the key in; that there is no such page says that it did."""
    try:
        trial.result()
    except stripe.PermissionError:
        return False
    except stripe.InvalidRequestError:
        return True
    return True
