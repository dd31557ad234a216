"""Exports to accounting programs that are connected: one document there, whatever gets lost on the way."""

import pytest

from chalicelib import wiring
from chalicelib.domain.journal import Caller
from chalicelib.usecases.exporting import export_batch_automatically
from infra.local.accounting import Program
from tests.flows.accounting import GRANT, connect
from tests.flows.test_batches import issue, planned, run, two_clients
from tests.flows.test_exports import seen

CALLED = {"xero": "Xero", "quickbooks": "QuickBooks Online"}


@pytest.fixture(params=["xero", "quickbooks"])
def name(request):
    return request.param


def made(world, target, **more):
    export = world.ok("POST", "/v1/exports", {"target": target} | more)
    world.settle()
    return seen(world, export)


@pytest.mark.row("A47", "A48", "A50", "A53")
def test_invoices_and_credit_notes_are_booked_in_the_program(world, programs, name):
    connect(world, name)
    invoice = world.invoice()
    world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Erreur", "amount": "114.98"})
    export = made(world, name)
    assert (export["status"], export["progress"]["count"], export["file"]) == ("ready", 2, None)
    assert [len(programs.documents(name, credit=credit)) for credit in (False, True)] == [1, 1]
    marked = world.see(invoice)
    assert marked["exported_at"] is not None
    assert "invoice.exported" in world.timeline(invoice)
    answer = world.api("GET", f"/v1/exports/{export['id']}/file")
    assert (answer.status, answer["code"]) == (409, "export_has_no_file")


@pytest.mark.row("C52")
def test_an_answer_that_is_lost_leaves_one_document(world, programs, name):
    connect(world, name)
    world.invoice()
    programs.programs[name].lost = 1
    export = made(world, name)
    assert export["status"] == "running"
    for _ in range(3):
        world.time.pass_(minutes=16)
        world.sweep()
        world.settle()
    assert (seen(world, export)["status"], seen(world, export)["progress"]["count"]) == ("ready", 1)
    assert (len(programs.documents(name)), programs.programs[name].creations) == (1, 1)


def wait(world, export, *, minutes):
    for _ in range(minutes):
        world.time.pass_(minutes=1)
        world.sweep()
        world.settle()
    return seen(world, export)


def test_a_program_that_is_busy_is_asked_again_within_minutes(world, programs, name):
    """It says so to whoever asks more than 60 times a minute, as an export of thousands does all the time."""
    connect(world, name)
    world.invoice()
    programs.programs[name].lost = 1
    assert wait(world, made(world, name), minutes=2)["status"] == "ready"


@pytest.mark.row("C49")
def test_one_about_which_the_program_never_answers_fails_alone(world, programs, name):
    connect(world, name)
    bad = world.invoice()
    world.invoice()
    programs.programs[name].silent_about.add(bad["number"])
    export = wait(world, made(world, name), minutes=50)
    assert (export["status"], export["progress"]["count"], export["progress"]["failed"]) == ("ready", 1, 1)
    (failure,) = export["failures"]
    assert (failure["document_id"], failure["code"]) == (bad["id"], "program_silent")
    programs.programs[name].silent_about.clear()
    assert made(world, name)["progress"]["count"] == 1
    assert len(programs.documents(name)) == 2


def test_a_program_that_answers_nobody_ends_the_export(world, programs, name):
    connect(world, name)
    invoice = world.invoice()
    programs.programs[name].silent_about.add("/")
    export = wait(world, made(world, name), minutes=50)
    assert (export["status"], export["reason"]) == ("failed", "The accounting program did not answer; try again.")
    assert world.see(invoice)["exported_at"] is None


@pytest.mark.row("C52")
def test_exported_again_it_is_the_same_document_there(world, programs, name):
    connect(world, name)
    world.invoice()
    made(world, name)
    made(world, name, again=True)
    assert (len(programs.documents(name)), programs.programs[name].creations) == (1, 1)


