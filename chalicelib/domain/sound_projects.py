"""Whether what was asked for a project, is withheld and remains come to what its contract comes to (I19)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.billing_plan import billing_plan, differences
from chalicelib.domain.books import Books, Thing, Violation
from chalicelib.domain.contract import Contract
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.money import Money


def of_projects(books: Books) -> Iterator[Violation]:
    """Every contract of the books."""
    made: dict[str, list[Item]] = defaultdict(list)
    for item in books.items:
        made[item.contract_id or ""].append(item)
    invoices = {invoice.id: invoice for invoice in books.invoices}
    for contract in books.others:
        if isinstance(contract, Contract):
            yield from of_project(contract, made.get(contract.id, ()), invoices)


def of_project(contract: Contract, items: Sequence[Item], invoices: Mapping[str, Invoice]) -> Iterator[Violation]:
    """A contract beside the items that it made; invoices: those that claim them, by id."""
    project, thing = contract.project, Thing(contract.id, f"contract {contract.id}")
    if project is None:
        return
    for part, found, asked in differences(project, items):
        yield from thing.unless(False, "I19", f"the items of {part} come to {found} and {asked} were asked for it")
    plan = billing_plan(project, items, invoices)
    summed = sum(plan.sums.values(), Money.zero(contract.currency))
    yield from thing.unless_equal("I19", ("its billing plan comes to", summed), ("it comes to", project.total))
    for name in ("remaining", "withheld", "ahead"):
        amount: Money = getattr(project, name)
        yield from thing.unless(amount.minor >= 0, "I19", f"of it {amount} are {name}, which is less than nothing")
    over = [one.id for one in project.work if not 0 <= one.billed.minor <= one.amount.minor]
    yield from thing.unless(not over, "I19", f"more or less than all was asked of {', '.join(over)}")
