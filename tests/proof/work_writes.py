"""What can be asked of jobs and visits: how to come to where it can be done, and what it does once."""

from typing import Any

from tests.flows.world import World

Ids = dict[str, str]
LINES = [{"description": "Remplacement du chauffe-eau", "unit_price": "1000.00"}]
TOMORROW = "2026-03-03T14:00:00Z"


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _job(world: World) -> Ids:
    return {"job_id": world.ok("POST", "/v1/jobs", _client(world))["id"]}


def _visit(world: World) -> Ids:
    ids = _client(world)
    return ids | {"visit_id": world.ok("POST", "/v1/visits", ids | {"starts_at": TOMORROW})["id"]}


def _visit_and_draft(world: World) -> Ids:
    ids = _visit(world)
    return ids | {"invoice_id": world.draft({"id": ids["client_id"]})["id"]}


# Sending at once takes a second transaction, which the visit's event makes good: tests/usecases/test_visiting.py.
WORK: dict[str, dict[str, Any]] = {
    "POST /v1/jobs": {"made": _client, "body": {"client_id": "{client_id}"}, "events": ("job.opened",)},
    "PATCH /v1/jobs/{job_id}": {"made": _job, "body": {"title": "Toit"}, "events": ("job.changed",)},
    "DELETE /v1/jobs/{job_id}": {"made": _job, "events": ("job.removed",)},
    "POST /v1/visits": {
        "made": _client,
        "body": {"client_id": "{client_id}", "starts_at": TOMORROW},
        "events": ("job.opened", "visit.planned"),
    },
    "PATCH /v1/visits/{visit_id}": {"made": _visit, "body": {"notes": "Merci"}, "events": ("visit.changed",)},
    "DELETE /v1/visits/{visit_id}": {"made": _visit, "events": ("visit.removed",)},
    "POST /v1/visits/{visit_id}/complete": {"made": _visit, "body": {}, "events": ("visit.completed",)},
    "POST /v1/visits/{visit_id}/invoices": {
        "made": _visit,
        "body": {"lines": LINES},
        "events": ("invoice.drafted", "visit.invoiced"),
    },
    "PUT /v1/visits/{visit_id}/invoices": {
        "made": _visit_and_draft,
        "body": {"invoice_id": "{invoice_id}"},
        "events": ("invoice.attached", "visit.invoiced"),
    },
}
