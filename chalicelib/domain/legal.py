"""What the law of its country has a business say of itself on its papers."""

from enum import StrEnum

from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


class VatScheme(StrEnum):
    """How a business stands to VAT.

    franchise: it charges none (France, CGI art. 293 B); debits: it owes it when it invoices, not when it is paid.
    """

    NORMAL = "normal"
    FRANCHISE = "franchise"
    DEBITS = "debits"


class Operations(StrEnum):
    """What a business sells, as the tax office sorts it."""

    GOODS = "goods"
    SERVICES = "services"
    MIXED = "mixed"


class Size(StrEnum):
    """From when on a French business issues e-invoices: the large and mid-size ones a year before the others."""

    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurance:
    """Who insures a trade, under which contract, and where that holds."""

    insurer: str
    contract: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """What of a business its papers say.

    form: SARL, SAS, EI, inc., as it is written. early_discount: what is given for paying early, in its own words.
    dwelling_works: that what it does at a reduced rate of VAT is work on dwellings (France).
    """

    form: str | None = None
    capital: Money | None = None
    vat_scheme: VatScheme = VatScheme.NORMAL
    operations: Operations | None = None
    size: Size = Size.SMALL
    early_discount: str | None = None
    insurance: Insurance | None = None
    dwelling_works: bool = False
