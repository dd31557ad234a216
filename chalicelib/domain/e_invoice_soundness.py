"""Whether what is about to be issued can be an e-invoice: asked before its number is given (C56)."""

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_checks import violations
from chalicelib.domain.e_invoice_writing import is_due, written
from chalicelib.domain.e_invoicing import EInvoicing
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.wording import Keys


def must_be_an_e_invoice(
    document: Invoice | CreditNote,
    content: Content,
    parties: Parties,
    *,
    terms: EInvoicing,
    buyer_reference: str = "",
) -> None:
    """Raise Invalid where an e-invoice is due and there can be none.

    document: under the number that it is about to be given; content: priced, as ``worked_out`` leaves it.
    ``not_en16931`` for what the norm cannot say, ``e_invoice_invalid`` with every business rule that is broken.
    """
    if is_due(document, parties, terms):
        must_hold(written(document, content, parties, terms=terms, wording=Keys(), buyer_reference=buyer_reference))


def must_hold(told: EInvoice, *, schema_faults: tuple[str, ...] = ()) -> None:
    """Raise Invalid (``e_invoice_invalid``) with all that is wrong of an e-invoice."""
    faults = [Fault(one.at, one.rule, one.wants) for one in violations(told)]
    faults += [Fault("", "xml_schema", fault) for fault in schema_faults]
    if faults:
        rules = ", ".join(dict.fromkeys(fault.code for fault in faults))
        detail = f"You cannot issue {told.number} as an e-invoice because it breaks {rules}."
        raise Invalid("e_invoice_invalid", detail, faults=faults)
