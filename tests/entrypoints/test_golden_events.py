"""Every event that was ever stored is read by all who read events, today and for ever (tests/data/events/README.md)."""

import importlib
import json
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import ClassVar

import pytest

from chalicelib import wiring
from chalicelib.adapters.dynamodb import codec, feed, rows
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.events import InvoiceIssued
from chalicelib.domain.invariants import of_journal
from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints import reactions
from chalicelib.entrypoints.http.shapes.timelines import AMOUNTS, EventOut
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Add
from infra.local import functions, resources
from tests import builders as b
from tests.adapters.deeds import added
from tests.entrypoints import golden_events
from tests.entrypoints.golden_events import missing, stored, write_missing
from tests.fakes.tables import MemoryTables
from tests.fakes.work import MemoryQueue
from tests.usecases.desk import Desk

STORED = stored()
HOW = "python -m tests.entrypoints.golden_events; then commit the file"
NEWER = {"type": "invoice.pondered", "v": 1}, {"type": "invoice.issued", "v": 2}

FOLLOWED = {
    "batch.asked": ["go_on"],
    "batch.resumed": ["go_on"],
    "accounting.refused": ["accounting_refused"],
    "export.requested": ["export"],
    "export.failed": ["not_exported"],
    "export.ready": ["not_exported"],
    "invoice.late_fee_refused": ["rate_unknown"],
    "client.statement_requested": ["statement"],
    "payment.refund_released": ["returned"],
    "quote.approved": ["answer"],
    "quote.declined": ["answer"],
    "quote.send_requested": ["quote"],
    "quote.delivery_failed": ["failure"],
    "invoice.issued": ["invoice"],
    "credit_note.issued": ["credit_note"],
    "credit_note.send_requested": ["credit_note"],
    "credit_note.delivery_failed": ["failure"],
    "credit_note.bounced": ["failure"],
    "invoice.send_requested": ["invoice"],
    "invoice.delivery_failed": ["failure"],
    "invoice.bounced": ["failure"],
    "reminder.queued": ["reminder"],
    "reminder.failed": ["failure"],
    "client.changed": ["follow"],
    "client.removed": ["forget"],
    "client.card_stored": ["follow"],
    "client.card_updated": ["follow"],
    "invoice.charge_due": ["charge"],
    "invoice.charge_reserved": ["charge"],
    "invoice.charge_declined": ["declined"],
    "invoice.late_fee_due": ["late_fee"],
    "invoice.replanned": ["close"],
    "webhook.disabled": ["webhook"],
    "payment.received": ["payment", "close"],
    "payment.quarantined": ["payment"],
    "payment.allocated": ["close"],
    "payment.matched": ["payment", "close"],
    "plan.not_billed": ["plan_not_billed"],
    "refund.requested": ["refund"],
}
"""What the stream puts on the queues for each type; for any other nothing."""

FOLLOWED_FOR = {
    ("invoice.drafted", "claims_left"): "claim",
    ("invoice.removed", "revision"): "release",
    ("invoice.voided", "booked_in"): "booked_void",
    ("invoice.voided", "revision"): "release",
}
"""What it puts there where an event says this."""

DEFAULTS = {
    "postings": (),
    "business.changed fields": (),
    "client.statement_requested template": None,
    "business.series_changed fields": (),
    "business.series_continued fields": (),
    "business.series_continued on": None,
    "credit_note.exported difference": None,
    "credit_note.exported remote_id": None,
    "invoice.exported difference": None,
    "invoice.exported remote_id": None,
    "quote.declined reason": None,
    "invoice.drafted quote_id": None,
    "invoice.drafted claims_left": 0,
    "invoice.issued send": False,
    "invoice.rendered missing_glyphs": (),
    "invoice.charge_declined retry_at": None,
    "invoice.voided reason": None,
    "invoice.voided revision": None,
    "invoice.voided booked_in": (),
    "invoice.removed reason": None,
    "invoice.removed revision": None,
    "credit_note.issued send": False,
    "credit_note.rendered missing_glyphs": (),
    "payment.received allocated": (),
    "refund.changed reason": "",
    "payment.received invoice_id": None,
    "payment.received credited": None,
    "contract.edited fields": (),
    "contract.activated invoice": False,
    "job.changed fields": (),
    "visit.changed fields": (),
    "webhook.changed fields": (),
    "sale.drafted source_id": None,
}
"""Defaults are not stored: what they once meant they mean for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSentByMail(Event):
    type: ClassVar[str] = "quote.sent"
    v: ClassVar[int] = 3
    address: str
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceIssuedNewly(InvoiceIssued):
    v: ClassVar[int] = 2


@pytest.fixture(params=STORED)
def item(request):
    return STORED[request.param]


@pytest.fixture
def queued(monkeypatch):
    """What the stream puts on the queues, in a business whose quo_1, inv_1 and pay_1 the stored events tell of."""
    desk, work = Desk(), MemoryQueue()
    quote, invoice = b.an_approved_quote(version=1), b.an_issued_invoice()
    desk.store().commit(Add(quote, b.quote_drafted(quote)), added(invoice), added(b.a_payment()))
    monkeypatch.setattr(wiring, "tables", lambda: desk.tables)
    monkeypatch.setattr(wiring, "documents", lambda: work)
    monkeypatch.setattr(wiring, "payments", lambda: work)
    monkeypatch.setattr(wiring, "batches", lambda: work)
    monkeypatch.setattr(wiring, "hooks", MemoryQueue)  # what is told to the outside: tests/domain/test_feed.py
    monkeypatch.setattr(wiring, "now", desk.clock)
    return lambda: [task["deed"] for task in work.bodies]


def record(item, number="1"):
    """An item as the journal's stream tells of it."""
    image = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": number, "NewImage": image}}


