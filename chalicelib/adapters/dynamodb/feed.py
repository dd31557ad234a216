"""Records of the journal's stream to the events they announce."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamodb import rows
from chalicelib.domain.journal import Envelope


def envelope_in(record: Mapping[str, Any]) -> Envelope | None:
    """The event a stream record announces; None for anything but a new journal item."""
    image = record["dynamodb"].get("NewImage", {})
    if record["eventName"] != "INSERT" or not image.get("SK", {}).get("S", "").startswith("E#"):
        return None
    return rows.envelope_in({name: int(typed["N"]) if "N" in typed else typed["S"] for name, typed in image.items()})
