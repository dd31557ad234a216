"""Giving each event its place in the business's feed."""

from chalicelib.domain.errors import AlreadyDone, Conflict
from chalicelib.domain.events import PaymentChanged
from chalicelib.domain.feed import Told, name_of
from chalicelib.ports import Keep, Once, Store


def give_sequence(event_id: str, *, subject: str, version: int, type: str, store: Store) -> str:
    """Give the event its place in the feed, if it has none; answers the name under which it is told.

    Places are 1, 2, 3... without a hole, and an event has one for ever, however often this runs and whoever else does.
    subject, version, type: of the event, as the journal has it.
    """
    once, name = Once(f"feed:{event_id}"), _name(subject, version, type, store)

    def deed() -> None:
        sequence = store.feed_end() + 1
        told = Told(sequence=sequence, event_id=event_id, subject=subject, version=version, type=name)
        try:
            store.commit(Keep(told), once)
        except AlreadyDone as error:
            if not store.seen(once):
                raise Conflict("conflict", "Another event took this place in the feed.") from error

    store.persistently(deed)
    return name


def _name(subject: str, version: int, stored: str, store: Store) -> str:
    """Most events are told as they are stored; what became of a payment shows beside what was before."""
    if stored != PaymentChanged.type:
        return stored
    *before, event = [each.event for each in store.history(subject) if each.event.version <= version]
    return name_of(event, before)
