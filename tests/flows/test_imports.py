"""What a former system kept, taken in: clients, open invoices."""

from datetime import timedelta

import pytest

from chalicelib.entrypoints.http import imports
from tests.flows.importing import CLIENTS, INVOICES, imported, outcomes, take_in


def test_an_open_invoice_is_owed_under_its_old_number_and_never_sent(world):
    first, second = imported(world)

    assert (first["number"], first["series"], first["issue_date"], first["due_date"]) == (
        "2025-0410",
        "imported",
        "2026-01-15",
        "2026-02-14",
    )
    assert (first["total"], first["tax_total"], first["amount_due"], first["status"]) == (
        "1149.75",
        "149.75",
        "1000.00",
        "overdue",
    )
    assert (second["amount_due"], second["status"]) == ("80.00", "issued")
    assert world.timeline(first) == ["invoice.imported"]
    assert world.balance({"id": first["client_id"]})["amount_due"] == "1000.00"
    assert world.booked_taxes() == {}
    world.settle()
    assert world.api("POST", f"/v1/invoices/{first['id']}/send", {}).problem == (409, "invoice_imported")
    assert world.api("POST", f"/v1/invoices/{first['id']}/issue", {}).problem == (409, "invoice_issued")
    assert world.api("GET", f"/v1/invoices/{first['id']}/pdf").status == 404
    assert world.see(first)["pdf"]["state"] == "none"
    assert [one["id"] for one in world.ok("GET", "/v1/invoices?number=2025-0410")["data"]] == [first["id"]]
    assert world.api("POST", "/v1/exports", {"format": "csv"}).problem == (409, "nothing_to_export")


def test_an_imported_invoice_is_paid_credited_written_off_and_voided_as_any_other(world):
    first, second = imported(world)
    world.ok("POST", f"/v1/invoices/{first['id']}/payments", {"amount": "400", "method": "cheque"})
    assert world.see(first)["amount_due"] == "600.00"
    world.ok("POST", f"/v1/invoices/{first['id']}/credit-notes", {"reason": "Geste commercial"})
    assert (world.see(first)["amount_due"], world.see(first)["status"]) == ("0.00", "paid")
    world.ok("POST", f"/v1/invoices/{second['id']}/void", {"reason": "Doublon"})
    assert world.balance({"id": second["client_id"]})["amount_due"] == "0.00"
    statement = world.ok("GET", f"/v1/clients/{first['client_id']}/statement?from=2026-03-01&to=2026-03-02")
    assert statement["movements"][0]["number"] == "2025-0410"


def test_the_same_lists_again_change_nothing(world):
    imported(world)
    before = world.everything()

    assert take_in(world, "clients", CLIENTS)["same"] == 2
    assert take_in(world, "invoices", INVOICES)["same"] == 2
    assert world.everything() == before


@pytest.mark.parametrize(
    ("what", "text"), [("clients", CLIENTS), ("invoices", INVOICES), ("numbers", "series;last_number\ninvoice;7")]
)
def test_a_dry_run_tells_the_same_and_writes_nothing(world, what, text):
    if what == "invoices":
        take_in(world, "clients", CLIENTS)
    before = world.everything()

    told = take_in(world, what, text, "?dry_run=true")

    assert told["dry_run"] is True
    assert world.everything() == before
    assert outcomes(take_in(world, what, text)) == outcomes(told)


