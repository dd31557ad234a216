"""Which operation is carried out where."""

from collections.abc import Callable

from infra.local.stripe import charges, checkout, customers, disputes, events, payments, payouts, refunds, setups
from infra.local.stripe.books import Object
from infra.local.stripe.shop import Parameters, Shop

Route = Callable[[Shop, str, Parameters], Object]

ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/v1/account"): customers.account,
    ("GET", "/v1/accounts/{account}"): customers.account,
    ("POST", "/v1/accounts"): customers.create_account,
    ("GET", "/v1/balance_transactions"): charges.movements,
    ("GET", "/v1/balance_transactions/{id}"): charges.movement,
    ("GET", "/v1/charges"): charges.charges,
    ("GET", "/v1/charges/{charge}"): charges.retrieve,
    ("GET", "/v1/checkout/sessions"): checkout.sessions,
    ("POST", "/v1/checkout/sessions"): checkout.create,
    ("GET", "/v1/checkout/sessions/{session}"): checkout.retrieve,
    ("POST", "/v1/checkout/sessions/{session}/expire"): checkout.expire,
    ("GET", "/v1/customers"): customers.customers,
    ("POST", "/v1/customers"): customers.create_customer,
    ("GET", "/v1/customers/{customer}"): customers.customer,
    ("POST", "/v1/customers/{customer}"): customers.update_customer,
    ("GET", "/v1/disputes"): disputes.disputes,
    ("GET", "/v1/disputes/{dispute}"): disputes.retrieve,
    ("GET", "/v1/events"): events.events,
    ("GET", "/v1/events/{id}"): events.retrieve,
    ("GET", "/v1/payment_intents"): payments.intents,
    ("POST", "/v1/payment_intents"): payments.create,
    ("GET", "/v1/payment_intents/{intent}"): payments.retrieve,
    ("POST", "/v1/payment_intents/{intent}"): payments.update,
    ("POST", "/v1/payment_intents/{intent}/cancel"): payments.cancel,
    ("POST", "/v1/payment_intents/{intent}/confirm"): payments.confirm,
    ("GET", "/v1/payment_methods"): customers.payment_methods,
    ("GET", "/v1/payment_methods/{payment_method}"): customers.payment_method,
    ("POST", "/v1/payment_methods/{payment_method}/attach"): customers.attach,
    ("POST", "/v1/payment_methods/{payment_method}/detach"): customers.detach,
    ("GET", "/v1/payouts"): payouts.payouts,
    ("GET", "/v1/payouts/{payout}"): payouts.retrieve,
    ("GET", "/v1/refunds"): refunds.refunds,
    ("POST", "/v1/refunds"): refunds.create,
    ("GET", "/v1/refunds/{refund}"): refunds.retrieve,
    ("POST", "/v1/refunds/{refund}"): refunds.update,
    ("GET", "/v1/setup_intents"): setups.intents,
    ("GET", "/v1/setup_intents/{intent}"): setups.retrieve,
    ("POST", "/v1/setup_intents/{intent}/cancel"): setups.cancel,
}
