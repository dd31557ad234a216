"""A business whose events are given their places and posted to its webhooks: everything in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.domain.feed import Told, is_told
from chalicelib.domain.journal import Envelope
from chalicelib.domain.posting import Delivery, Progress
from chalicelib.domain.webhook import Webhook
from chalicelib.ports import Filter
from chalicelib.usecases import carrying, registering, subscribing
from chalicelib.usecases.carrying import Round
from chalicelib.usecases.sequencing import give_sequences
from tests import builders as b
from tests.fakes.receiver import Receiver
from tests.fakes.seal import FakeSeal
from tests.usecases.till import Till

URL = "https://erp.example.com/quittance"


@dataclass(slots=True)
class Exchange(Till):
    receiver: Receiver = field(default_factory=Receiver)
    randoms: Any = field(default_factory=lambda: count(1))

    def random(self) -> bytes:
        return bytes(next(self.randoms).to_bytes(32, "big"))

    def occur(self) -> Envelope:
        """A client changes; the event of it, which has no place in the feed yet."""
        registering.change_client(
            b.CLIENT,
            lambda client: replace(client, name=f"{client.name}."),
            if_match=None,
            now=self.clock(),
            store=self.store(),
        )
        return self.store().history(b.CLIENT)[-1]

    def happen(self, times: int = 1) -> list[Envelope]:
        """Events that are given their places as they come."""
        events = [self.occur() for _ in range(times)]
        for event in events:
            self.tell(event)
        return events

    def tell(self, *envelopes: Envelope) -> list[str]:
        """The names under which they are told."""
        assert all(is_told(envelope.event) for envelope in envelopes)
        return sorted(give_sequences([_without_place(envelope) for envelope in envelopes], store=self.store()))

    def feed(self) -> tuple[Told, ...]:
        return self.store().page(Told, Filter(), limit=1000).rows

    def subscribe(self, url: str = URL, types: tuple[str, ...] | None = None) -> tuple[Webhook, str]:
        return subscribing.add_webhook(
            url=url,
            event_types=types,
            description=None,
            locally=False,
            random=self.random(),
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            seal=FakeSeal(),
        )

    def change_webhook(self, webhook: Webhook, **wanted: Any) -> Webhook:
        return subscribing.change_webhook(
            webhook.id,
            lambda one: replace(one, **wanted),
            fields=tuple(wanted),
            locally=False,
            if_match=None,
            now=self.clock(),
            real_now=self.clock(),
            store=self.store(),
        )

    def rotate(self, webhook: Webhook) -> str:
        _, secret = subscribing.rotate_secret(
            webhook.id,
            random=self.random(),
            if_match=None,
            now=self.clock(),
            real_now=self.clock(),
            store=self.store(),
            seal=FakeSeal(),
        )
        return secret

    def replay(self, webhook: Webhook, after: int) -> Webhook:
        return subscribing.replay(
            webhook.id,
            after_sequence=after,
            if_match=None,
            now=self.clock(),
            real_now=self.clock(),
            store=self.store(),
        )

    def remove(self, webhook: Webhook) -> None:
        subscribing.remove_webhook(webhook.id, if_match=None, now=self.clock(), store=self.store())

    def carry(self, webhook: Webhook, *, enough: Callable[[], bool] = lambda: False) -> bool:
        return carrying.carry(webhook.id, enough=enough, round_=self.round())

    def round(self) -> Round:
        return Round(clock=self.clock, now=self.clock(), store=self.store(), courier=self.receiver, seal=FakeSeal())

    def progress(self, webhook: Webhook) -> Progress:
        return subscribing.progress_of(webhook, self.store())

    def deliveries(self, webhook: Webhook) -> list[tuple[int, str, int]]:
        """Sequence, status and attempts of each, the oldest first."""
        rows = self.store().page(Delivery, Filter(webhook_id=webhook.id), limit=1000).rows
        return [(row.sequence, row.status, row.attempts) for row in reversed(rows)]

    def due(self) -> list[str]:
        """What the sweep would find now."""
        found = DynamoDirectory(tables=self.tables).due(until=self.clock())
        return [due.id for due in found if due.kind == "post"]


def _without_place(envelope: Envelope) -> Told:
    event = envelope.event
    return Told(sequence=0, event_id=envelope.id, subject=event.subject, version=event.version, type=event.type)
