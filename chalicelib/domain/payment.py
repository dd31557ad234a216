"""Money received: by hand or through the provider, applied to an invoice, the rest kept as the client's credit."""

from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain import costs
from chalicelib.domain.costs import Costs
from chalicelib.domain.imputation import Allocation, Applied, Back, Gone, Reservation, total, total_of
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import PaymentFacts
from chalicelib.domain.values import dataclass

CHARGED = "charge"
"""What a payment of ours says of itself that was taken from a stored card while its owner was away."""


class Method(StrEnum):
    """How the money came."""

    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    CARD_TERMINAL = "card_terminal"
    OTHER = "other"
    ONLINE = "online"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One payment and where its money stands.

    invoice_id: what it was made for; None for money on the client's account, or that no invoice is known for.
    amount: what was received; refunded: what of it was given back; disputed: what the provider holds
    back or has lost us; under_dispute: what of that is not decided yet.
    applied: what of it is on its invoice; allocations: what of it is on others; credited: what of it is the client's
    credit. Together they are what is kept of it.
    refunding: what of it is held for refunds that the provider has not told of yet; given_back: those made by hand.
    quarantine: why it belongs to no invoice; a person must match it.
    facts: what the provider said of an online payment, so far; costs: what was booked of what it cost.
    """

    id: str
    version: int = 1
    client_id: str | None
    invoice_id: str | None
    instalment_id: str | None = None
    method: Method
    amount: Money
    refunded: Money
    disputed: Money
    under_dispute: Money
    applied: Money
    allocations: tuple[Allocation, ...] = ()
    credited: Money
    refunding: tuple[Reservation, ...] = ()
    given_back: tuple[Reservation, ...] = ()
    received_on: date
    reference: str | None = None
    quarantine: str | None = None
    facts: PaymentFacts | None = None
    costs: Costs = costs.NOTHING
    created_at: datetime

    @property
    def kept(self) -> Money:
        return self.held.to_invoices + self.credited

    @property
    def withdrawn(self) -> Money:
        """What disputes took of it that are not won; what they took beyond what was left of it is only a loss."""
        return min(self.disputed, max(self.amount - self.refunded, Money.zero(self.amount.currency)))

    @property
    def usable(self) -> Money:
        """What of its credit can be put on invoices: what is held for refunds is taken from the credit first."""
        held = total_of(self.refunding, self.amount.currency)
        return max(self.credited - held, Money.zero(self.amount.currency))

    @property
    def charged_card(self) -> str:
        """The client's stored card that we charged, as people know it; empty for money that was brought (H49)."""
        asked = self.facts is not None and self.facts.metadata.get("asked_by") == CHARGED
        return (self.reference or "") if asked else ""

    @property
    def held(self) -> Applied:
        """Where what is kept of it is."""
        return Applied(to_invoice=self.applied, to_credit=self.credited, elsewhere=self.allocations)

    def gone_from(self, invoice_id: str) -> Gone:
        """What of it went back, as an invoice tells: its own of all that went from no other."""
        held, elsewhere = self.under_dispute, {}
        for one in reversed(self.allocations):
            withdrawn = one.gone(Back.DISPUTE)
            there = min(withdrawn, held)
            held -= there
            elsewhere[one.invoice_id] = Gone(refunded=one.gone(Back.REFUND), under_dispute=there, withdrawn=withdrawn)
        if invoice_id != self.invoice_id:
            return elsewhere.get(invoice_id, Gone.nothing(self.amount.currency))
        whole = Gone(refunded=self.refunded, under_dispute=self.under_dispute, withdrawn=self.withdrawn)
        return whole.without(elsewhere.values())

    def on(self, invoice_id: str) -> Money:
        """What of it is on an invoice."""
        if invoice_id == self.invoice_id:
            return self.applied
        return total((one for one in self.allocations if one.invoice_id == invoice_id), self.amount.currency)


def blank(
    id: str,
    *,
    client_id: str | None,
    invoice_id: str | None,
    instalment_id: str | None = None,
    amount: Money,
    method: Method,
    received_on: date,
    reference: str | None = None,
    quarantine: str | None = None,
    at: datetime,
) -> Payment:
    """Money of which nothing is shared out yet."""
    zero = Money.zero(amount.currency)
    return Payment(
        id=id,
        client_id=client_id,
        invoice_id=invoice_id,
        instalment_id=instalment_id,
        method=method,
        amount=amount,
        refunded=zero,
        disputed=zero,
        under_dispute=zero,
        applied=zero,
        credited=zero,
        received_on=received_on,
        reference=reference,
        quarantine=quarantine,
        created_at=at,
    )


def kept_of(payment: Payment) -> Money:
    """What a payment leaves with the business: received, less what went back and what is held back or lost."""
    return max(payment.amount - payment.refunded - payment.disputed, Money.zero(payment.amount.currency))
