"""Which amounts Stripe takes, in its own units (docs.stripe.com/currencies)."""

from infra.local.stripe.refusals import invalid

_NO_DECIMALS = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
_ALWAYS_00 = frozenset(["isk", "ugx"])
_THREE_DECIMALS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
_LARGEST = 99_999_999
_SMALLEST = {"gbp": 30, "dkk": 250, "nok": 300, "sek": 300, "hkd": 400, "mxn": 1000, "czk": 1500, "huf": 17500}


def chargeable(sent: str, currency: str, *, param: str) -> int:
    """Raises Refusal with Stripe's code for an amount that it does not charge."""
    amount = int(sent)
    if amount < 1:
        raise invalid("Invalid positive integer", param=param, code="parameter_invalid_integer")
    least = _SMALLEST.get(currency, 50)
    if amount < least:
        raise invalid(f"Amount must be at least {written(least, currency)}", param=param, code="amount_too_small")
    if amount > _LARGEST:
        raise invalid(
            f"Amount must be no more than {written(_LARGEST, currency)}", param=param, code="amount_too_large"
        )
    if currency in _ALWAYS_00 and amount % 100:
        raise invalid("Decimals are not allowed.", param=param, code="invalid_charge_amount_no_decimal_compatible")
    if currency in _THREE_DECIMALS and amount % 10:
        raise invalid("Three-decimal amounts must end in 0.", param=param, code="parameter_invalid_integer")
    return amount


def written(amount: int, currency: str, *, language: str = "en") -> str:
    """For people: ``1,234.50 CAD``, in French ``1 234,50 CAD`` with no-break spaces."""
    decimals = 0 if currency in _NO_DECIMALS.split() else 3 if currency in _THREE_DECIMALS else 2
    whole, part = divmod(amount, 10**decimals)
    figures = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
    if language == "fr":
        figures = figures.translate({ord(","): "\N{NARROW NO-BREAK SPACE}", ord("."): ","})
    return f"{figures}\N{NO-BREAK SPACE}{currency.upper()}"
