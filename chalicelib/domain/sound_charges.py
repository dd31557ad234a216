"""Whether an invoice was asked to be paid online by one way at a time (I16)."""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.books import Thing, Violation
from chalicelib.domain.card_events import ChargeDeclined, ChargeGivenUp, ChargeReserved
from chalicelib.domain.events import CheckoutClosed, CheckoutReserved, InvoiceVoided
from chalicelib.domain.journal import Envelope, Event
from chalicelib.domain.payment import Payment
from chalicelib.domain.payment_events import InvoiceSettled


def of_attempts(thing: Thing, own: Sequence[Envelope], payments: Iterable[Payment]) -> Iterator[Violation]:
    """The attempts that an invoice's own events tell of: none begins before the one before it has ended.

    payments: all that are on the invoice or were made for it.
    """
    attempt_of = {one.id: one.facts.metadata.get("attempt_id") for one in payments if one.facts}
    standing: int | None = None
    for event in sorted((envelope.event for envelope in own), key=lambda event: event.version):
        if isinstance(event, ChargeReserved | CheckoutReserved):
            yield from thing.unless(
                standing is None, "I16", f"attempt {event.attempt} was begun while attempt {standing} stood"
            )
            standing = event.attempt
        elif _ends(event, f"{standing}", attempt_of):
            standing = None


def _ends(event: Event, standing: str, attempt_of: dict[str, str | None]) -> bool:
    match event:
        case ChargeDeclined(attempt=attempt) | ChargeGivenUp(attempt=attempt) | CheckoutClosed(attempt=attempt):
            return f"{attempt}" == standing
        case InvoiceSettled(payment_id=payment_id):
            return attempt_of.get(payment_id) == standing
        case InvoiceVoided():
            return True
    return False
