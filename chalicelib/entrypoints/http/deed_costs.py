"""What an invoice, or a batch of them, took of AWS."""

from chalicelib.domain.batch import Batch
from chalicelib.domain.deed_costs import cost_of, cost_of_all
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.shapes.deed_costs import BatchCostOut, InvoiceCostOut
from chalicelib.usecases.batching import invoices_of


@operation("GET", "/invoices/{invoice_id}/cost", needs="reports.read", answer=InvoiceCostOut, refusals=(404,))
def get_invoice_cost(call: Call, invoice_id: str) -> InvoiceCostOut:
    """What an invoice took so far, in requests of AWS and capacity units, deed by deed."""
    invoice = call.store.get(Invoice, invoice_id)
    return InvoiceCostOut.of(cost_of(invoice, call.store.history(invoice.id)))


@operation("GET", "/batches/{batch_id}/cost", needs="reports.read", answer=BatchCostOut, refusals=(404,))
def get_batch_cost(call: Call, batch_id: str) -> BatchCostOut:
    """What it took to draft, issue and mail the invoices of a batch, together and each."""
    batch = call.store.get(Batch, batch_id)
    return BatchCostOut.of(*cost_of_all(invoices_of(batch, call.store)))
