"""Prices agreed with clients and in contracts, and price lists taken in while others write."""

from decimal import Decimal

import pytest

from chalicelib.domain.catalogue import AgreedPrice, CatalogueEntry, price_id
from chalicelib.domain.price_events import PriceAgreed
from chalicelib.ports import Add
from chalicelib.usecases import configuring, importing, pricing
from chalicelib.usecases.importing import Came, Row
from tests import builders as b
from tests.usecases.desk import Desk


@pytest.fixture
def desk():
    return Desk()


def sell(desk, code, price="95"):
    entry = b.an_entry(id=code, unit_price=Decimal(price))
    return configuring.add_entry(entry, business=b.a_business(), now=b.NOON, store=desk.store())


def agree(desk, code, price):
    return pricing.agree_on_price(
        b.CLIENT, code, unit_price=Decimal(price), if_match=None, now=b.NOON, store=desk.store()
    )


def contracted(desk, code, price):
    id = price_id("con_1", code)
    event = PriceAgreed(subject=f"price:{id}", version=1, at=b.NOON, unit_price=Decimal(price))
    desk.store().commit(Add(AgreedPrice(id=id, unit_price=Decimal(price)), event))


def take_in(desk, *rows):
    return importing.import_entries(rows, dry_run=False, business=b.a_business(), now=b.NOON, store=desk.store())


def row(line, code, price):
    return Row(line=line, code=code, given={"name": code, "unit_price": Decimal(price)})


def prices(desk, *codes):
    return {entry.id: f"{entry.unit_price}" for entry in desk.store().many(CatalogueEntry, codes)}


def test_a_contracts_price_goes_before_the_clients_and_the_clients_before_the_catalogues(desk):
    for code in ("A", "B", "C"):
        sell(desk, code)
    agree(desk, "A", "80")
    agree(desk, "B", "81")
    contracted(desk, "A", "70")

    sold = pricing.sold_to(["A", "B", "C", "X"], holders=["con_1", b.CLIENT], store=desk.store())

    assert {code: f"{entry.unit_price}" for code, entry in sold.items()} == {"A": "70", "B": "81", "C": "95"}
    assert pricing.sold_to(["A"], holders=[], store=desk.store())["A"].unit_price == 95
    assert pricing.sold_to([], holders=[b.CLIENT], store=desk.store()) == {}


def test_two_who_agree_at_once_leave_the_last_price_and_both_in_the_journal(desk):
    sell(desk, "A")
    agree(desk, "A", "80")
    desk.tables.meanwhile(lambda: agree(desk, "A", "79"))

    assert agree(desk, "A", "78").version == 3
    assert desk.events(f"price:{price_id(b.CLIENT, 'A')}") == ["catalog.price_agreed"] * 3


def test_a_line_that_somebody_changes_meanwhile_is_taken_in_after_all(desk):
    sell(desk, "A")
    desk.tables.meanwhile(lambda: take_in(desk, row(2, "A", "50")))

    (outcome,) = take_in(desk, row(2, "A", "60"))

    assert outcome.came is Came.CHANGED
    assert prices(desk, "A") == {"A": "60"}


def test_a_code_that_somebody_adds_meanwhile_is_not_added_twice(desk):
    desk.tables.meanwhile(lambda: take_in(desk, row(2, "A", "60")))

    outcomes = take_in(desk, row(2, "A", "60"), row(3, "B", "61"))

    assert [outcome.came for outcome in outcomes] == [Came.UNCHANGED, Came.ADDED]
    assert desk.events("catalog:A") == ["catalog.changed"]


def test_a_run_that_is_cut_short_is_made_good_by_the_next(desk):
    rows = [row(n, f"C{n:02d}", f"{n}") for n in range(2, 62)]
    take_in(desk, *rows[:25])

    outcomes = take_in(desk, *rows)

    assert [outcome.came for outcome in outcomes] == [Came.UNCHANGED] * 25 + [Came.ADDED] * 35
    assert all(desk.events(f"catalog:{one.code}") == ["catalog.changed"] for one in rows)
