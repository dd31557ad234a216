"""A business: who it is, how it bills, and what happens by itself."""

from dataclasses import field, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.domain.accounting import Charts
from chalicelib.domain.appearance import Appearance
from chalicelib.domain.document import Template
from chalicelib.domain.e_invoicing import EInvoicing
from chalicelib.domain.errors import Refused
from chalicelib.domain.identifiers import is_trade_licence
from chalicelib.domain.ladder import Ladder, Window
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.legal import Legal
from chalicelib.domain.own_key import OwnKey
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.terms import DueTerms, NetDays
from chalicelib.domain.values import dataclass

MORNING = time(4)
"""When a business's day of work begins: after every zone's clock changes, which happen between 00:00 and 03:59."""


class InvoicingMode(StrEnum):
    """What a quote's approval makes by itself."""

    OFF = "off"
    SINGLE = "single"
    PER_INSTALMENT = "per_instalment"


class Sending(StrEnum):
    """When an invoice that was made by itself goes out."""

    MANUAL = "manual"
    ON_DATE = "on_date"
    AT_ONCE = "at_once"
    ISSUE = "issue"  # it is issued at once, and sent by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """How invoice numbers look: prefix, year where it restarts yearly, and zero-padded digits."""

    prefix: str = ""
    padding: int = 5
    start: int = 1
    yearly_reset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDefaults:
    """What an invoice says unless it says otherwise."""

    due: DueTerms = NetDays(days=30)
    notes: str | None = None
    terms: str | None = None
    template: Template = Template.MODERN
    rounding: str = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """What happens without anybody asking; ``remind``: that the ladder's reminders go out."""

    invoice_on_quote_approval: InvoicingMode = InvoicingMode.OFF
    send: Sending = Sending.MANUAL
    auto_charge: bool = False
    remind: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """A named list of tax codes that are chosen together."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """The settings of one business; the root of everything it owns.

    stripe_account: connected to the platform's; own_endpoint: of the own key in use, which goes before it.
    own_keys: one for each account at the provider that it ever used by a key of its own, newest first.
    clock: a sandbox business's own time, which stands still until it is moved; None follows the real time.
    """

    id: str
    version: int = 1
    name: str
    country: str
    currency: str
    time_zone: str
    legal_name: str | None = None
    address: Address = Address()
    email: str | None = None
    phone: str | None = None
    logo: str | None = None
    locale: str = "en"
    languages: tuple[str, ...] = ("en",)
    tax_rates: tuple[TaxRate, ...] = ()
    tax_groups: tuple[TaxGroup, ...] = ()
    tax_registrations: tuple[Registration, ...] = ()
    numbering: Numbering = field(default_factory=Numbering)
    invoice_defaults: InvoiceDefaults = field(default_factory=InvoiceDefaults)
    automation: Automation = field(default_factory=Automation)
    reminders: Ladder = field(default_factory=Ladder)
    reminder_window: Window = field(default_factory=Window)
    late_fee: LateFeeTerms = field(default_factory=LateFeeTerms)
    legal: Legal = field(default_factory=Legal)
    appearance: Appearance = field(default_factory=Appearance)
    e_invoicing: EInvoicing = field(default_factory=EInvoicing)
    accounting: Charts = field(default_factory=dict)
    stripe_account: str | None = None
    own_endpoint: str | None = None
    own_keys: tuple[OwnKey, ...] = ()
    sandbox: bool = False
    clock: datetime | None = None
    created_at: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, now: datetime) -> date:
        """The date where the business is."""
        return now.astimezone(self.zone).date()

    def morning_of(self, day: date) -> datetime:
        """The instant at which work planned for a day begins there."""
        return datetime.combine(day, MORNING, self.zone)

    def speaks(self, language: str | None) -> str:
        """The language asked for if the business offers it, else its first.

        Of a pair French stands first in Quebec (Charter of the French language, s. 57).
        """
        spoken = language if language in self.languages else self.languages[0]
        one, _, other = spoken.partition("+")
        return f"{other}+{one}" if other.startswith("fr") and self.address.is_in_quebec else spoken

    @property
    def own_key(self) -> OwnKey | None:
        """The key of its own in use."""
        return self.key_at(self.own_endpoint) if self.own_endpoint else None

    def key_at(self, endpoint: str) -> OwnKey | None:
        """The key whose events come to an endpoint, in use or not: what was paid by it may still move."""
        return next((key for key in self.own_keys if key.endpoint == endpoint), None)

    @property
    def open_accounts(self) -> tuple[str, ...]:
        """Its payment accounts that let us in, for all we know; those it has left, too."""
        keys = (key.endpoint for key in self.own_keys if key.is_complete and key.sealed_key and not key.refused)
        return (*filter(None, (self.stripe_account,)), *keys)

    @property
    def payment_account(self) -> str | None:
        """Where clients pay online now, as accounts are known here; None: they cannot."""
        own = self.own_key
        return own.endpoint if own and own.is_complete else self.stripe_account

    @property
    def rates(self) -> dict[str, TaxRate]:
        return {rate.code: rate for rate in self.tax_rates}

    @property
    def may_tax(self) -> bool:
        """Whether it holds a registration number for taxes, of a country, a province or for VAT (H44).

        A trade licence (Quebec's RBQ) is none.
        """
        numbers = [one for one in self.tax_registrations if not is_trade_licence(one)]
        return bool(numbers) or any(rate.registration_number for rate in self.tax_rates)

    def taxes_named(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The codes that names stand for: a code for itself, a tax group for its codes."""
        groups = {group.name: group.codes for group in self.tax_groups}
        return tuple(dict.fromkeys(code for name in names for code in groups.get(name, (name,))))

    @property
    def default_taxes(self) -> tuple[str, ...]:
        """The taxes a line bears when it names none: the first group, else every rate that was set up (P13, P14)."""
        if self.tax_groups:
            return self.tax_groups[0].codes
        return tuple(rate.code for rate in self.tax_rates)

    def as_seller(self) -> Party:
        """The business as an invoice names it."""
        printed = {registration.number for registration in self.tax_registrations}
        from_rates = tuple(
            Registration(name=rate.name or rate.code, number=rate.registration_number)
            for rate in self.tax_rates
            if rate.registration_number and rate.registration_number not in printed
        )
        return Party(
            name=self.name,
            legal_name=self.legal_name,
            email=self.email,
            phone=self.phone,
            address=self.address,
            registrations=self.tax_registrations + from_rates,
            country=self.country if self.country != self.address.country else None,
            legal=self.legal,
            appearance=self.appearance,
            late_fee=self.late_fee if self.late_fee.asks else None,
            e_invoicing=self.e_invoicing,
        )


def at_time(business: Business, clock: datetime) -> Business:
    """The business with its clock moved.

    Raises Refused for a real business, and for a move back: what was done then cannot be undone.
    """
    if not business.sandbox:
        raise Refused("not_a_sandbox", "You cannot move the clock because this business is not a sandbox.")
    if business.clock and clock < business.clock:
        raise Refused("clock_goes_forward", f"You cannot move the clock back from {business.clock.isoformat()}.")
    return replace(business, version=business.version + 1, clock=clock)
