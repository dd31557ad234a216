"""Whether there is an e-invoice of a document, and how its buyer needs it."""

from dataclasses import replace

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.e_invoicing import FRENCH, EInvoiceForm, EInvoicing, Profile
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.sales import Parties

FRANCE = frozenset({"FR", "GP", "MQ", "RE"})
"""Where French VAT is; its platforms join whoever is established there (CGI, art. 289 bis and 294)."""
NONE = EInvoicing(form=EInvoiceForm.OFF)


def due(document: Invoice | CreditNote, parties: Parties, terms: EInvoicing) -> EInvoicing:
    """What was agreed on, as this document's buyer needs it; switched off where there is no e-invoice.

    There is none of a deposit that is no invoice yet, and on no network for a consumer, who need not have one at all.
    France's platforms join nobody abroad, and Peppol carries no PDF: there the norm's own profile is left.
    """
    if isinstance(document, Invoice) and (document.deposit is DepositTax.WHEN_APPLIED or document.is_imported):
        return NONE
    if parties.buyer.consumer and terms.profile is not Profile.EN16931:
        return NONE
    return replace(
        terms,
        profile=_profile(parties, terms),
        where_possible=terms.where_possible or parties.buyer.consumer,
    )


def of_credit(terms: EInvoicing, invoice: Invoice, then: Parties | None) -> EInvoicing:
    """What was agreed on, for the credit note of an invoice: in that invoice's profile, whatever was chosen since.

    then: the parties as they were frozen with the invoice. Of one that was no e-invoice, it is one where it can be.
    """
    was = due(invoice, then, then.seller.e_invoicing) if then else NONE
    return replace(terms, profile=was.profile) if was.is_on else replace(terms, where_possible=True)


def _profile(parties: Parties, terms: EInvoicing) -> Profile:
    country = parties.buyer.address.country or parties.seller.home
    abroad = terms.profile in FRENCH and country not in FRANCE
    on_paper = terms.profile is Profile.PEPPOL and terms.is_within_pdf
    return Profile.EN16931 if abroad or on_paper else terms.profile
