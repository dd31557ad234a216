"""A whole Quittance in one thread, where chance decides who goes on, what arrives when, and what goes wrong.

The functions are the real ones, unchanged: what they ask of AWS and Stripe comes through ``aws`` and ``ask_stripe``.
One seed is one exact history.
"""

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ReadTimeoutError

from infra.local.gateway import Gateway, Request
from infra.local.stripe.api import Api, Asked
from tests import builders as b
from tests.flows.things import Answer
from tests.simulation.aws.errors import AwsError
from tests.simulation.clerk import Clerk
from tests.simulation.faults import Faults
from tests.simulation.payers import Payers
from tests.simulation.programs import Programs
from tests.simulation.receivers import Receivers
from tests.simulation.scheduler import Crash, Scheduler
from tests.simulation.services import Services
from tests.simulation.waking import Waking

MOST_STEPS = 60_000
GOES_ON = 0.7  # how often what has begun goes on before something else begins
SPREAD_MS = 40  # the longest that a call takes, unless it is slow


@dataclass(frozen=True, slots=True)
class House:
    """A business, the key of its owner, and its Stripe account."""

    id: str
    key: str
    account: str
    sandbox: bool


@dataclass(slots=True, kw_only=True)
class World:
    seed: str
    gateway: Gateway
    app: Any
    faults: Faults
    through_boto: bool = False
    instant: datetime = b.NOON
    calls: int = 0
    calm: bool = True
    houses: list[House] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)
    scheduler: Scheduler = field(init=False)
    services: Services = field(init=False)
    stripe: Api = field(init=False)
    waking: Waking = field(init=False)
    payers: Payers = field(init=False)
    receivers: Receivers = field(init=False)
    programs: Programs = field(init=False)
    clerk: Clerk = field(init=False)
    pace: random.Random = field(init=False)
    letters: random.Random = field(init=False)
    _lag: int = 0

    def __post_init__(self) -> None:
        self.pace, self.letters = random.Random(f"{self.seed}/pace"), random.Random(f"{self.seed}/ids")
        self.scheduler = Scheduler(random.Random(f"{self.seed}/order"))
        self.services = Services(now=self.seconds, lag=lambda: self._lag)
        self.waking = Waking(self)
        self.payers = Payers(self)
        self.receivers = Receivers(self)
        self.programs = Programs(self)
        self.stripe = self.payers.api
        self.clerk = Clerk(self)
        self.services.dynamo.on_write = self.clerk.watch

    # time and chance

    def seconds(self) -> float:
        return self.instant.timestamp()

    def now(self, business: Any = None) -> datetime:
        """What a function's clock shows; the clock of this sandbox may be behind."""
        if business and business.clock:
            return business.clock  # type: ignore[no-any-return]
        running = self.scheduler.running()
        return self.instant - (running.behind if running else timedelta())

    def random_bytes(self, count: int) -> bytes:
        return self.letters.randbytes(count)

    def sleep(self, _: float) -> None:
        self.scheduler.pause()

    def pass_(self, **step: float) -> None:
        self.instant += timedelta(**step)
        self.note("clock", f"{self.instant:%Y-%m-%d %H:%M}")

    # the doors

    def aws(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """One call of AWS: others may go first, it may fail, and what it did is watched."""
        fault = self._fault_of(operation)
        if fault:
            self.note(f"{operation} {_target(request)}", fault)
        if fault == "crash_before":
            raise Crash
        if fault == "lost_request":
            raise ReadTimeoutError(endpoint_url=service)
        if fault in {"throttled", "conflict"}:
            raise _refused(fault, service, operation, request)
        try:
            answer = self._carried_out(service, operation, request, fault)
        except AwsError as error:
            self._digest(service, operation, request, error.code)
            raise
        self._digest(service, operation, request, "done")
        if fault == "crash_after":
            raise Crash
        if fault == "lost_answer":
            raise ReadTimeoutError(endpoint_url=service)
        return answer

    def ask_stripe(self, asked: Asked) -> Any:
        """One request of the SDK. Raises ConnectionAbortedError where the connection breaks."""
        self._turn()
        running = self.scheduler.running()
        fault = self.faults.of_stripe(asked.method, running.attempt) if running and not self.calm else None
        if fault and running:
            running.struck = True
            self.note(f"{asked.method} {asked.path}", fault)
        planned: dict[str, int | str] = {
            "stripe_500": 500,
            "stripe_429": 429,
            "stripe_lost_request": "drop_before",
            "stripe_lost_answer": "drop_after",
        }
        if fault in planned:
            self.stripe.faults.append(planned[fault])
        self.digest.update(f"{asked.method} {asked.path} {fault}\n".encode())
        answer = self.stripe.answer(asked)
        if fault == "stripe_crash":
            raise Crash
        if fault == "stripe_slow":
            self._be_overtaken()
        return answer

    def strike_receiver(self, what: str) -> str | None:
        """A post to a business's server: others may go first, and it may fail."""
        self._turn()
        running = self.scheduler.running()
        fault = self.faults.of_receiver(running.attempt) if running and not self.calm else None
        if fault and running:
            running.struck = True
            self.note(what, fault)
        self.digest.update(f"{what} {fault}\n".encode())
        if fault == "receiver_slow":
            self._be_overtaken()
        return fault

    def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """A request over HTTP; None if the function died, or the answer was lost on its way."""
        where, _, query = path.partition("?")
        asked = Request(method=method, path=where, query=query, headers=headers, body=body)
        running = self.scheduler.running()
        if running:
            running.struck = False
            running.behind = self.faults.behind(running.attempt, often=2)
        try:
            given = self.gateway.answer(asked)
        except Crash:
            return None
        except Exception as error:  # noqa: BLE001 - API Gateway answers 500 for an authorizer that fails
            self.clerk.heard(method, path, 500, repr(error).encode())
            return None
        named: dict[str, str] = {name.lower(): value for name, value in given.headers}
        self.clerk.heard(method, path, given.status, given.body + named.get("location", "").encode())
        return Answer(given.status, given.body.decode(errors="replace"), named, given.body)

    # the course of events

    def run(self) -> None:
        """Until nothing is left to do. Raises AssertionError when something never ends."""
        for _ in range(MOST_STEPS):
            self.clerk.verdict()
            going_on = bool(self.scheduler.tasks)
            offers = [] if going_on and self.pace.random() < GOES_ON else self.waking.offers()
            if offers:
                self.pace.choice(offers)()
            elif going_on:
                self.scheduler.step()
            else:
                return
        raise AssertionError("liveness: the world never comes to rest")

    def come_to_rest(self) -> None:
        """Faults end, what is due is done, and time passes until every plan's day has come."""
        self.calm = True
        self.run()
        self.clerk.look_at_the_pages()
        for days in (0, 45, 0):
            self.pass_(days=days, minutes=15)
            self.waking.sweeps += 1
            self.waking.comparisons += 1
            self.run()

    def note(self, what: str, outcome: str) -> None:
        running = self.scheduler.running()
        self.story.append(f"{running.name if running else '-':34} {what}: {outcome}")

    def _turn(self) -> None:
        self.scheduler.pause()
        self.calls += 1
        self.instant += timedelta(milliseconds=self.pace.randint(1, SPREAD_MS))

    def _fault_of(self, operation: str) -> str | None:
        self._turn()
        running = self.scheduler.running()
        if running is None or self.calm:
            return None
        fault = self.faults.of_call(operation, running.attempt)
        running.struck = running.struck or fault is not None
        return fault

    def _carried_out(self, service: str, operation: str, request: dict[str, Any], fault: str | None) -> dict[str, Any]:
        match fault:
            case "slow":
                self._be_overtaken()
            case "resent":
                self.services.answer(service, operation, request)
                self.scheduler.pause()
            case "short_page":
                request = request | {"Limit": 1}
            case "stale_index":
                self._lag = self.pace.randint(1, 8)
            case "unprocessed":
                return self._half_read(service, operation, request)
        try:
            return self.services.answer(service, operation, request)
        finally:
            self._lag = 0

    def _be_overtaken(self) -> None:
        """A call that takes seconds, in which others do dozens."""
        self.instant += timedelta(seconds=3)
        for _ in range(self.pace.choice((4, 40, 200))):
            self.scheduler.pause()

    def _half_read(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        ((table, asked),) = request["RequestItems"].items()
        half = len(asked["Keys"]) // 2
        now, later = asked | {"Keys": asked["Keys"][:half]}, asked | {"Keys": asked["Keys"][half:]}
        answer = {"Responses": {table: []}}
        if half:
            answer = self.services.answer(service, operation, {"RequestItems": {table: now}})
        return answer | {"UnprocessedKeys": {table: later}}

    def _digest(self, service: str, operation: str, request: dict[str, Any], outcome: str) -> None:
        told = {name: value for name, value in request.items() if name != "ClientRequestToken"}
        self.digest.update(repr((service, operation, told, outcome)).encode())


def _target(request: dict[str, Any]) -> str:
    """What a call is about, for the story."""
    if "TransactItems" in request:
        actions = [next(iter(action.values())) for action in request["TransactItems"]]
        return ", ".join((action.get("Item") or action["Key"])["PK"]["S"].partition("#")[2] for action in actions[:2])
    if "Key" in request and isinstance(request["Key"], dict):
        return str(request["Key"]["PK"]["S"])
    return str(request.get("IndexName") or request.get("TableName") or request.get("QueueUrl") or "")


def _refused(fault: str, service: str, operation: str, request: dict[str, Any]) -> AwsError:
    if operation != "TransactWriteItems":
        code = "ProvisionedThroughputExceededException" if service == "dynamodb" else "ThrottlingException"
        return AwsError(code, "there is too much to do")
    reason = "TransactionConflict" if fault == "conflict" else "ThrottlingError"
    reasons = [{"Code": "None"} for _ in request["TransactItems"]]
    reasons[0] = {"Code": reason, "Message": "there is too much to do"}
    return AwsError("TransactionCanceledException", f"cancelled: {reason}", CancellationReasons=reasons)


Deed = Callable[[World, House, random.Random], None]
