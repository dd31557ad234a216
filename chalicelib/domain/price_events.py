"""What happens to the prices agreed with clients and in contracts; the subject is ``price:<holder>/<code>``."""

from decimal import Decimal
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAgreed(Event):
    """A price was agreed, or changed; unit_price: in major units."""

    type: ClassVar[str] = "catalog.price_agreed"
    unit_price: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceEnded(Event):
    type: ClassVar[str] = "catalog.price_ended"
