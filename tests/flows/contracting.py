"""What an agency's office does with contracts."""

MONTHLY = {
    "type": "flat",
    "starts_on": "2026-03-01",
    "billing_period": {"months": 1},
    "fees": [{"description": "Infogérance", "unit_price": "500.00"}],
}


def contract(world, client, **more):
    """A contract that is a draft: 500.00 a month from 1 March 2026, in advance."""
    return world.ok("POST", "/v1/contracts", {"client_id": client["id"], "name": "Infogérance"} | MONTHLY | more).body


def activated(world, client, **more):
    draft = contract(world, client, **more)
    return world.ok("POST", f"/v1/contracts/{draft['id']}/activate", {}).body


def looked_up(world, one):
    return world.ok("GET", f"/v1/contracts/{one['id']}").body


def collected(world, one, **more):
    """An item published on a contract: 100.00 for work done today."""
    plain = {
        "client_id": one["client_id"],
        "contract_id": one["id"],
        "description": "Dépannage",
        "unit_price": "100.00",
    }
    item = world.ok("POST", "/v1/items", {"kind": "time"} | plain | more).body
    return world.ok("POST", f"/v1/items/{item['id']}/publish", {}).body


def bill(world, one, **body):
    return world.api("POST", f"/v1/contracts/{one['id']}/invoices", body)


def due_items(world, one):
    """The items of a contract that are to be billed, as (description, amount, state)."""
    listed = world.ok("GET", f"/v1/items?contract_id={one['id']}&limit=100")["data"]
    return sorted((item["description"], item["amount"], item["billable_state"]) for item in listed)
