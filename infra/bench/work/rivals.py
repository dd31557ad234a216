"""Several callers at once, each a process of its own: writers of one number series, and races for one document."""

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from multiprocessing.synchronize import Barrier
from typing import Any

from infra.bench.work.caller import Caller
from infra.bench.work.figures import Row, p95
from infra.bench.work.ground import Ground
from infra.bench.work.payments import Webhook, paid_at_the_provider, released
from infra.bench.work.serving import Run

DRAFTS = 120
RACES = 20
CALLERS = 4
MEET_S = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request that a rival makes."""

    path: str
    body: object = None
    headers: dict[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    status: int
    took_ms: float


def parallel(run: Run, ground: Ground, writers: int) -> list[Row]:
    """120 drafts issued by so many callers, each its share: nobody may be refused, no number may be missing."""
    drafts = [ground.draft(number) for number in range(DRAFTS)]
    ground.caller.settle()
    shares = [[Post(path=f"/v1/invoices/{each}/issue", body={}) for each in drafts[w::writers]] for w in range(writers)]
    took_s, outcomes = _at_once(run, shares, in_step=False)
    ground.caller.settle()
    numbers = sorted(_sequence(ground.caller.ask("GET", f"/v1/invoices/{each}").json["number"]) for each in drafts)
    told = [
        ("issued_per_second", round(DRAFTS / took_s, 1), "1/s"),
        ("issue_p95", round(p95([each.took_ms for each in outcomes]), 1), "ms"),
        ("failed", sum(each.status != HTTPStatus.OK for each in outcomes), "calls"),
        ("distinct_numbers", len(set(numbers)), "numbers"),
        ("gaps", numbers[-1] - numbers[0] + 1 - len(numbers), "numbers"),
    ]
    return [
        {"metric": f"parallel{writers}_{name}", "value": value, "unit": unit, "n": DRAFTS} for name, value, unit in told
    ]


def races(run: Run, ground: Ground) -> list[Row]:
    """20 documents, each acted on by four callers at the same instant; each deed must have had one effect."""
    return [
        *_issued_at_once(run, ground),
        *_approved_at_once(run, ground),
        *_paid_by_one_event(run, ground),
        *_paid_with_one_key(run, ground),
    ]


def _issued_at_once(run: Run, ground: Ground) -> list[Row]:
    drafts = [ground.draft(number) for number in range(RACES)]
    outcomes = _raced(run, ground, [Post(path=f"/v1/invoices/{each}/issue", body={}) for each in drafts])
    numbers = _numbers_given(ground, set(drafts))
    return _told("race_issue", "numbers_used", numbers, outcomes)


def _approved_at_once(run: Run, ground: Ground) -> list[Row]:
    quotes = [ground.sent_quote(number) for number in range(RACES)]
    outcomes = _raced(
        run, ground, [Post(path=f"/v1/quotes/{each}/approve", body={"by": "The client"}) for each in quotes]
    )
    made = [ground.caller.ask("GET", f"/v1/invoices?quote_id={each}").json["data"] for each in quotes]
    return _told("race_approve", "drafts_made", sum(map(len, made)), outcomes)


def _paid_by_one_event(run: Run, ground: Ground) -> list[Row]:
    """The same signed event posted four times at once."""
    invoices = [ground.issued(number)["id"] for number in range(RACES)]
    webhooks: list[Webhook] = paid_at_the_provider(ground.caller, invoices, secret=run.webhook_secret)
    outcomes = _raced(
        run, ground, [Post(path="/v1/stripe/webhook", body=each.body, headers=each.headers()) for each in webhooks]
    )
    released(ground.caller)
    return _told("race_pay_by_event", "paid_of_total", _paid_of_total(ground, invoices), outcomes)


def _paid_with_one_key(run: Run, ground: Ground) -> list[Row]:
    """The same transfer booked four times at once under one Idempotency-Key."""
    issued = [ground.issued(number) for number in range(RACES)]
    posts = [
        Post(
            path=f"/v1/invoices/{each['id']}/payments",
            body={"amount": each["amount_due"], "method": "transfer"},
            headers={"Idempotency-Key": each["id"]},
        )
        for each in issued
    ]
    outcomes = _raced(run, ground, posts)
    paid = _paid_of_total(ground, [each["id"] for each in issued])
    return _told("race_pay_with_key", "paid_of_total", paid, outcomes)


def _told(race: str, effect: str, value: float, outcomes: Sequence[Outcome]) -> list[Row]:
    """The effect, and how the calls were answered: 409 is the business's own answer to who came too late."""
    statuses: dict[str, int] = {}
    for outcome in outcomes:
        statuses[str(outcome.status)] = statuses.get(str(outcome.status), 0) + 1
    return [{"metric": f"{race}_{effect}", "value": value, "unit": effect, "n": RACES, "answers": statuses}]


def _raced(run: Run, ground: Ground, posts: list[Post]) -> list[Outcome]:
    ground.caller.settle()
    _, outcomes = _at_once(run, [posts] * CALLERS, in_step=True)
    ground.caller.settle()
    return outcomes


def _at_once(run: Run, shares: Sequence[list[Post]], *, in_step: bool) -> tuple[float, list[Outcome]]:
    """Seconds from the common start to the last answer, and every outcome.

    in_step: the callers meet before each request, so that all of them make it at the same instant.
    """
    spawn = multiprocessing.get_context("spawn")
    meeting = spawn.Barrier(len(shares) + 1)
    told: Any = spawn.SimpleQueue()
    rivals = [
        spawn.Process(target=_rival, args=(run.url, run.api_key, share, meeting, told, in_step)) for share in shares
    ]
    for rival in rivals:
        rival.start()
    meeting.wait(MEET_S)
    began = time.perf_counter()
    if in_step:
        for _ in shares[0]:
            meeting.wait(MEET_S)
    outcomes = [outcome for _ in rivals for outcome in told.get()]
    took_s = time.perf_counter() - began
    for rival in rivals:
        rival.join()
    return took_s, outcomes


def _rival(url: str, api_key: str, share: list[Post], meeting: Barrier, told: Any, in_step: bool) -> None:  # noqa: ANN401, FBT001  # multiprocessing's queue
    caller = Caller(url, api_key)
    caller.ask("GET", "/health")
    meeting.wait(MEET_S)
    outcomes = []
    wait: Callable[[], object] = partial(meeting.wait, MEET_S) if in_step else bool
    for post in share:
        wait()
        reply = caller.try_("POST", post.path, post.body, post.headers)
        outcomes.append(Outcome(status=reply.status, took_ms=reply.took_ms))
    told.put(outcomes)


def _numbers_given(ground: Ground, documents: set[str]) -> int:
    report = ground.caller.ask("GET", "/v1/reports/numbers/invoice").json["numbers"]
    return sum(number["document_id"] in documents for number in report)


def _paid_of_total(ground: Ground, invoices: list[str]) -> float:
    read = [ground.caller.ask("GET", f"/v1/invoices/{each}").json for each in invoices]
    paid, total = (sum(Decimal(each[name]) for each in read) for name in ("paid_total", "total"))
    return float(paid / total)


def _sequence(number: str) -> int:
    """A printed number without its prefix."""
    return int(number.rpartition("-")[2])
