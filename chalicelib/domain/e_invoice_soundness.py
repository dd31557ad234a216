"""Whether what is about to be issued can be the e-invoice that it is to be: asked before its number is given (C56)."""

from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_checks import violations
from chalicelib.domain.errors import Fault, Invalid


def must_hold(told: EInvoice, *, schema_faults: tuple[str, ...] = ()) -> None:
    """Raise Invalid (``e_invoice_invalid``) with all that is wrong of an e-invoice."""
    faults = [Fault(one.at, one.rule, one.wants) for one in violations(told)]
    faults += [Fault("", "xml_schema", fault) for fault in schema_faults]
    if faults:
        rules = ", ".join(dict.fromkeys(fault.code for fault in faults))
        detail = f"You cannot issue {told.number} as an e-invoice because it breaks {rules}."
        raise Invalid("e_invoice_invalid", detail, faults=faults)
