"""So many payments told of at once: `python -m infra.bench.work.bursting DIR N` prints JSON.

The local run is in this process, so that botocore can be listened to; its functions are threads of it.
"""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from infra.bench.work.caller import Caller
from infra.bench.work.counting import Count, Ledger, listened_to
from infra.bench.work.ground import Ground
from infra.bench.work.payments import Webhook, paid_at_the_provider

CALLERS = 4
AT_ONCE = 500  # pages opened before they are paid
AT_MOST_S = 1_500  # until all is at rest again
BOOKED_BY = "then settle"


def main(data: Path, payments: int) -> None:
    with listened_to(data) as (ground, ledger):
        secret = json.loads((data / "secrets.json").read_text())["stripe_webhook"]
        print(json.dumps(_told(ground, ledger, payments, secret)), flush=True)


def _told(ground: Ground, ledger: Ledger, payments: int, secret: str) -> dict[str, Any]:
    caller, invoices = ground.caller, _newest(ground.caller, payments)
    webhooks: list[Webhook] = []
    for start in range(0, payments, AT_ONCE):
        webhooks += paid_at_the_provider(caller, invoices[start : start + AT_ONCE], secret=secret)
        _say(f"{len(webhooks)} of {payments} are paid at the provider")
    caller.settle(at_most_s=AT_MOST_S)
    ledger.taken()
    _say("the burst begins")
    began = time.perf_counter()
    answers = _posted(caller, webhooks)
    accepted = time.perf_counter()
    caller.settle(at_most_s=AT_MOST_S)
    rest, right = time.perf_counter(), ledger.last(BOOKED_BY)
    _say("all is at rest")
    asked = _for_each(ledger.taken(), payments)
    _must_be_right(caller, invoices)
    ledger.taken()
    again = _posted(caller, webhooks)
    caller.settle(at_most_s=AT_MOST_S)
    repeated = _for_each(ledger.taken(), payments)
    _must_be_right(caller, invoices)  # told again of everything, nothing counts twice
    return {
        "payments": payments,
        "answers": dict(answers),
        "accepted_s": round(accepted - began, 1),
        "right_s": round(right - began, 1),
        "at_rest_s": round(rest - began, 1),
        "right_ms_per_payment": round((right - began) / payments * 1000, 1),
        "asked_for_each": asked,
        "answers_again": dict(again),
        "asked_for_each_again": repeated,
    }


def _say(what: str) -> None:
    """How far it is, for whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def _newest(caller: Caller, count: int) -> list[str]:
    """The ids of so many invoices that nobody has paid."""
    ids: list[str] = []
    cursor = ""
    while len(ids) < count:
        page = caller.ask("GET", f"/v1/invoices?limit=100{cursor}").json
        ids += [str(each["id"]) for each in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    return ids[:count]


def _posted(caller: Caller, webhooks: list[Webhook]) -> Counter[int]:
    """Everything at once, from several callers; how often each status was answered."""
    answers: Counter[int] = Counter()

    def post(share: list[Webhook]) -> Counter[int]:
        own = caller.another()
        return Counter(webhook.post(own) for webhook in share)

    with ThreadPoolExecutor(CALLERS) as pool:
        for told in pool.map(post, [webhooks[start::CALLERS] for start in range(CALLERS)]):
            answers += told
    return answers


def _for_each(asked: Count, payments: int) -> Count:
    return {part: {name: round(many / payments, 2) for name, many in told.items()} for part, told in asked.items()}


def _must_be_right(caller: Caller, invoices: list[str]) -> None:
    """Raises AssertionError unless each is paid, once."""
    for invoice in invoices:
        seen = caller.ask("GET", f"/v1/invoices/{invoice}").json
        if (seen["status"], seen["paid_total"]) != ("paid", seen["total"]):
            raise AssertionError(f"{invoice} is {seen['status']}, {seen['paid_total']} of {seen['total']} is paid")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
