"""What a contract's period costs by itself, as items that can be billed."""

from datetime import UTC, datetime
from decimal import Decimal

from chalicelib.domain.business import Business
from chalicelib.domain.contract import BillingPeriod, Contract, Fee, Timing
from chalicelib.domain.contract_events import ItemAccrued
from chalicelib.domain.ids import derived_id
from chalicelib.domain.item import Item, ItemKind, ItemStatus, worth
from chalicelib.domain.recurrence import prorated


def fees_of(
    contract: Contract, period: BillingPeriod, timing: Timing, *, business: Business, at: datetime
) -> tuple[Item, ...]:
    """The items for a period's fees: of those in advance when it begins, of those in arrears when it has ended."""
    return tuple(
        _item(contract, period, fee, business=business, at=at) for fee in contract.fees if fee.timing is timing
    )


def accrued(item: Item, *, period: int, at: datetime) -> ItemAccrued:
    return ItemAccrued(
        subject=item.id,
        version=1,
        at=at,
        client_id=item.client_id,
        contract_id=item.contract_id or "",
        period=period,
        amount=item.amount,
    )


def accrual_id(contract_id: str, period: int, part: str, *, at: datetime) -> str:
    """The same id for the same part of the same period, so that it is accrued once.

    at: the instant at which the period was due, whatever the time it is done at.
    """
    return derived_id("itm", f"{contract_id}\n{period}\n{part}", at=at)


def _item(contract: Contract, period: BillingPeriod, fee: Fee, *, business: Business, at: datetime) -> Item:
    day = period.starts if fee.timing is Timing.ADVANCE else period.last_day
    due_at = business.morning_of(day).astimezone(UTC)
    quantity, unit_price = _priced(fee, period, contract.currency)
    return Item(
        id=accrual_id(contract.id, period.number, f"fee:{fee.code}", at=due_at),
        client_id=contract.client_id,
        client_name=contract.client_name,
        kind=ItemKind.FEE,
        description=described(fee.description, contract, period),
        occurred_at=due_at,
        quantity=quantity,
        unit=fee.unit,
        unit_price=unit_price,
        taxes=taxes_of(contract, fee.taxes),
        amount=worth(quantity=quantity, unit_price=unit_price, currency=contract.currency),
        job_id=contract.job_id,
        contract_id=contract.id,
        period=period.number,
        accrued=True,
        status=ItemStatus.PUBLISHED,
        created_at=at,
        published_at=at,
    )


def taxes_of(contract: Contract, own: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The tax codes of what a contract bills: none where it is not taxable (A17)."""
    if not contract.taxable:
        return ()
    return contract.taxes if own is None else own


def described(text: str, contract: Contract, period: BillingPeriod) -> str:
    """A text with the days it is for."""
    return f"{text} ({period.starts} \N{EN DASH} {period.last_day})" if contract.every else text


def _priced(fee: Fee, period: BillingPeriod, currency: str) -> tuple[Decimal, Decimal]:
    """Quantity and price; a period that is cut short costs its share by days, as one amount."""
    if period.is_whole or not period.whole_days:
        return fee.quantity, fee.unit_price
    whole = worth(quantity=fee.quantity, unit_price=fee.unit_price, currency=currency)
    days = (period.ends - period.starts).days
    return Decimal(1), prorated(whole, days_used=days, days_in_period=period.whole_days).decimal
