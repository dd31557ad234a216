"""E-invoices: made of what is issued and checked before it has its number, and read from what others sent."""

import hashlib

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_checks import RULES, violations
from chalicelib.domain.e_invoice_writing import is_due, written
from chalicelib.domain.e_invoicing import EInvoiceReport, EInvoicing
from chalicelib.domain.errors import Fault, Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.wording import Wording
from chalicelib.ports import EInvoices


def e_invoice_of(
    document: Invoice | CreditNote,
    content: Content,
    parties: Parties,
    *,
    terms: EInvoicing,
    wording: Wording,
    buyer_reference: str = "",
    e_invoices: EInvoices,
) -> tuple[bytes, EInvoiceReport] | None:
    """The XML of what is about to be issued under its number, and what was checked of it; None where none is due.

    content: priced, as ``worked_out`` leaves it.
    Raises Invalid: ``not_en16931`` for what the norm cannot say, ``e_invoice_invalid`` with every rule that is broken.
    """
    if not is_due(document, parties, terms):
        return None
    told = written(document, content, parties, terms=terms, wording=wording, buyer_reference=buyer_reference)
    xml = e_invoices.write(told, syntax=terms.syntax)
    _must_be_sound(told, e_invoices.schema_faults(xml))
    report = EInvoiceReport(
        syntax=terms.syntax,
        profile=terms.profile,
        sha256=hashlib.sha256(xml).hexdigest(),
        rules_checked=len(RULES[terms.profile]),
        engine=e_invoices.engine,
    )
    return xml, report


def _must_be_sound(told: EInvoice, schema_faults: tuple[str, ...]) -> None:
    broken = [Fault(one.at, one.rule, one.wants) for one in violations(told)]
    faults = broken + [Fault("", "xml_schema", fault) for fault in schema_faults]
    if faults:
        rules = ", ".join(dict.fromkeys(fault.code for fault in faults))
        detail = f"You cannot issue {told.number} as an e-invoice because it breaks {rules}."
        raise Invalid("e_invoice_invalid", detail, faults=faults)
