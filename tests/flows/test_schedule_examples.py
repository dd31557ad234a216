"""The examples of payment schedules that businesses know by name, on a quote and on its invoice (P17)."""

import pytest

from tests import builders as b

IN_30_DAYS = {"days_after": "issue", "days": 30}
EXAMPLES = {
    "one payment": ([], [("1149.75", None)]),
    "deposit of 30 % and the balance of 70 %": (
        [
            {"label": "Acompte", "percent": "30", "due": {"days_after": "approval", "days": 0}},
            {"label": "Solde", "percent": "70", "due": {"days_after": "completion", "days": 0}},
        ],
        [("344.93", "2026-03-02"), ("804.82", None)],
    ),
    "fixed deposit and the balance": (
        [{"amount": "500", "due": {"on": "2026-03-10"}}, {"remainder": True, "due": IN_30_DAYS}],
        [("500.00", "2026-03-10"), ("649.75", "2026-04-01")],
    ),
    "thirds, a month apart": (
        [
            {"percent": "33.33", "due": {"days_after": "issue", "days": 0}},
            {"percent": "33.33", "due": {"days_after": "issue", "months": 1}},
            {"remainder": True, "due": {"days_after": "issue", "months": 2}},
        ],
        [("383.21", "2026-03-02"), ("383.21", "2026-04-02"), ("383.33", "2026-05-02")],
    ),
    "milestones of 30, 40 and 30 %": (
        [
            {"percent": share, "label": label, "due": {"days_after": "completion", "days": 0}}
            for share, label in (("30", "Fondations"), ("40", "Murs"), ("30", "Toit"))
        ],
        [("344.93", None), ("459.90", None), ("344.92", None)],
    ),
    "45 days, then the end of the month": (
        [{"remainder": True, "due": {"days_then_end_of_month": 45}}],
        [("1149.75", "2026-04-30")],
    ),
    "end of the month, then 45 days": (
        [{"remainder": True, "due": {"end_of_month_then_days": 45}}],
        [("1149.75", "2026-05-15")],
    ),
    "holdback of 10 %": (
        [{"percent": "90", "due": IN_30_DAYS}, {"label": "Retenue", "percent": "10", "holdback": True}],
        [("1034.78", "2026-04-01"), ("114.97", None)],
    ),
}


def planned(document):
    return [(part["amount"], part["due_on"]) for part in document["schedule"]]


def amounts(document):
    return [part["amount"] for part in document["schedule"]]


@pytest.mark.row("P17")
@pytest.mark.parametrize(("schedule", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_a_quote_is_billed_by_a_schedule_known_by_name(world, schedule, expected):
    quote = world.quote(schedule=schedule, invoicing={"mode": "single"})
    assert amounts(quote) == [amount for amount, _ in expected]

    world.approve(quote)
    world.settle()

    (draft,) = world.invoices_of(quote)
    invoice = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    days = [(amount, day or (invoice["due_date"] if not schedule else None)) for amount, day in expected]
    assert planned(invoice) == days


@pytest.mark.row("P17")
@pytest.mark.parametrize(("schedule", "expected"), list(EXAMPLES.values())[2:], ids=list(EXAMPLES)[2:])
def test_an_invoice_is_paid_by_a_schedule_known_by_name(world, schedule, expected):
    assert planned(world.invoice(schedule=schedule)) == expected


@pytest.mark.row("P17")
@pytest.mark.parametrize(
    ("currency", "price", "expected"),
    [
        pytest.param("JPY", "10000", ["3333", "3333", "3334"], id="sch-16: yen"),
        pytest.param("KWD", "10.000", ["3.333", "3.333", "3.334"], id="sch-17: dinars"),
        pytest.param("CAD", "100.00", ["33.33", "33.33", "33.34"], id="dollars"),
    ],
)
def test_thirds_come_to_the_whole_in_every_currency(world, currency, price, expected):
    thirds = [{"percent": "33.33"}, {"percent": "33.33"}, {"percent": "33.34"}]
    lines = [{"description": "Visite", "unit_price": price, "taxes": []}]
    body = {"currency": currency, "lines": lines, "schedule": thirds}

    assert amounts(world.ok("POST", "/v1/invoices/preview", body)) == expected


@pytest.mark.row("P17")
def test_per_instalment_each_third_has_an_invoice_and_the_cents_are_on_the_last(world):
    world.business(
        country="FR", currency="EUR", time_zone="Europe/Paris", address=b.PARIS, tax_registrations=(b.SIREN,)
    )
    thirds = [{"percent": "33.33"}, {"percent": "33.33"}, {"remainder": True}]
    quote = world.quote(schedule=thirds, invoicing={"mode": "per_instalment"})

    world.approve(quote)
    world.settle()

    drafts = sorted(world.invoices_of(quote), key=lambda draft: draft["instalment_id"])
    assert [draft["total"] for draft in drafts] == amounts(quote)


@pytest.mark.row("P17")
@pytest.mark.parametrize(
    ("schedule", "code", "said"),
    [
        ([{"percent": "33.33"}] * 3, "percentages_off", "The percentages add up to 99.99, not 100."),
        ([{"percent": "60"}, {"percent": "50"}, {"remainder": True}], "percentages_off", "110"),
        ([{"amount": "1349.75"}, {"remainder": True}], "over_total", "exceed the total by 200.00"),
        ([{"amount": "1149.74"}], "amounts_off", "1149.74"),
        ([{"remainder": True}, {"remainder": True}], "two_remainders", "rest"),
    ],
)
def test_a_schedule_that_does_not_come_to_the_total_is_refused_with_the_difference(world, schedule, code, said):
    lines = [{"description": "Visite", "unit_price": "1000.00"}]
    for path in ("/v1/quotes", "/v1/invoices", "/v1/invoices/preview"):
        client = {} if path.endswith("preview") else {"client_id": world.client()["id"]}
        refused = world.api("POST", path, client | {"lines": lines, "schedule": schedule})
        assert refused.problem == (422, code), refused.text
        assert said in refused["errors"][0]["detail"]
