"""What the flows do with jobs and visits, in the office and in the field."""

LINES = [{"description": "Robinet", "unit_price": "80.00"}]


def visit(world, client, **more):
    plain = {"client_id": client["id"], "starts_at": "2026-03-03T14:00:00Z"}
    return world.ok("POST", "/v1/visits", plain | more).body


def space(world, job_id, **more):
    return world.ok("GET", f"/v1/jobs/{job_id}/space", **more).body


def totals(world, job_id):
    """The totals of a job's one currency."""
    (sums,) = space(world, job_id)["totals"]
    return {name: amount for name, amount in sums.items() if name != "currency"}


def held(world, job_id):
    """The ids of what a job holds, kind by kind."""
    known = space(world, job_id)
    kinds = ("quotes", "visits", "items", "documents", "invoices")
    return {kind: [row["id"] for row in known[kind]] for kind in kinds if known[kind]}


def see(world, planned, **more):
    return world.ok("GET", f"/v1/visits/{planned['id']}", **more).body


def story(world, planned):
    return [event["type"] for event in world.ok("GET", f"/v1/visits/{planned['id']}/timeline")["data"]]


def published(world, client, planned, **more):
    plain = {"client_id": client["id"], "visit_id": planned["id"], "description": "Visite", "unit_price": "50.00"}
    item = world.ok("POST", "/v1/items", plain | more)
    world.ok("POST", f"/v1/items/{item['id']}/publish", {})
    return item.body


def hired(world):
    """A technician: the id that visits bear, and the key with which he comes in."""
    made = world.ok("POST", "/v1/keys", {"name": "Luc", "role": "technician"})
    return made["id"], made["secret"]


def bill(world, planned, key=None, **more):
    return world.api("POST", f"/v1/visits/{planned['id']}/invoices", more, key=key)


def attach(world, planned, invoice, key=None, **more):
    return world.api("PUT", f"/v1/visits/{planned['id']}/invoices", {"invoice_id": invoice["id"]} | more, key=key)
