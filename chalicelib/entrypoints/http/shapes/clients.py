"""Clients as JSON."""

from datetime import datetime

from chalicelib.domain.client import Client, ClientBalance
from chalicelib.entrypoints.http.shapes.addresses import AddressField, AddressOut, Language
from chalicelib.entrypoints.http.shapes.scalars import Email, Figure, LongText, Shape, ShortText


class ClientFields(Shape):
    email: Email | None = None
    phone: ShortText | None = None
    contact: ShortText | None = None
    address: AddressField | None = None
    language: Language | None = None
    tax_number: ShortText | None = None
    reference: ShortText | None = None
    notes: LongText | None = None


class ClientIn(ClientFields):
    name: ShortText


class ClientPatch(ClientFields):
    name: ShortText | None = None


class BalanceOut(Shape):
    """Never one figure called balance: not billed yet, billed and unpaid, and paid too much."""

    currency: str
    unbilled_total: Figure
    amount_due: Figure
    credit_total: Figure

    @classmethod
    def of(cls, balance: ClientBalance) -> "BalanceOut":
        return cls(
            currency=balance.amount_due.currency,
            unbilled_total=f"{balance.unbilled_total}",
            amount_due=f"{balance.amount_due}",
            credit_total=f"{balance.credit_total}",
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
    reference: str | None
    notes: str | None
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
            reference=client.reference,
            notes=client.notes,
            created_at=client.created_at,
        )
