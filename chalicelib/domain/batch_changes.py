"""What the plan of a batch would do otherwise now, in words, client by client."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Self

from chalicelib.domain.batch_plan import PlannedInvoice
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """All that a plan bills a client in one currency; items: their versions, by id."""

    name: str
    contracts: Collection[str]
    items: Mapping[str, int]
    total: Money
    tax: Money

    @classmethod
    def by(cls, invoices: Sequence[PlannedInvoice]) -> Self:
        first = invoices[0]
        zero = Money.zero(first.total.currency)
        return cls(
            name=first.client_name,
            contracts=dict.fromkeys(id for one in invoices for id in one.contracts),
            items={id: version for one in invoices for id, version in one.items},
            total=sum((one.total for one in invoices), zero),
            tax=sum((one.tax for one in invoices), zero),
        )


def differences(before: Sequence[PlannedInvoice], now: Sequence[PlannedInvoice]) -> Iterator[str]:
    was, is_ = _by_client(before), _by_client(now)
    told = [f"{name}: {what}" for key in {**was, **is_} for name, what in _of_client(was.get(key), is_.get(key))]
    yield from told or ["its invoices are in another order because a client or a contract has another name"]


def _by_client(invoices: Sequence[PlannedInvoice]) -> dict[tuple[str, str], Billed]:
    together: dict[tuple[str, str], list[PlannedInvoice]] = defaultdict(list)
    for one in invoices:
        together[one.client_id, one.total.currency].append(one)
    return {key: Billed.by(some) for key, some in together.items()}


def _of_client(was: Billed | None, is_: Billed | None) -> Iterator[tuple[str, str]]:
    """Its name, and what is otherwise."""
    if was and is_:
        yield from ((was.name, what) for what in _changes(was, is_))
    elif was:
        yield was.name, f"nothing is to be billed any more of {', '.join(was.contracts)}"
    elif is_:
        yield is_.name, f"{', '.join(is_.contracts)} can be billed since"


def _changes(was: Billed, is_: Billed) -> Iterator[str]:
    told = {
        "nothing is to be billed any more of {}": [id for id in was.contracts if id not in is_.contracts],
        "{} can be billed since": [id for id in is_.contracts if id not in was.contracts],
        "{} cannot be billed any more": [id for id in was.items if id not in is_.items],
        "{} can be billed, too": [id for id in is_.items if id not in was.items],
        "{} changed": [id for id, version in is_.items.items() if was.items.get(id, version) != version],
    }
    if any(told.values()):
        yield from (words.format(", ".join(ids)) for words, ids in told.items() if ids)
    elif (was.total, was.tax) != (is_.total, is_.tax):
        now = f"{is_.total} {is_.total.currency} now, {is_.tax} of it tax"
        yield f"it comes to {now}, not to {was.total} with {was.tax}"
