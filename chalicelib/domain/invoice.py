"""An invoice: drafted, scheduled, issued under a number, sent, and kept for ever."""

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.business import Sending
from chalicelib.domain.charge_plan import ChargePlan
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.document import Template
from chalicelib.domain.e_invoicing import EInvoiceReport
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import Figures
from chalicelib.domain.journal import Account
from chalicelib.domain.ladder import Reached
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import IMPORTED
from chalicelib.domain.schedule import (
    Instalment,
    InstalmentState,
    credited_of,
    next_to_pay,
    paid_so_far,
    state_of,
    wait_for_work,
)
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.terms import DueTerms
from chalicelib.domain.values import dataclass


class WayToPay(StrEnum):
    """How money is asked for online."""

    PAGE = "page"  # the client pays on the provider's page
    CHARGE = "charge"  # the client's stored card is charged


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A way to pay online that was opened for an invoice; at most one is open at a time.

    account_id: the payment account it is on; the business may have connected another since.
    expires_at: when a page closes; of a charge, when it was reserved: it stands until its outcome is known.
    customer_id, payment_method_id: the card that is charged, as it was when it was reserved.
    automatic: charged because its day had come.
    """

    kind: WayToPay = WayToPay.PAGE
    attempt: int
    account_id: str
    amount: Money
    instalment_id: str | None
    expires_at: datetime
    session_id: str | None = None
    url: str | None = None
    customer_id: str = ""
    payment_method_id: str = ""
    automatic: bool = False

    @property
    def is_charge(self) -> bool:
        return self.kind is WayToPay.CHARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """The rendered document: its SHA-256 (hex) and the characters no font could show.

    e_invoice: what was checked of the XML that goes with it, in it or beside it.
    """

    sha256: str
    missing_glyphs: tuple[str, ...] = ()
    e_invoice: EInvoiceReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """The head of an invoice: its state and totals; the lines are in the body of the same revision.

    item_ids: the billable items that its lines name, and so claim; items_total: what those it claims are worth.
    items_in_body: how many they are where they are too many for the head; then only the lines name them.
    claims_left: how many of those it does not claim yet; a draft that lacks some is not issued.
    sources: the sales documents that it bills, the nearest first; what it bills of them is in its first body.
    due_terms: by which it falls due, where they are not the business's own.
    plan_period: which of its plan's periods it bills, 1 being the first; service_period: the days that it bills.
    send_on: the day a draft is issued and sent by itself; scheduled_for is that day's instant.
    instalments_paid: what was paid of each instalment, in the schedule's order.
    refunded_total: what was given back of its payments; disputed_total: what of them is in dispute now;
    withdrawn_total: what disputes took of them, open or lost.
    deposit: when it is taxed, of a deposit on a quote; deducted_by: the invoice that takes it off.
    deposits: those that it takes off; forfeits: the one that it keeps, because the client withdrew.
    instalments_made: how many its schedules had so far, so that no instalment is taken for an earlier one.
    reached: the last step of the ladder of reminders for each due date; remind_at: when the next is looked at.
    promised_on: the day by which the client promised to pay; reminders wait for the day after.
    charging: when the client's card is charged by itself.
    late_fee_of: the invoice for whose late payment it is; late_fees: the invoices for the late payment of this one,
    fees_through: the last day that they are for, and fee_at: when the next is charged by itself.
    exports: the newest exports that it is in, the last one last; booked_in: the programs that have it from us.
    """

    id: str
    version: int = 1
    client_id: str
    client_name: str
    quote_id: str | None = None
    sources: tuple[str, ...] = ()
    instalment_id: str | None = None
    deposit: DepositTax | None = None
    deducted_by: str | None = None
    deposits: tuple[Deducted, ...] = ()
    forfeits: str | None = None
    job_id: str | None = None
    visit_id: str | None = None
    plan_id: str | None = None
    plan_period: int | None = None
    service_period: ServicePeriod | None = None
    batch_id: str | None = None
    contract_id: str | None = None
    purchase_order: str | None = None
    revision: int = 1
    figures: Figures
    item_ids: tuple[str, ...] = ()
    items_total: Money | None = None
    items_in_body: int = 0
    claims_left: int = 0
    schedule: tuple[Instalment, ...] = ()
    instalments_paid: tuple[Money, ...] = ()
    instalments_made: int = 0
    paid_total: Money
    credited_total: Money
    written_off_total: Money | None = None
    refunded_total: Money
    disputed_total: Money
    withdrawn_total: Money | None = None
    language: str
    template: Template = Template.MODERN
    series: str = "invoice"
    number: str | None = None
    seq: int | None = None
    issue_date: date | None = None
    due_date: date | None = None
    due_terms: DueTerms | None = None
    send: Sending = Sending.MANUAL
    send_on: date | None = None
    scheduled_for: datetime | None = None
    delivery: Delivery = Delivery()
    reminder: Delivery = Delivery()
    reminded_at: datetime | None = None
    reached: tuple[Reached, ...] = ()
    remind_at: datetime | None = None
    reminders_off: bool = False
    promised_on: date | None = None
    late_fee_of: str | None = None
    late_fees: tuple[str, ...] = ()
    fees_through: date | None = None
    fee_at: datetime | None = None
    pdf: Pdf | None = None
    checkout: Checkout | None = None
    charging: ChargePlan | None = None
    attempts: int = 0
    created_at: datetime
    issued_at: datetime | None = None
    sent_at: datetime | None = None
    viewed_at: datetime | None = None
    exported_at: datetime | None = None
    exports: tuple[str, ...] = ()
    booked_in: tuple[str, ...] = ()
    paid_at: datetime | None = None
    refunded_at: datetime | None = None
    voided_at: datetime | None = None

    @property
    def currency(self) -> str:
        return self.figures.currency

    @property
    def amount_due(self) -> Money:
        """What is still to be paid; nothing on a void invoice."""
        if self.voided_at:
            return Money.zero(self.currency)
        return self.figures.amount_due - self.paid_total - self.credited_total - self.written_off

    @property
    def written_off(self) -> Money:
        """What was given up of it."""
        return self.written_off_total or Money.zero(self.currency)

    @property
    def is_refunded(self) -> bool:
        """Whether all that was paid of it was given back, and nothing of it taken by a dispute (A56, G7)."""
        return bool(self.refunded_total) and not self.paid_total and not self.withdrawn_total

    @property
    def billed(self) -> Money:
        """What the items it claims were worth in the balance."""
        return self.items_total or Money.zero(self.currency)

    @property
    def earns(self) -> Account:
        """Where what it sells is booked: neither a deposit taxed when it is applied nor what is imported is revenue."""
        if self.is_imported:
            return Account.OPENING
        return Account.PREPAID if self.deposit is DepositTax.WHEN_APPLIED else Account.REVENUE

    @property
    def is_imported(self) -> bool:
        """Whether a former system issued it: its number and its document are that system's."""
        return self.series == IMPORTED

    @property
    def lessens(self) -> Account:
        """Where a credit note books what it takes back; of what was imported, from what is earned today."""
        return Account.REVENUE if self.is_imported else self.earns

    @property
    def bills_quote(self) -> bool:
        """Whether it bills what its quote sells; what is asked for before that, or kept instead, does not."""
        return self.quote_id is not None and not self.deposit and not self.forfeits

    @property
    def name(self) -> str:
        """What people call it."""
        return self.number or self.id

    @property
    def instalments_credited(self) -> tuple[Money, ...]:
        """What of each instalment was credited, the last ones first; a plan made after a credit note is without it."""
        planned = Money(sum(one.amount.minor for one in self.schedule), self.currency)
        to_be_paid = self.figures.total - self.credited_total
        return credited_of(self.schedule, self.instalments_paid, max(planned - to_be_paid, Money.zero(self.currency)))

    @property
    def instalments_settled(self) -> tuple[Money, ...]:
        """What of each instalment is not to be paid any more: it was paid, or credited."""
        pairs = zip(self.instalments_paid, self.instalments_credited, strict=False)
        return tuple(paid + credited for paid, credited in pairs)

    def instalment_states(self, today: date) -> tuple[InstalmentState, ...]:
        """How its instalments stand on a day."""
        parts = zip(self.schedule, self.instalments_paid, self.instalments_credited, strict=True)
        return tuple(state_of(one, paid, credited, today=today) for one, paid, credited in parts)

    def next_due(self) -> date | None:
        """The day by which the next money is due: of the instalments not wholly paid the earliest, else the due date.

        None where all that is left waits for the work to be done.
        """
        settled = self.instalments_settled
        if following := next_to_pay(self.schedule, settled):
            return following.due_on
        waits = self.issued_at and wait_for_work(self.schedule, settled)
        return None if waits else self.due_date

    def overdue(self, today: date) -> Money:
        """What of it should have been paid before a day: the instalments due by then, else the whole."""
        zero = Money.zero(self.currency)
        if self.issued_at is None or self.amount_due.minor <= 0:
            return zero
        if not self.schedule:
            return self.amount_due if self.due_date and self.due_date < today else zero
        late = zero
        for instalment, settled in zip(self.schedule, self.instalments_settled, strict=True):
            if instalment.due_on and instalment.due_on < today:
                late += instalment.amount - settled
        return min(late, self.amount_due)


