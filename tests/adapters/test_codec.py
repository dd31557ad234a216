"""What is written is read back exactly, and what other versions wrote is read too."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import codec
from chalicelib.domain.access import ApiKey, PortalLink, User
from chalicelib.domain.batch import Batch
from chalicelib.domain.batch_plan import PlanPart
from chalicelib.domain.business import Business
from chalicelib.domain.catalogue import CatalogueEntry
from chalicelib.domain.client import Client
from chalicelib.domain.contract import Contract
from chalicelib.domain.event_types import EVENTS
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.job import Job
from chalicelib.domain.journal import Account, Caller, Posting
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.numbering import Number, Series
from chalicelib.domain.payment import Payment
from chalicelib.domain.plan import Plan
from chalicelib.domain.quote import Quote
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Body, Parties
from chalicelib.domain.sales_document import SalesDocument
from chalicelib.domain.schedule import DaysAfter, DueOn, EndOfMonth, Instalment
from chalicelib.domain.tally import Tally
from chalicelib.domain.usage_record import UsageRecord
from chalicelib.domain.visit import Visit
from tests import builders as b

KEPT = [
    ApiKey, Body, Business, Caller, CatalogueEntry, Client, Invoice, Item, Job, Number, Parties, Payment, PortalLink,
    Batch, Contract, Plan, PlanPart, Quote, Reminder, SalesDocument, Series, Tally, UsageRecord, User, Visit,
]  # fmt: skip

# --- any value of a type, from its annotations

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])
PLAIN = {
    str: TEXT,
    int: st.integers(-(10**15), 10**15),
    bool: st.booleans(),
    type(None): st.none(),
    Decimal: st.decimals(-(10**12), 10**12, places=6, allow_nan=False) | st.sampled_from([Decimal("1.00"), Decimal(0)]),
    Money: st.builds(Money, st.integers(-(10**14), 10**14), st.sampled_from(["CAD", "JPY", "KWD"])),
    date: st.dates(),
    time: st.times(),
    datetime: st.datetimes(timezones=ZONES),
}


@cache
def values(kind):
    """Any value of an annotated type."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{f.name: values(hints[f.name]) for f in fields(kind)})
    if origin in (Union, UnionType):
        return st.one_of(*map(values, parts))
    if origin is tuple:
        return st.lists(values(parts[0]), max_size=2).map(tuple)
    if origin in {dict, Mapping}:
        return st.dictionaries(TEXT, values(parts[1]), max_size=2)
    return st.sampled_from(kind)


@pytest.mark.parametrize("kind", [*KEPT, *EVENTS.values()], ids=lambda kind: kind.__name__)
def test_any_value_is_read_back_as_it_was_written(kind):
    @given(value=values(kind))
    @settings(max_examples=15, deadline=None)
    def round_trip(value):
        text = codec.dumps(value)
        assert codec.loads(kind, text) == value
        assert codec.dumps(codec.loads(kind, text)) == text

    round_trip()


