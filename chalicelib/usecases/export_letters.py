"""Telling the business that its accounting program lacks what was to be there, or has what is void."""

from functools import partial

from chalicelib.domain.batch import Batch
from chalicelib.domain.business import Business
from chalicelib.domain.connection import Connection
from chalicelib.domain.export import Export, ExportStatus
from chalicelib.domain.export_format import Target
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter, to_business
from chalicelib.ports import Store
from chalicelib.usecases.exporting import OURSELVES
from chalicelib.usecases.mailing import Post

CALLED = {Target.QUICKBOOKS: "QuickBooks Online", Target.XERO: "Xero"}


def announce_shut_out(connection_id: str, *, event: str, store: Store, post: Post) -> None:
    """Tell that a program lets us in no more, unless it was connected again meanwhile; once an event."""
    connection, business = store.find(Connection, connection_id), store.get(Business)
    if connection is None or not connection.refused or not business.email:
        return
    letter = to_business("accounting_refused", business, values={"program": CALLED[connection.target]})
    post.send_once(f"accounting:{event}", lambda: letter, store=store)


def announce_booked_void(invoice_id: str, *, store: Store, post: Post) -> None:
    """Tell of a void invoice that programs still have; once for each program."""
    invoice, business = store.get(Invoice, invoice_id), store.get(Business)
    for target in map(Target, invoice.booked_in if invoice.voided_at and business.email else ()):
        letter = partial(_booked_void, invoice, target, business)
        post.send_once(f"booked_void:{invoice.id}:{target}", letter, store=store)


def announce_lack(export_id: str, *, store: Store, post: Post) -> None:
    """Tell that a batch is not in the program as a whole, where nobody asked for the export and looks at it."""
    export, business = store.get(Export, export_id), store.get(Business)
    if export.requested_by != OURSELVES or not business.email:
        return
    batch = store.find(Batch, export.wanted.batch_id or "")
    first = next((f"{one.number}: {one.detail}" for one in export.failures), "")
    letter = to_business(
        "export_failed" if export.status is ExportStatus.FAILED else "export_incomplete",
        business,
        values={
            "program": CALLED[export.target],
            "batch": batch.name if batch else "\N{EM DASH}",
            "failed": f"{export.failed}",
            "reason": export.reason or first,
        },
    )
    post.send_once(f"export:{export.id}", lambda: letter, store=store)


def _booked_void(invoice: Invoice, target: Target, business: Business) -> Letter:
    values = {"program": CALLED[target], "client": invoice.client_name, "number": invoice.name}
    return to_business("booked_void", business, values=values)
