"""E-invoices: made of what is issued and checked before it has its number, and read from what others sent."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.e_invoice import EInvoice
from chalicelib.domain.e_invoice_bill import Difference, differences
from chalicelib.domain.e_invoice_checks import RULES, violations
from chalicelib.domain.e_invoice_rules import Violation
from chalicelib.domain.e_invoice_soundness import must_hold
from chalicelib.domain.e_invoice_writing import is_due, written
from chalicelib.domain.e_invoicing import EInvoiceForm, EInvoiceReport, EInvoicing, Profile, Syntax
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.issued_document import laid_out
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.ports import Attachment, EInvoices, Renderer, Store, Wordings
from chalicelib.usecases.reading import content_of, frozen_parties

FACTUR_X = "factur-x.xml"
CONFORMANCE = {Profile.EN16931: "EN 16931", Profile.EXTENDED_CTC_FR: "EXTENDED", Profile.PEPPOL: "EN 16931"}
"""What the PDF says of its XML (Factur-X 1.09, fx:ConformanceLevel)."""
FORMS = {Syntax.CII: EInvoiceForm.FACTUR_X, Syntax.UBL: EInvoiceForm.UBL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An e-invoice that somebody sent: what it says, which rules it breaks, what comes to something else."""

    invoice: EInvoice
    violations: tuple[Violation, ...]
    differences: tuple[Difference, ...]


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
    must_hold(told, schema_faults=e_invoices.schema_faults(xml))
    report = EInvoiceReport(
        syntax=terms.syntax,
        profile=terms.profile,
        sha256=hashlib.sha256(xml).hexdigest(),
        rules_checked=len(RULES[terms.profile]),
        engine=e_invoices.engine,
    )
    return xml, report


def e_invoice_now(
    document: Invoice | CreditNote,
    business: Business,
    syntax: Syntax,
    *,
    store: Store,
    wordings: Wordings,
    e_invoices: EInvoices,
) -> bytes:
    """The XML of what was issued, from what was frozen then, in the profile that the business has today.

    Raises Refused: ``invoice_not_issued`` for a draft, ``no_e_invoice`` with the reasons for what has none.
    """
    terms = replace(business.e_invoicing, form=FORMS[syntax])
    try:
        made = _of_issued(document, business, terms, store=store, wordings=wordings, e_invoices=e_invoices)
    except Invalid as invalid:
        raise _none_of(document, " ".join(f"{fault.at}: {fault.detail}" for fault in invalid.faults)) from invalid
    if made is None:
        raise _none_of(document, "it is for a consumer, or no invoice yet.")
    return made[0]


def factur_x_pdf(
    document: Invoice | CreditNote,
    business: Business,
    *,
    store: Store,
    renderer: Renderer,
    wordings: Wordings,
    e_invoices: EInvoices,
) -> bytes:
    """The PDF of what was issued with the same as XML in it (Factur-X). Raises as ``e_invoice_now`` does."""
    xml = e_invoice_now(document, business, Syntax.CII, store=store, wordings=wordings, e_invoices=e_invoices)
    content, parties = content_of(document, store), _parties_of(document, store)
    wording = wordings(document.language, business.country)
    attached = attachment_of(document, xml, wording, profile=business.e_invoicing.profile)
    return renderer.render(laid_out(document, content, parties, wording), (attached,)).pdf


def made_of(
    document: Invoice | CreditNote, issued: Issued, *, wording: Wording, e_invoices: Callable[[], EInvoices]
) -> tuple[bytes, EInvoiceReport] | None:
    """The XML that goes with what is issued, as its seller was agreed to make it then; None where none is due.

    Raises Invalid as ``e_invoice_of`` does for an invoice; of a credit note that cannot have one, there is none.
    """
    try:
        return e_invoice_of(
            document,
            issued.content,
            issued.parties,
            terms=issued.parties.seller.e_invoicing,
            wording=wording,
            buyer_reference=issued.parties.buyer.reference,
            e_invoices=e_invoices(),
        )
    except Invalid:
        if isinstance(document, Invoice):
            raise
        return None


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


def _of_issued(
    document: Invoice | CreditNote,
    business: Business,
    terms: EInvoicing,
    *,
    store: Store,
    wordings: Wordings,
    e_invoices: EInvoices,
) -> tuple[bytes, EInvoiceReport] | None:
    return e_invoice_of(
        document,
        content_of(document, store),
        _parties_of(document, store),
        terms=terms,
        wording=wordings(document.language, business.country),
        buyer_reference=store.get(Client, document.client_id).reference or "",
        e_invoices=e_invoices,
    )


def _parties_of(document: Invoice | CreditNote, store: Store) -> Parties:
    parties = frozen_parties(document, store)
    imported = isinstance(document, Invoice) and document.is_imported
    if parties is None or imported:
        why = "a former system issued it" if imported else "it is a draft"
        raise Refused("invoice_not_issued", f"You cannot have an e-invoice of {document.name} because {why}.")
    return parties


def _none_of(document: Invoice | CreditNote, why: str) -> Refused:
    return Refused("no_e_invoice", f"You cannot have an e-invoice of {document.name}: {why}")
