"""What the tests of money that goes back do again and again."""

from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.refund import Refund
from chalicelib.usecases import refunding
from tests import builders as b
from tests.usecases.till import Till


def refund(till: Till, payment: Payment, amount: str | None = None) -> Refund:
    """So much of a payment given back, or all that is left."""
    return refunding.refund(
        payment.id,
        amount=b.cad(amount) if amount else None,
        reason="Annulé",
        now=till.clock(),
        ids=till.ids,
        store=till.store(),
        gateway=lambda: till.gateway,
    )


def ask(till: Till, refund_id: str) -> None:
    """The provider is asked again, as the queue does."""
    refunding.ask_for(refund_id, now=till.clock(), ids=till.ids, store=till.store(), gateway=till.gateway)


def online(till: Till) -> tuple[Invoice, Payment, str]:
    """An invoice paid by card, its payment, and the provider's id of that."""
    invoice = till.invoiced()
    intent = till.paid_online(invoice)
    return invoice, till.payments(invoice)[0], intent
