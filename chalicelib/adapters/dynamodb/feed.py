"""Records of the journal's stream to the events they announce."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamodb import rows
from chalicelib.domain.journal import Envelope

READ = ("id", "type", "v", "doc", "caller")


def envelope_in(record: Mapping[str, Any]) -> Envelope | None:
    """The event a stream record announces; None for anything but a new journal item.

    Raises KeyError for an event that only newer code knows: the record comes again, until that code is there.
    """
    image = record["dynamodb"].get("NewImage", {})
    if record["eventName"] != "INSERT" or not image.get("SK", {}).get("S", "").startswith("E#"):
        return None
    return rows.envelope_in({name: value for name in READ for value in image[name].values()})
