"""Who takes numbers of a series: batch writers, people who click, the sweep; and what must be true of it at all times.

The clicks and the sweep are the product's own use-cases. The batch writer packs several issues into one transaction,
made of the same domain functions and the same writes; ``Writer`` is it, and its subclasses are what it could get wrong.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.adapters.dynamodb import rows
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Cancelled, Increase, Item, Overwrite, Put, Table, Write
from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.business import Business
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.numbering import Number, Series, opened, take
from chalicelib.ports import Advance, Change, Keep, Move, Save
from chalicelib.usecases import issuing
from tests import builders as b
from tests.fakes.papers import a_press
from tests.proof.interleaving import Participant, Script

CLOCK = {"PK": "CLOCK", "SK": "NOW"}


def batch_key(batch: str) -> dict[str, str]:
    return {"PK": f"T#{b.BUSINESS}#B#{batch}", "SK": "META"}


def now(script: Script) -> datetime:
    item = script.get(Table.OPS, CLOCK)
    assert item
    return datetime.fromisoformat(item["now"])


def store_of(script: Script, actor: str) -> DynamoStore:
    return DynamoStore(tables=script, caller=b.a_caller(actor=actor))


# --- the product's own


def click(invoice_id: str) -> Participant:
    """Somebody issues an invoice, and asks again for as long as no answer comes."""

    def run(script: Script) -> bool:
        issuing.issue_invoice(invoice_id, now=now(script), store=store_of(script, "click"), press=a_press())
        return False

    return Participant(name=f"the click on {invoice_id}", run=run)


def sweep(invoice_id: str, *, name: str = "the sweep") -> Participant:
    """The minute's tick finds a draft whose day has come."""

    def run(script: Script) -> bool:
        issuing.issue_due(invoice_id, now=now(script), store=store_of(script, "sweep"), press=a_press())
        return False

    return Participant(name=name, run=run, repeated=True)


def midnight(tomorrow: datetime) -> Participant:
    """The day ends."""

    def run(script: Script) -> bool:
        script.write([Overwrite(table=Table.OPS, item={**CLOCK, "now": tomorrow.isoformat()})])
        return False

    return Participant(name="midnight", run=run)


def cancellation(batch: str) -> Participant:
    """Somebody stops a batch, and is told how many of it were issued until then."""

    def run(script: Script) -> bool:
        known = script.get(Table.CORE, batch_key(batch))
        assert known
        if known["status"] != "running":
            return False
        _or_again(script, [_batch_saved(known, status="cancelled", told=known["issued"])])
        return False

    return Participant(name=f"the cancellation of {batch}", run=run)


