"""E-invoices that somebody sent, as JSON."""

import base64
import binascii
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from chalicelib.domain.e_invoice import EInvoice, ELine, Levy, Trader, VatGroup
from chalicelib.domain.e_invoice_bill import Difference
from chalicelib.entrypoints.http.shapes.addresses import AddressOut
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape, refusal
from chalicelib.usecases.e_invoicing import Bill


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(value if isinstance(value, str) else "?", validate=True)
    except (binascii.Error, ValueError):
        raise refusal("not_base64", "A file is sent as base64.") from None


FileBytes = Annotated[
    bytes,
    PlainValidator(_bytes),
    WithJsonSchema({"type": "string", "format": "byte", "description": "XML, or a PDF that holds it, as base64."}),
]


class EInvoiceIn(Shape):
    """An e-invoice as base64; it may also be the body itself, as application/xml or application/pdf."""

    file: FileBytes


class EInvoiceQuery(Shape):
    """``cii`` is what a Factur-X holds, ``ubl`` what Peppol carries."""

    syntax: Literal["cii", "ubl"] = "cii"


class BillParty(Shape):
    name: str
    vat_number: str | None
    registration_number: str | None
    email: str | None
    phone: str | None
    address: AddressOut

    @classmethod
    def of(cls, one: Trader) -> "BillParty":
        return cls(
            name=one.name,
            vat_number=one.vat_id or None,
            registration_number=one.legal_id.value if one.legal_id else None,
            email=one.email or None,
            phone=one.phone or None,
            address=AddressOut.of(one.address),
        )


class BillAdjustment(Shape):
    amount: Figure
    reason: str | None

    @classmethod
    def of(cls, levy: Levy) -> "BillAdjustment":
        return cls(amount=_figure(levy.amount), reason=levy.reason or None)


class BillLine(Shape):
    """``unit``: as UN/ECE Recommendation 20 codes it."""

    id: str
    description: str
    quantity: Figure
    unit: str
    unit_price: Figure
    base_quantity: Figure
    allowances: list[BillAdjustment]
    charges: list[BillAdjustment]
    net: Figure
    category: str
    rate_percent: Figure | None

    @classmethod
    def of(cls, line: ELine) -> "BillLine":
        return cls(
            id=line.id,
            description="\n".join(filter(None, (line.name, line.description))),
            quantity=_figure(line.quantity),
            unit=line.unit,
            unit_price=_figure(line.price),
            base_quantity=_figure(line.base_quantity),
            allowances=[BillAdjustment.of(levy) for levy in line.allowances],
            charges=[BillAdjustment.of(levy) for levy in line.charges],
            net=_figure(line.net),
            category=line.category,
            rate_percent=_rate(line.rate),
        )


class BillTax(Shape):
    category: str
    rate_percent: Figure | None
    base: Figure
    amount: Figure
    exemption_reason: str | None

    @classmethod
    def of(cls, group: VatGroup) -> "BillTax":
        return cls(
            category=group.category,
            rate_percent=_rate(group.rate),
            base=_figure(group.base),
            amount=_figure(group.tax),
            exemption_reason=group.reason or None,
        )


class BillDifference(Shape):
    """A figure that is not what our own reckoning of its lines comes to; ``at`` points to it in this answer."""

    at: str
    stated: Figure
    computed: Figure

    @classmethod
    def of(cls, one: Difference) -> "BillDifference":
        return cls(at=one.at, stated=_figure(one.stated), computed=_figure(one.computed))


class BrokenRule(Shape):
    """A rule of its profile that it breaks."""

    rule: str
    at: str
    detail: str


class BillOut(Shape):
    """``adds_up``: whether our own reckoning of its lines comes to the same figures; null where it has no lines.

    level: whether it tells the whole of EN 16931, or what Factur-X's profiles of other names leave out or add.
    """

    profile: Literal["en16931", "en16931_fr", "extended_ctc_fr", "peppol"]
    level: Literal["whole", "extended", "basic_wl", "minimum"]
    kind: Literal["invoice", "credit_note"]
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    purchase_order: str | None
    buyer_reference: str | None
    preceding: list[str]
    seller: BillParty
    buyer: BillParty
    lines: list[BillLine]
    taxes: list[BillTax]
    subtotal: Figure
    discount_total: Figure
    charge_total: Figure
    net_total: Figure
    tax_total: Figure
    total: Figure
    prepaid_total: Figure
    rounding_adjustment: Figure
    amount_due: Figure
    pay_to: str | None
    payment_reference: str | None
    terms: str | None
    notes: list[str]
    adds_up: bool | None
    differences: list[BillDifference]
    broken_rules: list[BrokenRule]

    @classmethod
    def of(cls, bill: Bill) -> "BillOut":
        told = bill.invoice
        sums = told.sums
        return cls(
            profile=told.profile.value,
            level=told.level.value,
            kind="credit_note" if told.is_credit_note else "invoice",
            number=told.number,
            issue_date=told.issued_on,
            due_date=told.due_on,
            currency=told.currency,
            purchase_order=told.purchase_order or None,
            buyer_reference=told.buyer_reference or None,
            preceding=[one.number for one in told.preceding],
            seller=BillParty.of(told.seller),
            buyer=BillParty.of(told.buyer),
            lines=[BillLine.of(line) for line in told.lines],
            taxes=[BillTax.of(group) for group in told.vat],
            subtotal=_figure(sums.lines),
            discount_total=_figure(sums.allowances),
            charge_total=_figure(sums.charges),
            net_total=_figure(sums.net),
            tax_total=_figure(sums.tax),
            total=_figure(sums.total),
            prepaid_total=_figure(sums.paid),
            rounding_adjustment=_figure(sums.rounding),
            amount_due=_figure(sums.due),
            pay_to=(told.paying.account or None) if told.paying else None,
            payment_reference=(told.paying.reference or None) if told.paying else None,
            terms=told.terms or None,
            notes=[note.text for note in told.notes],
            adds_up=_adds_up(told, bill),
            differences=[BillDifference.of(one) for one in bill.differences],
            broken_rules=[BrokenRule(rule=one.rule, at=one.at, detail=one.wants) for one in bill.violations],
        )


def _adds_up(told: EInvoice, bill: Bill) -> bool | None:
    return not bill.differences if told.lines else None


def _figure(amount: Decimal) -> str:
    return plain(amount)


def _rate(rate: Decimal | None) -> str | None:
    """20 for 20.00."""
    return None if rate is None else plain(rate.normalize())
