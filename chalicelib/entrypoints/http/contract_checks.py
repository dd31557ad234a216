"""What must hold of a contract as it is asked for."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.contract import Contract, ContractType
from chalicelib.domain.errors import Invalid
from chalicelib.domain.money import Money
from chalicelib.domain.retainage import must_be_lawful
from chalicelib.entrypoints.http.contents import must_be_taxes
from chalicelib.entrypoints.http.contract import Call
from chalicelib.entrypoints.http.shapes.contracts import (
    ContractTerms,
)


def taxes_must_exist(call: Call, body: ContractTerms) -> None:
    chosen = [
        ("/taxes", body.taxes),
        *((f"/fees/{n}/taxes", fee.taxes) for n, fee in enumerate(body.fees or ())),
        *((f"/meters/{n}/taxes", meter.taxes) for n, meter in enumerate(body.meters or ())),
    ]
    for at, codes in chosen:
        must_be_taxes(call, codes or (), at=at)


def codes_must_exist(call: Call, body: ContractTerms) -> None:
    chosen = {rate.catalog_code: place for place, rate in enumerate(body.rates or ()) if rate.catalog_code}
    known = {entry.id for entry in call.store.many(CatalogueEntry, sorted(chosen))} if chosen else set()
    for code in sorted(chosen.keys() - known):
        detail = f"There is no {code!r} in the catalogue."
        raise Invalid("unknown_catalog_code", detail, at=f"/rates/{chosen[code]}/catalog_code")


def must_make_sense(contract: Contract, country: str) -> None:
    """Raise Invalid for what contradicts itself."""
    _must_be_one_plan(contract, country)
    _must_be_billable(contract)
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise Invalid("before_start", "A contract cannot end before it begins.", at="/ends_on")
    included = contract.included_amount.decimal if contract.included_amount else Decimal(0)
    for name, much in (("included_hours", contract.included_hours or Decimal(0)), ("included_amount", included)):
        if much < 0:
            raise Invalid("below_zero", "What is included is not less than 0.", at=f"/{name}")
    if contract.counts and not contract.every:
        detail = "What is counted, included or rounded by the day needs a billing period."
        raise Invalid("missing", detail, at="/billing_period")
    if contract.included_amount and contract.included_amount.currency != contract.currency:
        raise Invalid("currency_mismatch", "What is included is in the contract's currency.", at="/included_amount")
    if contract.anchor and not contract.every:
        raise Invalid("missing", "An anchor needs a billing period.", at="/billing_period")
    if contract.anchor and contract.every and not _is_next(contract.starts_on, contract.anchor, contract):
        detail = "An anchor is a day of the first billing period, or the day after it."
        raise Invalid("anchor_too_far", detail, at="/anchor")


def _must_be_billable(contract: Contract) -> None:
    """Raise Invalid for a fee beyond any amount: its periods could never be opened, or closed."""
    for place, fee in enumerate(contract.fees):
        exact = Fraction(fee.quantity) * Fraction(fee.unit_price)
        Money.rounded(exact, contract.currency).within_limits(at=f"/fees/{place}/unit_price")


def _must_be_one_plan(contract: Contract, country: str) -> None:
    """Raise Invalid for a project without what is billed of it, or with anything that its plan does not say."""
    project = contract.project
    if (project is not None) != (contract.type is ContractType.PROJECT):
        raise Invalid("not_a_project", "Work or milestones go with the type project.", at="/project")
    if project is None:
        return
    if contract.fees or contract.counts:
        detail = "A project is billed by its plan; it has no fees, meters or included hours beside it."
        raise Invalid("beside_the_plan", detail, at="/project")
    if project.deposit.currency != contract.currency:
        raise Invalid("currency_mismatch", "A project is in its contract's currency.", at="/project")
    must_be_lawful(project.retainage_percent, country)


def _is_next(starts_on: date, anchor: date, contract: Contract) -> bool:
    first = replace(contract, anchor=None, ends_on=None).period(0)
    return first is not None and starts_on <= anchor <= first.ends
