"""What is issued, as an e-invoice: the norm's business terms out of a document, its content, parties and figures."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.e_invoice import ZERO, EInvoice, ELine, Levy, Paying, Preceding, Sums, VatGroup
from chalicelib.domain.e_invoice_levies import Key, Levies, key_of
from chalicelib.domain.e_invoice_lines import must_be_sayable, sold
from chalicelib.domain.e_invoice_mentions import notes_of, process_of, tax_point_of
from chalicelib.domain.e_invoice_traders import trader
from chalicelib.domain.e_invoicing import EInvoicing
from chalicelib.domain.figures import Figures
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.party import Address
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.wording import Wording

INVOICE, CREDIT_NOTE, DEPOSIT = "380", "381", "386"  # UNTDID 1001
SEPA, TRANSFER = "58", "30"  # UNTDID 4461
REASON_CODES: Mapping[str, str] = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""The reason that a category says by itself (BT-121)."""
FRANCHISE, FRANCHISE_CODE = "293 B", "VATEX-FR-FRANCHISE"  # CGI
TAXED, OUTSIDE, WITHIN_EU = frozenset({"S", "Z"}), "O", "K"


def written(
    document: Invoice | CreditNote,
    content: Content,
    parties: Parties,
    *,
    terms: EInvoicing,
    wording: Wording,
    buyer_reference: str = "",
) -> EInvoice:
    """The e-invoice of what has its number.

    content: priced, as ``worked_out`` leaves it; wording: in which the marks of the law are told.
    Raises Invalid (``not_en16931``) for what the norm cannot say, naming the place.
    """
    figures, home = document.figures, parties.seller.home or ""
    must_be_sayable(content, figures)
    lines, levies = sold(content, figures, document.language)
    told = EInvoice(
        number=document.number or document.id,
        issued_on=document.issue_date or document.created_at.date(),
        type_code=CREDIT_NOTE,
        currency=content.currency,
        profile=terms.profile,
        tax_point=tax_point_of(parties.seller),
        buyer_reference=buyer_reference,
        process=process_of(terms.profile, parties.seller, after_deposit=False),
        notes=notes_of(document, _own_note(document, content), parties, wording, profile=terms.profile),
        seller=trader(parties.seller, home=home),
        buyer=trader(parties.buyer, home=home),
        delivered_to=_delivered_to(parties, lines, home=home),
        allowances=levies.allowances,
        charges=levies.charges,
        vat=_groups(content, figures.taxes, lines, levies),
        sums=_sums(figures, lines, levies),
        lines=lines,
    )
    if isinstance(document, CreditNote):
        preceding = Preceding(number=document.invoice_number, issued_on=document.invoice_date)
        terms_of_credit = wording.text("Credited against invoice {number}", number=document.invoice_number)
        return replace(told, preceding=(preceding,), terms=terms_of_credit)
    return _as_invoice(told, document, content, terms, parties)


def _own_note(document: Invoice | CreditNote, content: Content) -> str | None:
    return document.reason if isinstance(document, CreditNote) else content.notes


def _as_invoice(told: EInvoice, invoice: Invoice, content: Content, terms: EInvoicing, parties: Parties) -> EInvoice:
    taken_off = [deposit for deposit in invoice.deposits if deposit.tax is DepositTax.ON_RECEIPT]
    return replace(
        told,
        type_code=DEPOSIT if invoice.deposit else INVOICE,
        due_on=invoice.due_date,
        purchase_order=invoice.purchase_order or "",
        terms=content.terms or "",
        process=process_of(terms.profile, parties.seller, after_deposit=bool(taken_off)),
        preceding=tuple(Preceding(number=one.number, issued_on=one.issued_on) for one in taken_off),
        period=invoice.service_period,
        paying=_paying(terms, told),
    )