# --- the batch writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Issues:
    """What one transaction is to hold."""

    counter: list[Write]
    heads: list[Write]
    numbers: list[Write]
    batch: Write

    @property
    def all(self) -> list[Write]:
        return [*self.counter, *self.heads, *self.numbers, self.batch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Issues the drafts of a batch, so many in each transaction; a turn is one transaction.

    The transaction holds the counter moved on by as many, each head under its number, each number's place in the
    register, and the batch's own progress: each on the condition that it is as it was read.
    """

    batch: str
    most: int

    def participant(self, name: str) -> Participant:
        return Participant(name=name, run=self.turn, repeated=True)

    def turn(self, script: Script) -> bool:
        store = store_of(script, self.batch)
        at = now(script)
        batch = script.get(Table.CORE, batch_key(self.batch))
        assert batch
        if batch["status"] != "running":
            return False
        lines = store.many(Invoice, batch["lines"].split())
        part = [invoice for invoice in lines if invoice.issued_at is None][: self.most]
        if not part:
            _or_again(script, [_batch_saved(batch, status="done")])
            return False
        self.commit(script, self.issues(part, batch, store=store, at=at))
        return True

    def issues(self, part: Sequence[Invoice], batch: Item, *, store: DynamoStore, at: datetime) -> Issues:
        business = store.get(Business)
        before = series = store.find(Series, "invoice") or opened("invoice", business.numbering)
        heads: list[Change] = []
        numbers: list[Change] = []
        for draft in part:
            series, number = self.taken(series, draft, business, at)
            due = number.issue_date + timedelta(days=30)
            final, event = invoices.issued(draft, number=number, due_date=due, schedule=(), send=False, at=at)
            heads += [Save(final, event), Move(client_id=draft.client_id, amount_due=final.amount_due)]
            numbers.append(Keep(number))
        return Issues(
            counter=_writes([Advance(replace(series, version=before.version + 1))], store),
            heads=_writes(heads, store),
            numbers=_writes(numbers, store),
            batch=_batch_saved(batch, issued=batch["issued"] + len(part)),
        )

    def taken(self, series: Series, draft: Invoice, business: Business, at: datetime) -> tuple[Series, Number]:
        return take(series, document_id=draft.id, on=business.today(at))

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, issues.all)


# --- what it could get wrong


class TakesNumbersFirst(Writer):
    """The counter is moved on, then the invoices are issued under the numbers taken."""

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, issues.counter)
        _or_again(script, [*issues.heads, *issues.numbers, issues.batch])


class MovesTheCounterLater(Writer):
    """The invoices are issued, then the counter is moved on."""

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, [*issues.heads, *issues.numbers, issues.batch])
        _or_again(script, issues.counter)


class OverwritesHeads(Writer):
    """Neither the head nor its event in the journal must be as it was read."""

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, [*issues.counter, *unconditional(issues.heads), *issues.numbers, issues.batch])


class OverwritesNumbers(Writer):
    """Neither the counter must be as it was read, nor the number free."""

    def commit(self, script: Script, issues: Issues) -> None:
        numbers = unconditional([*issues.counter, *issues.numbers])
        _or_again(script, [*numbers, *issues.heads, issues.batch])


class DoesNotAskTheBatch(Writer):
    """The batch counts what was issued, whatever has become of it."""

    def commit(self, script: Script, issues: Issues) -> None:
        count = sum(isinstance(write, Put) for write in issues.numbers)
        counted = Increase(table=Table.CORE, key=batch_key(self.batch), by={"issued": count, "version": 1})
        _or_again(script, [*issues.counter, *issues.heads, *issues.numbers, counted])


class DatesByItsOwnDay(Writer):
    """The invoice bears the day on which its writer began, whatever the number before it bears."""

    def taken(self, series: Series, draft: Invoice, business: Business, at: datetime) -> tuple[Series, Number]:
        on = business.today(at)
        after, number = Writer.taken(self, series, draft, business, at)
        return replace(after, last_date=on), replace(number, issue_date=on)


class LocksTheBatch(Writer):
    """The batch is taken before its drafts are issued and given back with them; nobody takes it from the dead."""

    def turn(self, script: Script) -> bool:
        batch = script.get(Table.CORE, batch_key(self.batch))
        assert batch
        if batch["status"] == "running":
            _or_again(script, [_batch_saved(batch, status="taken")])
            return self.taken_turn(script)
        return bool(batch["status"] == "taken")

    def taken_turn(self, script: Script) -> bool:
        store = store_of(script, self.batch)
        batch = script.get(Table.CORE, batch_key(self.batch))
        assert batch
        part = store.many(Invoice, batch["lines"].split())
        issues = self.issues(part, batch | {"status": "done"}, store=store, at=now(script))
        self.commit(script, issues)
        return False


class HeadsAlone(Writer):
    """The head's version is not asked for; its event's is."""

    def commit(self, script: Script, issues: Issues) -> None:
        heads = [write for write in issues.heads if write.table is Table.CORE]
        events = [write for write in issues.heads if write.table is Table.JOURNAL]
        _or_again(script, [*issues.counter, *unconditional(heads), *events, *issues.numbers, issues.batch])


class CounterAlone(Writer):
    """The counter's version is not asked for; the number must be free."""

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, [*unconditional(issues.counter), *issues.heads, *issues.numbers, issues.batch])


class RegisterAlone(Writer):
    """The number need not be free; the counter's version is asked for."""

    def commit(self, script: Script, issues: Issues) -> None:
        _or_again(script, [*issues.counter, *issues.heads, *unconditional(issues.numbers), issues.batch])


def unconditional(writes: Iterable[Write]) -> list[Write]:
    return [Overwrite(table=write.table, item=write.item) if isinstance(write, Put) else write for write in writes]


def _or_again(script: Script, writes: list[Write]) -> None:
    try:
        script.write(writes)
    except Cancelled:
        script.pause(1)


def _batch_saved(batch: Item, **changed: str | int) -> Put:
    item = batch | changed | {"version": batch["version"] + 1}
    return Put(table=Table.CORE, item=item, version=batch["version"])


def _writes(changes: list[Change], store: DynamoStore) -> list[Write]:
    return [write for _, write in rows.of_all(changes, store.caller, sandbox=False)]
