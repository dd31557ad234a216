"""Many issued invoices at once, for the question whether ours grow slower: `python -m infra.bench.work.filling DIR N`.

The real use-cases make them, on the tables of a local run that is not running; but what they write is gathered and
put there in batches, and the journal is left out, so that no PDF and no mail follows. N more than there are already.
"""

import functools
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from infra.bench.work import workload
from infra.local import emulator, resources

if TYPE_CHECKING:
    from chalicelib.adapters.dynamodb.tables import DynamoTables, Item, Key, Query, Table, Write

BATCH = 25  # writes of one BatchWriteItem


class Gathering:
    """`Tables` whose writes wait for flush(); one writer, so conditions hold by themselves."""

    def __init__(self, tables: "DynamoTables") -> None:
        self._tables = tables
        self._known: dict[tuple[str, str, str], Item | None] = {}
        self._waiting: dict[tuple[str, str, str], Item] = {}

    def get(self, table: "Table", key: "Key") -> "Item | None":
        place = (table, key["PK"], key["SK"])
        if place not in self._known:
            self._known[place] = self._tables.get(table, key)
        return self._known[place]

    def many(self, table: "Table", keys: "Sequence[Key]") -> "list[Item]":
        return [item for key in keys if (item := self.get(table, key))]

    def query(self, query: "Query") -> "tuple[list[Item], Key | None]":
        return self._tables.query(query)

    def write(self, writes: "Sequence[Write]") -> None:
        from chalicelib.adapters.dynamodb.tables import Increase, Put, Table  # noqa: PLC0415  # as in main

        for write in writes:
            if write.table is Table.JOURNAL:
                continue
            if isinstance(write, Increase):
                item = dict(self.get(write.table, write.key) or write.key)
                self._keep(write.table, item | {name: item.get(name, 0) + by for name, by in write.by.items()})
            else:
                assert isinstance(write, Put), f"invoices are not made by {write}"
                self._keep(write.table, write.item)

    def put(self, table: "Table", item: "Item") -> bool:
        raise NotImplementedError

    def pause(self, attempt: int) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        from chalicelib.adapters.dynamodb.tables import _typed  # noqa: PLC0415  # as in main

        places = list(self._waiting)
        for start in range(0, len(places), BATCH):
            wanted: dict[str, list[Any]] = {}
            for place in places[start : start + BATCH]:
                name = self._tables.names[place[0]]  # type: ignore[index]  # a Table is its text
                wanted.setdefault(name, []).append({"PutRequest": {"Item": _typed(self._waiting.pop(place))}})
            self._tables.client.batch_write_item(RequestItems=wanted)

    def _keep(self, table: "Table", item: "Item") -> None:
        place = (table, item["PK"], item["SK"])
        self._known[place] = self._waiting[place] = item


def main(data: Path, count: int) -> None:
    aws = emulator.start(data / "aws", accepted=lambda _: None)
    try:
        os.environ.update({**emulator.CREDENTIALS, "AWS_ENDPOINT_URL": aws.url})
        os.environ.update(resources.create(functools.cache(boto3.client)))
        _fill(json.loads((data / "business.json").read_text())["business_id"], count)
    finally:
        aws.kill()  # its journal has every write, while a snapshot would lose the stream


def _fill(business_id: str, count: int) -> None:
    from chalicelib import wiring  # noqa: PLC0415  # the app reads the environment that main has set
    from chalicelib.domain.client import Client  # noqa: PLC0415
    from chalicelib.domain.journal import Caller  # noqa: PLC0415
    from chalicelib.domain.lines import Line  # noqa: PLC0415
    from chalicelib.domain.sales import Content  # noqa: PLC0415
    from chalicelib.ports import Filter  # noqa: PLC0415
    from chalicelib.usecases import drafting, issuing  # noqa: PLC0415

    gathering = Gathering(wiring.tables())
    store = wiring.BusinessStore(tables=gathering, caller=Caller(business_id=business_id, actor="bench"))
    business = store.enter()
    clients = {client.name: client.id for client in store.page(Client, Filter(), limit=workload.CLIENTS).rows}
    now = datetime.now(UTC)  # noqa: TID251  # the machine's time, as the run's own invoices have it
    for number in range(count):
        lines = tuple(
            Line(
                description=f"Service {line.service:02}",
                quantity=Decimal(line.quantity),
                unit_price=line.unit_price,
                taxes=workload.TAX_CODES,
            )
            for line in workload.lines_of(number)
        )
        rates = tuple(business.rates[code] for code in workload.TAX_CODES)
        wish = drafting.Wish(
            client_id=clients[workload.client_name(workload.client_of(number))],
            content=Content(currency=business.currency, lines=lines, rates=rates),
        )
        draft = drafting.draft_invoice(wish, business=business, now=now, ids=wiring.ids, store=store)
        issuing.issue_invoice(draft.id, now=now, store=store, press=wiring.press())
    gathering.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
