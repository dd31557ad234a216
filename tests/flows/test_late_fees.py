"""Fees for late payment: documents of their own, with their formula, each day charged once (C42, C43)."""

import pytest

from tests import builders as b
from tests.flows.desk import MARIE, OFFICE, paper, take

BACKWARDS = {"from": "2026-07-01", "to": "2026-06-30", "percent": "12"}
QUEBEC = {"yearly_rate_percent": "24", "flat": "15"}


def in_france(world):
    place = {"country": "FR", "currency": "EUR", "time_zone": "Europe/Paris"}
    world.business(**place, tax_rates=(), tax_registrations=(b.SIREN,), languages=("fr",))


def late(world, days, terms=None, **client):
    """An invoice of 1,149.75 that is so many days late."""
    if terms is not None:
        world.ok("PATCH", "/v1/business", {"late_fee": terms})
    invoice = world.invoice(world.client(**client))
    world.settle()
    world.time.pass_(days=30 + days)
    return invoice


def owed(world, invoice, query=""):
    return world.ok("GET", f"/v1/invoices/{invoice['id']}/late-fee{query}").body


def charge(world, invoice, *, Idempotency_Key=None, **body):  # noqa: N803 - a header
    headers = {"Idempotency_Key": Idempotency_Key} if Idempotency_Key else {}
    return world.api("POST", f"/v1/invoices/{invoice['id']}/late-fees", body, **headers)


@pytest.mark.row("C43")
def test_what_is_owed_is_shown_with_its_formula(world):
    invoice = late(world, 43, {"yearly_rate_percent": "24"}, language="fr")

    shown = owed(world, invoice)

    assert (shown["since"], shown["through"], shown["days"]) == ("2026-04-02", "2026-05-14", 43)
    assert (shown["interest"], shown["total"], shown["rate_percent"]) == ("32.51", "32.51", "24")
    formula = shown["formula"].replace("\N{NO-BREAK SPACE}", " ")
    assert formula == "1 149,75 $ \N{MULTIPLICATION SIGN} 24 % \N{MULTIPLICATION SIGN} 43 ÷ 365"
    assert owed(world, invoice, "?date=2026-04-11")["interest"] == "7.56"
    assert world.api("GET", f"/v1/invoices/{invoice['id']}/late-fee?date=2026-06-01").problem == (422, "in_the_future")


@pytest.mark.row("C43")
def test_interest_stops_on_the_payment_date_and_follows_what_was_open(world):
    invoice = late(world, 43, {"yearly_rate_percent": "24"})
    take(world, invoice, "500.00", received_on="2026-04-21")
    take(world, invoice, "649.75", received_on="2026-05-01")

    shown = owed(world, invoice)

    assert [(one["days"], one["amount"]) for one in shown["stretches"]] == [(20, "1149.75"), (10, "649.75")]
    assert shown["interest"] == "19.39"


def test_a_fee_is_a_document_of_its_own_and_the_invoice_stays_as_it_was(world):
    invoice = late(world, 43, QUEBEC, language="fr")
    before = world.see(invoice)

    fee = charge(world, invoice, issue=True)

    assert (fee.status, fee["status"], fee["total"], fee["tax_total"]) == (201, "issued", "47.51", "0.00")
    assert (fee["late_fee_of"], fee["job_id"]) == (invoice["id"], invoice["job_id"])
    seen = world.see(invoice)
    assert (seen["late_fees"], seen["late_fees_through"]) == ([fee["id"]], "2026-05-14")
    assert (seen["total"], seen["amount_due"]) == (before["total"], before["amount_due"])
    told = paper(world, fee)
    assert "Intérêts de retard sur la facture 00001, du 2 avril 2026 au 14 mai 2026" in told
    assert "24 % par an (2 % par mois)" in told
    assert "Frais de retard convenus" in told
    assert world.timeline(invoice)[-1] == "invoice.late_fee_charged"
    assert charge(world, fee).problem == (409, "late_fee_of_fee")


@pytest.mark.row("C42")
def test_no_day_is_charged_twice_also_when_the_draft_was_deleted(world):
    invoice = late(world, 10, QUEBEC)
    first = charge(world, invoice)
    assert charge(world, invoice).problem == (409, "nothing_owed")
    world.ok("DELETE", f"/v1/invoices/{first['id']}")
    assert charge(world, invoice).problem == (409, "nothing_owed")

    world.time.pass_(days=5)
    second = charge(world, invoice)
    assert (second["total"], owed(world, invoice)["total"]) == ("3.78", "0.00")


@pytest.mark.parametrize("again", [True, False])
def test_a_fee_that_was_to_be_sent_goes_out_though_its_request_broke_off(world, again):
    invoice = late(world, 10, QUEBEC)

    world.faults.crash_after("dynamodb", "TransactWriteItems")
    assert charge(world, invoice, send=True, Idempotency_Key="fee").status == 500
    if again:
        assert charge(world, invoice, send=True, Idempotency_Key="fee")["status"] == "issued"
    world.settle(times=2)

    (fee,) = world.see(invoice)["late_fees"]
    assert world.see(fee)["status"] == "sent"
    assert len(world.mails_to(MARIE)) == 1


def test_french_law_between_businesses_and_not_of_consumers(world):
    in_france(world)
    invoice = late(world, 43, {"statutory": "FR"}, language="fr")

    fee = charge(world, invoice, issue=True)
    assert [line["unit_price"] for line in fee["lines"]] == ["14.31", "40.00"]
    assert fee["lines"][1]["description"].endswith("(C. com. art. L441-10, D441-5)")
    assert [tax["category"] for tax in fee["taxes"]] == ["O"]

    consumer = late(world, 10, consumer=True)
    assert charge(world, consumer).problem == (409, "consumer")


