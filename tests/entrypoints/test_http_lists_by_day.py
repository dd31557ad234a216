"""The list of what is unfinished: drafts newest first, what is scheduled or due by its day, walked to the end."""

import pytest

from tests import builders as b
from tests.entrypoints.calling import opened


@pytest.fixture
def owner(aws):
    return opened(b.a_business(sandbox=True, clock=b.NOON))


@pytest.fixture
def shelf(owner):
    """Invoices in the order they were made: to be paid on four days, wholly paid, two drafts, two scheduled."""
    client_id = owner.a_client()
    days = {"late": "2026-03-20", "later": "2026-03-25", "early": "2026-03-10", "far": "2026-06-01"}
    made = {name: owner.an_issued_invoice(client_id=client_id, due_date=day) for name, day in days.items()}
    made["paid"] = owner.an_issued_invoice(client_id=client_id, due_date="2026-03-10")
    owner.made(f"/v1/invoices/{made['paid']}/payments", {"amount": "114.98", "method": "cash"})
    made |= {name: owner.an_invoice(client_id=client_id, due_date="2026-04-02") for name in ("old", "new")}
    for name, day in (("next month", "2026-05-10"), ("soon", "2026-04-15")):
        made[name] = owner.an_invoice(client_id=client_id, send_on=day)
    owner.made("/v1/sandbox/clock", {"now": "2026-04-01T12:00:00Z"})
    return client_id, {id: name for name, id in made.items()}


@pytest.mark.row("C54")
@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize(
    ("query", "order"),
    [
        ({"status": "draft"}, ["new", "old"]),
        ({"status": "scheduled"}, ["soon", "next month"]),
        ({"status": "overdue"}, ["early", "late", "later"]),
        ({"status": "overdue", "due_before": "2026-03-25"}, ["early", "late"]),
        ({"status": "overdue", "due_before": "2027-01-01"}, ["early", "late", "later"]),
        ({"due_before": "2026-06-02"}, ["early", "late", "later", "far"]),
        ({"due_before": "2026-06-01", "q": "00002"}, ["later"]),
        ({"status": "paid"}, ["paid"]),
        ({"status": "paid", "due_before": "2026-06-02"}, []),
    ],
    ids=str,
)
def test_what_is_unfinished_is_listed_by_day_and_walked_to_the_end(owner, shelf, query, order, limit):
    client_id, names = shelf
    assert [names[row["id"]] for row in owner.walk("/v1/invoices", limit=limit, **query)] == order
    of_client = owner.walk("/v1/invoices", limit=limit, client_id=client_id, **query)
    assert [row["id"] for row in of_client] == sorted((id for id, name in names.items() if name in order), reverse=True)


@pytest.mark.parametrize("query", [{}, {"status": "draft"}, {"status": "overdue", "due_before": "2026-03-25"}], ids=str)
def test_a_cursor_of_what_is_overdue_opens_no_other_list(owner, shelf, query):
    cursor = owner.get("/v1/invoices", query={"status": "overdue", "limit": "1"}).json["next_cursor"]
    reply = owner.get("/v1/invoices", query=query | {"cursor": cursor})
    assert (reply.status, reply.faults) == (422, [("/cursor", "bad_cursor")])
