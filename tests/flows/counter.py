"""What people at the counter of a clinic do: items written, published, billed."""

PR = {"code": "PR", "name": "Première rencontre", "unit_price": "50.00", "kind": "intervention"}
SU = {"code": "SU", "name": "Suivi d'une heure", "unit_price": "85.00", "kind": "intervention"}


def catalogued(world):
    """A client of a business that has its two intervention codes."""
    for entry in (PR, SU):
        world.ok("POST", "/v1/catalog", entry)
    return world.client()


def written(world, client, **more):
    return world.ok("POST", "/v1/items", {"client_id": client["id"], "catalog_code": "PR"} | more).body


def published(world, client, **more):
    item = written(world, client, **more)
    return world.ok("POST", f"/v1/items/{item['id']}/publish", {}).body


def billed(world, client, *items, **more):
    """A draft invoice of these items."""
    wanted = {"client_id": client["id"], "items": [item["id"] for item in items]}
    return world.ok("POST", "/v1/invoices", wanted | more).body


def issued(world, draft):
    return world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {}).body


def voided(world, invoice):
    return world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "Erreur"}).body


def seen(world, item):
    return world.ok("GET", f"/v1/items/{item['id']}").body


def steps(world, item):
    return [event["type"] for event in world.ok("GET", f"/v1/items/{item['id']}/timeline")["data"]]
