"""What can be asked of contracts and batches: how to come to where it can be done, and what it does once."""

from typing import Any

from tests.flows.world import World

Ids = dict[str, str]
AGREED: dict[str, Any] = {
    "name": "Infogérance",
    "starts_on": "2026-03-01",
    "billing_period": {"months": 1},
    "fees": [{"description": "Infogérance", "unit_price": "500.00"}],
}
NEW: dict[str, Any] = {"client_id": "{client_id}"} | AGREED


def _client(world: World) -> Ids:
    return {"client_id": world.client()["id"]}


def _contract(world: World) -> Ids:
    return {"contract_id": world.ok("POST", "/v1/contracts", _client(world) | AGREED)["id"]}


def _active(world: World) -> Ids:
    ids = _contract(world)
    world.ok("POST", f"/v1/contracts/{ids['contract_id']}/activate", {})
    return ids


def _project(world: World, project: dict[str, Any]) -> Ids:
    """A project in force."""
    wish = _client(world) | {"name": "Chantier", "type": "project", "project": project}
    ids = {"contract_id": world.ok("POST", "/v1/contracts", wish)["id"]}
    world.ok("POST", f"/v1/contracts/{ids['contract_id']}/activate", {})
    return ids


def _by_progress(world: World) -> Ids:
    work = [{"id": "toit", "description": "Toit", "amount": "1000.00"}]
    return _project(world, {"work": work, "retainage_percent": "5"})


def _by_milestones(world: World) -> Ids:
    return _project(world, {"milestones": [{"label": "Livraison", "amount": "800.00"}]}) | {"milestone_id": "1"}


def _withheld(world: World) -> Ids:
    ids = _by_progress(world)
    world.ok("POST", f"/v1/contracts/{ids['contract_id']}/progress", {"progress": {"toit": "50"}})
    return ids


def _metered(world: World) -> Ids:
    meter = {"code": "API", "name": "Appels", "tiers": [{"unit_price": "0.01"}]}
    wanted = _client(world) | AGREED | {"meters": [meter]}
    contract = world.ok("POST", "/v1/contracts", wanted)["id"]
    world.ok("POST", f"/v1/contracts/{contract}/activate", {})
    return {"contract_id": contract}


def _priced(world: World) -> Ids:
    world.ok("POST", "/v1/catalog", {"code": "visit", "name": "Visit", "unit_price": "1"})
    return _contract(world) | {"code": "visit"}


def _agreed(world: World) -> Ids:
    ids = _priced(world)
    world.ok("PUT", f"/v1/contracts/{ids['contract_id']}/prices/visit", {"unit_price": "2"})
    return ids


def _batch(world: World) -> Ids:
    _active(world)
    return {"batch_id": world.ok("POST", "/v1/batches", {"name": "Mars"})["id"]}


def _asked(world: World) -> Ids:
    ids = _batch(world)
    world.ok("POST", f"/v1/batches/{ids['batch_id']}/run", {})
    return ids


def _paused(world: World) -> Ids:
    ids = _asked(world)
    world.ok("POST", f"/v1/batches/{ids['batch_id']}/pause", {})
    return ids


def _drafted(world: World) -> Ids:
    ids = _asked(world)
    world.settle()
    (draft,) = world.ok("GET", f"/v1/invoices?batch_id={ids['batch_id']}")["data"]
    return ids | {"invoice_id": draft["id"]}


def _issued(world: World) -> Ids:
    ids = _drafted(world)
    world.ok("POST", f"/v1/batches/{ids['batch_id']}/issue", {})
    world.settle()
    return ids


CONTRACTS: dict[str, dict[str, Any]] = {
    "POST /v1/contracts": {"made": _client, "body": NEW, "events": ("contract.drafted", "job.opened")},
    "PATCH /v1/contracts/{contract_id}": {
        "made": _contract,
        "body": {"grace_days": 3},
        "events": ("contract.edited",),
    },
    "DELETE /v1/contracts/{contract_id}": {"made": _contract, "events": ("contract.removed",)},
    "POST /v1/contracts/{contract_id}/activate": {
        "made": _contract,
        "body": {},
        "events": ("contract.activated", "contract.period_opened", "item.accrued"),
        "begun": ("contract.activated",),
    },
    "POST /v1/contracts/{contract_id}/end": {
        "made": _active,
        "body": {"on": "2026-03-31"},
        "events": ("contract.ended",),
    },
    "POST /v1/contracts/{contract_id}/close-period": {
        "made": _active,
        "body": {"period": 0},
        "events": ("contract.period_closed",),
    },
    "POST /v1/contracts/{contract_id}/invoices": {
        "made": _active,
        "body": {"period": 0},
        "events": ("invoice.drafted", "item.claimed"),
    },
    "POST /v1/contracts/{contract_id}/progress": {
        "made": _by_progress,
        "body": {"progress": {"toit": "40"}},
        "events": ("contract.progressed", "item.accrued", "item.accrued"),
    },
    "POST /v1/contracts/{contract_id}/milestones/{milestone_id}/complete": {
        "made": _by_milestones,
        "body": {},
        "events": ("contract.milestone_completed", "item.accrued"),
    },
    "POST /v1/contracts/{contract_id}/accept": {
        "made": _by_progress,
        "body": {"on": "2026-03-01"},
        "events": ("contract.accepted",),
    },
    "POST /v1/contracts/{contract_id}/release-retainage": {
        "made": _withheld,
        "body": {},
        "events": ("contract.retainage_released", "item.accrued"),
    },
    "PUT /v1/contracts/{contract_id}/prices/{code}": {
        "made": _priced,
        "body": {"unit_price": "2"},
        "events": ("catalog.price_agreed",),
    },
    "DELETE /v1/contracts/{contract_id}/prices/{code}": {"made": _agreed, "events": ("catalog.price_ended",)},
    "POST /v1/contracts/{contract_id}/usage": {
        "made": _metered,
        "body": {
            "events": [
                {"transaction_id": "t1", "meter": "API", "quantity": "3", "occurred_at": "2026-03-02T15:00:00Z"},
            ]
        },
        "events": ("tally.counted",),
    },
    "POST /v1/batches/preview": {"made": _active, "body": {}},
    "POST /v1/batches": {"made": _active, "body": {"name": "Mars"}, "events": ("batch.planned",)},
    "POST /v1/batches/{batch_id}/run": {"made": _batch, "body": {}, "events": ("batch.asked",)},
    "POST /v1/batches/{batch_id}/issue": {"made": _drafted, "body": {}, "events": ("batch.asked",)},
    "POST /v1/batches/{batch_id}/pause": {"made": _asked, "body": {}, "events": ("batch.paused",)},
    "POST /v1/batches/{batch_id}/resume": {"made": _paused, "body": {}, "events": ("batch.resumed",)},
    "POST /v1/batches/{batch_id}/cancel": {"made": _batch, "body": {}, "events": ("batch.cancelled",)},
    "POST /v1/batches/{batch_id}/exports": {
        "made": _issued,
        "body": {"format": "csv"},
        "events": ("export.requested",),
    },
    "DELETE /v1/batches/{batch_id}/invoices/{invoice_id}": {
        "made": _drafted,
        "events": ("invoice.removed", "item.released"),
    },
}
