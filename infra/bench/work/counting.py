"""What each deed asks of AWS: requests by operation, and the capacity units that the emulator says they consumed.

Runs the local run inside this process, its event functions too, so that botocore can be listened to; nothing is timed.
`python -m infra.bench.work.counting DIR` prints JSON.
"""

import functools
import importlib
import json
import os
import socket
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from infra.bench.work.caller import Caller
from infra.bench.work.ground import Ground, prepared
from infra.bench.work.payments import Webhook, paid_at_the_provider, released
from infra.bench.work.sizes import read_units, write_units
from infra.local import house, works_process
from infra.local.attention import Attention
from infra.local.works import WorksHere

SERVICES = ("dynamodb", "s3", "ses", "sqs")
READS = {"GetItem", "BatchGetItem", "Query"}
MEASURABLE = READS | {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}

Count = dict[str, dict[str, float]]


class Ledger:
    """Requests and units since the last call of taken(), apart for the call itself and what follows from it.

    RCU and WCU are what the emulator says; "RCU by size" and "WCU by size" are what DynamoDB would say of what was read
    and written.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[str, defaultdict[str, float]] = {}
        self._last: dict[str, float] = {}

    def note(  # the answer is botocore's
        self,
        operation: str,
        answer: Any,  # noqa: ANN401
        *,
        consistent: bool = True,
        written: int = 0,
    ) -> None:
        consumed = answer.get("ConsumedCapacity", [])
        units = sum(each["CapacityUnits"] for each in (consumed if isinstance(consumed, list) else [consumed]))
        by_size = read_units(operation, answer, consistent=consistent)
        with self._lock:
            requests = self._requests.setdefault(_part(), defaultdict(float))
            requests[operation] += 1
            self._last[_part()] = time.perf_counter()
            if units:
                requests["RCU" if operation in READS else "WCU"] += units
            if by_size:
                requests["RCU by size"] += by_size
            if written:
                requests["WCU by size"] += written

    def last(self, part: str) -> float:
        """When a part was answered last, by ``time.perf_counter``."""
        with self._lock:
            return self._last[part]

    def taken(self) -> Count:
        with self._lock:
            taken, self._requests = self._requests, {}
        return {part: dict(sorted(requests.items())) for part, requests in sorted(taken.items())}


class WorksBeside(WorksHere):
    """The event functions in this process, where the local run would give them one of their own."""

    def __init__(self, *, folder: Path, data: Path) -> None:
        self._attention = Attention()
        app = importlib.import_module("app").app
        super().__init__(app, client=works_process.client, folder=folder, data=data, attention=self._attention)
        self.start()

    def start(self) -> None:
        """Without the clock: it would have what Stripe was told to hold back compared, healed, and counted."""
        self._pumps.start()

    def wait_until_up(self) -> None:
        """It is: threads of this process start at once."""

    def word(self, place: str) -> None:
        self._attention.call(place)


def main(data: Path) -> None:
    with listened_to(data) as (ground, ledger):
        secret = json.loads((data / "secrets.json").read_text())["stripe_webhook"]
        print(json.dumps(_counted(ground, ledger, secret)), flush=True)


@contextmanager
def listened_to(data: Path) -> Iterator[tuple[Ground, Ledger]]:
    """A local run in this process, and the ledger that hears what it asks of AWS; once in a process."""
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")
    vars(house).update(WorksElsewhere=WorksBeside)
    with ExitStack() as closing:
        running = house.start(data, listening=socket.create_server(("127.0.0.1", 0)), closing=closing)
        from infra.local import opening  # noqa: PLC0415  # the app reads the environment that the house has set

        identity = opening.identity(data, url=running.url)
        running.identities.append(identity)
        ledger = Ledger()
        listen(ledger)
        yield prepared(Caller(running.url, identity.api_key)), ledger


def listen(ledger: Ledger) -> None:
    """Let the app's own clients tell the ledger of every call."""
    from chalicelib import wiring  # noqa: PLC0415  # see above

    for service in SERVICES:
        events = wiring.aws(service).meta.events
        events.register(f"before-parameter-build.{service}", _ask_for_units)
        events.register(f"after-call.{service}", functools.partial(_told, ledger))


def _counted(ground: Ground, ledger: Ledger, secret: str) -> dict[str, Count]:
    """Each deed once, after one of its kind that is not counted: the second has nothing left to be loaded."""
    ask, counts = ground.caller.ask, {}

    def count(deed: str, act: Callable[[], object]) -> None:
        ground.caller.settle()
        ledger.taken()
        act()
        ground.caller.settle()
        counts[deed] = ledger.taken()

    _warmed_up(ground, secret)
    drafts = [ground.draft(1), ground.draft(2)]
    quote = ground.sent_quote(3)
    invoices = [ground.issued(4)["id"], ground.issued(5)["id"]]
    (webhook,) = paid_at_the_provider(ground.caller, invoices[:1], secret=secret)
    due = ask("GET", f"/v1/invoices/{invoices[1]}").json["amount_due"]
    count("create_draft", lambda: ground.draft(6))
    count("issue", lambda: ask("POST", f"/v1/invoices/{drafts[0]}/issue", {}))
    count("issue with an Idempotency-Key", lambda: _issue_with_key(ground, drafts[1]))
    count("approve_quote_to_draft_invoice", lambda: ask("POST", f"/v1/quotes/{quote}/approve", {"by": "The client"}))
    count("pay", lambda: webhook.post(ground.caller))
    count("pay again (the same event)", lambda: webhook.post(ground.caller))
    payment = {"amount": due, "method": "transfer"}
    count("pay_by_hand", lambda: ask("POST", f"/v1/invoices/{invoices[1]}/payments", payment))
    count("get one invoice", lambda: ask("GET", f"/v1/invoices/{invoices[0]}"))
    count("pdf_kept", lambda: ask("GET", f"/v1/invoices/{invoices[0]}/pdf"))
    for number in range(50):
        ground.draft(number)
    count("list_page_50", lambda: ask("GET", "/v1/invoices?limit=50"))
    return counts


def _warmed_up(ground: Ground, secret: str) -> None:
    invoice = ground.issued(0)["id"]
    webhooks: list[Webhook] = paid_at_the_provider(ground.caller, [invoice], secret=secret)
    webhooks[0].post(ground.caller)
    released(ground.caller)


def _issue_with_key(ground: Ground, draft: str) -> None:
    ground.caller.ask("POST", f"/v1/invoices/{draft}/issue", {}, {"Idempotency-Key": draft})


def _ask_for_units(params: dict[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401
    if model.name in MEASURABLE:
        params["ReturnConsumedCapacity"] = "TOTAL"
        context["bench_consistent"] = _consistent(params)
        context["bench_written"] = write_units(model.name, params)


def _consistent(params: dict[str, Any]) -> bool:
    """Whether a read asks for the newest state; a BatchGetItem says so for each table, and ours for all alike."""
    asked = [params, *params.get("RequestItems", {}).values()]
    return any(isinstance(each, dict) and each.get("ConsistentRead", False) for each in asked)


def _told(ledger: Ledger, model: Any, parsed: Any, context: dict[str, Any], **_: object) -> None:  # noqa: ANN401
    consistent, written = context.get("bench_consistent", False), context.get("bench_written", 0)
    ledger.note(model.name, parsed, consistent=consistent, written=written)


def _part() -> str:
    """API's threads are called http_0, http_1...; a pump's thread has its function's name."""
    name = threading.current_thread().name
    return "the call" if name.startswith("http") else f"then {name}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