def _delivered_to(parties: Parties, lines: Sequence[ELine], *, home: str) -> Address | None:
    """Where it is said to be delivered; what goes to another state of the Union is, to the buyer else (BR-IC-12)."""
    address = parties.delivery or parties.service_site
    if not (address and address.printed):
        address = parties.buyer.address if any(line.category == WITHIN_EU for line in lines) else None
    return replace(address, country=address.country or home or None) if address else None


def _paying(terms: EInvoicing, told: EInvoice) -> Paying | None:
    account = terms.account
    if account is None:
        return None
    return Paying(
        code=SEPA if told.currency == "EUR" else TRANSFER,
        reference=told.number,
        account=account.iban,
        holder=account.holder,
        bic=account.bic,
    )


def _groups(content: Content, taxes: Sequence[TaxLine], lines: Sequence[ELine], levies: Levies) -> tuple[VatGroup, ...]:
    """One group for each category and rate that something bears; the reasons of what is one are told together."""
    groups: dict[Key, VatGroup] = {}
    for tax in taxes:
        key = tax.category, None if tax.category == OUTSIDE else tax.rate_percent
        one = _group(key, tax.base.decimal, tax.amount.decimal, tax.exemption_reason)
        groups[key] = _together(groups[key], one) if key in groups else one
    borne = _borne(lines, levies)
    reasons = {key_of(rate): rate.exemption_reason for rate in content.rates}
    nothing = {key: _group(key, ZERO, ZERO, reasons.get(key)) for key in borne}
    told = {key: _as_borne(one, borne.get(key, ZERO)) for key, one in (nothing | groups).items()}
    return tuple(one for key, one in told.items() if one.base or one.tax or key in borne)


def _as_borne(group: VatGroup, borne: Decimal) -> VatGroup:
    """With the base that its lines come to, to the cent (BR-S-08).

    The bases of a part of a whole are rounded each for itself, and may be cents off what the part comes to.
    """
    return replace(group, base=borne) if group.category in TAXED and abs(group.base - borne) < 1 else group


def _borne(lines: Sequence[ELine], levies: Levies) -> dict[Key, Decimal]:
    """What bears each category at each rate."""
    bearing = (
        *((line.category, line.rate, line.net) for line in lines),
        *((levy.category, levy.rate, -levy.amount) for levy in levies.allowances),
        *((levy.category, levy.rate, levy.amount) for levy in levies.charges),
    )
    borne: dict[Key, Decimal] = {}
    for category, rate, amount in bearing:
        borne[category, rate] = borne.get((category, rate), ZERO) + amount
    return borne


def _group(key: Key, base: Decimal, tax: Decimal, reason: str | None) -> VatGroup:
    category, rate = key
    if category in TAXED:
        return VatGroup(category=category, rate=rate, base=base, tax=tax)
    code = FRANCHISE_CODE if reason and FRANCHISE in reason.replace("\u00a0", " ") else ""
    return VatGroup(
        category=category,
        rate=rate,
        base=base,
        tax=tax,
        reason=reason or "",
        reason_code=REASON_CODES.get(category, code),
    )


def _together(one: VatGroup, other: VatGroup) -> VatGroup:
    reasons = dict.fromkeys(filter(None, (one.reason, other.reason)))
    return replace(
        one,
        base=one.base + other.base,
        tax=one.tax + other.tax,
        reason="; ".join(reasons),
        reason_code=one.reason_code if one.reason_code == other.reason_code else "",
    )


def _sums(figures: Figures, lines: Sequence[ELine], levies: Levies) -> Sums:
    return Sums(
        lines=sum((line.net for line in lines), ZERO),
        allowances=_total(levies.allowances),
        charges=_total(levies.charges),
        net=figures.net_total.decimal,
        tax=figures.tax_total.decimal,
        total=figures.total.decimal,
        paid=figures.prepaid_total.decimal,
        rounding=figures.rounding_adjustment.decimal,
        due=figures.amount_due.decimal,
    )


def _total(levies: Sequence[Levy]) -> Decimal:
    return sum((levy.amount for levy in levies), ZERO)
