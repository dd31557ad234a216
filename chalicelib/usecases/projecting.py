"""Projects: what becomes due by their progress, as items in the transaction that saves the contract."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain import project_life as projects
from chalicelib.domain.billing_plan import BillingPlan, billing_plan, differences
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.errors import Conflict, Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.journal import Event
from chalicelib.domain.project import Due
from chalicelib.domain.project_items import items_of
from chalicelib.domain.values import dataclass
from chalicelib.ports import Change, Filter, Save, Store
from chalicelib.usecases.accruing import accruing
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.reading import every


def tell_progress(
    contract_id: str, percents: Mapping[str, Decimal], *, if_match: int | None, now: datetime, store: Store
) -> Contract:
    """Ask for what is done of each line more than was asked for so far; told again, it asks for nothing.

    Raises Refused for a contract that is not active or not billed so, Invalid for an unknown line.
    """

    def deed() -> Contract:
        contract, business = unchanged(store.get(Contract, contract_id), if_match), store.get(Business)
        after, event, dues = projects.progressed(contract, percents, business=business, at=now)
        return _saved(after, event, dues, now=now, store=store)

    return store.persistently(deed)


def complete_milestone(
    contract_id: str, milestone_id: str, *, if_match: int | None, now: datetime, store: Store
) -> Contract:
    """Ask for what a milestone comes to, once."""

    def deed() -> Contract:
        contract, business = unchanged(store.get(Contract, contract_id), if_match), store.get(Business)
        after, event, dues = projects.completed(contract, milestone_id, business=business, at=now)
        return _saved(after, event, dues, now=now, store=store)

    return store.persistently(deed)


def accept_work(contract_id: str, *, on: date, if_match: int | None, now: datetime, store: Store) -> Contract:
    """Note when the client accepted the work, from which the law counts until what is withheld is released.

    Raises Invalid (``day_to_come``) for a day to come.
    """
    if on > store.get(Business).today(now):
        raise Invalid("day_to_come", "Work is not accepted on a day that has not come.", at="/on")

    def deed() -> Contract:
        contract, business = unchanged(store.get(Contract, contract_id), if_match), store.get(Business)
        after, event = projects.accepted(contract, on=on, business=business, at=now)
        return _saved(after, event, (), now=now, store=store)

    return store.persistently(deed)


def release_retainage(contract_id: str, *, if_match: int | None, now: datetime, store: Store) -> Contract:
    """Ask for all that is withheld; where nothing is, nothing happens."""

    def deed() -> Contract:
        return released(unchanged(store.get(Contract, contract_id), if_match), now=now, store=store)

    return store.persistently(deed)


def released(contract: Contract, *, now: datetime, store: Store) -> Contract:
    """The contract with what was withheld asked for."""
    after, event, dues = projects.released(contract, business=store.get(Business), at=now)
    return _saved(after, event, dues, now=now, store=store)


def asking(contract: Contract, dues: tuple[Due, ...], *, now: datetime, store: Store) -> list[Change]:
    """What puts into the client's balance what became due of a project."""
    if contract.project is None or not dues:
        return []
    business, client = store.get(Business), store.get(Client, contract.client_id)
    situation = contract.project.situations
    items = items_of(contract, situation, dues, language=client.language, business=business, at=now)
    return accruing(items, contract.counts_in(business.today(now)), now)


def _saved(contract: Contract, event: Event | None, dues: tuple[Due, ...], *, now: datetime, store: Store) -> Contract:
    if event is not None:
        store.commit(Save(contract, event), *asking(contract, dues, now=now, store=store))
    return contract


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPlan:
    """A contract's billing plan; invoices: those that its entries are on, by id."""

    contract: Contract
    plan: BillingPlan
    invoices: Mapping[str, Invoice]


def plan_shown(contract_id: str, *, store: Store) -> ShownPlan:
    """The billing plan as it is now; what the index does not tell yet is waited for.

    Raises Refused (``not_a_project``) for a contract without one.
    """

    def look() -> ShownPlan:
        contract = store.get(Contract, contract_id)
        project = projects.project_of(contract)
        items = asked_of(contract, store)
        if any(differences(project, items)):
            raise Conflict("conflict", "Something is just becoming due of this contract; try again.")
        invoices = holders_of(items, store)
        return ShownPlan(contract=contract, plan=billing_plan(project, items, invoices), invoices=invoices)

    return store.persistently(look)


def asked_of(contract: Contract, store: Store) -> tuple[Item, ...]:
    """The items that ask for a part of a project, as they are now."""
    wanted = Filter(job_id=contract.job_id, fits=lambda item: item.contract_id == contract.id and item.part)
    found = [item.id for item in every(Item, wanted, store, at_once=500)]
    return store.many(Item, found) if found else ()


def holders_of(items: tuple[Item, ...], store: Store) -> dict[str, Invoice]:
    """The documents that the items name, by id."""
    named = dict.fromkeys(item.invoice_id for item in items if item.invoice_id)
    return {one.id: one for one in store.many(Invoice, named)} if named else {}
