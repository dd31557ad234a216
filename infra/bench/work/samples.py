"""One caller, one deed after the other, each measured at rest: what earlier deeds set off is let finish first."""

import functools
import time
from collections.abc import Callable
from decimal import Decimal

from infra.bench.work import workload
from infra.bench.work.figures import Samples
from infra.bench.work.ground import Ground, must_come_to
from infra.bench.work.payments import paid_at_the_provider, released
from infra.bench.work.serving import Run

WARM_UP = 5
PAUSE_S = 0.002
LONGEST_WAIT_S = 30


def quick(run: Run, ground: Ground) -> Samples:
    """The samples that every peer gives: 40 invoices, 20 approvals, 20 payments, 10 PDFs, 30 lists."""
    samples = created_and_issued(ground, 40)
    samples |= approved(ground, 20)
    samples |= paid(run, ground, 20)
    samples |= drawn(ground, 10)
    samples |= listed(ground, 30)
    return samples


def created_and_issued(ground: Ground, count: int, *, at_rest: bool = True) -> Samples:
    """Drafts, and each of them issued at once by a second call; the third figure is both."""
    samples: Samples = {"create_draft": [], "issue": [], "create_and_issue": []}
    for number in range(-WARM_UP, count):
        if at_rest:
            ground.caller.settle()
        began = time.perf_counter()
        draft = ground.caller.ask("POST", "/v1/invoices", ground.invoice(abs(number)))
        issued = ground.caller.ask("POST", f"/v1/invoices/{draft.json['id']}/issue", {})
        took_ms = (time.perf_counter() - began) * 1000
        must_come_to(abs(number), issued.json)
        if number >= 0:
            samples["create_draft"].append(draft.took_ms)
            samples["issue"].append(issued.took_ms)
            samples["create_and_issue"].append(took_ms)
    return samples


def approved(ground: Ground, count: int) -> Samples:
    """From the call that approves a quote until its draft can be read."""
    quotes = [ground.sent_quote(number) for number in range(WARM_UP + count)]
    taken: list[float] = []
    for quote in quotes:
        ground.caller.settle()
        began = time.perf_counter()
        ground.caller.ask("POST", f"/v1/quotes/{quote}/approve", {"by": "The client"})
        _until(functools.partial(_has_invoice, ground, quote))
        taken.append((time.perf_counter() - began) * 1000)
    return {"approve_quote_to_draft_invoice": taken[WARM_UP:]}


def paid(run: Run, ground: Ground, count: int) -> Samples:
    """From posting the provider's event until the invoice reads paid."""
    invoices = [ground.issued(number)["id"] for number in range(WARM_UP + count)]
    webhooks = paid_at_the_provider(ground.caller, invoices, secret=run.webhook_secret)
    taken: list[float] = []
    for invoice, webhook in zip(invoices, webhooks, strict=True):
        ground.caller.settle()
        began = time.perf_counter()
        webhook.post(ground.caller)
        _until(functools.partial(_is_paid, ground, invoice))
        taken.append((time.perf_counter() - began) * 1000)
    released(ground.caller)
    return {"pay": taken[WARM_UP:]}


def paid_by_hand(ground: Ground, count: int) -> Samples:
    """One call that books a transfer; its answer comes after the invoice is paid."""
    invoices = [ground.issued(number) for number in range(WARM_UP + count)]
    taken: list[float] = []
    for invoice in invoices:
        ground.caller.settle()
        payment = {"amount": invoice["amount_due"], "method": "transfer"}
        taken.append(ground.caller.ask("POST", f"/v1/invoices/{invoice['id']}/payments", payment).took_ms)
        if not _is_paid(ground, invoice["id"]):
            raise AssertionError(f"{invoice['id']} is not paid")
    return {"pay_by_hand": taken[WARM_UP:]}


def drawn(ground: Ground, count: int) -> Samples:
    """PDFs over HTTP: `pdf` is drawn for the call (a draft's, as an issued one's is kept), `pdf_kept` is read."""
    draft, issued = ground.draft(0), ground.issued(0)["id"]
    ground.caller.settle()
    return {
        "pdf": _repeated(ground, f"/v1/invoices/{draft}/pdf", count),
        "pdf_kept": _repeated(ground, f"/v1/invoices/{issued}/pdf", count),
    }


def listed(ground: Ground, count: int) -> Samples:
    """The newest 50 invoices with number, status, date, client and total."""
    ground.caller.settle()
    return {"list_page_50": _repeated(ground, "/v1/invoices?limit=50", count)}


def sum_of_totals(ground: Ground, count: int) -> Decimal:
    """The totals of the first invoices, worked out by the API without saving them."""
    return sum(
        (
            Decimal(
                ground.caller.ask("POST", "/v1/invoices/preview", {"lines": workload.lines_as_json(number)}).json[
                    "total"
                ]
            )
            for number in range(count)
        ),
        Decimal(0),
    )


def _repeated(ground: Ground, path: str, count: int) -> list[float]:
    taken = [ground.caller.ask("GET", path).took_ms for _ in range(WARM_UP + count)]
    return taken[WARM_UP:]


def _has_invoice(ground: Ground, quote: str) -> bool:
    return bool(ground.caller.ask("GET", f"/v1/invoices?quote_id={quote}").json["data"])


def _is_paid(ground: Ground, invoice: str) -> bool:
    return bool(ground.caller.ask("GET", f"/v1/invoices/{invoice}").json["status"] == "paid")


def _until(holds: Callable[[], bool]) -> None:
    """Raises TimeoutError if it does not come to hold."""
    deadline = time.perf_counter() + LONGEST_WAIT_S
    while not holds():
        if time.perf_counter() > deadline:
            raise TimeoutError("it did not become visible")
        time.sleep(PAUSE_S)