def with_more(item):
    """The item as a newer version may write it: with names that we do not know, wherever it may add them."""
    document, caller = json.loads(item["doc"]), json.loads(item["caller"])
    document["postings"][0]["note"] = "new"
    more = {"doc": json.dumps(document | {"mood": {"sunny": [1]}}), "caller": json.dumps(caller | {"device": "phone"})}
    return item | more | {"trace": "new", "weight": 3}


def test_every_event_has_its_file_for_every_v_it_ever_had_and_every_field():
    kept = {(item["type"], item["v"]) for item in STORED.values()}
    assert kept == {(kind.type, v) for kind in EVENTS.values() for v in range(1, kind.v + 1)}, HOW
    assert [name for name, _ in missing()] == [], HOW


def test_the_generator_adds_what_is_missing_and_rewrites_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(golden_events, "FOLDER", tmp_path)
    write_missing()
    assert {path.stem for path in tmp_path.iterdir()} == {f"{kind.type}.v{kind.v}" for kind in EVENTS.values()}

    older = STORED["quote.declined.v1"]
    document = {name: value for name, value in json.loads(older["doc"]).items() if name != "reason"}
    text = json.dumps(older | {"doc": json.dumps(document)})
    (tmp_path / "quote.declined.v1.json").write_text(text)
    write_missing()
    assert (tmp_path / "quote.declined.v1.json").read_text() == text
    assert "reason" in json.loads(json.loads((tmp_path / "quote.declined.v1-2.json").read_text())["doc"])


def test_a_stored_event_says_today_what_it_said_then(item):
    envelope = rows.envelope_in(item)
    if item["v"] == envelope.event.v:  # a former one went through its upcasters, and is not written like this any more
        assert _opened(rows._event(envelope.event, envelope.caller, None).item) == _opened(item)


def test_defaults_are_what_they_always_were():
    found = {
        f"{kind.type} {field.name}": field.default
        for kind in EVENTS.values()
        for field in fields(kind)
        if field.default is not MISSING and field.name != "postings"
    }
    shared = {field.default for kind in EVENTS.values() for field in fields(kind) if field.name == "postings"}
    assert shared == {DEFAULTS["postings"]}
    assert found == {name: default for name, default in DEFAULTS.items() if name != "postings"}


@pytest.mark.parametrize("written", [dict, with_more], ids=["as stored", "with unknown names"])
class TestItIsReadBy:
    def test_the_stream(self, written, item, queued):
        reactions.follow(record(written(item)))
        asked = [deed for (type, field), deed in FOLLOWED_FOR.items() if type == item["type"] and field in item["doc"]]
        assert queued() == [*FOLLOWED.get(item["type"], []), *asked]

    def test_the_timeline(self, written, item):
        told, tables = json.loads(item["doc"]), MemoryTables()
        tables.put(Table.JOURNAL, written(item))
        (envelope,) = DynamoStore(tables=tables, caller=b.a_caller()).history(told["subject"])
        assert EventOut.of(envelope).model_dump(mode="json") == {
            "id": item["id"],
            "type": item["type"],
            "entity": told["subject"],
            "entity_version": told["version"],
            "at": "2026-03-02T17:00:00Z",
            "actor": "key:key_1",
            **_about(told),
        }

    def test_the_audit(self, written, item):
        envelope = rows.envelope_in(written(item))
        assert len(envelope.event.postings) == len(json.loads(item["doc"])["postings"])
        assert list(of_journal([envelope])) == []

    def test_the_codec(self, written, item):
        event = codec.loads(EVENTS[item["type"]], written(item)["doc"])
        assert event == rows.envelope_in(item).event


