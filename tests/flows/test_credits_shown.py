"""Where credit notes are seen: in the portal, in a job's space, in timelines and among the numbers."""

import pytest

from tests.flows.desk import HALVES, MARIE, paper, sent, take, visitor
from tests.flows.test_crediting import credit


@pytest.mark.row("K19")
def test_the_client_sees_the_credit_note_with_the_invoice(world):
    invoice = sent(world)
    page = visitor(world)
    note = credit(world, invoice, amount="149.75", send=True)
    assert "Avoir CN-00001" in page.visit(page.address)
    assert f"/portal/credit-notes/{note['id']}/pdf" not in page.page
    world.settle()

    page = world.portal(world.mails_to(MARIE)[-1].portal_link)

    assert page.address.endswith(f"/portal/invoices/{invoice['id']}")
    assert "Crédité −149,75 $ Solde à payer 1 000,00 $" in page.text  # noqa: RUF001
    assert "Avoir CN-00001 2 mars 2026 · Erreur de prix 149,75 $" in page.text
    path = f"/portal/credit-notes/{note['id']}/pdf"
    assert f'href="{path}"' in page.page
    kept = world.request("GET", path, b"", {"cookie": page.cookie})
    assert (kept.status, kept.headers["content-type"]) == (200, "application/pdf")
    assert kept.raw == world.ok("GET", f"/v1/credit-notes/{note['id']}/pdf").raw
    assert "Erreur de prix" in paper(world, note, "credit-notes")


@pytest.mark.row("C53")
def test_another_clients_credit_note_is_not_there(world):
    note = credit(world, world.invoice(world.client(name="Zoé", email="zoe@example.com")), amount="10")
    sent(world)
    world.settle()

    page = visitor(world)
    answer = world.request("GET", f"/portal/credit-notes/{note['id']}/pdf", b"", {"cookie": page.cookie})

    assert answer.status == 404


def test_what_is_wholly_credited_asks_for_nothing(world):
    invoice = sent(world)
    credit(world, invoice)

    page = visitor(world)

    assert "Cette facture a fait l’objet d’un avoir : il n’y a rien à payer." in page.text  # noqa: RUF001
    assert "Payée" not in page.text
    assert "<form" not in page.page


@pytest.mark.row("P32", "P40")
def test_a_jobs_space_and_the_clients_timeline_tell_of_it(world):
    client = world.client()
    invoice = world.invoice(client)
    take(world, invoice, "1149.75")
    note = credit(world, invoice, amount="149.75")

    def space(**more):
        return world.ok("GET", f"/v1/jobs/{invoice['job_id']}/space", **more)

    (shown,) = space()["credit_notes"]
    assert (shown["id"], shown["number"], shown["total"], shown["lines"]) == (note["id"], "CN-00001", "149.75", None)
    (totals,) = space()["totals"]
    assert [totals[name] for name in ("invoiced", "credited", "paid", "due")] == [
        "1149.75",
        "149.75",
        "1000.00",
        "0.00",
    ]
    told = world.ok("GET", f"/v1/clients/{client['id']}/timeline")["data"]
    kinds = {(event["type"], event["entity"], event["amount"]) for event in told}
    assert {("credit_note.issued", note["id"], "149.75"), ("invoice.credited", invoice["id"], "149.75")} <= kinds
    field = world.key("technician")
    seen = world.ok("GET", f"/v1/clients/{client['id']}/timeline", key=field)["data"]
    assert note["id"] not in {event["entity"] for event in seen}


@pytest.mark.row("C18")
def test_their_numbers_are_a_series_of_their_own(world):
    invoice = world.invoice()
    notes = [credit(world, invoice, amount="1") for _ in range(3)]

    report = world.ok("GET", "/v1/reports/numbers/credit_note")

    assert [(each["number"], each["document_id"], each["status"]) for each in report["numbers"]] == [
        (note["number"], note["id"], "given") for note in notes
    ]
    assert world.ok("GET", "/v1/reports/numbers/invoice")["count"] == 1
    assert world.ok("GET", "/v1/reports/invariants")["sound"] is True


@pytest.mark.row("P15")
def test_what_is_credited_is_taken_off_the_last_instalments(world):
    client = world.client()
    invoice = world.invoice(client, schedule=HALVES)
    take(world, invoice, "100")
    credit(world, invoice, amount="600")

    seen = world.see(invoice)

    assert seen["amount_due"] == "449.75"
    assert [(part["amount"], part["paid"], part["status"]) for part in seen["schedule"]] == [
        ("574.88", "100.00", "due"),
        ("574.87", "0.00", "paid"),
    ]
    link = world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "due"})
    assert link["amount"] == "449.75"