@pytest.mark.row("A47", "A53")
def test_each_program_gets_what_is_not_in_it_yet_whatever_files_were_made(world, programs):
    """Of two programs that are connected neither takes away what is to be booked in the other."""
    connect(world, "xero")
    connect(world, "quickbooks")
    invoice = world.invoice()
    world.ok("POST", "/v1/exports", {"format": "pdf_zip"})
    world.settle()
    for name in ("xero", "quickbooks"):
        assert made(world, name)["progress"]["count"] == 1
        assert [len(programs.documents(name)), programs.programs[name].creations] == [1, 1]
        assert world.api("POST", "/v1/exports", {"target": name})["code"] == "nothing_to_export"
    assert world.api("POST", "/v1/exports", {"format": "csv"})["code"] == "nothing_to_export"
    assert world.timeline(invoice).count("invoice.exported") == 3


@pytest.mark.row("A53")
def test_what_is_voided_here_and_booked_there_is_told_of(world, programs, name):
    """We take nothing out of somebody's books; who voids it there must know of it."""
    connect(world, name)
    booked, other = world.invoice(), world.invoice()
    made(world, name, filter={"ids": [booked["id"]]})
    for invoice in (booked, other):
        world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "Erreur"})
    world.settle()
    (mail,) = [mail for mail in world.mails_to("bureau@plomberie.example") if CALLED[name] in mail.subject]
    assert "00001" in mail.subject


@pytest.mark.row("C52")
def test_what_is_voided_while_an_answer_about_it_is_lost_is_found_there_and_told_of(world, programs, name):
    connect(world, name)
    booked, never = world.invoice(), world.invoice()
    programs.programs[name].rows("Customer").append({"Id": "1", "DisplayName": "Marie Gagnon"})
    programs.programs[name].lost = 1
    export = made(world, name)
    for invoice in (booked, never):
        world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "Erreur"})
    export = wait(world, export, minutes=2)
    assert (export["progress"]["count"], [one["number"] for one in export["failures"]]) == (1, ["00002"])
    (mail,) = [mail for mail in world.mails_to("bureau@plomberie.example") if CALLED[name] in mail.subject]
    assert "00001" in mail.subject
    assert len(programs.documents(name)) == 1


def test_what_is_voided_while_it_is_booked_is_told_of_too(world, programs, name, monkeypatch):
    connect(world, name)
    invoice, right, void = world.invoice(), Program.answer, []

    def answer(program, method, url, headers, body):
        answered = right(program, method, url, headers, body)
        if programs.documents(name) and not void:
            void.append(invoice)
            world.ok("POST", f"/v1/invoices/{invoice['id']}/void", {"reason": "Erreur"})
        return answered

    monkeypatch.setattr(Program, "answer", answer)
    assert made(world, name)["progress"]["count"] == 1
    (mail,) = [mail for mail in world.mails_to("bureau@plomberie.example") if CALLED[name] in mail.subject]
    assert "00001" in mail.subject


@pytest.mark.row("C49")
def test_one_that_the_program_refuses_fails_alone(world, programs, name):
    connect(world, name)
    bad = world.invoice(world.client(name="Luc Roy"))
    world.invoice()
    programs.programs[name].refused_names.add("Luc Roy")
    export = made(world, name)
    assert (export["progress"]["count"], export["progress"]["failed"]) == (1, 1)
    (failure,) = export["failures"]
    assert (failure["document_id"], failure["code"]) == (bad["id"], "refused_by_program")
    assert world.see(bad)["exported_at"] is None


def test_a_token_that_ended_is_traded_for_the_next(world, programs, name):
    connect(world, name)
    world.invoice()
    programs.programs[name].end_access()
    assert made(world, name)["progress"]["count"] == 1
    assert programs.programs[name].traded == 2


@pytest.mark.parametrize(("field", "value"), [("takes_no_token", True), ("organisation", "org-2")])
def test_a_program_that_lets_us_into_nothing_ends_the_export(world, programs, name, field, value):
    """It is the same for every document: none of them is at fault."""
    connect(world, name)
    invoice = world.invoice()
    setattr(programs.programs[name], field, value)
    export = made(world, name)
    assert (export["status"], export["progress"]["failed"]) == ("failed", 0)
    assert world.see(invoice)["exported_at"] is None


