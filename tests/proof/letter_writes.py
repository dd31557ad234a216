"""The writes of letters, for the table of writes."""

from typing import Any

from tests.flows.world import World

Ids = dict[str, str]
PLACE = "/v1/business/letters/{kind}/{language}"
LETTER = {"kind": "invoice_sent", "language": "fr"}


def _ours(_: World) -> Ids:
    return LETTER


def _own(world: World) -> Ids:
    world.ok("PUT", PLACE.format(**LETTER), {"subject": "Facture {number}"})
    return LETTER


LETTERS: dict[str, dict[str, Any]] = {
    f"PUT {PLACE}": {"made": _ours, "body": {"greeting": "Bonjour !"}, "events": ("letter.written",)},
    f"DELETE {PLACE}": {"made": _own, "events": ("letter.removed",)},
    f"POST {PLACE}/preview": {"made": _ours, "body": {}},
}
