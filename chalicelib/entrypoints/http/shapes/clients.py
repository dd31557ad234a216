"""Clients and the catalogue as JSON."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator

from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client, ClientBalance
from chalicelib.entrypoints.http.shapes.addresses import AddressField, AddressOut, Language
from chalicelib.entrypoints.http.shapes.answering import plain
from chalicelib.entrypoints.http.shapes.documents import Codes
from chalicelib.entrypoints.http.shapes.scalars import Code, Email, Figure, LongText, Price, Shape, ShortText, refusal


def _path_safe(code: str) -> str:
    if set(code) & set("/#?%"):
        raise refusal("unsafe_code", "A code has none of the characters / # ? %.")
    return code


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


Kind = Literal["product", "service", "intervention"]
CatalogCode = Annotated[Code, AfterValidator(_path_safe)]


class EntryFields(Shape):
    description: LongText | None = None
    unit: ShortText | None = None
    taxes: Codes | None = None


class EntryIn(EntryFields):
    code: CatalogCode
    name: ShortText
    unit_price: Price
    kind: Kind = "service"


class EntryPatch(EntryFields):
    name: ShortText | None = None
    unit_price: Price | None = None
    kind: Kind | None = None


class EntryOut(Shape):
    id: str
    version: int
    code: str
    name: str
    description: str | None
    unit: str | None
    unit_price: Figure
    taxes: list[str] | None
    kind: str

    @classmethod
    def of(cls, entry: CatalogueEntry) -> "EntryOut":
        return cls(
            id=entry.id,
            version=entry.version,
            code=entry.id,
            name=entry.name,
            description=entry.description,
            unit=entry.unit,
            unit_price=plain(entry.unit_price),
            taxes=None if entry.taxes is None else list(entry.taxes),
            kind=entry.kind,
        )
