"""Reports of money: what is owed and how long, taxes by rate, revenue; each is what the journal booked."""

import random
from decimal import Decimal

import pytest

from chalicelib.domain.journal import Account
from chalicelib.usecases import reporting
from tests.flows import books
from tests.flows.counter import issued, voided

EVER = "from=2026-01-01&to=2026-12-31"
TAXES = (["TPS", "TVQ"], ["TPS"], ["TVQ"], [])


def taxes(world, days=EVER):
    """What the report says is owed in Canadian dollars: by code and rate."""
    report = world.ok("GET", f"/v1/reports/taxes?{days}").body
    return {(tax["code"], tax["rate_percent"]): tax["amount"] for one in report["currencies"] for tax in one["taxes"]}


def revenue(world, group_by="month", days=EVER):
    rows = world.ok("GET", f"/v1/reports/revenue?{days}&group_by={group_by}")["data"]
    return [(row["month"], row["client_id"] or row["catalog_code"], row["net"]) for row in rows]


def aging(world, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return world.ok("GET", f"/v1/reports/aging?{query}").body


def earned(world):
    """What the journal says was earned, in minor units."""
    postings = (
        posting
        for envelope in books.envelopes(world.aws.rows("journal"), world.house.id)
        for posting in envelope.event.postings
    )
    return -sum(posting.amount.minor for posting in postings if posting.account is Account.REVENUE)


def credited(world, invoice, **what):
    return world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Trop facturé"} | what).body


def at_random(world, chance, client, *, documents):
    """So many invoices over some weeks; of some a part is credited, some are voided, some stay drafts."""
    for _ in range(documents):
        world.time.pass_(hours=chance.randrange(1, 120))
        lines = [
            {
                "description": "Visite",
                "quantity": f"{chance.randrange(1, 40) / 4}",
                "unit_price": f"{chance.randrange(1, 40_000) / 100:.2f}",
                "taxes": chance.choice(TAXES),
            }
            for _ in range(chance.randrange(1, 5))
        ]
        draft = world.draft(client, lines=lines, discount_percent=chance.choice(["0", "12.5"]))
        fate = chance.choice(["draft", "issued", "issued", "credited", "wholly", "void"])
        if fate == "draft":
            continue
        invoice = issued(world, draft)
        world.time.pass_(hours=chance.randrange(1, 900))
        if fate == "void":
            voided(world, invoice)
        if fate == "wholly":
            credited(world, invoice)
        if fate == "credited":
            credited(world, invoice, amount=f"{Decimal(invoice['amount_due']) / 3:.2f}")


@pytest.mark.row("C18")
def test_the_fates_of_many_numbers_come_in_several_answers(world):
    """A business may have given more numbers than an answer holds."""
    client = world.client()
    voided(world, world.invoice(client))
    for _ in range(2):
        world.invoice(client)
    first = world.ok("GET", "/v1/reports/numbers/invoice?limit=2").body
    rest = world.ok("GET", f"/v1/reports/numbers/invoice?limit=2&cursor={first['next_cursor']}").body
    told = [(one["number"], one["status"]) for one in (*rest["numbers"], *first["numbers"])]
    assert told == [("00001", "void"), ("00002", "issued"), ("00003", "issued")]
    assert (first["count"], rest["count"], rest["next_cursor"]) == (2, 1, None)


@pytest.mark.row("C29")
@pytest.mark.parametrize("seed", range(3))
def test_taxes_by_rate_are_the_sum_of_the_tax_lines_to_the_cent(world, seed):
    at_random(world, random.Random(seed), world.client(), documents=8)

    reported = taxes(world)
    assert {code: int(Decimal(amount) * 100) for (code, _), amount in reported.items()} == world.booked_taxes()
    assert {rate for _, rate in reported} <= {"5", "9.975"}
    shown = [world.see(row["id"]) for row in world.ok("GET", "/v1/invoices?limit=100")["data"]]
    in_force = [one for one in shown if one["number"] and one["status"] != "void"]
    notes = world.ok("GET", "/v1/credit-notes?limit=100")["data"]
    lines = [(1, tax) for one in in_force for tax in one["taxes"]]
    lines += [(-1, tax) for one in notes for tax in world.ok("GET", f"/v1/credit-notes/{one['id']}")["taxes"]]
    for (code, rate), amount in reported.items():
        mine = [
            sign * Decimal(tax["amount"]) for sign, tax in lines if (tax["code"], tax["rate_percent"]) == (code, rate)
        ]
        assert sum(mine) == Decimal(amount)


@pytest.mark.row("C29")
def test_periods_that_follow_each_other_add_up(world):
    at_random(world, random.Random(7), world.client(), documents=8)

    early, late = taxes(world, "from=2026-01-01&to=2026-03-20"), taxes(world, "from=2026-03-21&to=2026-12-31")
    both = {tax: Decimal(early.get(tax, "0")) + Decimal(late.get(tax, "0")) for tax in {*early, *late}}
    assert both == {tax: Decimal(amount) for tax, amount in taxes(world).items()}


@pytest.mark.row("C29", "C18")
def test_what_is_voided_later_is_taken_back_on_that_day(world):
    invoice = world.invoice()
    march = "from=2026-03-01&to=2026-03-31"
    before = world.ok("GET", f"/v1/reports/taxes?{march}").body
    world.time.pass_(days=40)

    voided(world, invoice)

    assert world.ok("GET", f"/v1/reports/taxes?{march}").body == before
    april = world.ok("GET", "/v1/reports/taxes?from=2026-04-01&to=2026-04-30")["currencies"]
    assert [(tax["code"], tax["charged"], tax["taken_back"], tax["amount"]) for tax in april[0]["taxes"]] == [
        ("TPS", "0.00", "50.00", "-50.00"),
        ("TVQ", "0.00", "99.75", "-99.75"),
    ]
    assert taxes(world) == {("TPS", "5"): "0.00", ("TVQ", "9.975"): "0.00"}
    assert revenue(world) == [("2026-03", None, "1000.00"), ("2026-04", None, "-1000.00")]


@pytest.mark.row("C29")
def test_the_day_is_that_of_the_business(world):
    """Voided at 03:30 UTC on 1 April, which is still March in Montreal."""
    invoice = world.invoice()
    world.time.move_to("2026-04-01T03:30:00Z")
    voided(world, invoice)

    assert taxes(world, "from=2026-03-01&to=2026-03-31")["TPS", "5"] == "0.00"
    assert taxes(world, "from=2026-04-01&to=2026-04-30") == {}


def test_a_tax_is_told_apart_by_its_rate_its_number_and_whether_it_is_withheld(world):
    client = world.client()
    world.invoice(client)
    number = {"registration_number": "123456789 RT0002"}
    rates = [
        {"code": "TPS", "name": "TPS", "rate_percent": "6"} | number,
        {"code": "IRPF", "rate_percent": "15", "withheld": True},
    ]
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": rates})
    world.invoice(client, lines=[{"description": "Visite", "unit_price": "100", "taxes": ["TPS", "IRPF"]}])

    (sums,) = world.ok("GET", "/v1/reports/taxes")["currencies"]

    assert [(tax["code"], tax["rate_percent"], tax["registration_number"], tax["amount"]) for tax in sums["taxes"]] == [
        ("IRPF", "15", None, "15.00"),
        ("TPS", "5", "123456789 RT0001", "50.00"),
        ("TPS", "6", "123456789 RT0002", "6.00"),
        ("TVQ", "9.975", "1234567890 TQ0001", "99.75"),
    ]
    assert (sums["net_total"], sums["tax_total"], sums["withheld_total"]) == ("1100.00", "155.75", "15.00")


def test_revenue_is_what_the_journal_earned(world):
    client, other = world.client(), world.client(name="Luc Roy", email="luc@example.com")
    chance = random.Random(3)
    at_random(world, chance, client, documents=5)
    at_random(world, chance, other, documents=4)

    whole = world.ok("GET", f"/v1/reports/revenue?{EVER}").body
    assert int(Decimal(whole["totals"]["CAD"]) * 100) == earned(world)
    for group_by in ("client", "catalog_code"):
        assert world.ok("GET", f"/v1/reports/revenue?{EVER}&group_by={group_by}")["totals"] == whole["totals"]


def test_revenue_by_client_and_by_catalogue_code(world):
    for entry in (
        {"code": "PR", "name": "Visite", "unit_price": "50.00"},
        {"code": "SU", "name": "Suivi", "unit_price": "85"},
    ):
        world.ok("POST", "/v1/catalog", entry)
    marie, luc = world.client(), world.client(name="Luc Roy", email="luc@example.com")
    world.invoice(marie, lines=[{"catalog_code": "PR", "quantity": "2"}, {"catalog_code": "SU"}])
    world.invoice(luc, lines=[{"catalog_code": "SU", "quantity": "3"}, {"description": "Pièce", "unit_price": "10"}])

    assert revenue(world, "client") == [("2026-03", luc["id"], "265.00"), ("2026-03", marie["id"], "185.00")]
    assert revenue(world, "catalog_code") == [
        ("2026-03", "SU", "340.00"),
        ("2026-03", "PR", "100.00"),
        ("2026-03", None, "10.00"),
    ]


def test_aging_tells_what_is_owed_by_how_long(world):
    marie, luc = world.client(), world.client(name="Luc Roy", email="luc@example.com")
    halves = [{"percent": "50", "due": {"on": "2026-03-10"}}, {"percent": "50", "due": {"on": "2026-06-01"}}]
    parts = world.invoice(marie, schedule=halves)
    world.ok("PATCH", "/v1/business", {"invoice_defaults": {"due_days": 30}})
    whole = world.invoice(luc)
    world.time.move_to("2026-04-15T16:00:00Z")

    report = aging(world)

    assert report["as_of"] == "2026-04-15"
    (first, second) = report["data"]
    assert (first["client_id"], second["client_id"]) == (luc["id"], marie["id"])
    assert (first["owed"]["days_1_30"], first["owed"]["overdue"]) == (whole["amount_due"], "1149.75")
    assert second["oldest_due_on"] == "2026-03-10"
    assert {name: amount for name, amount in second["owed"].items() if amount != "0.00"} == {
        "current": "574.87",
        "days_31_60": "574.88",
        "overdue": "574.88",
        "total": parts["amount_due"],
    }
    assert report["totals"]["CAD"]["total"] == "2299.50"
    world.ok("POST", f"/v1/invoices/{whole['id']}/payments", {"amount": "1149.75", "method": "cash"})
    assert [one["client_id"] for one in aging(world)["data"]] == [marie["id"]]
    assert aging(world, client_id=luc["id"])["data"] == aging(world, client_id="cli_nobody")["data"] == []
    later = aging(world, client_id=marie["id"], as_of="2026-09-15")["data"][0]["owed"]
    assert (later["over_90"], later["overdue"]) == ("1149.75", "1149.75")


def test_what_aging_tells_is_what_the_balances_say(world):
    client = world.client()
    at_random(world, random.Random(5), client, documents=6)

    totals = aging(world)["totals"]
    assert totals["CAD"]["total"] == world.balance(client)["amount_due"]


@pytest.mark.parametrize(
    ("path", "code", "at"),
    [
        ("taxes?from=2026-03-02&to=2026-03-01", "period_reversed", "/from"),
        ("revenue?from=2019-03-02&to=2026-03-01", "period_too_long", "/from"),
    ],
)
def test_days_that_no_report_is_of(world, path, code, at):
    refused = world.api("GET", f"/v1/reports/{path}")

    assert refused.problem == (422, code)
    assert refused["errors"][0]["at"] == at


@pytest.mark.parametrize(
    ("limit", "path"),
    [("MOST_DOCUMENTS", "taxes"), ("MOST_READ_WHOLE", "revenue?group_by=catalog_code"), ("MOST_DOCUMENTS", "aging")],
)
def test_too_much_for_one_report_is_refused(world, monkeypatch, limit, path):
    client = world.client()
    world.invoice(client)
    world.invoice(client)
    monkeypatch.setattr(reporting, limit, 1)

    assert world.api("GET", f"/v1/reports/{path}").status == 422
    monkeypatch.setattr(reporting, limit, 2)
    assert world.api("GET", f"/v1/reports/{path}").status == 200


def test_documents_are_read_some_at_a_time(world, monkeypatch):
    monkeypatch.setattr(reporting, "AT_ONCE", 2)
    monkeypatch.setattr(reporting, "ROWS_AT_ONCE", 3)
    client = world.client()
    invoices = [world.invoice(client) for _ in range(5)]
    for invoice in invoices[:3]:
        voided(world, invoice)

    assert taxes(world)["TPS", "5"] == "100.00"
    assert aging(world)["invoices"] == 2
    assert revenue(world) == revenue(world, "catalog_code") == [("2026-03", None, "2000.00")]


def test_who_may_not_see_reports_sees_none(world):
    for path in ("aging", "taxes", "revenue"):
        assert world.api("GET", f"/v1/reports/{path}", key=world.key("technician")).status == 403
