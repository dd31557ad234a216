"""Deposits, taken off in step with the work, and what is withheld of it and released."""

import pytest

from chalicelib.domain.money import Money
from tests.flows import books
from tests.flows.building import WORK, in_france, issue, lines, project, sums, tell, verb
from tests.flows.contracting import bill, looked_up
from tests.flows.test_exports import FEC, made, mapped, table
from tests.flows.test_reports import revenue


@pytest.mark.row("K29")
def test_a_deposit_is_asked_for_at_first_and_taken_off_in_step_with_the_work(world):
    """pro-05; in Canada a deposit bears no tax until it is applied."""
    one = project(world, work=[{"description": "Toiture", "amount": "10000.00"}], deposit_percent="20")
    deposit = bill(world, one)
    assert (lines(deposit), deposit["total"]) == ([("Acompte", "2000.00")], "2000.00")
    issue(world, deposit)
    assert sums(world, one) == {"billed": "2000.00", "planned": "8000.00"}

    payable = []
    for percent in ("40", "100"):
        tell(world, one, **{"1": percent})
        situation = issue(world, bill(world, one))
        payable.append((situation["net_total"], situation["tax_total"]))
    assert payable == [("3200.00", "599.00"), ("4800.00", "898.50")]  # the work is taxed as a whole
    assert sums(world, one) == {"billed": "10000.00"}


def booked(world):
    """What is booked on accounts of what is sold, in the order of their names; below zero what is earned or owed."""
    told = books.envelopes(world.aws.rows("journal"), world.house.id)
    postings = [one for each in told for one in each.event.postings if one.account in {"prepaid", "revenue"}]
    return {
        account: f"{sum((one.amount for one in postings if one.account == account), Money.zero('CAD'))}"
        for account in sorted({one.account for one in postings})
    }


@pytest.mark.parametrize("grouping", ["time_entry", "contract"])
def test_a_deposit_that_is_no_price_yet_is_owed_until_the_work_applies_it(world, grouping):
    one = project(world, work=[{"id": "toit", "description": "Toiture", "amount": "10000.00"}], deposit_percent="20")
    deposit = issue(world, bill(world, one, group_by=grouping))
    assert booked(world) == {"prepaid": "-2000.00"}

    tell(world, one, toit="40")
    situation = issue(world, bill(world, one, group_by=grouping))
    assert booked(world) == {"prepaid": "-1200.00", "revenue": "-4000.00"}
    for by in ("month", "catalog_code"):
        assert revenue(world, by) == [("2026-03", None, "4000.00")]

    mapped(world, fec=FEC | {"accounts": FEC["accounts"] | {"prepaid": "419100"}})
    entries = table(world, made(world, "fec"), "\t")
    owed = [(row["Debit"], row["Credit"]) for row in entries if row["CompteNum"] == "419100"]
    assert owed == [("0,00", "2000,00"), ("800,00", "0,00")]

    world.ok("POST", f"/v1/invoices/{situation['id']}/credit-notes", {"reason": "Erreur"})
    world.ok("POST", f"/v1/invoices/{deposit['id']}/void", {"reason": "Erreur"})
    world.settle()
    assert booked(world) == {"prepaid": "0.00", "revenue": "0.00"}


def test_a_draft_written_anew_by_hand_still_owes_its_deposit(world):
    one = project(world, work=[{"id": "toit", "description": "Toiture", "amount": "10000.00"}], deposit_percent="20")
    draft = bill(world, one)
    (line,) = draft["lines"]
    again = [{"item_id": line["item_id"], "description": "Acompte à la commande"}]
    world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": again})
    issue(world, draft)

    assert booked(world) == {"prepaid": "-2000.00"}


@pytest.mark.row("K29")
def test_what_is_withheld_of_each_situation_is_billed_when_it_is_released(world):
    """Quebec taxes the part that is paid only, and the holdback when it is released."""
    one = project(world, work=WORK, retainage_percent="10")
    tell(world, one, gros="50")
    first = issue(world, bill(world, one))
    assert (first["net_total"], first["total"]) == ("2700.00", "3104.33")
    assert sorted(lines(first)) == [("Gros œuvre (0 % → 50 %)", "3000.00"), ("Retenue de garantie", "-300.00")]
    tell(world, one, gros="100", second="100")
    issue(world, bill(world, one))
    assert sums(world, one) == {"billed": "9000.00", "withheld": "1000.00"}

    for _ in range(2):
        assert verb(world, one, "release-retainage")["project"]["withheld"] == "0.00"
    assert sums(world, one) == {"billed": "9000.00", "due": "1000.00"}
    last = issue(world, bill(world, one))
    assert (lines(last), last["total"]) == ([("Libération de la retenue de garantie", "1000.00")], "1149.75")
    assert sums(world, one) == {"billed": "10000.00"}


@pytest.mark.row("K29")
def test_in_france_five_per_cent_are_withheld_and_released_a_year_after_acceptance(world):
    """Loi 71-584: of what is paid, tax included; the deposit has its tax from the start."""
    in_france(world)
    client = world.client()
    agreed = {"work": WORK, "deposit_percent": "10", "retainage_percent": "5"}
    one = project(world, client, **agreed)
    assert issue(world, bill(world, one))["total"] == "1200.00"
    tell(world, one, gros="100", second="100")
    situation = issue(world, bill(world, one))
    assert (situation["net_total"], situation["total"]) == ("8500.00", "10200.00")

    assert verb(world, one, "accept", on="2026-03-03").problem == (422, "day_to_come")
    accepted = verb(world, one, "accept", on="2026-03-02")
    assert accepted["project"]["release_on"] == "2027-03-02"
    world.ok("POST", f"/v1/contracts/{one['id']}/end", {"on": "2026-03-31"})
    world.time.pass_(days=360)
    world.sweep()
    assert looked_up(world, one)["status"] == "ended"
    assert sums(world, one) == {"billed": "9500.00", "withheld": "500.00"}
    world.time.pass_(days=10)
    world.sweep()
    assert sums(world, one) == {"billed": "9500.00", "due": "500.00"}
    assert issue(world, bill(world, one))["total"] == "600.00"
    over = {"client_id": client["id"], "name": "x", "type": "project", "project": agreed | {"retainage_percent": "6"}}
    assert world.api("POST", "/v1/contracts", over).problem == (422, "retainage_too_high")


def test_an_invoice_of_a_project_that_is_voided_or_deleted_gives_its_parts_back(world):
    one = project(world, work=WORK, deposit_percent="10", retainage_percent="5")
    tell(world, one, gros="50")
    first = issue(world, bill(world, one))
    world.ok("POST", f"/v1/invoices/{first['id']}/void", {"reason": "Erreur"})
    world.settle()
    assert sums(world, one) == {"due": "3550.00", "planned": "6300.00", "withheld": "150.00"}

    again = bill(world, one)
    assert again["net_total"] == first["net_total"] == "3550.00"
    world.ok("DELETE", f"/v1/invoices/{again['id']}")
    assert sums(world, one) == {"due": "3550.00", "planned": "6300.00", "withheld": "150.00"}
