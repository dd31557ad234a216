"""What the flows do with deals, orders and delivery notes."""

PLACES = {"dea": "deals", "ord": "orders", "dln": "deliveries", "quo": "quotes"}

TILES = [
    {"description": "Carreaux", "quantity": "10", "unit_price": "33.333"},
    {"description": "Pose", "quantity": "3", "unit_price": "19.99", "discount_percent": "10"},
]
"""Of odd prices, so that every rounding shows: 333.33 and 53.97."""


def place_of(document):
    return f"/v1/{PLACES[document['id'][:3]]}/{document['id']}"


def sold(world, place="orders", client=None, **more):
    """A sales document over the tiles, with 5.00 off: 439.55 with taxes."""
    wish = {"client_id": (client or world.client())["id"], "lines": TILES, "discount_amount": "5.00"}
    return world.ok("POST", f"/v1/{place}", wish | more).body


def now(world, document):
    return world.ok("GET", place_of(document)).body


def billed(world, document, **quantities):
    """Its draft invoice: ``_1="4"`` is 4 of line 1; all that is left without any."""
    return world.ok("POST", f"{place_of(document)}/invoices", wanted(**quantities)).body


def tried(world, document, **quantities):
    """The refusal of a draft invoice."""
    return world.api("POST", f"{place_of(document)}/invoices", wanted(**quantities)).problem


def wanted(**quantities):
    lines = [{"line_id": name[1:], "quantity": quantity} for name, quantity in quantities.items()]
    return {"lines": lines} if lines else {}


def made_of(world, document, into, **quantities):
    return world.ok("POST", f"{place_of(document)}/{into}", wanted(**quantities)).body


def left(world, document):
    return [line["left"] for line in now(world, document)["standing"]]


def told(world, document):
    return [event["type"] for event in world.ok("GET", f"{place_of(document)}/timeline")["data"]]
