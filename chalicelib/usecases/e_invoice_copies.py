"""What was issued, given as an e-invoice: as it was kept, or made anew where it was kept in no such form."""

from dataclasses import replace

from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice_due import due
from chalicelib.domain.e_invoicing import FRENCH, EInvoiceForm, EInvoicing, Syntax
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.ports import Files, Press, Store
from chalicelib.usecases.drawing import drawn
from chalicelib.usecases.e_invoicing import checked, reasons
from chalicelib.usecases.reading import content_of, frozen_parties
from chalicelib.usecases.sending import pdf_key, xml_key

FORMS = {Syntax.CII: EInvoiceForm.CII, Syntax.UBL: EInvoiceForm.UBL}


def e_invoice_xml(
    document: Invoice | CreditNote, business: Business, syntax: Syntax, *, store: Store, files: Files, press: Press
) -> bytes:
    """The XML of what was issued, from what was frozen then, in the profile that the business has today.

    Raises Refused: ``invoice_not_issued`` for a draft, ``no_e_invoice`` with the reasons for what has none.
    """
    issued, terms = _wanted(document, business, FORMS[syntax], store)
    if _is_kept(document, terms):
        return files.get(xml_key(business.id, document))
    wording = press.wordings(document.language, issued.parties.seller.home)
    try:
        return checked(document, issued, terms=terms, wording=wording, e_invoices=press.e_invoices())[0]
    except Invalid as invalid:
        raise _none_of(document, " ".join(reasons(invalid))) from invalid


def factur_x_pdf(
    document: Invoice | CreditNote, business: Business, *, store: Store, files: Files, press: Press
) -> bytes:
    """The PDF of what was issued with the same as XML in it. Raises as ``e_invoice_xml`` does."""
    issued, terms = _wanted(document, business, EInvoiceForm.FACTUR_X, store)
    if _is_kept(document, terms):
        return files.get(pdf_key(business.id, document))
    try:
        return drawn(document, issued, press).body
    except Invalid as invalid:
        raise _none_of(document, " ".join(reasons(invalid))) from invalid


def _wanted(
    document: Invoice | CreditNote, business: Business, form: EInvoiceForm, store: Store
) -> tuple[Issued, EInvoicing]:
    """What was issued, by a seller who wants it in this form, and how it is made then."""
    parties = frozen_parties(document, store)
    imported = isinstance(document, Invoice) and document.is_imported
    if parties is None or imported:
        why = "a former system issued it" if imported else "it is a draft"
        raise Refused("invoice_not_issued", f"You cannot have an e-invoice of {document.name} because {why}.")
    then = parties.seller.e_invoicing
    account = then.account if then.is_on else business.e_invoicing.account
    wanted = replace(then, form=form, profile=business.e_invoicing.profile, account=account, where_possible=False)
    terms = replace(due(document, parties, wanted), where_possible=False)
    if not terms.is_on:
        raise _none_of(document, "it is for a consumer, or no invoice yet.")
    seller = replace(parties.seller, e_invoicing=terms)
    return Issued(content=content_of(document, store), parties=replace(parties, seller=seller)), terms


def _is_kept(document: Invoice | CreditNote, terms: EInvoicing) -> bool:
    report = document.pdf.e_invoice if document.pdf else None
    if report is None or report.lacking or report.form is not terms.form:
        return False
    return report.profile is terms.profile or {report.profile, terms.profile} <= FRENCH


def _none_of(document: Invoice | CreditNote, why: str) -> Refused:
    return Refused("no_e_invoice", f"You cannot have an e-invoice of {document.name}: {why}")
