"""A business with drafts to issue, and what must be true of its numbers in every state of its tables."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Increase, Item, Overwrite, Table, Write
from chalicelib.domain.business import Numbering
from chalicelib.domain.events import InvoiceIssued
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Caller
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.sales import Body
from chalicelib.ports import Keep
from tests import builders as b
from tests.adapters.deeds import added
from tests.fakes.tables import MemoryTables
from tests.proof.interleaving import Exploration, Explored, Participant, Question, Read
from tests.proof.issuing import CLOCK, batch_key, midnight


def explored(
    *participants: Participant,
    batches: Mapping[str, str] | None = None,
    drafts: str = "",
    today: datetime = b.NOON,
    tomorrow: datetime | None = None,
    numbering: Numbering | None = None,
) -> Explored:
    """Explore what the participants can do to a new business.

    batches: the ids of each one's drafts, as in ``{"spring": "inv_1 inv_2"}``; drafts: those in none.
    tomorrow: what the clock shows once the day has ended, which it may at any step; None: it stands still.
    """
    batches = batches or {}
    ids = " ".join([drafts, *batches.values()]).split()
    start = _business(ids, batches, today=today, numbering=numbering or Numbering())
    passing = [midnight(tomorrow)] if tomorrow else []
    return Exploration(
        participants=[*participants, *passing],
        quiet=_quiet(start, clock=tomorrow is None),
        sound=sound,
        ended=_ended,
        told=_told,
    ).run(start)


def sound(tables: MemoryTables) -> None:
    """Numbers are {1..next-1} without a gap or a double, borne one to one, in the order of their dates."""
    core = tables.rows(Table.CORE)
    heads = _heads(tables)
    register = [codec.loads(Number, item["doc"]) for item in core if item["SK"].startswith("N#")]
    counters = [codec.loads(Series, item["doc"]) for item in core if item["SK"] == "CTR"]
    borne = {head.number: head.id for head in heads if head.number}
    assert len(borne) == sum(head.number is not None for head in heads), "two invoices bear one number"
    assert borne == {number.id: number.document_id for number in register}, "the register is not what is borne"
    _without_gaps(register, counters)
    _in_order(register, {head.id: head for head in heads})
    _told_once(tables, heads)
    _batches_stand(core, tables)


def _without_gaps(register: list[Number], counters: list[Series]) -> None:
    years = defaultdict(list)
    for number in register:
        years[number.year].append(number.seq)
    for counted in years.values():
        assert sorted(counted) == list(range(1, len(counted) + 1)), "a number is missing"
    assert len(counters) <= 1
    counted_now = len(years[counters[0].year]) if counters else len(register)
    assert counted_now == (counters[0].next - 1 if counters else 0), "the counter is not after the last number"


def _in_order(register: list[Number], heads: dict[str, Invoice]) -> None:
    in_order = sorted(register, key=lambda number: (number.year or 0, number.seq))
    days = [number.issue_date for number in in_order]
    assert days == sorted(days), "dates go back"
    assert days == [heads[number.document_id].issue_date for number in in_order], "an invoice bears another date"


def _told_once(tables: MemoryTables, heads: list[Invoice]) -> None:
    told = [item for item in tables.rows(Table.JOURNAL) if item["type"] == InvoiceIssued.type]
    issued = [(head.id, head.number) for head in heads if head.number]
    events = [codec.loads(InvoiceIssued, item["doc"]) for item in told]
    assert sorted((event.subject, event.number) for event in events) == sorted(issued), "the journal tells otherwise"


def _batches_stand(core: list[Item], tables: MemoryTables) -> None:
    by = [codec.loads(Caller, item["caller"]).actor for item in tables.rows(Table.JOURNAL)]
    for batch in [item for item in core if "lines" in item]:
        assert batch["issued"] == by.count(batch["PK"].rpartition("#")[2]), "a batch counts otherwise"
        assert batch.get("told", batch["issued"]) == batch["issued"], "a batch goes on after it was cancelled"


def _ended(tables: MemoryTables) -> None:
    """What must be true when all have ended."""
    batches = [item for item in tables.rows(Table.CORE) if "lines" in item]
    left = {id for batch in batches if batch["status"] == "cancelled" for id in batch["lines"].split()}
    assert {head.id for head in _heads(tables) if head.number is None} <= left, "an invoice was never issued"


def _heads(tables: MemoryTables) -> list[Invoice]:
    heads = [item for item in tables.rows(Table.CORE) if item.get("kind") == Invoice.__name__]
    return [codec.loads(Invoice, item["doc"]) for item in heads]


def _business(ids: Sequence[str], batches: Mapping[str, str], *, today: datetime, numbering: Numbering) -> MemoryTables:
    tables = MemoryTables()
    store = DynamoStore(tables=tables, caller=b.a_caller())
    store.commit(added(b.a_business(numbering=numbering)), added(b.a_client()))
    for id in ids:
        draft = b.an_invoice(id=id, scheduled_for=today)
        store.commit(added(draft), Keep(Body(id=id, revision=draft.revision, content=b.content())))
    running = [
        batch_key(batch) | {"status": "running", "issued": 0, "version": 1, "lines": lines}
        for batch, lines in batches.items()
    ]
    tables.write([Overwrite(table=Table.CORE, item=item) for item in running] + [_clock(today)])
    return tables


def _clock(at: datetime) -> Write:
    return Overwrite(table=Table.OPS, item={**CLOCK, "now": at.isoformat()})


def _quiet(tables: MemoryTables, *, clock: bool) -> dict[tuple[str, str], Item]:
    """What nobody writes: the business, its client, the bodies, and a clock that stands still."""
    core = [item for item in tables.rows(Table.CORE) if item.get("kind") in {"Business", "Client"}]
    bodies = [item for item in tables.rows(Table.CORE) if item["SK"].startswith("BODY#")]
    still = tables.rows(Table.OPS) if clock else []
    return {(item["PK"], item["SK"]): item for item in [*core, *bodies, *still]}


def _told(question: Question) -> str:
    if isinstance(question, Read):
        return f"reads {_name(question.key)}"
    names = [_name(write.key if isinstance(write, Increase) else write.item) for write in question.writes]
    return f"writes {', '.join(dict.fromkeys(name for name in names if name))}"


def _name(key: Item) -> str:
    last = key["PK"].rpartition("#")[2]
    match key["SK"]:
        case "CTR":
            return "the counter"
        case "NOW":
            return "the clock"
        case "META":
            return last
        case sk if sk.startswith("N#"):
            return f"number {sk[2:]}"
    return ""