def must_be_draft(invoice: Invoice, deed: str) -> None:
    """Raise Refused (``invoice_issued``) for anything that only a draft may undergo (H31, G8)."""
    if invoice.voided_at:
        raise Refused("invoice_void", f"You cannot {deed} invoice {invoice.name} because it is void.")
    if invoice.issued_at:
        raise Refused(
            "invoice_issued",
            f"You cannot {deed} invoice {invoice.name} because it was issued; void it or make a credit note.",
        )


def must_be_issued(invoice: Invoice, deed: str) -> None:
    """Raise Refused for anything that only an issued invoice in force may undergo."""
    if invoice.voided_at:
        raise Refused("invoice_void", f"You cannot {deed} invoice {invoice.name} because it is void.")
    if not invoice.issued_at:
        raise Refused("invoice_not_issued", f"You cannot {deed} invoice {invoice.name} because it is a draft.")


def covered(schedule: tuple[Instalment, ...], figures: Figures) -> tuple[Money, ...]:
    """What of each instalment needs no payment: prepaid and withheld amounts cover the first ones.

    The instalments sum to the total with tax; what is due of it may be less.
    """
    beforehand = max(figures.total - figures.amount_due, Money.zero(figures.currency))
    return tuple(state.paid for state in paid_so_far(schedule, beforehand, today=date.min))


def following_from_due(invoice: Invoice, *, at: datetime) -> Invoice:
    """The invoice with the facts that follow from what is due: whether it is paid, and whether all went back."""
    settled = invoice.amount_due.minor <= 0 and not invoice.voided_at and not invoice.written_off
    return replace(
        invoice,
        paid_at=(invoice.paid_at or at) if settled else None,
        refunded_at=(invoice.refunded_at or at) if invoice.is_refunded else None,
    )
