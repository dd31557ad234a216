"""What consumption costs: by tiers, by volume, by started packages, with a free part and a minimum."""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil

from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class UsageModel(StrEnum):
    """GRADUATED: each unit at the price of the tier it falls into. VOLUME: all at the price of the tier reached.

    PACKAGE: by packages, each that was started in full.
    """

    GRADUATED = "graduated"
    VOLUME = "volume"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """up_to: the last unit of it, inclusive; None: all beyond. flat: once, for reaching it."""

    up_to: Decimal | None = None
    unit_price: Decimal = Decimal(0)
    flat: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TierShare:
    """What of a consumption falls into one tier, or its packages, and what that costs, unrounded, in major units."""

    units: Decimal
    unit_price: Decimal
    flat: Decimal
    amount: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class UsagePrice:
    """tiers: of GRADUATED and VOLUME, the last without an end; size, price: of a package.

    free: so many units cost nothing; minimum: what is charged at least, in major units.
    """

    model: UsageModel
    tiers: tuple[Tier, ...] = ()
    size: Decimal = Decimal(1)
    price: Decimal = Decimal(0)
    free: Decimal = Decimal(0)
    minimum: Decimal = Decimal(0)

    def shares(self, units: Decimal) -> tuple[TierShare, ...]:
        """How a consumption falls into tiers or packages."""
        charged = max(units - self.free, Decimal(0))
        if self.model is UsageModel.PACKAGE:
            packages = Decimal(ceil(Fraction(charged) / Fraction(self.size)))
            return (_share(packages, self.price, Decimal(0)),) if packages else ()
        if self.model is UsageModel.VOLUME:
            tier = next(one for one in self.tiers if one.up_to is None or charged <= one.up_to)
            return (_share(charged, tier.unit_price, tier.flat),)
        return _graduated(self.tiers, charged)

    def charge(self, units: Decimal, currency: str) -> Money:
        """What a consumption costs: the tiers' shares added up and rounded once, and the minimum at least."""
        exact = sum((share.amount for share in self.shares(units)), Fraction(0))
        return Money.rounded(max(exact, Fraction(self.minimum)), currency).within_limits()


def checked(price: UsagePrice, *, at: str = "") -> UsagePrice:
    """The price.

    Raises Invalid for tiers that do not follow each other to no end, a package of nothing, or less than nothing free.
    """
    for name in ("free", "minimum"):
        if getattr(price, name) < 0:
            raise Invalid("below_zero", "This cannot be less than 0.", at=f"{at}/{name}")
    if price.model is UsageModel.PACKAGE:
        if price.size <= 0:
            raise Invalid("not_positive", "A package holds more than 0 units.", at=f"{at}/size")
        return price
    ends = [tier.up_to for tier in price.tiers]
    if not ends or ends[-1] is not None or any(end is None for end in ends[:-1]):
        raise Invalid("tiers_open", "The last tier, and only that, has no end.", at=f"{at}/tiers")
    known = [end for end in ends if end is not None]
    if known != sorted(set(known)) or any(end <= 0 for end in known):
        raise Invalid("tiers_unordered", "Each tier ends after the one before it.", at=f"{at}/tiers")
    return price


def _graduated(tiers: tuple[Tier, ...], units: Decimal) -> tuple[TierShare, ...]:
    """The first tier is reached by nothing at all; a later one by the first unit beyond the one before."""
    shares: list[TierShare] = []
    begins = Decimal(0)
    for tier in tiers:
        if shares and units <= begins:
            break
        ends = units if tier.up_to is None else min(units, tier.up_to)
        shares.append(_share(max(ends - begins, Decimal(0)), tier.unit_price, tier.flat))
        begins = tier.up_to if tier.up_to is not None else units
    return tuple(shares)


def _share(units: Decimal, unit_price: Decimal, flat: Decimal) -> TierShare:
    amount = Fraction(units) * Fraction(unit_price) + Fraction(flat)
    return TierShare(units=units, unit_price=unit_price, flat=flat, amount=amount)
