"""A client, and what stands between it and the business."""

from datetime import datetime

from chalicelib.domain.card import Card
from chalicelib.domain.exemption import TaxExemption
from chalicelib.domain.ladder import Ladder
from chalicelib.domain.late_fee import LateFeeTerms
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.values import dataclass
from chalicelib.domain.words import MOST_WORDS, words_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who is billed.

    tax_exempt: why it is not charged tax; documents take it over when they are written.
    time_zone: where it is, if not where the business is; reminders: its own ladder, one without steps for none.
    card: stored at the provider; card_taken_at: when the newest ever kept was taken, so that no older comes back.
    tax_number: for VAT or another tax; registrations: other numbers, such as a SIREN.
    consumer: a person who buys for himself; late_fee: its own terms for paying late.
    links_ended_at: portal links made until then no longer stand (real time, as links are).
    removed_at: when it was deleted; kept for the document that may have been written at that moment.
    """

    id: str
    version: int = 1
    name: str
    email: str | None = None
    phone: str | None = None
    contact: str | None = None
    address: Address = Address()
    language: str | None = None
    tax_number: str | None = None
    registrations: tuple[Registration, ...] = ()
    tax_exempt: TaxExemption | None = None
    reference: str | None = None
    notes: str | None = None
    time_zone: str | None = None
    reminders: Ladder | None = None
    card: Card | None = None
    card_taken_at: datetime | None = None
    consumer: bool = False
    late_fee: LateFeeTerms | None = None
    links_ended_at: datetime | None = None
    removed_at: datetime | None = None
    created_at: datetime

    @property
    def words(self) -> tuple[str, ...]:
        """What it is found by: the words of its name, its reference and its address for mail."""
        return words_in(self.name, self.reference, self.email)[:MOST_WORDS]

    def as_buyer(self) -> Party:
        """The client as an invoice names it."""
        numbers = (Registration(name="", number=self.tax_number),) if self.tax_number else ()
        return Party(
            name=self.name,
            email=self.email,
            phone=self.phone,
            address=self.address,
            registrations=numbers + self.registrations,
            consumer=self.consumer,
            late_fee=self.late_fee,
            reference=self.reference or "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBalance:
    """What a client owes and holds, moved in the same transactions as the documents it follows from.

    Never one figure called balance: not yet billed, billed and unpaid, and paid too much (requirements G2).
    """

    id: str
    unbilled_total: Money
    amount_due: Money
    credit_total: Money
