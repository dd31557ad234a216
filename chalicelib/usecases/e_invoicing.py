"""E-invoices: made of what is issued and checked before it has its number, and read from what others sent."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.chain import Issued
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_bill import Difference, differences
from chalicelib.domain.e_invoice_checks import RULE_SETS, RULES, tolerated, violations
from chalicelib.domain.e_invoice_due import due
from chalicelib.domain.e_invoice_rules import Violation
from chalicelib.domain.e_invoice_soundness import must_hold
from chalicelib.domain.e_invoice_writing import written
from chalicelib.domain.e_invoicing import EInvoiceReport, EInvoicing, Profile
from chalicelib.domain.errors import Invalid
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.ports import Attachment, EInvoices

FACTUR_X = "factur-x.xml"
CONFORMANCE = {
    Profile.EN16931: "EN 16931",
    Profile.EN16931_FR: "EN 16931",
    Profile.EXTENDED_CTC_FR: "EXTENDED",
}
"""What a PDF says of its XML (Factur-X 1.09, fx:ConformanceLevel): of France's profile, that it is part of EXTENDED."""
WAY_OUT = "Mend what is named; where that cannot be, credit it while the business's e_invoicing.form is off."
Made = tuple[bytes | None, EInvoiceReport]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An e-invoice that somebody sent: what it says, which rules it breaks, what comes to something else."""

    invoice: EInvoice
    violations: tuple[Violation, ...]
    differences: tuple[Difference, ...]


def made_of(
    document: Invoice | CreditNote, issued: Issued, *, wording: Wording, e_invoices: Callable[[], EInvoices]
) -> Made | None:
    """The XML that goes with a document under its number, as its seller agreed to make it then; None where none is due.

    issued: with its content priced, as ``worked_out`` leaves it.
    Of what need not be an e-invoice and cannot be one there is only a report, which says why.
    Raises Invalid: ``not_en16931`` for what the norm cannot say, ``e_invoice_invalid`` with every rule that is broken.
    """
    terms = due(document, issued.parties, issued.parties.seller.e_invoicing)
    if not terms.is_on:
        return None
    try:
        return checked(document, issued, terms=terms, wording=wording, e_invoices=e_invoices())
    except Invalid as invalid:
        if terms.where_possible:
            return None, _lacking(invalid, terms, e_invoices())
        if isinstance(document, CreditNote):
            raise Invalid(invalid.code, f"{invalid.detail} {WAY_OUT}", faults=invalid.faults) from invalid
        raise


def checked(
    document: Invoice | CreditNote, issued: Issued, *, terms: EInvoicing, wording: Wording, e_invoices: EInvoices
) -> tuple[bytes, EInvoiceReport]:
    """The XML of a document, on terms that its buyer can take, and what was checked of it. Raises as ``made_of``."""
    reference = issued.parties.buyer.reference
    told = tolerated(
        written(document, issued.content, issued.parties, terms=terms, wording=wording, buyer_reference=reference)
    )
    xml = e_invoices.write(told, syntax=terms.syntax, within_pdf=terms.is_within_pdf)
    must_hold(told, schema_faults=e_invoices.schema_faults(xml))
    report = replace(
        _report(terms, e_invoices),
        profile=told.profile,
        sha256=hashlib.sha256(xml).hexdigest(),
        schema=e_invoices.schema(xml),
        rule_sets=RULE_SETS[told.profile],
        rules_checked=len(RULES[told.profile]),
    )
    return xml, report


def reasons(invalid: Invalid) -> tuple[str, ...]:
    """Why there is no e-invoice, each with its place."""
    return tuple(f"{fault.at}: {fault.detail}" for fault in invalid.faults) or (invalid.detail,)


def attachment_of(document: Invoice | CreditNote, xml: bytes, wording: Wording, *, profile: Profile) -> Attachment:
    """The XML as a Factur-X PDF holds it: the same document in another form."""
    issued_at = document.issued_at if isinstance(document, Invoice) else None
    return Attachment(
        name=FACTUR_X,
        mime_type="text/xml",
        body=xml,
        relationship="Alternative",
        described=wording.text("The same for machines"),
        modified=issued_at or document.created_at,
        conformance=CONFORMANCE[profile],
    )


def received(file: bytes, *, e_invoices: EInvoices) -> Bill:
    """The bill in an e-invoice that somebody sent, XML or a PDF that holds it; nothing is kept.

    Raises Invalid for what is no e-invoice, or cannot be reckoned with.
    """
    invoice = e_invoices.read(file)
    return Bill(invoice=invoice, violations=violations(invoice), differences=differences(invoice))


def _report(terms: EInvoicing, e_invoices: EInvoices) -> EInvoiceReport:
    return EInvoiceReport(syntax=terms.syntax, profile=terms.profile, form=terms.form, engine=e_invoices.engine)


def _lacking(invalid: Invalid, terms: EInvoicing, e_invoices: EInvoices) -> EInvoiceReport:
    return replace(_report(terms, e_invoices), lacking=reasons(invalid))
