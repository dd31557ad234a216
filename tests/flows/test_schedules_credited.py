"""Instalments of an invoice that a credit note takes some of back: shown, asked for, and agreed anew."""

from decimal import Decimal

import pytest

from tests.flows import till
from tests.flows.desk import pay_online, sent, take, visitor
from tests.flows.test_crediting import credit
from tests.flows.test_schedules import THIRDS, replan

LATER = {"on": "2026-06-30"}


def parts(world, invoice):
    """Of each instalment: its id, what it comes to, is paid and credited, and how it stands."""
    return [
        tuple(part[name] for name in ("id", "amount", "paid", "credited", "status")) for part in shown(world, invoice)
    ]


def shown(world, invoice):
    """The instalments; what is left of them is what is due."""
    seen = world.see(invoice)
    left = [Decimal(part["amount"]) - Decimal(part["paid"]) - Decimal(part["credited"]) for part in seen["schedule"]]
    assert sum(left) == Decimal(seen["amount_due"])
    return seen["schedule"]


def asked(world, invoice, choice="due"):
    return world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": choice})["amount"]


@pytest.mark.row("C31", "C33")
def test_each_instalment_says_what_of_it_is_credited(world):
    invoice = world.invoice(schedule=THIRDS)
    take(world, invoice, "400")

    credit(world, invoice, amount="500")

    assert parts(world, invoice) == [
        ("1", "344.93", "344.93", "0.00", "paid"),
        ("2", "459.90", "55.07", "155.08", "upcoming"),
        ("3", "344.92", "0.00", "344.92", "paid"),
    ]
    assert asked(world, invoice) == "249.75"
    credit(world, invoice)
    assert [part[3:] for part in parts(world, invoice)] == [("344.93", "paid"), ("459.90", "paid"), ("344.92", "paid")]


@pytest.mark.row("C33")
def test_what_was_paid_and_is_freed_leaves_the_newest_instalments(world):
    invoice = world.invoice(schedule=THIRDS)
    take(world, invoice, "1000")

    assert credit(world, invoice, amount="500")["freed_total"] == "350.25"

    assert parts(world, invoice) == [
        ("1", "344.93", "344.93", "0.00", "paid"),
        ("2", "459.90", "304.82", "155.08", "paid"),
        ("3", "344.92", "0.00", "344.92", "paid"),
    ]


@pytest.mark.row("P15", "C33")
def test_a_plan_made_after_a_credit_note_is_asked_for_as_agreed(world):
    draft = sent(world, schedule=THIRDS)
    credit(world, draft, amount="200")

    halves = (
        {"label": "Première", "percent": "50", "due": {"on": "2026-03-10"}},
        {"label": "Seconde", "remainder": True},
    )
    assert replan(world, draft, *halves).status == 200

    assert [part[1:4] for part in parts(world, draft)] == [("474.88", "0.00", "0.00"), ("474.87", "0.00", "0.00")]
    assert asked(world, draft) == "474.88"
    pay_online(world, "due")
    assert asked(world, draft) == "474.87"
    credit(world, draft, amount="100")
    assert [part[2:4] for part in parts(world, draft)] == [("474.88", "0.00"), ("0.00", "100.00")]
    till.pay(world, draft)
    till.arrived(world)
    assert world.see(draft)["status"] == "paid"
    assert [part[2:] for part in parts(world, draft)] == [("474.88", "0.00", "paid"), ("374.87", "100.00", "paid")]


@pytest.mark.row("P15")
def test_an_instalment_that_is_partly_credited_is_moved_with_what_is_left_of_it(world):
    invoice = world.invoice(schedule=THIRDS)
    credit(world, invoice, amount="200")

    moved = replan(world, invoice, {"id": "1"}, {"id": "2"}, {"id": "3", "due": LATER})

    assert moved.status == 200
    assert [part[:4] for part in parts(world, invoice)] == [
        ("1", "344.93", "0.00", "0.00"),
        ("2", "459.90", "0.00", "0.00"),
        ("3", "144.92", "0.00", "0.00"),
    ]
    assert world.see(invoice)["schedule"][2]["due_on"] == "2026-06-30"


@pytest.mark.row("P15", "G10")
def test_what_is_paid_of_a_credited_instalment_stays_in_the_new_plan(world):
    invoice = world.invoice(schedule=THIRDS)
    take(world, invoice, "400")
    credit(world, invoice, amount="500")

    assert replan(world, invoice, {"id": "1"}, {"id": "2"}, {"id": "3"}).status == 200
    assert [part[:3] for part in parts(world, invoice)] == [("1", "344.93", "344.93"), ("2", "304.82", "55.07")]
    touching = replan(world, invoice, {"id": "2", "amount": "55.06"}, {"remainder": True})
    assert touching.problem == (409, "instalment_paid")
    assert replan(world, invoice, {"label": "Rest", "remainder": True, "due": LATER}).status == 200
    assert [part[:3] for part in parts(world, invoice)] == [
        ("1", "344.93", "344.93"),
        ("2", "55.07", "55.07"),
        ("4", "249.75", "0.00"),
    ]


@pytest.mark.row("P15", "C33", "P44")
def test_money_goes_to_what_is_due_first_and_a_credit_to_what_is_due_last_whatever_the_order(world):
    invoice = world.invoice(schedule=THIRDS)
    replan(world, invoice, {"id": "1", "due": {"on": "2026-08-01"}}, {"id": "2"}, {"id": "3"})

    take(world, invoice, "500")
    assert [part[2] for part in parts(world, invoice)] == ["0.00", "459.90", "40.10"]
    credit(world, invoice, amount="300")
    assert [part[3] for part in parts(world, invoice)] == ["300.00", "0.00", "0.00"]
    assert asked(world, invoice) == "304.82"
    assert credit(world, invoice, amount="400")["freed_total"] == "50.25"
    assert [part[2:4] for part in parts(world, invoice)] == [
        ("0.00", "344.93"),
        ("449.75", "10.15"),
        ("0.00", "344.92"),
    ]


@pytest.mark.row("C33")
def test_the_client_sees_what_of_an_instalment_is_paid_and_credited(world):
    draft = sent(world, schedule=THIRDS)
    take(world, draft, "400")
    credit(world, draft, amount="200")

    page = visitor(world).text

    assert "2 avril 2026 · dont 55,07 $ payés" in page
    assert "2 mai 2026 · dont 200,00 $ couverts par un avoir" in page
