"""What wakes the functions: the journal's stream, the queues, Stripe's events, news of mails, the clock, and people.

At least once, in any order; a record or message that fails comes again, and one that always fails is given up where
somebody is told.
"""

import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.domain.event_types import EVENTS
from chalicelib.entrypoints.runtime import Failed
from infra.local import functions, resources
from infra.local.clock import scheduled
from infra.local.functions import context
from infra.local.stripe import sign
from tests.simulation.scheduler import Crash

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_AT_ONCE = 6
SECRET = "whsec_test"
STRIPE_WAITS_S = 300
LONGEST_DEAFNESS = 40  # events that are lost in a row: those of several payments
LAMBDA_WAITS_S = 60  # after the first failure of an asynchronous call, and twice that after the second
LAMBDA_TRIES = 3
UNSAID: tuple[Any, ...] = (None, False, [])  # what a version that does not know a field leaves out
DETAILS = {"bounced": "Email Bounced", "delivered": "Email Delivered"}

Offer = Callable[[], None]


@dataclass(slots=True, eq=False)
class Parcel:
    """Something to be delivered: a record, a message, an event.

    attempts: how often it was tried; due: before this second it does not come again.
    """

    content: Any
    attempts: int = 0
    under_way: bool = False
    due: float = 0


@dataclass(slots=True)
class Waking:
    world: "World"
    records: list[Parcel] = field(default_factory=list)
    messages: dict[str, list[Parcel]] = field(default_factory=dict)
    events: list[Parcel] = field(default_factory=list)
    news: list[Parcel] = field(default_factory=list)
    deeds: deque[tuple[str, Callable[[], None]]] = field(default_factory=deque)
    jumps: deque[timedelta] = field(default_factory=deque)
    sweeps: int = 0
    comparisons: int = 0
    compared: bool = False
    deaf: int = 0
    given_up: list[Any] = field(default_factory=list)
    stream: Any = None
    queues: dict[str, functions.Mapping] = field(default_factory=dict)
    mail: random.Random = field(init=False)

    def __post_init__(self) -> None:
        (self.stream,) = functions.streams(self.world.app)
        self.queues = {resources.named(each.source): each for each in functions.queues(self.world.app)}
        self.messages = {name: [] for name in self.queues}
        self.mail = random.Random(f"{self.world.seed}/mail")

    def offers(self) -> list[Offer]:
        """What could begin now."""
        tasks = self.world.scheduler.tasks
        if len(tasks) >= MOST_AT_ONCE:
            return []
        self._fetch()
        found: list[Offer] = [
            give for give, waiting in self._deliveries() if any(self._is_ready(parcel) for parcel in waiting)
        ]
        if self.sweeps:
            found.append(self._sweep)
        if self.comparisons:
            found.append(self._compare)
        if self.deeds:
            found.append(self._begin)
        if found or tasks:
            return found
        if any(waiting for _, waiting in self._deliveries()):
            return [self._wait]
        return [self._jump if self.compared else self._ask_for_comparison] if self.jumps else []

    def _deliveries(self) -> list[tuple[Offer, list[Parcel]]]:
        queues = [(partial(self._give_messages, name), self._offered(name)) for name in self.messages]
        return [
            (self._give_records, self.records),
            (self._give_event, self.events),
            (self._give_news, self.news),
            *queues,
        ]

    def _is_ready(self, parcel: Parcel) -> bool:
        return not parcel.under_way and parcel.due <= self.world.seconds()

    def _ready(self, waiting: list[Parcel], most: int) -> list[Parcel]:
        """Some of those that may come now."""
        ready = [parcel for parcel in waiting if self._is_ready(parcel)]
        chance = self.world.pace
        return chance.sample(ready, min(len(ready), chance.randint(1, most)))

    def _offered(self, name: str) -> list[Parcel]:
        """What a queue may give: of a FIFO queue the first message of each group, and what is left of its tries."""
        waiting = self.messages[name]
        if not self.world.services.is_fifo(name):
            return waiting
        first: dict[str, str] = {}
        for parcel in waiting:
            first.setdefault(parcel.content.group, parcel.content.id)
        return [parcel for parcel in waiting if first[parcel.content.group] == parcel.content.id]

    def announce(self, account: str, event: dict[str, Any]) -> None:
        """Stripe has something to tell; some of it never arrives, however often it is tried."""
        if not self.world.calm and self.world.faults.strikes("stripe_never_told"):
            self.deaf = self.world.pace.randint(1, LONGEST_DEAFNESS)
        if self.deaf:
            self.deaf -= 1
            self.world.note(f"webhook {event['type']}", "stripe_never_told")
            return
        self.events.append(Parcel(event | {"account": account}))

    def _fetch(self) -> None:
        """New records, messages and mails since the last look."""
        services = self.world.services
        self.records += [Parcel(record) for record in services.fresh_records()]
        for name, waiting in self.messages.items():
            waiting += [Parcel(message) for message in services.fresh_messages(name)]
        self.news += [Parcel(self._news_of(mail)) for mail in services.fresh_mails()]

    # each kind of delivery

    def _give_records(self) -> None:
        world = self.world
        batch = self._ready(self.records, 3)
        given = [self._versioned(record.content, record.attempts + 1) for record in batch]
        event = {"Records": given}

        def failed(answer: dict[str, Any]) -> set[int]:
            numbers = [record["dynamodb"]["SequenceNumber"] for record in given]
            bad = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            first = next((i for i, number in enumerate(numbers) if number in bad), len(numbers))
            return set(range(first, len(numbers)))

        self._give(self.stream, event, batch, self.records, failed, most=self.stream.retries + 1)
        world.note("stream", f"{len(batch)} records")

    def _give_messages(self, name: str) -> None:
        waiting, mapping, services = self.messages[name], self.queues[name], self.world.services
        batch = self._ready(self._offered(name), min(2, mapping.batch_size))
        event = {"Records": [_message(message.content) for message in batch]}

        def failed(answer: dict[str, Any]) -> set[int]:
            bad = {each["itemIdentifier"] for each in answer["batchItemFailures"]}
            return {i for i, message in enumerate(batch) if message.content.id in bad}

        most, hidden_s = services.most_receives(name), services.hidden_s(name)
        self._give(mapping, event, batch, waiting, failed, most=most, hidden_s=hidden_s)
        if self.world.faults.strikes("overlap"):
            for message in batch:
                waiting.append(Parcel(message.content, attempts=message.attempts - 1))

    def _give(
        self,
        mapping: functions.Mapping,
        event: dict[str, Any],
        batch: list[Parcel],
        waiting: list[Parcel],
        failed: Callable[[dict[str, Any]], set[int]],
        *,
        most: int,
        hidden_s: int = 0,
    ) -> None:
        for parcel in batch:
            parcel.under_way = True
            parcel.attempts += 1
            parcel.due = self.world.seconds() + hidden_s

        def run() -> None:
            try:
                bad = failed(mapping.function(event, context(mapping.name)))
            except (Crash, Failed):
                bad = set(range(len(batch)))
            for i, parcel in enumerate(batch):
                parcel.under_way = False
                self._settle(parcel, waiting, mapping.name, done=i not in bad, most=most)

        self._spawn(mapping.name, run, attempt=max(parcel.attempts for parcel in batch))

    def _settle(self, parcel: Parcel, waiting: list[Parcel], name: str, *, done: bool, most: int) -> None:
        if done and self.world.faults.strikes("duplicate"):
            return
        if not done and parcel.attempts < most:
            return
        waiting.remove(parcel)
        if not done:
            self.given_up.append((name, parcel.content))
            self.world.note(name, "given up")

    def _give_event(self) -> None:
        (event,) = self._ready(self.events, 1)
        event.under_way = True
        event.attempts += 1
        event.due = self.world.seconds() + STRIPE_WAITS_S
        body = json.dumps(event.content, indent=2).encode()

        def run() -> None:
            signed = sign(body, SECRET, int(self.world.now().timestamp()))
            headers = {"content-type": "application/json", "stripe-signature": signed}
            answer = self.world.request("POST", "/v1/stripe/webhook", body, headers)
            event.under_way = False
            if answer is None or answer.status >= 500:
                return
            assert answer.status == 200, f"Stripe's event is refused: {answer.text}"
            if not self.world.faults.strikes("duplicate"):
                self.events.remove(event)

        self._spawn(f"webhook {event.content['type']}", run, attempt=event.attempts)

    def _give_news(self) -> None:
        (parcel,) = self._ready(self.news, 1)
        parcel.under_way = True
        parcel.attempts += 1
        parcel.due = self.world.seconds() + LAMBDA_WAITS_S * parcel.attempts
        found = functions.function(self.world.app, "bounced")

        def run() -> None:
            try:
                found(parcel.content, context("bounced"))  # type: ignore[misc]
                done = True
            except (Crash, Failed):
                done = False
            parcel.under_way = False
            self._settle(parcel, self.news, "bounced", done=done, most=LAMBDA_TRIES)

        self._spawn("bounced", run, attempt=parcel.attempts + 1)

    def _sweep(self) -> None:
        self.sweeps -= 1
        found = functions.function(self.world.app, "sweep")

        def run() -> None:
            try:
                found(scheduled("sweep", self.world.instant), context("sweep"))  # type: ignore[misc]
            except (Crash, Failed):
                self.sweeps += 1

        self._spawn("sweep", run)

    def _compare(self) -> None:
        self.comparisons -= 1
        found = functions.function(self.world.app, "reconcile")

        def run() -> None:
            try:
                found(scheduled("reconcile", self.world.instant), context("reconcile"))  # type: ignore[misc]
            except (Crash, Failed):
                self.comparisons += 1

        self._spawn("reconcile", run)

    def _ask_for_comparison(self) -> None:
        """Before many days pass: in truth it is asked for every quarter of an hour of them.

        All is quiet, and whatever page is open is looked at before it ends by itself.
        """
        self.world.clerk.look_at_the_pages()
        self.world.pass_(minutes=15)
        self.comparisons, self.compared = self.comparisons + 1, True

    def _begin(self) -> None:
        name, deed = self.deeds.popleft()
        self._spawn(name, deed)

    def _wait(self) -> None:
        """Nothing can go on before something comes again: let that moment come."""
        due = min(parcel.due for _, waiting in self._deliveries() for parcel in waiting)
        self.world.pass_(seconds=max(due - self.world.seconds(), 0) + 1)

    def _jump(self) -> None:
        step, self.compared = self.jumps.popleft(), False
        self.world.pass_(seconds=step.total_seconds())
        self.sweeps += self.world.pace.randint(1, 2)

    def _spawn(self, name: str, run: Callable[[], None], *, attempt: int = 1) -> None:
        self.world.scheduler.spawn(name, run, attempt=attempt)
        self.world.scheduler.tasks[-1].behind = self.world.faults.behind(attempt)

    def _versioned(self, record: dict[str, Any], attempt: int) -> dict[str, Any]:
        """The record as another version of us would have written it."""
        newer = self.world.faults.strikes("newer_event", attempt)
        older = self.world.faults.strikes("older_event", attempt)
        if not newer and not older:
            return record
        image = record["dynamodb"]["NewImage"]
        doc, added = json.loads(image["doc"]["S"]), {}
        if newer:
            doc |= {"said_by_a_newer_version": {"a": [1]}}
            added = {"added_by_a_newer_version": {"S": "x"}}
        if older:
            optional = {each.name for each in fields(EVENTS[image["type"]["S"]]) if each.default is not MISSING}
            doc = {name: value for name, value in doc.items() if name not in optional or value not in UNSAID}
        changed = image | {"doc": {"S": json.dumps(doc)}} | added
        return record | {"dynamodb": record["dynamodb"] | {"NewImage": changed}}

    def _news_of(self, mail: Any) -> dict[str, Any]:
        """What the mail provider says later of a mail."""
        outcome = "bounced" if self.world.faults.strikes("bounce") else "delivered"
        tags = {name: [value] for name, value in mail.tags.items()}
        detail: dict[str, Any] = {"mail": {"messageId": mail.message_id, "tags": tags}}
        if outcome == "bounced":
            detail["bounce"] = {"bouncedRecipients": [{"diagnosticCode": "550 no such user"}]}
        return scheduled("bounced", self.world.instant) | {
            "source": "aws.ses",
            "detail-type": DETAILS[outcome],
            "detail": detail,
        }


def _message(message: Any) -> dict[str, Any]:
    """A queue's message as Lambda gets it."""
    return {
        "messageId": message.id,
        "receiptHandle": message.id,
        "body": message.body,
        "attributes": {},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:ca-central-1:000000000000:queue",
        "awsRegion": "ca-central-1",
    }
