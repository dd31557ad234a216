"""Who sells and who buys, as an invoice names them."""

from dataclasses import field, replace
from typing import Final

from chalicelib.domain.appearance import Appearance
from chalicelib.domain.e_invoicing import EInvoicing
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Legal
from chalicelib.domain.values import dataclass

QUEBEC: Final = frozenset({"QC", "QUEBEC", "QUÉBEC"})
"""How addresses write it."""
_CODE_BEFORE_TOWN: Final = (
    "AD AT BE BG CH CY CZ DE DK DZ EE ES FI FR GF GP GR HR HU IL IS IT LI LT LU MA MC MQ MX NL NO PL PT RE RO RS SE SI "
    "SK SM SN TN TR VA YT"
)
CODE_BEFORE_TOWN: Final = frozenset(_CODE_BEFORE_TOWN.split())
"""Countries whose addresses write 75002 Paris, not Paris 75002 (Universal Postal Union, postal addressing systems)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; ``lines`` are written as given, ``country`` is ISO 3166-1 alpha-2."""

    lines: tuple[str, ...] = ()
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None

    @property
    def is_in_quebec(self) -> bool:
        return self.country in {"CA", None} and (self.region or "").upper() in QUEBEC

    @property
    def printed(self) -> tuple[str, ...]:
        """The address as lines on paper; the country's code is left to who knows the reader's language."""
        return self.printed_in(None)

    def printed_in(self, home: str | None) -> tuple[str, ...]:
        """The same; home: the country that is meant where it names none."""
        before = (self.country or home) in CODE_BEFORE_TOWN
        parts = (self.postal_code, self.city, self.region) if before else (self.city, self.region, self.postal_code)
        town = " ".join(part for part in parts if part)
        return (*self.lines, *([town] if town else []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a document is billed to, where the work is done, and where things are delivered to.

    Without one for billing the client's own is meant.
    """

    billing: Address | None = None
    service_site: Address | None = None
    delivery: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A registration number and what it is called, e.g. ``TPS`` ``123456789 RT0001``."""

    name: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller or a buyer, frozen at the moment a document is issued.

    country:  whose law it is under, where that is not its address's.
    consumer: a person who buys for himself.
    late_fee: agreed on with it, of a buyer; with everybody, of a seller.
    reference: what a buyer asks to be named on its bills (EN 16931, BT-10).
    e_invoicing: how a seller makes e-invoices.
    """

    name: str
    legal_name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address = Address()
    registrations: tuple[Registration, ...] = ()
    country: str | None = None
    consumer: bool = False
    legal: Legal = field(default_factory=Legal)
    appearance: Appearance = field(default_factory=Appearance)
    late_fee: LateFeeTerms | None = None
    reference: str = ""
    e_invoicing: EInvoicing = field(default_factory=EInvoicing)

    @property
    def home(self) -> str | None:
        """The country whose law it is under, as far as that is known."""
        return self.country or self.address.country


def crediting(seller: Party, *, invoiced: Party) -> Party:
    """The seller of a credit note: as it is now, but to VAT as it stood when it invoiced (CGI, art. 289, I-5)."""
    return replace(seller, legal=replace(seller.legal, vat_scheme=invoiced.legal.vat_scheme))
