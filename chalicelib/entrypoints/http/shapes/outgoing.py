"""Invoices as we give them, and what they share with quotes and sales documents."""

from datetime import date, datetime
from typing import Any, Literal

from chalicelib.domain.business import Sending
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.deposit import DepositTax
from chalicelib.domain.document import Template
from chalicelib.domain.e_invoicing import EInvoiceReport
from chalicelib.domain.follow_up import is_followed
from chalicelib.domain.invoice import Invoice, Pdf
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.party import Addresses
from chalicelib.domain.sales import Content, Parties
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.entrypoints.http.shapes.addresses import AddressesOut
from chalicelib.entrypoints.http.shapes.answering import (
    adjustments_out,
    figures_out,
    groups_out,
    lines_out,
    schedule_out,
    short_form,
)
from chalicelib.entrypoints.http.shapes.documents import AdjustmentOut, FiguresOut, GroupOut, InstalmentOut, LineOut
from chalicelib.entrypoints.http.shapes.scalars import Figure, Shape


class DeliveryOut(Shape):
    state: DeliveryState
    detail: str | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        return cls(state=delivery.state, detail=delivery.detail)


class EInvoiceReportOut(Shape):
    """What was checked of the XML that is kept with the PDF, before its number was given.

    form: where the XML is. sha256: of the XML. schema_checked: what it was held against; rule_sets: the books of rules.
    lacking: where it need not be an e-invoice and cannot be one, the reasons; then there is no XML.
    """

    syntax: str
    profile: str
    form: str
    sha256: str | None
    schema_checked: str | None
    rule_sets: list[str]
    rules_checked: int
    engine: str
    lacking: list[str]

    @classmethod
    def of(cls, report: EInvoiceReport | None) -> "EInvoiceReportOut | None":
        if report is None:
            return None
        return cls(
            syntax=report.syntax,
            profile=report.profile,
            form=report.form,
            sha256=report.sha256 or None,
            schema_checked=report.schema or None,
            rule_sets=list(report.rule_sets),
            rules_checked=report.rules_checked,
            engine=report.engine,
            lacking=list(report.lacking),
        )


class PdfOut(Shape):
    state: Literal["none", "ready"]
    sha256: str | None
    missing_glyphs: list[str]
    e_invoice: EInvoiceReportOut | None

    @classmethod
    def of(cls, pdf: Pdf | None) -> "PdfOut":
        return cls(
            state="ready" if pdf else "none",
            sha256=pdf.sha256 if pdf else None,
            missing_glyphs=list(pdf.missing_glyphs) if pdf else [],
            e_invoice=EInvoiceReportOut.of(pdf.e_invoice if pdf else None),
        )


class ItemsOut(Shape):
    """What is read from the body; left out (null) in lists."""

    lines: list[LineOut] | None
    groups: list[GroupOut] | None
    discount_percent: Figure | None
    discount_amount: Figure | None
    allowances: list[AdjustmentOut] | None
    charges: list[AdjustmentOut] | None
    notes: str | None
    terms: str | None
    addresses: AddressesOut | None


class DeductedOut(Shape):
    """A deposit as the final invoice recalls it."""

    invoice_id: str
    number: str
    issue_date: date
    total: Figure


class ServicePeriodOut(Shape):
    """The days that are billed, both included."""

    start: date
    end: date

    @classmethod
    def of(cls, period: ServicePeriod) -> "ServicePeriodOut":
        return cls(start=period.start, end=period.end)


class InvoiceOut(FiguresOut, ItemsOut):
    """deposit: when it is taxed, of a deposit on a quote; deducted_by: the invoice that takes it off, or has it paid.

    deposits: those that a final invoice recalls.
    """

    id: str
    version: int
    number: str | None
    series: str
    status: InvoiceStatus
    client_id: str
    client_name: str
    job_id: str | None
    quote_id: str | None
    source_id: str | None
    instalment_id: str | None
    visit_id: str | None
    plan_id: str | None
    batch_id: str | None
    contract_id: str | None
    purchase_order: str | None
    paid_total: Figure
    credited_total: Figure
    written_off_total: Figure
    refunded_total: Figure
    schedule: list[InstalmentOut]
    deposit: DepositTax | None
    deducted_by: str | None
    deposits: list[DeductedOut]
    template: Template
    language: str
    service_period: ServicePeriodOut | None
    send: Sending
    issue_date: date | None
    due_date: date | None
    send_on: date | None
    created_at: datetime
    issued_at: datetime | None
    sent_at: datetime | None
    viewed_at: datetime | None
    exported_at: datetime | None
    paid_at: datetime | None
    refunded_at: datetime | None
    voided_at: datetime | None
    reminded_at: datetime | None
    delivery: DeliveryOut
    reminder: DeliveryOut
    reminders: Literal["on", "off"]
    next_reminder_at: datetime | None
    promised_on: date | None
    late_fee_of: str | None
    late_fees: list[str]
    late_fees_through: date | None
    pdf: PdfOut

    @classmethod
    def of(
        cls, invoice: Invoice, content: Content | None, *, today: date, parties: Parties | None = None
    ) -> "InvoiceOut":
        return cls(
            **figures_out(invoice.figures) | {"amount_due": f"{invoice.amount_due}"},
            **items_out(content) | _places_out(parties),
            id=invoice.id,
            version=invoice.version,
            number=invoice.number,
            series=invoice.series,
            status=status_of(invoice, today),
            client_id=invoice.client_id,
            client_name=invoice.client_name,
            job_id=invoice.job_id,
            quote_id=invoice.quote_id,
            source_id=invoice.sources[0] if invoice.sources else invoice.quote_id,
            instalment_id=invoice.instalment_id,
            visit_id=invoice.visit_id,
            plan_id=invoice.plan_id,
            batch_id=invoice.batch_id,
            contract_id=invoice.contract_id,
            purchase_order=invoice.purchase_order,
            paid_total=f"{invoice.paid_total}",
            credited_total=f"{invoice.credited_total}",
            written_off_total=f"{invoice.written_off}",
            refunded_total=f"{invoice.refunded_total}",
            schedule=schedule_out(invoice.instalment_states(today)),
            deposit=invoice.deposit,
            deducted_by=invoice.deducted_by,
            deposits=[
                DeductedOut(
                    invoice_id=one.invoice_id, number=one.number, issue_date=one.issued_on, total=f"{one.total}"
                )
                for one in invoice.deposits
            ],
            template=invoice.template,
            language=invoice.language,
            service_period=ServicePeriodOut.of(invoice.service_period) if invoice.service_period else None,
            send=invoice.send,
            issue_date=invoice.issue_date,
            due_date=invoice.due_date,
            send_on=invoice.send_on,
            created_at=invoice.created_at,
            issued_at=invoice.issued_at,
            sent_at=invoice.sent_at,
            viewed_at=invoice.viewed_at,
            exported_at=invoice.exported_at,
            paid_at=invoice.paid_at,
            refunded_at=invoice.refunded_at,
            voided_at=invoice.voided_at,
            reminded_at=invoice.reminded_at,
            delivery=DeliveryOut.of(invoice.delivery),
            reminder=DeliveryOut.of(invoice.reminder),
            reminders="off" if invoice.reminders_off else "on",
            next_reminder_at=invoice.remind_at if is_followed(invoice) else None,
            promised_on=invoice.promised_on,
            late_fee_of=invoice.late_fee_of,
            late_fees=list(invoice.late_fees),
            late_fees_through=invoice.fees_through,
            pdf=PdfOut.of(invoice.pdf),
        )


def items_out(content: Content | None) -> dict[str, Any]:
    """The fields of ``ItemsOut``."""
    if content is None:
        return dict.fromkeys(ItemsOut.model_fields)
    return {
        "lines": lines_out(content.lines),
        "groups": groups_out(content.lines, currency=content.currency),
        "discount_percent": short_form(content.allowances).percent,
        "discount_amount": short_form(content.allowances).amount,
        "allowances": adjustments_out(content.allowances),
        "charges": adjustments_out(content.charges),
        "notes": content.notes,
        "terms": content.terms,
        "addresses": AddressesOut.of(content.addresses),
    }


def _places_out(parties: Parties | None) -> dict[str, Any]:
    """The addresses as they were on the day of issue."""
    if parties is None:
        return {}
    at_issue = Addresses(billing=parties.buyer.address, service_site=parties.service_site, delivery=parties.delivery)
    return {"addresses": AddressesOut.of(at_issue)}