def test_an_attribute_of_a_kind_that_we_never_write_is_passed_over_by_the_stream():
    item = STORED["invoice.issued.v1"]
    told = record(item)
    told["dynamodb"]["NewImage"] |= {"flag": {"BOOL": True}, "share": {"N": "0.5"}, "more": {"M": {}}}
    assert feed.envelope_in(told) == rows.envelope_in(item)


@pytest.mark.parametrize("newer", NEWER, ids=["type", "v"])
def test_an_event_that_only_newer_code_knows_comes_again_with_all_behind_it(newer, queued, monkeypatch):
    """As while a deployment rolls out: nothing is skipped, nothing done on a guess, and what came before it is done."""
    logged = []
    monkeypatch.setattr(logger, "exception", lambda word, **told: logged.append((word, told)))
    before, item = STORED["quote.send_requested.v1"], STORED["invoice.issued.v1"]
    records = [record(before, "1"), record(item | newer, "2"), record(item, "3")]
    react = functions.function(importlib.import_module("app").app, "react")

    answer = react({"Records": records}, functions.context("react"))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert queued() == ["quote"]
    assert logged == [("record failed", {"record": "2"})]


def test_what_came_again_is_followed_once_the_newer_code_is_there(queued, monkeypatch):
    newer = record(STORED["invoice.issued.v1"] | {"v": 2})
    with pytest.raises(KeyError):
        reactions.follow(newer)
    assert queued() == []

    monkeypatch.setitem(EVENTS, "invoice.issued", InvoiceIssuedNewly)
    reactions.follow(newer)
    assert queued() == ["invoice"]


def test_a_record_that_no_code_comes_to_know_is_kept_whole_and_somebody_is_told():
    defined = resources.defined()
    mapping = defined["React"]["Properties"]["Events"]["ReactDynamodbEventSource"]["Properties"]
    kept = {"Type": "S3", "Destination": {"Fn::GetAtt": ["StreamDeadRecords", "Arn"]}}
    told = defined["StreamDeadRecords"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
    alarms = (resources.DEFINITION.parent / "alarms.yaml").read_text()

    assert mapping["DestinationConfig"]["OnFailure"] == kept
    assert (mapping["MaximumRetryAttempts"], mapping["FunctionResponseTypes"]) == (10, ["ReportBatchItemFailures"])
    assert told == [{"Event": "s3:ObjectCreated:*", "Queue": {"Fn::GetAtt": ["StreamDeadLetters", "Arn"]}}]
    assert "Value: !GetAtt StreamDeadLetters.QueueName" in alarms


def test_an_event_of_a_former_v_is_brought_up_step_by_step(monkeypatch):
    item = STORED["quote.sent.v1"]
    monkeypatch.setitem(EVENTS, "quote.sent", QuoteSentByMail)
    monkeypatch.setitem(rows.UPCASTERS, ("quote.sent", 1), lambda was: was | {"address": was["to"]})
    monkeypatch.setitem(rows.UPCASTERS, ("quote.sent", 2), lambda was: was | {"copies": 1})

    event = rows.envelope_in(item).event

    assert (type(event), event.address, event.copies) == (QuoteSentByMail, "marie@example.com", 1)
    assert (event.subject, event.version) == ("quo_1", 7)


def test_an_event_of_a_former_v_that_nothing_brings_up_is_not_guessed_at(monkeypatch):
    monkeypatch.setitem(EVENTS, "quote.sent", QuoteSentByMail)
    monkeypatch.setitem(rows.UPCASTERS, ("quote.sent", 1), lambda was: was | {"address": "", "copies": 0})
    with pytest.raises(KeyError):
        rows.envelope_in(STORED["quote.sent.v1"])


def test_whatever_has_a_former_v_has_what_brings_it_up():
    assert set(rows.UPCASTERS) == {(kind.type, v) for kind in EVENTS.values() for v in range(1, kind.v)}


def _about(told):
    """The amount that an event is about, as its timeline shows it."""
    amount = next((told[name] for name in AMOUNTS if told.get(name)), None)
    minor, currency = amount.split() if amount else (None, None)
    return {"amount": minor and f"{Decimal(minor) / 100:.2f}", "currency": currency}


def _opened(item):
    return item | {name: json.loads(item[name]) for name in ("doc", "caller")}
