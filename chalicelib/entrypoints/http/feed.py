"""/v1/events: what happened, in one order."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from chalicelib.domain.errors import Invalid
from chalicelib.domain.feed import PUBLIC, Told
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.lists import PageQuery, cursor_of, position_of, whole
from chalicelib.entrypoints.http.shapes.webhooks import FeedEvent, FeedOut
from chalicelib.ports import Filter

LONGEST_LIST = 4_000


class FeedQuery(PageQuery):
    """``types``: separated by commas; those that are not named are left out."""

    after_sequence: Annotated[Annotated[int, Field(ge=0, le=10**12 - 1)], BeforeValidator(whole)] = 0
    types: Annotated[str, Field(max_length=LONGEST_LIST)] | None = None


@operation("GET", "/events", needs="events.read", query=FeedQuery, answer=FeedOut)
def list_events(call: Call) -> FeedOut:
    """What happened after a sequence, in order; ask again after ``read_up_to`` to follow what happens."""
    query: FeedQuery = call.query
    types = _types(query.types)
    end = call.store.feed_end()  # before the page: what comes between the two is read the next time
    wanted = Filter(after_sequence=query.after_sequence, fits=lambda told: types is None or told.type in types)
    page = call.store.page(Told, wanted, limit=query.limit, after=position_of(call))
    rows: tuple[Told, ...] = page.rows
    told = zip(rows, call.store.envelopes(rows), strict=True)
    last = rows[-1].sequence if rows else 0
    return FeedOut(
        data=[FeedEvent.of(row, envelope) for row, envelope in told],
        next_cursor=None if page.next is None else cursor_of(call, page.next),
        read_up_to=int(page.next["SK"]) if page.next else max(end, last, query.after_sequence),
    )


def _types(given: str | None) -> frozenset[str] | None:
    if given is None:
        return None
    types = frozenset(each.strip() for each in given.split(",")) - {""}
    if not types:
        raise Invalid("unknown_event_type", "You cannot ask for no event type at all.", at="/types")
    if unknown := sorted(types - PUBLIC):
        raise Invalid("unknown_event_type", f"There is no event type {unknown[0]!r}.", at="/types")
    return types
