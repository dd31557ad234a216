"""Records of the journal's stream to the events they announce."""

from collections.abc import Mapping
from typing import Any

from chalicelib.adapters.dynamodb import keys, rows
from chalicelib.domain.feed import Told
from chalicelib.domain.journal import Envelope

READ = ("id", "type", "v", "doc", "caller")


def envelope_in(record: Mapping[str, Any]) -> Envelope | None:
    """The event a stream record announces; None for anything but a new journal item.

    Raises KeyError for an event that only newer code knows: the record comes again, until that code is there.
    """
    image = _new_event(record)
    return rows.envelope_in({name: value for name in READ for value in image[name].values()}) if image else None


def place_wanted_by(record: Mapping[str, Any]) -> tuple[str, Told] | None:
    """The business, and the event that a stream record announces, without its place in the feed; also of newer code."""
    image = _new_event(record)
    if image is None:
        return None
    business, subject, version = keys.event_of(image["PK"]["S"], image["SK"]["S"])
    id, type_ = image["id"]["S"], image["type"]["S"]
    return business, Told(sequence=0, event_id=id, subject=subject, version=version, type=type_)


def _new_event(record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    image: Mapping[str, Any] = record["dynamodb"].get("NewImage", {})
    is_event = record["eventName"] == "INSERT" and image.get("SK", {}).get("S", "").startswith("E#")
    return image if is_event else None
