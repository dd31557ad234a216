"""What a contract costs by itself, put into its client's balance."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain.accrual import accrued
from chalicelib.domain.item import Item
from chalicelib.ports import Add, Change, Move


def accruing(items: Sequence[Item], period: int, now: datetime) -> list[Change]:
    """What adds the items to what is to be billed, in the transaction that makes them due."""
    adds = [Add(item, accrued(item, period=period, at=now)) for item in items]
    return [*adds, *(Move(client_id=item.client_id, unbilled_total=item.amount) for item in items)]
