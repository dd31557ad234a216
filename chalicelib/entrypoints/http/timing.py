"""What a contract says of time that is entered, or changed."""

from decimal import Decimal
from typing import Any

from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Invalid
from chalicelib.domain.item import Item, ItemKind
from chalicelib.domain.time_terms import RoundedPer, in_hours, rate_for
from chalicelib.entrypoints.http.contract import Call

RATED_BY = {"person", "catalog_code", "contract_id"}
"""What the rate of time hangs on."""


def timed_by(call: Call, said: dict[str, Any], contract_id: str | None, known: Item | None) -> dict[str, Any]:
    """The rate of time, and the hours that are billed of the minutes that were worked.

    known: the item that is changed; its time keeps its price, unless what its rate hangs on is changed.
    Raises Invalid for minutes beside a quantity, NotFound for an unknown contract.
    """
    found = call.store.get if "contract_id" in said else call.store.find
    contract = found(Contract, contract_id) if contract_id else None
    if said.get("minutes") is not None and "quantity" in said:
        raise Invalid("one_of", "Give the minutes or the quantity of hours, not both.", at="/minutes")
    minutes, was_time = _minutes(said, known), known is not None and known.kind is ItemKind.TIME
    given: dict[str, Any] = {}
    if minutes is not None:
        given |= {"kind": ItemKind.TIME, "quantity": _billed(minutes, contract), "unit": "h"}
    elif known and was_time and "kind" not in said:
        given |= {"kind": ItemKind.TIME, "unit": known.unit}
    is_time = minutes is not None or said.get("kind", given.get("kind")) is ItemKind.TIME
    if contract and is_time and (not was_time or RATED_BY & said.keys()):
        asked = {
            name: said[name] if name in said else getattr(known, name, None) for name in ("person", "catalog_code")
        }
        rate = rate_for(contract.rates, **asked)
        given |= {"unit_price": rate.unit_price} if rate else {}
    return given


def _minutes(said: dict[str, Any], known: Item | None) -> Decimal | None:
    """The minutes of which the hours are worked out: as they are said, or as they were where the contract changes."""
    minutes: Decimal | None = said.get("minutes")
    anew = known is not None and "contract_id" in said and not {"quantity", "kind"} & said.keys()
    return known.minutes if known and anew and minutes is None else minutes


def _billed(minutes: Decimal, contract: Contract | None) -> Decimal:
    rounding = contract.time_rounding if contract else None
    return in_hours(rounding.rounded(minutes) if rounding and rounding.per is RoundedPer.ENTRY else minutes)
