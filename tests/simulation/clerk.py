"""Who watches a world: every write is checked against the invariants, and every promise is remembered."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain import invariants
from chalicelib.domain.books import Violation
from chalicelib.domain.business import Business
from chalicelib.domain.errors import Conflict
from chalicelib.domain.feed import Told
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Payment
from chalicelib.domain.sound_feed import of_feed
from tests.simulation import at_rest
from tests.simulation.mirror import Mirror
from tests.simulation.remembering import Sound

if TYPE_CHECKING:
    from tests.flows.things import Answer
    from tests.simulation.world import House, World

PAGE = re.compile(rb"cs_test_\w+")
AT_REST = timedelta(0)


class Broken(AssertionError):
    """An invariant does not hold, or a promise was not kept."""


@dataclass(slots=True)
class Clerk:
    """broken: what was found wrong, first things first; checks: how often the books were looked at.

    promises: the version of each business's entities that somebody was told of; planned: the drafts that go out on
    their day, since somebody was told so and nobody took it back; shown: the payment pages whose address somebody got;
    sound: what need not be judged again while this business's books are looked at.
    """

    world: "World"
    broken: list[Broken] = field(default_factory=list)
    checks: int = 0
    promises: dict[tuple[str, str], int] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    planned: set[str] = field(default_factory=set)
    shown: set[bytes] = field(default_factory=set)
    sound: Sound = field(default_factory=dict)
    _mirrors: dict[str, Mirror] = field(default_factory=lambda: defaultdict(Mirror))

    def heard(self, method: str, path: str, status: int, answer: bytes) -> None:
        """An answer was given: only a fault excuses a failure."""
        self.shown.update(PAGE.findall(answer))
        running = self.world.scheduler.running()
        if status >= 500 and not (running and running.struck):
            self.broken.append(Broken(f"fails without a fault: {method} {path}: {status} {answer[:300]!r}"))

    def logged(self, message: str, error: BaseException | None) -> None:
        """The product wrote a failure into its log: only a fault, or a race that goes on elsewhere, excuses it."""
        running = self.world.scheduler.running()
        self.world.note(message, repr(error))
        if not isinstance(error, Conflict) and not (running and running.struck):
            self.broken.append(Broken(f"fails without a fault: {message}: {error!r}"))

    def promised(self, house: "House", method: str, path: str, answer: "Answer") -> None:
        """What was said to have been done must be there in the end."""
        if answer.status >= 300 or method == "GET":
            return
        if method == "DELETE":
            self.removed.add(path.rpartition("/")[2])
        elif isinstance(answer.body, dict) and "version" in answer.body:
            told, version = (house.id, answer.body["id"]), answer.body["version"]
            self.promises[told] = max(version, self.promises.get(told, 0))

    def watch(self, writes: list[Any]) -> None:
        """Look at what was written, and at the books of whom it concerns."""
        changed: dict[str, set[type]] = defaultdict(set)
        for write in writes:
            pk = (write.new or write.old)["PK"]["S"]
            business = pk.split("#")[1] if write.table != "ops" and pk.startswith("T#") else None
            if business and (kind := self._mirrors[business].enter(write)):
                changed[business].add(kind)
        for business in sorted(changed):
            self._check(business, changed[business])

    def verdict(self) -> None:
        """Raises Broken for the first thing that was found wrong."""
        if self.broken:
            raise self.broken[0]

    def is_booked(self, business: str, invoice_id: str) -> bool:
        """Whether a payment of this invoice was booked."""
        return any(payment.invoice_id == invoice_id for payment in self._mirrors[business].all(Payment))

    def unmatched(self, business: str, intent: str) -> str | None:
        """The id of the payment that waits for a person, once this one was booked."""
        waiting = (one for one in self._mirrors[business].all(Payment) if one.quarantine and one.facts)
        return next((one.id for one in waiting if one.facts.payment_intent_id == intent), None)

    def look_at_the_pages(self) -> None:
        """Whatever page somebody can still pay, we know of: nobody may pay what is not due."""
        for house in self.world.houses:
            known = {i.checkout.session_id for i in self._mirrors[house.id].all(Invoice) if i.checkout}
            for page in self.payable_pages(house.account):
                if page["id"] not in known:
                    self.broken.append(Broken(f"page: {page['id']} of {page['metadata']['invoice_id']} can be paid"))

    def payable_pages(self, account: str) -> list[dict[str, Any]]:
        """The open pages that somebody can get at; of others, only a crashed function knew the address."""
        return [page for page in self.world.payers.open_pages(account) if page["id"].encode() in self.shown]

    def close(self) -> None:
        """Everything is at rest: what was asked for must have been done, and all is judged anew. Raises Broken."""
        self.verdict()
        self.sound = {}
        self.broken += [
            Broken(each) for each in at_rest.of_world(self.world, self.promises, self.removed, self._mirrors)
        ]
        for house in self.world.houses:
            mirror = self._mirrors[house.id]
            now = next(iter(mirror.all(Business))).clock or self.world.instant
            movements = self.world.payers.movements(house.account)
            self._complain(invariants.check(mirror.books(movements), now=now, grace=AT_REST))
            self.broken += [Broken(each) for each in at_rest.of_house(self.world, house, mirror, planned=self.planned)]
        self.verdict()

    def _check(self, business: str, changed: set[type]) -> None:
        """changed: the kinds of what changed; whatever is not the feed may concern everything."""
        self.checks += 1
        mirror = self._mirrors[business]
        self.sound = mirror.sound
        if changed == {Told}:
            self._complain(tuple(of_feed(mirror.all(Told), mirror.envelopes.values())))
        else:
            self._complain(invariants.check(mirror.books()))

    def _complain(self, found: tuple[Violation, ...]) -> None:
        self.broken += [Broken(f"{each.invariant}: {each.detail}") for each in found]
