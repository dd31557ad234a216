"""Many drafts issued in one transaction, each under its own number: no crash leaves a gap.

The series, the register, the heads, the events and the clients' aggregates change together, so that the series is at
every instant one that has given exactly the numbers 1 to next - 1.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.business import Business
from chalicelib.domain.chain import Issued
from chalicelib.domain.client import Client
from chalicelib.domain.errors import DomainError
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Series, opened
from chalicelib.domain.sales import Body, parties_of
from chalicelib.ports import Advance, Change, Keep, Move, Press, Save, Store
from chalicelib.usecases.issuing import numbered
from chalicelib.usecases.reading import bodies_of

WRITES = 100
"""Of one transaction (TransactWriteItems' own limit)."""
MAILED = 2
"""Writes of an invoice that is to be mailed: its head and its event."""


class Packed:
    """Drafts being issued under the next numbers of the series, as far as they fit into one transaction."""

    def __init__(
        self, *, send: bool, beside: int, business: Business, now: datetime, store: Store, press: Press
    ) -> None:
        """beside: how many writes are kept free for what else is in the transaction."""
        self.series = store.find(Series, "invoice") or opened("invoice", business.numbering)
        self.issued: list[Invoice] = []
        self.refused: dict[str, DomainError] = {}
        self._business, self._send, self._now, self._press = business, send, now, press
        self._began_at = self.series.version
        self._changes: list[Change] = []
        self._room = WRITES - beside - 1
        self._moved: set[str] = set()

    def take(self, draft: Invoice, body: Body, client: Client) -> bool:
        """Issue one more; False where it does not fit any more. One that cannot be issued is ``refused``, with why."""
        parties = parties_of(draft.id, body.content, seller=self._business.as_seller(), buyer=client.as_buyer())
        frozen = () if body.parties == parties else (Keep(parties),)
        writes = 3 + len(frozen) + (client.id not in self._moved)
        if writes > self._room:
            return False
        try:
            series, number, final, event = numbered(
                draft,
                Issued(content=body.content, parties=parties),
                self.series,
                client=client,
                business=self._business,
                send=self._send,
                now=self._now,
                press=self._press,
            )
        except DomainError as refused:
            self.refused[draft.id] = refused
            return True
        self.series = series
        self._room -= writes
        self._moved.add(client.id)
        self.issued.append(final)
        moved = Move(client_id=client.id, amount_due=final.amount_due, unbilled_total=-final.billed)
        self._changes += [Save(final, event), Keep(number), *frozen, moved]
        return True

    def mail(self, invoice: Invoice) -> bool:
        """Ask for one that was issued before to be mailed; False where it does not fit any more."""
        if self._room < MAILED:
            return False
        self._room -= MAILED
        self._changes.append(Save(*invoices.send_requested(invoice, at=self._now)))
        return True

    @property
    def changes(self) -> tuple[Change, ...]:
        """What is to be committed, with whatever else belongs to it."""
        if not self.issued:
            return tuple(self._changes)
        advanced = self.series.version
        assert advanced == self._began_at + len(self.issued)
        return (*self._changes, Advance(self.series, steps=len(self.issued)))


def packed(
    drafts: Sequence[Invoice],
    *,
    send: bool,
    beside: int,
    business: Business,
    now: datetime,
    store: Store,
    press: Press,
) -> tuple[Packed, Sequence[Invoice]]:
    """As many of the drafts as one transaction issues, and those that are left for the next."""
    bodies = bodies_of(drafts, store)
    clients = {client.id: client for client in store.many(Client, {draft.client_id: None for draft in drafts})}
    pack = Packed(send=send, beside=beside, business=business, now=now, store=store, press=press)
    for place, draft in enumerate(drafts):
        if not pack.take(draft, bodies[draft.id], clients[draft.client_id]):
            return pack, drafts[place:]
    return pack, ()
