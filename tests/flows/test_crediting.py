"""Credit notes over HTTP: whole, by line, by amount; what they free, and what is refused."""

import pytest

from tests.flows.desk import take

LINES = [
    {"description": "Chauffe-eau", "quantity": "2", "unit_price": "300.00"},
    {"description": "Pose", "unit_price": "400.00"},
]


def credit(world, invoice, **body):
    path = f"/v1/invoices/{invoice['id']}/credit-notes{body.pop('query', '')}"
    return world.api("POST", path, {"reason": "Erreur de prix"} | body)


def told(refused):
    """The code of what is wrong, or of the field that is."""
    errors = refused.body.get("errors") or [{}]
    return refused.problem_code if refused.problem_code != "invalid" else errors[0].get("code")


def figures(note):
    return note["net_total"], note["tax_total"], note["total"]


@pytest.mark.row("C31", "C25")
def test_a_part_and_the_rest_come_to_the_invoice_to_the_cent(world):
    client = world.client()
    invoice = world.invoice(client, lines=LINES)

    one = credit(world, invoice, lines=[{"line_id": "1", "quantity": "1"}])
    assert (one.status, one["number"], figures(one)) == (201, "CN-00001", ("300.00", "44.93", "344.93"))
    assert [(line["invoice_line_id"], line["quantity"], line["net"]) for line in one["lines"]] == [("1", "1", "300.00")]
    two = credit(world, invoice, amount="100.00")
    assert figures(two) == ("86.97", "13.03", "100.00")
    rest = credit(world, invoice)
    assert figures(rest) == ("613.03", "91.79", "704.82")

    seen = world.see(invoice)
    assert (seen["status"], seen["credited_total"], seen["amount_due"]) == ("paid", "1149.75", "0.00")
    assert world.balance(client)["amount_due"] == "0.00"
    listed = world.ok("GET", f"/v1/invoices/{invoice['id']}/credit-notes")["data"]
    assert [note["number"] for note in listed] == ["CN-00003", "CN-00002", "CN-00001"]
    assert world.booked_taxes() == {"TPS": 0, "TVQ": 0}


@pytest.mark.row("C31")
def test_a_dry_run_says_what_would_be_credited_and_writes_nothing(world):
    invoice = world.invoice(lines=LINES)
    take(world, invoice, "1000")
    before = world.everything()

    trial = credit(world, invoice, amount="500", query="?dry_run=true")

    assert (trial.status, trial["id"], trial["number"], trial["total"]) == (200, None, None, "500.00")
    assert trial["freed_total"] == "350.25"
    assert world.everything() == before
    made = credit(world, invoice, amount="500")
    assert {name: made[name] for name in ("total", "taxes", "freed_total", "lines")} == {
        name: trial[name] for name in ("total", "taxes", "freed_total", "lines")
    }


@pytest.mark.row("C31")
def test_what_was_paid_beyond_becomes_credit_that_pays_another_invoice(world):
    client = world.client()
    invoice, other = world.invoice(client), world.invoice(client)
    payment = take(world, invoice, "1149.75")

    note = credit(world, invoice, amount="200")

    assert note["freed_total"] == "200.00"
    assert world.balance(client)["credit_total"] == "200.00"
    assert (world.see(invoice)["status"], world.see(invoice)["paid_total"]) == ("paid", "949.75")
    world.ok("POST", f"/v1/payments/{payment['id']}/allocations", {"invoice_id": other["id"]})
    assert world.see(other)["amount_due"] == "949.75"


@pytest.mark.row("C25")
def test_more_than_is_left_is_refused_with_its_place(world):
    invoice = world.invoice(lines=LINES)
    credit(world, invoice, lines=[{"line_id": "2"}])
    before = world.everything()
    refusals = [
        ({"lines": [{"line_id": "2"}]}, (409, "nothing_to_credit")),
        ({"lines": [{"line_id": "1", "quantity": "3"}]}, (422, "more_than_left")),
        ({"lines": [{"line_id": "1", "amount": "600.01"}]}, (422, "more_than_left")),
        ({"lines": [{"line_id": "9"}]}, (422, "unknown_line")),
        ({"lines": [{"line_id": "1"}, {"line_id": "1"}]}, (422, "line_twice")),
        ({"lines": [{"line_id": "1", "quantity": "1", "amount": "1"}]}, (422, "one_of")),
        ({"lines": [{"line_id": "1"}], "amount": "1"}, (422, "one_of")),
        ({"lines": []}, (422, "too_short")),
        ({"amount": "689.86"}, (422, "more_than_left")),
        ({"amount": "0"}, (422, "more_than_left")),
        ({"amount": "1.001"}, (422, "too_many_decimals")),
        ({"reason": ""}, (422, "empty")),
    ]
    for body, problem in refusals:
        refused = credit(world, invoice, **body)
        assert (refused.status, told(refused)) == problem, (body, refused.body)
    assert world.everything() == before


@pytest.mark.row("C31")
def test_what_cannot_be_credited_is_refused(world):
    client = world.client(email=None)
    draft, void, lost, whole = world.draft(client), *(world.invoice(client) for _ in range(3))
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {})
    world.ok("POST", f"/v1/invoices/{lost['id']}/write-off", {"reason": "Faillite"})
    sent = credit(world, whole, send=True)
    assert sent.problem == (409, "no_email")
    credit(world, whole)
    before = world.everything()
    for invoice, code in (
        (draft, "invoice_not_issued"),
        (void, "invoice_void"),
        (lost, "invoice_written_off"),
        (whole, "nothing_to_credit"),
    ):
        assert credit(world, invoice).problem == (409, code)
        assert credit(world, invoice, query="?dry_run=true").problem == (409, code)
    assert credit(world, {"id": "inv_none"}).problem == (404, "not_found")
    assert world.everything() == before


@pytest.mark.row("C7", "C8")
def test_a_credit_whose_answer_was_lost_is_made_once(world):
    invoice = world.invoice()
    path, body = f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Trop cher", "amount": "100"}

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    assert world.api("POST", path, body, Idempotency_Key="c-1").status == 500
    again = world.ok("POST", path, body, Idempotency_Key="c-1")

    assert (again.status, again["number"], again.headers["idempotent-replay"]) == (201, "CN-00001", "true")
    assert world.see(invoice)["credited_total"] == "100.00"


def test_credit_notes_are_listed_and_found(world):
    one, two = world.client(name="Zoé Roy"), world.client()
    first, second = world.invoice(one), world.invoice(two)
    notes = [credit(world, invoice, amount="10") for invoice in (first, second, second)]
    ids = [note["id"] for note in notes]

    def found(query):
        return [note["id"] for note in world.ok("GET", f"/v1/credit-notes{query}")["data"]]

    assert found("") == ids[::-1]
    assert found(f"?client_id={one['id']}") == ids[:1]
    assert found(f"?invoice_id={second['id']}") == ids[:0:-1]
    assert found(f"?job_id={first['job_id']}") == ids[:1]
    assert found("?number=CN-00002") == ids[1:2]
    assert found("?q=zoe") == ids[:1]
    assert found("?q=CN-00003") == ids[2:]
    assert found("?from=2026-03-03") == []
    seen = world.ok("GET", f"/v1/credit-notes/{ids[0]}")
    assert (seen["invoice_number"], seen["reason"]) == (first["number"], "Erreur de prix")
    assert seen["lines"] == notes[0]["lines"]
