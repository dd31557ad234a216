"""Which of a client's items a new invoice bills."""

from collections.abc import Sequence

from chalicelib.domain.errors import NotFound
from chalicelib.domain.item import Item
from chalicelib.domain.visit import Visit
from chalicelib.entrypoints.http.contract import Call
from chalicelib.entrypoints.http.shapes.items import ItemsWanted
from chalicelib.entrypoints.http.shapes.sales import InvoiceIn
from chalicelib.usecases.claiming import must_fit, to_be_billed
from chalicelib.usecases.filing import present_job


def chosen_items(call: Call, body: InvoiceIn) -> tuple[Item, ...]:
    """The items that a request asks to be billed, in its order or in that in which they were done.

    Raises NotFound for an unknown one, and for an unknown job or visit; Refused (``nothing_to_bill``) where none are to
    be billed.
    """
    if body.items is None:
        return ()
    if isinstance(body.items, ItemsWanted):
        wanted, currency = body.items, body.currency or call.business.currency
        if wanted.job_id:
            present_job(wanted.job_id, call.store)
        if wanted.visit_id:
            call.store.get(Visit, wanted.visit_id)
        return to_be_billed(body.client_id, lambda item: _is_wanted(item, wanted, currency, call), store=call.store)
    must_fit(len(body.items))
    ids = tuple(dict.fromkeys(body.items))
    found = call.store.many(Item, ids)
    for missing in sorted(set(ids) - {item.id for item in found}):
        raise NotFound("item", missing)
    return found


def job_of(items: Sequence[Item], client_id: str) -> str | None:
    """The job of all the items, if they are of one; what is another client's is told of when it is to be billed."""
    jobs = {item.job_id for item in items if item.client_id == client_id}
    return jobs.pop() if len(jobs) == 1 else None


def _is_wanted(item: Item, wanted: ItemsWanted, currency: str, call: Call) -> bool:
    """Whether an item is meant; those of another currency wait for an invoice in that one."""
    done = call.business.today(item.occurred_at)
    return (
        item.amount.currency == currency
        and wanted.job_id in {None, item.job_id}
        and wanted.visit_id in {None, item.visit_id}
        and (wanted.since is None or wanted.since <= done)
        and (wanted.until is None or done <= wanted.until)
    )
