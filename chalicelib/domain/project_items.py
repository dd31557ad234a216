"""What becomes due of a project, as items that can be billed."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain import deposit, retainage
from chalicelib.domain.accrual import accrual_id, taxes_of
from chalicelib.domain.business import Business
from chalicelib.domain.contract import Contract
from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.project import DEPOSIT, RECOVERY, RELEASE, RETAINAGE, Due


def items_of(
    contract: Contract, situation: int, dues: Sequence[Due], *, language: str | None, business: Business, at: datetime
) -> tuple[Item, ...]:
    """An item for each part that became due; language: the client's."""
    spoken = business.speaks(language)
    return tuple(_item(contract, situation, due, language=spoken, business=business, at=at) for due in dues)


def _item(contract: Contract, situation: int, due: Due, *, language: str, business: Business, at: datetime) -> Item:
    return Item(
        id=accrual_id(contract.id, situation, due.part, at=at),
        client_id=contract.client_id,
        client_name=contract.client_name,
        kind=ItemKind.FEE,
        description=_described(due, language),
        occurred_at=at,
        unit_price=due.amount.decimal,
        taxes=_taxes(contract, due, business),
        amount=due.amount,
        job_id=contract.job_id,
        contract_id=contract.id,
        period=contract.counts_in(business.today(at)),
        part=due.part,
        on_account=_is_no_price_yet(due, business),
        accrued=True,
        status=ItemStatus.PUBLISHED,
        created_at=at,
        published_at=at,
    )


def _described(due: Due, language: str) -> str:
    if due.description:
        if due.at is None:
            return due.description
        before, now = due.at
        return f"{due.description} ({before:f} % \N{RIGHTWARDS ARROW} {now:f} %)"
    held, freed = retainage.WORDS.get(language[:2], retainage.WORDS["en"])
    called = deposit.called(language)
    return {DEPOSIT: called, RECOVERY: called, RETAINAGE: held, RELEASE: freed}[due.part]


def _taxes(contract: Contract, due: Due, business: Business) -> tuple[str, ...] | None:
    """The tax codes; a deposit that is no price until it is applied bears none (Canada), and is taken off so too."""
    return () if _is_no_price_yet(due, business) else taxes_of(contract, None)


def _is_no_price_yet(due: Due, business: Business) -> bool:
    return deposit.taxed_in(business.country) is DepositTax.WHEN_APPLIED and due.part in {DEPOSIT, RECOVERY}
