"""Clients as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, cast

from pydantic import Field

from chalicelib.domain.client import Client, ClientBalance
from chalicelib.domain.exemption import TaxExemption
from chalicelib.domain.money import Money
from chalicelib.entrypoints.http.shapes.addresses import AddressField, AddressOut, Language
from chalicelib.entrypoints.http.shapes.cards import CardOut
from chalicelib.entrypoints.http.shapes.items import ItemOut
from chalicelib.entrypoints.http.shapes.late_fees import LateFeeShape, LateFeeTermsOut
from chalicelib.entrypoints.http.shapes.legal import RegistrationShape
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.reminders import StepOut, Steps, own_steps_out
from chalicelib.entrypoints.http.shapes.scalars import Email, Figure, LongText, Shape, ShortText, Zone
from chalicelib.usecases.reckoning import Account

MOST_REGISTRATIONS = 10
Category = Literal["E", "AE", "K", "G", "O"]


class TaxExemptionShape(Shape):
    """Why a client is not charged tax; the category is EN 16931's (BT-118), the reason is printed (BT-120)."""

    reason: ShortText
    certificate: ShortText | None = None
    category: Category = "E"

    def exemption(self) -> TaxExemption:
        return TaxExemption(reason=self.reason, certificate=self.certificate, category=self.category)


class ClientFields(Shape):
    email: Email | None = None
    phone: ShortText | None = None
    contact: ShortText | None = None
    address: AddressField | None = None
    language: Language | None = None
    tax_number: ShortText | None = None
    registrations: Annotated[list[RegistrationShape], Field(max_length=MOST_REGISTRATIONS)] | None = None
    tax_exempt: TaxExemptionShape | None = None
    reference: ShortText | None = None
    notes: LongText | None = None
    time_zone: Zone | None = None
    reminders: Steps | Literal["off"] | None = None
    consumer: bool = False
    late_fee: LateFeeShape | Literal["off"] | None = None


class ClientIn(ClientFields):
    name: ShortText


class ClientPatch(ClientFields):
    name: ShortText | None = None


class BalanceLinks(Shape):
    """Where each stage is listed whole."""

    unbilled: str
    billed_unpaid: str
    paid: str


class BalanceOut(Shape):
    """Never one figure called balance: not billed yet, billed and unpaid, and paid too much.

    The totals count everything, in the business's currency. Of each stage the first hundred are given, the earliest
    first: what is not billed yet (drafts do not bill), what is billed and unpaid; and of the newest hundred invoices
    those that are paid.

    at: the instant as of which the totals are; where one was asked for, the stages are null: they are told as they are
    now, and ``/explain`` tells of what each total was made.
    """

    at: datetime
    currency: str
    unbilled_total: Figure
    amount_due: Figure
    credit_total: Figure
    overdue_total: Figure
    unbilled: list[ItemOut] | None = None
    billed_unpaid: list[InvoiceOut] | None = None
    paid: list[InvoiceOut] | None = None
    links: BalanceLinks

    @classmethod
    def of(cls, account: Account, *, at: datetime, today: date, waits: Mapping[str, date]) -> "BalanceOut":
        """waits: by item, the day on which its contract's period is closed."""
        drafts = {draft.id: draft for draft in account.drafts}
        return cls.totalled(account.balance, account.overdue_total, at=at).model_copy(
            update={
                "unbilled": [
                    ItemOut.of(item, drafts.get(item.invoice_id or ""), waits_until=waits.get(item.id))
                    for item in account.unbilled
                ],
                "billed_unpaid": [InvoiceOut.of(one, None, today=today) for one in account.unpaid],
                "paid": [InvoiceOut.of(one, None, today=today) for one in account.paid],
            }
        )

    @classmethod
    def totalled(cls, balance: ClientBalance, overdue_total: Money, *, at: datetime) -> "BalanceOut":
        """The totals without what they are made of."""
        client = f"client_id={balance.id}"
        return cls(
            at=at,
            currency=balance.amount_due.currency,
            unbilled_total=f"{balance.unbilled_total}",
            amount_due=f"{balance.amount_due}",
            credit_total=f"{balance.credit_total}",
            overdue_total=f"{overdue_total}",
            links=BalanceLinks(
                unbilled=f"/v1/items?{client}&status=published",
                billed_unpaid=f"/v1/invoices?{client}",
                paid=f"/v1/invoices?{client}&status=paid",
            ),
        )


class ClientOut(Shape):
    id: str
    version: int
    name: str
    email: str | None
    phone: str | None
    contact: str | None
    address: AddressOut
    language: str | None
    tax_number: str | None
    registrations: list[RegistrationShape]
    tax_exempt: TaxExemptionShape | None
    reference: str | None
    notes: str | None
    time_zone: str | None
    reminders: list[StepOut] | Literal["off"] | None
    card: CardOut | None
    consumer: bool
    late_fee: LateFeeTermsOut | Literal["off"] | None
    created_at: datetime

    @classmethod
    def of(cls, client: Client) -> "ClientOut":
        return cls(
            id=client.id,
            version=client.version,
            name=client.name,
            email=client.email,
            phone=client.phone,
            contact=client.contact,
            address=AddressOut.of(client.address),
            language=client.language,
            tax_number=client.tax_number,
            registrations=[RegistrationShape.of(entry) for entry in client.registrations],
            tax_exempt=_exemption_out(client.tax_exempt),
            reference=client.reference,
            notes=client.notes,
            time_zone=client.time_zone,
            reminders=own_steps_out(client.reminders),
            card=CardOut.of(client.card),
            consumer=client.consumer,
            late_fee=LateFeeTermsOut.of(client.late_fee) or ("off" if client.late_fee else None),
            created_at=client.created_at,
        )


def _exemption_out(exemption: TaxExemption | None) -> TaxExemptionShape | None:
    if exemption is None:
        return None
    category = cast("Category", exemption.category)
    return TaxExemptionShape(reason=exemption.reason, certificate=exemption.certificate, category=category)