def test_a_period_of_which_nobody_knows_the_rate_is_asked_for(world):
    in_france(world)
    invoice = late(world, 120, {"statutory": "FR"})

    refused = world.api("GET", f"/v1/invoices/{invoice['id']}/late-fee")
    assert refused.problem == (409, "rate_unknown")
    assert "late_fee.rates" in refused["detail"]
    rates = [{"from": "2026-07-01", "to": "2026-12-31", "percent": "12.40"}]
    world.ok("PATCH", "/v1/business", {"late_fee": {"statutory": "FR", "rates": rates}})
    assert world.ok("GET", "/v1/business")["late_fee"]["rates"][0]["from"] == "2026-07-01"
    assert [one["rate_percent"] for one in owed(world, invoice)["stretches"]] == ["12.15", "12.40"]


def test_a_client_may_have_terms_of_its_own_or_none(world):
    invoice = late(world, 10, QUEBEC, late_fee={"flat": "5"})
    assert owed(world, invoice)["total"] == "5.00"
    client = {"id": invoice["client_id"]}

    world.ok("PATCH", f"/v1/clients/{client['id']}", {"late_fee": "off"})
    assert world.see(client)["late_fee"] == "off"
    assert world.api("GET", f"/v1/invoices/{invoice['id']}/late-fee").problem == (409, "no_late_fee")
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"late_fee": None})
    assert owed(world, invoice)["flat"] == "15.00"


@pytest.mark.parametrize(
    ("terms", "at"),
    [
        ({}, "/late_fee"),
        ({"yearly_rate_percent": "40"}, "/late_fee/yearly_rate_percent"),
        ({"statutory": "US"}, "/late_fee/statutory"),
        ({"flat": "0"}, "/late_fee/flat"),
        (
            {"statutory": "FR", "rates": [BACKWARDS]},
            "/late_fee/rates/0",
        ),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_place(world, terms, at):
    refused = world.api("PATCH", "/v1/business", {"late_fee": terms})

    assert (refused.status, refused["errors"][0]["at"]) == (422, at)


@pytest.mark.row("C42")
def test_fees_by_themselves_come_once_a_month_whatever_the_ticks(world):
    world.ok("PATCH", "/v1/business", {"late_fee": QUEBEC | {"automatic": True}})
    invoice = world.invoice(world.client())
    world.settle()
    world.time.pass_(days=30)
    for _ in range(75):
        world.time.pass_(days=1)
        world.sweep()
        world.sweep()
        world.settle(times=2)

    seen = world.see(invoice)
    fees = [world.see(id) for id in seen["late_fees"]]
    assert [(fee["total"], fee["status"], fee["delivery"]["state"]) for fee in fees] == [
        ("37.68", "overdue", "sent"),
        ("23.44", "sent", "sent"),
    ]
    assert seen["late_fees_through"] == "2026-06-01"
    assert [mail.subject for mail in world.mails_to(MARIE)] == [
        "Plomberie Tremblay : facture 00002",
        "Plomberie Tremblay : facture 00003",
    ]


@pytest.mark.row("C42", "C43")
def test_the_last_fee_by_itself_ends_with_the_payment(world):
    world.ok("PATCH", "/v1/business", {"late_fee": {"yearly_rate_percent": "24", "automatic": True}})
    invoice = world.invoice(world.client())
    world.settle()
    world.time.pass_(days=40)
    take(world, invoice, "1149.75", received_on="2026-04-11")
    for _ in range(90):
        world.time.pass_(days=1)
        world.sweep()
    world.settle()

    (fee,) = world.see(invoice)["late_fees"]
    assert world.see(fee)["total"] == "7.56"
    assert world.timeline(invoice).count("invoice.late_fee_due") == 1


def test_invoices_from_before_it_was_switched_on_are_left_alone(world):
    invoice = late(world, 5)
    world.ok("PATCH", "/v1/business", {"late_fee": QUEBEC | {"automatic": True}})
    world.settle()
    world.time.pass_(days=60)
    world.sweep()
    world.settle()

    assert world.see(invoice)["late_fees"] == []


def test_a_rate_that_nobody_knows_is_told_to_the_business_once_and_charged_for_when_it_is_given(world):
    in_france(world)
    world.ok("PATCH", "/v1/business", {"late_fee": {"statutory": "FR", "automatic": True}})
    world.time.move_to("2026-05-20T08:00:00Z")
    client = world.client()
    first, second = world.invoice(client), world.invoice(client)
    world.settle()
    for _ in range(4):
        world.time.pass_(days=16)
        world.sweep()
        world.settle(times=2)

    (told,) = world.mails_to(OFFICE)
    assert told.subject == "Le taux des intérêts de retard n’est pas connu"  # noqa: RUF001
    assert any(f"facture {one['number']} (Marie Gagnon)" in told.text for one in (first, second))
    assert world.timeline(second)[-1] == "invoice.late_fee_refused"
    rates = [{"from": "2026-07-01", "to": "2026-12-31", "percent": "12.40"}]
    world.ok("PATCH", "/v1/business", {"late_fee": {"statutory": "FR", "automatic": True, "rates": rates}})
    world.settle()
    world.sweep()
    world.settle(times=2)

    assert [len(world.see(one)["late_fees"]) for one in (first, second)] == [1, 1]
    assert len(world.mails_to(OFFICE)) == 1
