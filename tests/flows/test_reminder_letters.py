"""What reminders call late, and what they list beside it."""

import pytest

from tests.flows.desk import HALVES
from tests.flows.test_reminder_ladder import LADDER, days


@pytest.fixture
def house(world):
    world.ok("PATCH", "/v1/business", {"reminders": LADDER})
    return world


def test_what_is_not_due_yet_is_listed_beside_what_is_late_and_not_called_late(house):
    """On 29 March: one is 27 days late, two others are due on 1 April."""
    client = house.client(language="en")
    late = house.invoice(client, due_date="2026-03-02")
    house.invoice(client), house.invoice(client)
    house.settle()
    house.time.move_to("2026-03-29T00:00:00Z")
    days(house, 1)

    (mail,) = house.mails
    assert mail.subject == f"Final notice: invoice {late['number']} from Plomberie Tremblay"
    told = mail.text.splitlines()
    first = told.index("Invoice: 00001")
    assert told[first : first + 6] == [
        "Invoice: 00001",
        "Amount due: $1,149.75",
        "Due date: March 2, 2026",
        "Days overdue: 27",
        "Invoice 00002, due April 1, 2026: $1,149.75",
        "Invoice 00003, due April 1, 2026: $1,149.75",
    ]
    assert "Total due" not in mail.text


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            "2026-03-12",
            ["Overdue amount: $574.88", "Due date: March 2, 2026", "Days overdue: 10", "Not yet due: $574.87"],
        ),
        ("2026-04-21", ["Amount due: $1,149.75", "Due date: March 2, 2026", "Days overdue: 50"]),
    ],
)
def test_of_instalments_all_that_is_late_is_asked_for_and_the_rest_beside_it(house, day, said):
    house.invoice(house.client(language="en"), schedule=HALVES)
    house.settle()
    house.time.move_to(f"{day}T00:00:00Z")
    days(house, 1)

    told = house.mails[-1].text.splitlines()
    assert told[told.index("Invoice: 00001") + 1 :][: len(said) + 1] == [*said, ""]


def test_of_several_late_ones_the_total_is_of_them(house):
    client = house.client(language="en")
    for day in ("2026-03-02", "2026-03-03", None):
        house.invoice(client, due_date=day)
    house.settle()
    house.time.move_to("2026-03-29T00:00:00Z")
    days(house, 1)

    (mail,) = house.mails
    assert mail.subject == "Final notice: 2 invoices from Plomberie Tremblay"
    told = mail.text.splitlines()
    total = told.index("Total due: $2,299.50")
    assert told[total + 1] == "Invoice 00003, due April 1, 2026: $1,149.75"
