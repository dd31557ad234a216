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
from infra.bench.work.payments import Webhook, paid_at_the_provider, released

CALLERS = 4
AT_ONCE = 100  # pages opened before they are paid


def main(data: Path, payments: int) -> None:
    with listened_to(data) as (ground, ledger):
        secret = json.loads((data / "secrets.json").read_text())["stripe_webhook"]
        print(json.dumps(_told(ground, ledger, payments, secret)), flush=True)


def _told(ground: Ground, ledger: Ledger, payments: int, secret: str) -> dict[str, Any]:
    invoices = [str(ground.issued(number)["id"]) for number in range(payments)]
    webhooks = [
        webhook
        for start in range(0, payments, AT_ONCE)
        for webhook in paid_at_the_provider(ground.caller, invoices[start : start + AT_ONCE], secret=secret)
    ]
    ground.caller.settle()
    ledger.taken()
    began = time.perf_counter()
    answers = _posted(ground.caller, webhooks)
    accepted = time.perf_counter() - began
    ground.caller.settle()
    took = time.perf_counter() - began
    asked = _for_each(ledger.taken(), payments)
    _must_be_right(ground.caller, invoices)
    released(ground.caller)
    _must_be_right(ground.caller, invoices)  # told again of everything, nothing counts twice
    return {
        "payments": payments,
        "answers": dict(answers),
        "accepted_s": round(accepted, 1),
        "right_s": round(took, 1),
        "ms_per_payment": round(took / payments * 1000, 1),
        "asked_for_each": asked,
    }


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
