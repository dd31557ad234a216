"""Tax rates as a business sets them up."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """One tax at one rate.

    kind:         "percent" or "fixed".
    rate_percent: of a ``percent`` tax; a negative one lowers the total.
    amount:       of a ``fixed`` tax, in major units of the document's currency for each unit of quantity.
    included:     prices hold the tax already.
    affects_next: the tax is part of the base of the taxes after it on the line.
    affected:     False where the taxes before it leave its base alone.
    withheld:     the client keeps it back: it lowers what is payable, not the total.
    category:     EN 16931's code (BT-118: S, Z, E, AE, K, G or O); all but S are taxed at 0 %.
    exemption_certificate: the number of the paper with which a client proves it.
    """

    code: str
    name: str = ""
    kind: str = "percent"
    rate_percent: Decimal = Decimal(0)
    amount: Decimal | None = None
    included: bool = False
    affects_next: bool = False
    affected: bool = True
    withheld: bool = False
    category: str = "S"
    exemption_reason: str | None = None
    exemption_certificate: str | None = None
    registration_number: str | None = None

    @property
    def charges(self) -> bool:
        """Whether it makes a client pay more."""
        return (bool(self.rate_percent) or bool(self.amount)) and not self.withheld


def checked(rate: TaxRate, *, at: str = "") -> TaxRate:
    """The same rate. Raises Invalid if its parts contradict each other; ``at`` points to the rate."""
    if (rate.kind == "fixed") != (rate.amount is not None):
        raise Invalid("tax_amount", "A fixed tax needs an amount, and only a fixed tax has one.", at=f"{at}/amount")
    if rate.kind == "fixed" and rate.rate_percent:
        raise Invalid("tax_rate", "A fixed tax cannot have a percentage.", at=f"{at}/rate_percent")
    if rate.category != "S" and (rate.rate_percent or rate.amount):
        raise Invalid("tax_rate", f"A tax of category {rate.category} is taxed at 0 %.", at=f"{at}/rate_percent")
    if rate.included and rate.withheld:
        raise Invalid("tax_withheld", "A price cannot include a tax that is withheld from it.", at=f"{at}/withheld")
    if rate.included and rate.rate_percent < 0:
        raise Invalid("tax_rate", "A price cannot include a negative tax.", at=f"{at}/rate_percent")
    return rate


def named(codes: tuple[str, ...], rates: Mapping[str, TaxRate], *, at: str) -> tuple[TaxRate, ...]:
    """The rates behind codes, in their order. Raises Invalid for a code that is unknown or given twice."""
    for position, code in enumerate(codes):
        if code not in rates:
            raise Invalid("unknown_tax", f"There is no tax {code!r}.", at=f"{at}/{position}")
        if code in codes[:position]:
            raise Invalid("tax_twice", f"The tax {code!r} is named twice.", at=f"{at}/{position}")
    return tuple(rates[code] for code in codes)


def within(amount: Money, rate: TaxRate) -> Money:
    """The tax held in an amount kept, as in a forfeited deposit: each tax by itself (5/105, 9.975/109.975; Quebec)."""
    percent = Fraction(rate.rate_percent)
    return Money.rounded(Fraction(amount.decimal) * percent / (100 + percent), amount.currency)
