"""What an invoice takes of AWS is measured, told by the API, and bounded (part 4, number 9)."""

from decimal import Decimal

import pytest

from chalicelib.domain import deed_costs
from chalicelib.domain.deed_costs import IN_A_BATCH, MEASURED
from tests.flows.contracting import activated, collected
from tests.flows.costing import in_a_batch, one_by_one

LEAST = 0.9
"""Of what is said is really taken: the figures are at most a tenth too high."""
AN_INVOICE = {"requests": 30, "read_units": 26, "write_units": 110}
"""The most that one may take from its draft to its PDF; Quittance is not to become dearer unnoticed."""
IN_ONE_OF_MANY = {"requests": 12, "read_units": 12, "write_units": 110}


def must_be_measured(said, found):
    for deed, counted in found.items():
        for unit, really in counted.items():
            told = float(getattr(said[deed], unit))
            assert LEAST * told <= really <= told, (deed, unit, really, told)


def must_stay_below(bounds, *costs):
    for unit, most in bounds.items():
        assert sum(getattr(cost, unit) for cost in costs) <= most, unit


def test_each_deed_takes_what_is_said_of_it(world):
    found = one_by_one(world)

    must_be_measured(MEASURED, found)
    assert {*MEASURED} - {*found} == {"invoice.checkout_opened"}
    must_stay_below(AN_INVOICE, *(MEASURED[f"invoice.{deed}"] for deed in ("drafted", "issued", "rendered")))


@pytest.mark.row("A35")
def test_each_invoice_of_a_batch_takes_what_is_said_of_it(world):
    found = in_a_batch(world)

    must_be_measured(IN_A_BATCH, found)
    must_stay_below(IN_ONE_OF_MANY, *IN_A_BATCH.values())


def test_the_api_tells_what_an_invoice_took_so_far(world):
    invoice = world.invoice()
    world.settle()
    path = f"/v1/invoices/{invoice['id']}"

    cost = world.ok("GET", f"{path}/cost").body
    assert [(one["event"], one["count"]) for one in cost["deeds"]] == [
        ("invoice.drafted", 1),
        ("invoice.issued", 1),
        ("invoice.rendered", 1),
    ]
    assert cost["total"] == {"requests": "29.00", "read_units": "25.00", "write_units": "104.00"}
    for _ in range(2):
        world.ok("POST", f"{path}/payments", {"amount": "10.00", "method": "cash"})
    paid = world.ok("GET", f"{path}/cost").body
    assert Decimal(paid["total"]["requests"]) == Decimal(29) + 2 * MEASURED["invoice.settled"].requests
    assert paid["not_measured"] == {}


def test_what_nobody_measured_is_named(world):
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/promise", {"on": "2026-04-05"})

    cost = world.ok("GET", f"/v1/invoices/{invoice['id']}/cost").body

    assert cost["not_measured"] == {"invoice.payment_promised": 1}


def test_the_api_tells_what_a_batch_took_and_what_each_of_its_invoices(world):
    client = world.client()
    for _ in range(2):
        collected(world, activated(world, client))
    batch = world.ok("POST", "/v1/batches", {"name": "Mars", "invoice_per": "contract"}).body
    path = f"/v1/batches/{batch['id']}"
    assert world.ok("GET", f"{path}/cost")["each"] is None
    world.ok("POST", f"{path}/run", {"confirm": True})
    world.settle()
    world.ok("POST", f"{path}/issue", {})
    world.settle()

    cost = world.ok("GET", f"{path}/cost").body

    assert (cost["invoices"], cost["each"]["requests"], cost["total"]["requests"]) == (2, "11.10", "22.20")
    (one, _) = world.ok("GET", f"/v1/invoices?batch_id={batch['id']}")["data"]
    assert world.ok("GET", f"/v1/invoices/{one['id']}/cost")["total"] == cost["each"]
    assert world.api("GET", f"{path}/cost", key=world.key("technician")).status == 403


def test_one_of_a_batch_that_is_issued_by_hand_takes_what_one_takes(world):
    collected(world, activated(world, world.client()))
    batch = world.ok("POST", "/v1/batches", {"name": "Mars", "invoice_per": "contract"}).body
    world.ok("POST", f"/v1/batches/{batch['id']}/run", {"confirm": True})
    world.settle()
    (draft,) = world.ok("GET", f"/v1/invoices?batch_id={batch['id']}")["data"]
    world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})

    deeds = world.ok("GET", f"/v1/invoices/{draft['id']}/cost")["deeds"]

    assert [(one["event"], one["in_a_batch"]) for one in deeds] == [
        ("invoice.drafted", True),
        ("invoice.issued", False),
    ]


def test_every_deed_of_a_batch_is_a_deed():
    assert {*IN_A_BATCH} <= {*MEASURED}
    assert deed_costs.NOTHING.times(Decimal(3)) == deed_costs.NOTHING
