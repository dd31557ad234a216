"""People who use the API as a good client does: one Idempotency-Key for a wish, asked again until it is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from tests.flows.portal import Portal
from tests.flows.post import read
from tests.flows.things import Answer
from tests.simulation.world import House, World

T = TypeVar("T")

MOST_TRIES = 12
LOST_RACES = {"conflict"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a business, with chances of their own."""

    world: World
    house: House
    chance: Random

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def get(self, path: str) -> Any:
        return self.ask("GET", path).body

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """The answer that says what became of a wish, however often it had to be asked for."""
        sent = b"" if body is None else json.dumps(body).encode()
        named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        plain = {"authorization": f"Bearer {self.house.key}", "content-type": "application/json"}
        if method != "GET":
            plain["idempotency-key"] = f"{self.chance.getrandbits(64):016x}"
        answer = self.insist(method, path, sent, plain | named)
        self.world.clerk.promised(self.house, method, path, answer)
        return answer

    def insist(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a request until it is answered."""
        task = self.world.scheduler.running()
        for attempt in range(1, MOST_TRIES):
            if task:
                task.attempt = attempt
            answer = self.world.request(method, path, body, headers)
            if answer is None or answer.status >= 500 or answer.problem_code in LOST_RACES:
                continue
            if task:
                task.attempt = 1
            self.world.note(f"{method} {path}", f"{answer.status} {answer.problem_code}")
            return answer
        raise AssertionError(f"liveness: {method} {path} is never answered")

    def browser(self, link: str) -> Portal:
        """The browser of a client who has followed a link of a mail."""
        portal = Portal(self.insist, language="en")
        portal.visit(link)
        return portal

    def mailed_link(self, document: str) -> str | None:
        """The link in the newest mail about a document, when one has come."""
        mails = [mail for mail in self.world.services.ses.mails if mail.tags.get("document") == document]
        return read(mails[-1].raw).portal_link if mails else None

    def wait(self, hoped: Callable[[], T | None], *, patience: int = 400) -> T | None:
        """Let others go on until what is hoped for is there; not for ever."""
        for _ in range(patience):
            found = hoped()
            if found is not None:
                return found
            self.world.scheduler.pause()
        return None

    def another(self, name: str) -> "Person":
        """Somebody else of the same business."""
        return Person(self.world, self.house, Random(f"{name}/{self.chance.getrandbits(64)}"))

    def day_in(self, days: int) -> str:
        return f"{(self.world.now() + timedelta(days=days)).date():%Y-%m-%d}"

    # what most deeds begin with

    def draft(self, client: str, **more: Any) -> Any:
        wish = {"client_id": client, "lines": self.lines(), "purchase_order": self.wish()}
        answer = self.post("/v1/invoices", wish | more)
        assert answer.status == 201, f"promise: a draft like all others is refused: {answer.text}"
        return answer.body

    def issue(self, invoice: str) -> Answer:
        answer = self.post(f"/v1/invoices/{invoice}/issue", {"send": self.chance.random() < 0.5})
        assert answer.status != 200 or answer["number"], f"promise: {invoice} is said to be issued, and has no number"
        return answer

    def issued(self, client: str, **more: Any) -> Any:
        """A new invoice under its number."""
        return self.issue(self.draft(client, **more)["id"]).body

    def wish(self) -> str:
        """A mark that what comes of one wish bears, and nothing else."""
        return f"wish-{self.chance.getrandbits(48):012x}"

    def lines(self) -> list[dict[str, str]]:
        """One to three lines of odd prices, so that every rounding shows."""
        return [
            {"description": f"Work {n}", "quantity": "3", "unit_price": f"{self.chance.randint(1, 99_999) / 100:.2f}"}
            for n in range(self.chance.randint(1, 3))
        ]