@pytest.mark.parametrize(
    "value",
    [
        b.a_business(), b.a_client(), b.an_entry(), b.a_key(), b.a_user(), b.a_link(), b.a_quote(),
        b.an_approved_quote(), b.an_invoice(), b.an_issued_invoice(), b.a_payment(facts=b.facts()), b.a_series(),
        b.a_number(), Body(id="inv_1", revision=1, content=b.content(schedule=b.halves())),
        b.issuing(b.an_invoice())[1],
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_the_builders_build_is_read_back_as_it_was(value):
    assert codec.loads(type(value), codec.dumps(value)) == value


# --- exactness


@pytest.mark.parametrize("figure", ["1", "1.0", "1.00", "0.1", "1E+3", "-0.000001", "9.975", "0"])
def test_a_decimal_keeps_every_digit_even_beside_an_equal_default(figure):
    line = codec.loads(Line, codec.dumps(b.a_line(quantity=Decimal(figure), unit_price=Decimal(figure))))
    assert (str(line.quantity), str(line.unit_price)) == (figure, figure)


@pytest.mark.parametrize("amount", [Money(-1, "JPY"), Money(10**14, "CAD"), Money(0, "KWD")])
def test_money_is_its_minor_units_and_its_currency(amount):
    posting = Posting(Account.CASH, amount)
    assert json.loads(codec.dumps(posting))["amount"] == f"{amount.minor} {amount.currency}"
    assert codec.loads(Posting, codec.dumps(posting)).amount == amount


def test_an_instant_keeps_its_microseconds_and_its_offset():
    at = datetime(2026, 3, 8, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    read = codec.loads(Client, codec.dumps(b.a_client(created_at=at))).created_at
    assert (read, read.utcoffset()) == (at, timedelta(hours=-5))


@pytest.mark.parametrize("due", [DueOn(on=b.TODAY), DaysAfter(days_after="issue", days=3), EndOfMonth(end_of_month=1)])
def test_one_of_several_kinds_is_read_as_the_kind_it_was(due):
    instalment = Instalment(id="1", amount=b.cad("1"), due=due)
    assert json.loads(codec.dumps(instalment))["due"].keys() == {type(due).__name__}
    assert codec.loads(Instalment, codec.dumps(instalment)) == instalment


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    due: DueOn | DaysAfter | None


@pytest.mark.parametrize("due", [None, DueOn(on=b.TODAY)])
def test_none_of_several_kinds_is_none(due):
    assert codec.loads(Deadline, codec.dumps(Deadline(due=due))) == Deadline(due=due)


# --- other versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    id: str
    name: str
    colour: str = "green"
    born: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    id: str
    name: str


def test_what_a_newer_version_added_is_passed_over():
    text = codec.dumps(Newer(id="1", name="a", colour="red", born=b.TODAY))
    assert codec.loads(Older, text) == Older(id="1", name="a")


def test_what_an_older_version_did_not_know_reads_as_its_default():
    assert codec.loads(Newer, codec.dumps(Older(id="1", name="a"))) == Newer(id="1", name="a")


def test_defaults_are_left_out():
    assert codec.dumps(Newer(id="1", name="é")) == '{"id":"1","name":"é"}'
    assert codec.dumps(Newer(id="1", name="a", colour="red")) == '{"id":"1","name":"a","colour":"red"}'


@pytest.mark.parametrize("attempt", range(20))
def test_threads_that_meet_a_type_for_the_first_time_write_all_of_it(attempt):
    kind = dataclass(frozen=True, kw_only=True)(
        type("Fresh", (), {"__annotations__": {f"field_{n}": str for n in range(60)}, "__module__": __name__})
    )
    value = kind(**{f"field_{n}": str(n) for n in range(60)})

    with ThreadPoolExecutor(8) as pool:
        lengths = set(pool.map(lambda _: len(json.loads(codec.dumps(value))), range(16)))
    assert lengths == {60}


# --- the format itself: a change here needs a reader for what is stored already

GOLDEN = (
    '{"id":"inv_1","version":2,"client_id":"cli_1","client_name":"Marie Gagnon","figures":{"currency":"CAD",'
    '"rounding":"document","line_nets":[],"subtotal":"10000 CAD","discount_total":"0 CAD","charge_total":"0 CAD",'
    '"net_total":"10000 CAD","taxes":[{"code":"TPS","name":"TPS","rate_percent":"5","base":"10000 CAD",'
    '"amount":"500 CAD","registration_number":"123456789 RT0001"},{"code":"TVQ","name":"TVQ","rate_percent":"9.975",'
    '"base":"10000 CAD","amount":"998 CAD","registration_number":"1234567890 TQ0001"}],"tax_total":"1498 CAD",'
    '"withheld_total":"0 CAD","total":"11498 CAD","payable":"11498 CAD","prepaid_total":"0 CAD",'
    '"rounding_adjustment":"0 CAD","amount_due":"11498 CAD"},"paid_total":"0 CAD","credited_total":"0 CAD",'
    '"refunded_total":"0 CAD","disputed_total":"0 CAD","language":"fr","number":"00001","seq":1,'
    '"issue_date":"2026-03-02","due_date":"2026-04-01","created_at":"2026-03-02T17:00:00+00:00",'
    '"issued_at":"2026-03-02T17:00:00+00:00"}'
)


def test_the_head_of_an_invoice_is_stored_in_this_form():
    assert codec.dumps(b.an_issued_invoice()) == GOLDEN
    assert codec.loads(Invoice, GOLDEN) == b.an_issued_invoice()


def test_the_head_of_a_typical_invoice_is_at_most_one_and_a_half_kilobytes():
    """An issued one of a quote, with two taxes and two instalments, mailed and seen; its lines are elsewhere."""
    sold = b.content(*(b.a_line(id=str(n)) for n in range(12)), schedule=b.halves())
    parts = b.a_quote(sold).schedule
    invoice = replace(
        b.an_issued_invoice(sold, quote_id="quo_01J00000000000000000000000", schedule=parts),
        id="inv_01J00000000000000000000000",
        client_id="cli_01J00000000000000000000000",
        sent_at=b.NOON,
        viewed_at=b.NOON,
    )
    assert len(codec.dumps(invoice).encode()) <= 1_536