def test_a_client_is_known_by_its_reference_else_by_its_mail_else_by_its_name(world):
    marie, jean = world.client(reference="C-1"), world.client(name="Jean Roy", email="jean@example.com")
    text = (
        "reference,name,email,phone,city\nC-1,,,555-1,Lévis\nC-2,,JEAN@example.com,,\n,Marie Gagnon,,555-2,\n,Ann,,,\n"
    )

    report = take_in(world, "clients", text)

    assert outcomes(report) == [(2, "updated", None), (3, "updated", None), (4, "updated", None), (5, "created", None)]
    assert [one["client_id"] for one in report["lines"][:3]] == [marie["id"], jean["id"], marie["id"]]
    assert (world.see(marie)["phone"], world.see(marie)["address"]["city"]) == ("555-2", "Lévis")
    assert world.see(jean)["reference"] == "C-2"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("C-1,,,", "missing"),
        ("C-1,Marie,marie@,", "not_an_email"),
        ("C-1,Marie,,Atlantis", "unknown_country"),
        ("---,Marie,,", "not_findable"),
        (",Twin,,", "ambiguous_client"),
        ("C-1,Marie,,CA,more", "too_many_cells"),
        ("C-9,Marie,,", "given_twice"),
    ],
)
def test_a_client_that_cannot_be_is_refused_and_stops_no_other(world, line, code):
    world.client(name="Twin", email=None)
    world.client(name="Twin", email=None)

    report = take_in(world, "clients", f"reference,name,email,country\nC-9,Ann,,\n{line}\nC-8,Bob,,\n")

    assert outcomes(report) == [(2, "created", None), (3, "refused", code), (4, "created", None)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("1,C-1,2026-02-01,10,,,10", "nothing_due"),
        ("1,C-1,2026-02-01,10,,,11", "negative_due"),
        ("1,C-1,2026-02-01,10,,12,", "negative_total"),
        ("1,C-1,2026-02-01,10,,5,5", "one_of"),
        ("1,C-1,2026-02-01,-10,,,", "negative_total"),
        ("1,C-1,2026-02-01,10,GST=1,,", "unknown_tax"),
        ("1,C-1,2026-02-01,10,TPS,,", "not_taxes"),
        ("1,C-1,2026-02-01,10,TPS=11,,", "negative_total"),
        ("1,C-1,2026-02-01,10.001,,,", "too_many_decimals"),
        ("1,C-7,2026-02-01,10,,,", "unknown_client"),
        ("1,,2026-02-01,10,,,", "missing"),
        ("1,C-1,2026-03-03,10,,,", "in_the_future"),
        ("1,C-1,,10,,,", "missing"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused_and_stops_no_other(world, line, code):
    take_in(world, "clients", CLIENTS)
    head = "number,client_reference,issue_date,total,taxes,amount_due,amount_paid\n"

    report = take_in(world, "invoices", f"{head}{line}\nOLD-2,C-2,2026-02-01,10,,4,\n")

    assert outcomes(report) == [(2, "refused", code), (3, "created", None)]
    assert world.see(report["lines"][1]["invoice_id"])["amount_due"] == "4.00"


def test_a_number_that_was_imported_otherwise_is_refused(world):
    imported(world)

    report = take_in(world, "invoices", INVOICES.replace(";149,75\n", ";149,00\n").replace(";80;", ";81;"))

    assert outcomes(report) == [(2, "refused", "number_taken"), (3, "refused", "number_taken")]
    assert (
        report["lines"][1]["reason"] == "Invoice 2025-0411 was imported already, and its total was another: 80.00 CAD."
    )


def test_clients_are_reminded_of_imported_invoices_from_now_on_and_only_if_that_is_wanted(world):
    world.ok("PATCH", "/v1/business", {"reminders": [{"days": 3}, {"days": 25}]})
    imported(world, query="?remind=true")
    quiet = "number;client_reference;issue_date;due_date;total\nQ-1;C-1;2026-01-15;2026-02-14;7\n"
    take_in(world, "invoices", quiet)
    world.settle()
    assert world.mails == []

    world.time.move_to("2026-03-11T18:00:00Z")
    world.sweep()
    world.settle()

    (mail,) = world.mails
    assert "2025-0410" in mail.text
    assert "Q-1" not in mail.text


def test_lines_for_which_there_was_no_time_are_told_and_taken_in_by_the_next(world, monkeypatch):
    with monkeypatch.context() as hurried:
        hurried.setattr(imports, "AT_MOST", timedelta())
        assert outcomes(take_in(world, "clients", CLIENTS)) == [
            (2, "refused", "not_reached"),
            (3, "refused", "not_reached"),
        ]

    assert take_in(world, "clients", CLIENTS)["created"] == 2


def test_a_client_that_was_deleted_comes_as_a_new_one(world):
    (first, _) = take_in(world, "clients", CLIENTS)["lines"]
    world.ok("DELETE", f"/v1/clients/{first['client_id']}")

    (second, _) = take_in(world, "clients", CLIENTS)["lines"]

    assert second["outcome"] == "created"
    assert second["client_id"] != first["client_id"]


@pytest.mark.parametrize("what", ["clients", "invoices", "numbers"])
def test_what_is_no_list_is_refused_whole(world, what):
    needed = {"clients": "name", "invoices": "number", "numbers": "series"}[what]
    path = f"/v1/imports/{what}"

    assert world.api("POST", path, {"csv": "a,b\n1,2"}).problem == (422, "missing")
    assert world.api("POST", path, {"csv": f"{needed},b\n1,2"}).problem == (422, "unknown_field")
    assert world.api("POST", path, {"csv": f"{needed}\n" + "x\n" * 2_001}).problem == (422, "too_many_lines")
