"""Two deeds at one moment: one of them is told so, and the books agree (they are checked after every test)."""

import pytest

from tests.flows.desk import at_once, payments, standing, take

ROUNDS = range(6)


@pytest.mark.row("C10")
def test_an_edit_and_an_issue_at_once_never_leave_figures_of_another_edition(world):
    client = world.client()
    lines = [{"description": "Robinet", "unit_price": "80.00"}]
    for _ in ROUNDS:
        draft = world.draft(client)
        path = f"/v1/invoices/{draft['id']}"

        edited, issued = at_once(
            lambda path=path: world.api("PATCH", path, {"lines": lines}),
            lambda path=path: world.api("POST", f"{path}/issue", {}),
        )

        assert issued.status == 200
        assert edited.status in {200, 409}
        seen = world.see(draft)
        assert seen["total"] == ("91.98" if edited.status == 200 else "1149.75")
        assert seen["lines"][0]["net"] == ("80.00" if edited.status == 200 else "1000.00")


@pytest.mark.row("C17", "C18")
def test_a_deletion_and_an_issue_at_once_leave_either_a_number_or_nothing(world):
    client = world.client()
    for _ in ROUNDS:
        draft = world.draft(client)
        path = f"/v1/invoices/{draft['id']}"

        removed, issued = at_once(
            lambda path=path: world.api("DELETE", path), lambda path=path: world.api("POST", f"{path}/issue", {})
        )

        assert (removed.status, issued.status) in {(204, 404), (409, 200)}

    given = [one["number"] for one in world.ok("GET", "/v1/reports/numbers/invoice")["numbers"]]
    assert given == [f"{n:05}" for n in range(1, len(given) + 1)]


def test_an_approval_and_a_refusal_at_once_have_one_winner(world):
    client = world.client()
    for _ in ROUNDS:
        quote = world.quote(client, invoicing={"mode": "single"})
        path = f"/v1/quotes/{quote['id']}"

        answers = at_once(
            lambda path=path: world.api("POST", f"{path}/approve", {"by": "Marie"}),
            lambda path=path: world.api("POST", f"{path}/decline", {"by": "Marie"}),
        )
        world.settle()

        assert sorted(answer.status for answer in answers) == [200, 409]
        approved = answers[0].status == 200
        assert world.see(quote)["status"] == ("invoiced" if approved else "declined")
        assert len(world.invoices_of(quote)) == approved


@pytest.mark.row("C9", "C18")
def test_a_payment_and_a_void_at_once_have_one_winner(world):
    client = world.client()
    for _ in ROUNDS:
        invoice = world.invoice(client)

        paid, void = at_once(
            lambda invoice=invoice: take(world, invoice, "1149.75"),
            lambda invoice=invoice: world.api("POST", f"/v1/invoices/{invoice['id']}/void", {}),
        )

        assert (paid.status, void.status) in {(201, 409), (409, 200)}
        assert len(payments(world, invoice)) == (paid.status == 201)
        assert standing(world, invoice)[0] == ("paid" if paid.status == 201 else "void")


@pytest.mark.row("C22")
def test_numbers_stay_whole_while_their_rules_change(world):
    client = world.client()
    drafts = [world.draft(client) for _ in range(12)]

    def renumber(n):
        return world.api("PATCH", "/v1/business", {"numbering": {"prefix": f"P{n}-"}})

    answers = at_once(
        *[lambda d=d: world.api("POST", f"/v1/invoices/{d['id']}/issue", {}) for d in drafts],
        *[lambda n=n: renumber(n) for n in range(4)],
    )

    assert {answer.status for answer in answers} == {200}
    assert sorted(one["seq"] for one in world.ok("GET", "/v1/reports/numbers/invoice")["numbers"]) == [*range(1, 13)]


@pytest.mark.row("P37")
def test_two_sweeps_and_a_hand_at_once_issue_once(world):
    client = world.client()
    drafts = [world.draft(client, send_on="2026-03-02") for _ in range(4)]

    answers = at_once(
        world.sweep, world.sweep, *[lambda d=d: world.api("POST", f"/v1/invoices/{d['id']}/send", {}) for d in drafts]
    )
    world.settle()

    assert {answer.status for answer in answers[2:]} <= {202, 409}
    assert {world.see(draft)["number"] for draft in drafts} == {f"{n:05}" for n in range(1, 5)}
    assert [world.timeline(draft).count("invoice.issued") for draft in drafts] == [1] * 4
