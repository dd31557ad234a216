"""Money in Stripe's units, which are not always ISO 4217's."""

from decimal import Decimal

from chalicelib.domain.errors import Refused
from chalicelib.domain.money import Money

# docs.stripe.com/currencies: zero-decimal, three-decimal; all others have two, ISK and UGX too (always 00)
_NO_DECIMALS = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD JOD KWD OMR TND"

_LARGEST = 99_999_999
# docs.stripe.com/currencies, minimum charge amounts; in the currency of settlement, so Stripe may still refuse
_SMALLEST = {
    "AED": 200,
    "CZK": 1500,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "THB": 1000,
}
_SMALLEST_ELSEWHERE = 50


def for_stripe(amount: Money) -> int:
    """An amount to be charged, as Stripe counts it.

    Raises Refused (``amount_too_small``, ``amount_too_large``, ``amount_not_payable_online``) for what Stripe
    would not take.
    """
    units = units_of(amount)
    if units < _SMALLEST.get(amount.currency, _SMALLEST_ELSEWHERE):
        raise Refused("amount_too_small", f"You cannot pay {amount} {amount.currency} online because it is too little.")
    if units > _LARGEST:
        raise Refused("amount_too_large", f"You cannot pay {amount} {amount.currency} online because it is too much.")
    return units


def units_of(amount: Money) -> int:
    """Any amount as Stripe counts it: what goes back may be as little as there is. Nothing is ever rounded.

    Raises Refused (``amount_not_payable_online``) for what Stripe cannot express.
    """
    exact = amount.decimal.scaleb(_decimals(amount.currency))
    units = int(exact)
    if units != exact:
        raise _not_payable(amount, "Stripe counts fewer decimals")
    if amount.currency in _THREE_DECIMALS.split() and units % 10:
        raise _not_payable(amount, "the last of three decimals must be 0")
    return units


def from_stripe(units: int, currency: str) -> Money:
    """What Stripe tells, its currency in lower case.

    Exact for all that we charge; a fee in a fraction that ISO 4217 does not have (14.80 ISK) is rounded half up.
    """
    code = currency.upper()
    return Money.rounded(Decimal(units).scaleb(-_decimals(code)), code)


def _decimals(currency: str) -> int:
    if currency in _NO_DECIMALS.split():
        return 0
    return 3 if currency in _THREE_DECIMALS.split() else 2


def _not_payable(amount: Money, why: str) -> Refused:
    return Refused("amount_not_payable_online", f"You cannot move {amount} {amount.currency} online because {why}.")
