"""An invoice as machines exchange it: the business terms of EN 16931-1, each named beside its field.

It is written from our documents and read from other people's; the rules of ``e_invoice_rules`` look at nothing else.
Amounts are decimals in major units, as they are written.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.e_invoicing import Profile
from chalicelib.domain.party import Address
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.domain.values import dataclass

CREDIT_NOTES = frozenset({"381", "261", "262", "396", "502", "503"})
DEPOSITS = frozenset({"386", "500", "503"})
ZERO = Decimal(0)


class Level(StrEnum):
    """How much of the norm it tells: what Factur-X's profiles leave out, or have beyond it."""

    WHOLE = "whole"
    EXTENDED = "extended"
    NO_LINES = "basic_wl"
    TOTALS = "minimum"


class TaxPoint(StrEnum):
    """When the tax falls due (BT-8)."""

    INVOICE = "invoice"
    DELIVERY = "delivery"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number and the list it is of: ISO 6523 ICD, for electronic addresses CEF EAS; without one it is private."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trader:
    """A seller (BG-4) or a buyer (BG-7).

    name: BT-27, BT-44; trading_name: BT-28, BT-45; identifiers: BT-29, BT-46; legal_id: BT-30, BT-47;
    vat_id: BT-31, BT-48; tax_id: BT-32; address: BG-5, BG-8; endpoint: BT-34, BT-49; contact: BG-6, BG-9.
    """

    name: str
    trading_name: str = ""
    identifiers: tuple[Identifier, ...] = ()
    legal_id: Identifier | None = None
    vat_id: str = ""
    tax_id: str = ""
    address: Address = Address()
    endpoint: Identifier | None = None
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark (BG-1); ``subject`` says what about (UNTDID 4451, BT-21)."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preceding:
    """An invoice that is corrected, or a deposit that is taken off (BG-3)."""

    number: str
    issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paying:
    """How it is to be paid (BG-16, BG-17).

    code: UNTDID 4461 (BT-81); reference: BT-83; account: IBAN (BT-84); holder: BT-85; bic: BT-86.
    """

    code: str
    reference: str = ""
    account: str = ""
    holder: str = ""
    bic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levy:
    """An allowance or a charge of the document (BG-20, BG-21) or of a line (BG-27, BG-28).

    base, percent: what it was taken on; a line's has no category and no rate of its own.
    """

    amount: Decimal
    base: Decimal | None = None
    percent: Decimal | None = None
    reason: str = ""
    reason_code: str = ""
    category: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VatGroup:
    """What of the document bears one category at one rate (BG-23).

    category: BT-118; rate: BT-119, None where nothing is subject to tax; reason, reason_code: BT-120, BT-121.
    """

    category: str
    rate: Decimal | None
    base: Decimal
    tax: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ELine:
    """One line (BG-25).

    id: BT-126; name: BT-153; description: BT-154; quantity: BT-129; unit: UN/ECE Rec 20 (BT-130); net: BT-131;
    price: BT-146, for base_quantity (BT-149) units; category, rate: BT-151, BT-152; code: the seller's (BT-155).
    unit_word: what people call a unit that has no code.
    """

    id: str
    name: str
    description: str = ""
    quantity: Decimal
    unit: str
    unit_word: str = ""
    net: Decimal
    price: Decimal
    base_quantity: Decimal = Decimal(1)
    allowances: tuple[Levy, ...] = ()
    charges: tuple[Levy, ...] = ()
    category: str
    rate: Decimal | None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The totals of the document (BG-22).

    lines: BT-106; allowances: BT-107; charges: BT-108; net: BT-109; tax: BT-110; total: BT-112; paid: BT-113;
    rounding: BT-114; due: BT-115.
    """

    lines: Decimal
    allowances: Decimal = ZERO
    charges: Decimal = ZERO
    net: Decimal
    tax: Decimal
    total: Decimal
    paid: Decimal = ZERO
    rounding: Decimal = ZERO
    due: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EInvoice:
    """The whole document.

    number: BT-1; issued_on: BT-2; type_code: UNTDID 1001 (BT-3); currency: BT-5; tax_point: BT-8; due_on: BT-9;
    buyer_reference: BT-10; purchase_order: BT-13; terms: BT-20; process: BT-23; profile, level: BT-24;
    delivered_to: BG-15; period: BG-14.
    """

    number: str
    issued_on: date
    type_code: str
    currency: str
    profile: Profile
    level: Level = Level.WHOLE
    tax_point: TaxPoint | None = None
    due_on: date | None = None
    buyer_reference: str = ""
    purchase_order: str = ""
    terms: str = ""
    process: str = ""
    notes: tuple[Note, ...] = ()
    preceding: tuple[Preceding, ...] = ()
    seller: Trader
    buyer: Trader
    delivered_to: Address | None = None
    delivered_on: date | None = None
    period: ServicePeriod | None = None
    paying: Paying | None = None
    allowances: tuple[Levy, ...] = ()
    charges: tuple[Levy, ...] = ()
    vat: tuple[VatGroup, ...]
    sums: Sums
    lines: tuple[ELine, ...]

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTES
