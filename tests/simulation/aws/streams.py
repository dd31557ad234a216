"""A table's stream: what each change becomes for its readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.aws.tables import Key, Row, Table
from tests.simulation.aws.values import Item

REGION = "ca-central-1"
ACCOUNT = "000000000000"
SHOWN = {
    "KEYS_ONLY": (),
    "NEW_IMAGE": ("NewImage",),
    "OLD_IMAGE": ("OldImage",),
    "NEW_AND_OLD_IMAGES": ("NewImage", "OldImage"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One change. sequence: grows with every change of every table; record: as Lambda gets it."""

    sequence: int
    key: Key
    record: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Stream:
    """The changes of one table, in the order they were committed."""

    table: Table
    view: str
    records: list[Record] = field(default_factory=list)

    @property
    def arn(self) -> str:
        return f"{arn_of(self.table.name)}/stream/2026-01-01T00:00:00.000"

    def append(self, key: Key, old: Row | None, new: Row | None, *, sequence: int, now: float) -> None:
        images = {"NewImage": new, "OldImage": old}
        shown = {name: row.item for name in SHOWN[self.view] if (row := images[name])}
        either = (new or old).item  # type: ignore[union-attr]  # a change has one at least
        keys: Item = {name: either[name] for name in self.table.base.attributes}
        record = {
            "eventID": f"{sequence:032x}",
            "eventName": "INSERT" if old is None else "REMOVE" if new is None else "MODIFY",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "dynamodb": {
                "ApproximateCreationDateTime": int(now),
                "Keys": keys,
                **shown,
                "SequenceNumber": f"{sequence:021d}",
                "SizeBytes": sum(row.size for name, row in images.items() if row and name in shown),
                "StreamViewType": self.view,
            },
            "eventSourceARN": self.arn,
        }
        self.records.append(Record(sequence=sequence, key=key, record=record))


def arn_of(table: str) -> str:
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