def test_a_program_that_lets_us_in_no_more_ends_the_export_and_says_so(world, programs, name):
    connect(world, name)
    invoice = world.invoice()
    programs.programs[name].revoke()
    export = made(world, name)
    assert (export["status"], "lets us in no more" in export["reason"]) == ("failed", True)
    assert world.see(invoice)["exported_at"] is None
    (connection,) = world.ok("GET", "/v1/business/accounting")["data"]
    assert connection["refused"] is True
    (mail,) = world.mails_to("bureau@plomberie.example")
    assert CALLED[name] in mail.subject
    assert "accounting.refused" in [one["type"] for one in world.ok("GET", "/v1/events?limit=100")["data"]]
    assert world.api("POST", "/v1/exports", {"target": name})["code"] == "connection_refused"


def test_a_program_is_connected_by_what_lets_us_in(world, programs, name):
    answer = world.api("PUT", f"/v1/business/accounting/{name}", GRANT | {"refresh_token": "wrong"})
    assert (answer.status, answer["code"]) == (422, "connection_refused")
    shown = connect(world, name)
    assert (shown["target"], shown["automatic"], "secret" in str(shown)) == (name, True, False)
    secrets = {"secret", "refresh-2", "access-2"}
    assert not any(f'"{secret}"' in row for row in world.everything()["core"] for secret in secrets)
    assert connect(world, name, automatic=False)["version"] == 2
    world.ok("DELETE", f"/v1/business/accounting/{name}")
    world.invoice()
    assert world.api("POST", "/v1/exports", {"target": name})["code"] == "not_connected"
    assert connect(world, name)["version"] == 4


def test_only_the_owner_connects(world, programs):
    manager = world.key("manager")
    assert world.api("PUT", "/v1/business/accounting/xero", GRANT, key=manager).status == 403
    assert world.api("PUT", "/v1/business/accounting/sage", GRANT).status == 404


def test_a_file_has_a_format_and_a_program_has_its_own(world):
    for body in ({}, {"target": "xero", "format": "csv"}):
        answer = world.api("POST", "/v1/exports", body)
        assert (answer.status, answer["errors"][0]["code"]) == (422, "one_of")


@pytest.mark.row("A47")
@pytest.mark.parametrize("lacks", [True, False], ids=["words are missing", "one is refused"])
def test_a_batch_that_could_not_be_exported_by_itself_is_told_of(world, programs, lacks):
    """Nobody asked for it, so that nobody looks whether it came about."""
    connect(world, "xero")
    two_clients(world)
    batch = planned(world, invoice_per="contract")
    run(world, batch)
    if lacks:
        world.ok("PATCH", "/v1/business", {"accounting": {"xero": None}})
    programs.programs["xero"].refused_names.add("Marie Gagnon")
    issue(world, batch)
    world.settle()
    (export,) = world.ok("GET", "/v1/exports")["data"]
    assert (export["status"], export["progress"]["failed"]) == (("failed", 0) if lacks else ("ready", 2))
    (mail,) = [mail for mail in world.mails_to("bureau@plomberie.example") if "Xero" in mail.subject]
    assert ("tax_codes/none" if lacks else "Account code is not valid") in mail.text


@pytest.mark.row("A47")
def test_a_batch_is_exported_by_itself_where_a_program_is_connected_for_it(world, programs):
    connect(world, "xero")
    connect(world, "quickbooks", automatic=False)
    store = wiring.store(Caller(business_id=world.house.id, actor="quittance"))
    issued_at = wiring.now()
    for _ in range(2):
        asked = export_batch_automatically("bat_1", issued_at=issued_at, now=wiring.now(), ids=wiring.ids, store=store)
    assert asked == ()
    (export,) = world.ok("GET", "/v1/exports")["data"]
    assert (export["target"], export["status"], export["requested_by"]) == ("xero", "queued", "quittance")
