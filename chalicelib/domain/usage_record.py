"""One event of consumption, as a program told of it; kept for ever, so that it counts once."""

from datetime import datetime
from decimal import Decimal

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """id: the contract's, and a hash of the transaction's; period: in which it counts; occurred_at: its true time."""

    id: str
    transaction_id: str
    contract_id: str
    meter: str
    quantity: Decimal
    occurred_at: datetime
    period: int
    recorded_at: datetime
