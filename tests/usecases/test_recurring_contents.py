"""What a recurring plan's invoice sells: its days' part of the price, its days' names, and the taxes of its day."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.document import Template
from chalicelib.domain.errors import Invalid
from chalicelib.domain.exemption import TaxExemption
from chalicelib.domain.job import Job
from chalicelib.domain.lines import Adjustment
from chalicelib.domain.party import Address
from chalicelib.domain.plan_terms import Automation, Proration
from chalicelib.domain.schedule import DueOn, EndOfMonth, InstalmentTerm
from chalicelib.usecases import filing, recurring
from tests import builders as b
from tests.usecases.subscriptions import Subscriptions, sweep_on
from tests.usecases.till import code_of

APRIL_1 = date(2026, 4, 1)


@pytest.fixture
def desk():
    return Subscriptions()


def rates(**percents):
    return tuple(b.a_rate(code, percent, registration_number="1") for code, percent in percents.items())


def test_a_short_period_costs_its_days_and_says_so(desk):
    discount = (Adjustment(percent=Decimal(10)),)
    sold = b.content(
        b.a_line(unit_price=Decimal(300), quantity=Decimal(2), allowances=discount),
        b.a_line(description="Remise", unit_price=Decimal(-31)),
        allowances=(Adjustment(amount=b.cad("62"), reason="fidélité"),),
    )
    desk.agreed(date(2026, 5, 22), sold, anchor_on=APRIL_1)

    sweep_on(desk, "2026-05-22")

    (invoice,) = desk.invoices()
    lines = desk.content_of(invoice).lines
    assert [f"{line.net}" for line in lines] == ["174.19", "-10.00"]  # 540 and -31, times 10/31
    assert lines[0].allowances[-1].reason == "10 of 31 days"
    assert f"{invoice.figures.discount_total}" == "20.00"  # 62, times 10/31
    assert f"{invoice.figures.net_total}" == "144.19"


def test_a_short_period_costs_the_whole_where_that_is_agreed(desk):
    desk.agreed(date(2026, 5, 22), anchor_on=APRIL_1, proration=Proration.NONE)

    sweep_on(desk, "2026-05-22")

    assert [f"{invoice.figures.total}" for invoice in desk.invoices()] == ["114.98"]


def test_an_invoice_bears_the_taxes_of_its_day(desk):
    plan = desk.agreed(APRIL_1)
    sweep_on(desk, "2026-04-01")
    desk.change(tax_rates=rates(TPS="6", TVQ="9.975"))

    sweep_on(desk, "2026-05-01")

    taxes = [[f"{tax.amount}" for tax in invoice.figures.taxes] for invoice in desk.invoices()]
    assert taxes == [["5.00", "9.98"], ["6.00", "9.98"]]
    assert [f"{one.invoice.figures.tax_total}" for one in desk.foreseen(plan, 1)] == ["15.98"]


def test_a_charge_with_a_tax_of_its_own_bears_that_of_its_day_too(desk):
    fee = Adjustment(amount=b.cad("10"), reason="Péage", taxes=("TPS",))
    plan = desk.agreed(APRIL_1, b.content(b.a_line(taxes=()), charges=(fee,)))
    desk.change(tax_rates=rates(TPS="6"))
    sweep_on(desk, "2026-04-01")
    desk.change(tax_rates=())
    sweep_on(desk, "2026-05-01")

    assert [f"{invoice.figures.tax_total}" for invoice in desk.invoices()] == ["0.60"]
    assert desk.see_plan(plan).hindrance.code == "tax_missing"


def test_a_client_that_becomes_exempt_is_charged_no_tax_but_what_lines_choose(desk):
    sold = b.content(b.a_line(), b.a_line(taxes=("TPS",)))
    desk.agreed(APRIL_1, sold, agreement={"chosen_taxes": ("2",)})
    desk.client_is(tax_exempt=TaxExemption(reason="Première Nation"))

    sweep_on(desk, "2026-04-01")
    desk.client_is(tax_exempt=None)
    sweep_on(desk, "2026-05-01")

    assert [f"{invoice.figures.tax_total}" for invoice in desk.invoices()] == ["5.00", "19.98"]


def test_its_language_and_template_follow_the_client_and_the_business(desk):
    texts = {"notes": "Pour {period}.", "terms": "Payable {period}."}
    desk.agreed(APRIL_1, b.content(b.a_line(description="Entretien {period}"), **texts))
    desk.client_is(language="en")

    sweep_on(desk, "2026-04-01")

    (invoice,) = desk.invoices()
    content = desk.content_of(invoice)
    told = "2026-04-01 \N{EN DASH} 2026-04-30"
    assert (invoice.language, invoice.template) == ("en", Template.MODERN)
    said = (content.lines[0].description, content.notes, content.terms)
    assert said == (f"Entretien {told}", f"Pour {told}.", f"Payable {told}.")


def test_what_is_agreed_of_language_template_and_order_stays(desk):
    agreement = {"language": "fr", "template": Template.COMPACT, "purchase_order": "BC-7"}
    desk.agreed(APRIL_1, agreement=agreement)
    desk.client_is(language="en")

    sweep_on(desk, "2026-04-01")

    (invoice,) = desk.invoices()
    assert {name: getattr(invoice, name) for name in agreement} == agreement


def test_what_is_late_is_foreseen_as_due_from_today(desk):
    plan = desk.agreed(APRIL_1, times=3)
    desk.paused(plan)
    desk.at("2026-05-10T15:00")

    found = [(f"{one.period.bill_on}", f"{one.due_date}") for one in desk.foreseen(plan)]
    assert found == [("2026-04-01", "2026-06-09"), ("2026-05-01", "2026-06-09"), ("2026-06-01", "2026-07-01")]


def test_the_next_instant_follows_the_clocks(desk):
    plan = desk.agreed(APRIL_1)
    desk.client_is(time_zone="America/Vancouver")

    recurring.follow_clocks(b.CLIENT, now=desk.clock(), store=desk.store())
    in_vancouver = desk.see_plan(plan)
    recurring.follow_clocks(None, now=desk.clock(), store=desk.store())

    assert (plan.due_at.hour, in_vancouver.due_at.hour) == (13, 16)
    assert desk.see_plan(plan) == in_vancouver


def test_the_next_try_of_a_hindered_plan_follows_no_clock(desk):
    plan = desk.agreed(APRIL_1)
    desk.change(tax_rates=())
    sweep_on(desk, "2026-04-01")
    desk.client_is(time_zone="America/Vancouver")

    recurring.follow_clocks(b.CLIENT, now=desk.clock(), store=desk.store())

    assert desk.see_plan(plan).due_at == desk.see_plan(plan).hindrance.retry_at


@pytest.mark.parametrize(
    ("term", "code"),
    [
        pytest.param(InstalmentTerm(amount=b.cad("10")), "amount_in_plan", id="a fixed amount"),
        pytest.param(InstalmentTerm(remainder=True, due=DueOn(on=APRIL_1)), "day_in_plan", id="a fixed day"),
    ],
)
def test_a_schedule_that_cannot_come_round_is_refused(desk, term, code):
    with pytest.raises(Invalid) as refused:
        desk.agreed(
            APRIL_1, b.content(schedule=(term, InstalmentTerm(remainder=True))[: 1 + (term.amount is not None)])
        )
    assert refused.value.code == code
    assert desk.plans() == ()


def test_a_plan_that_has_ended_is_still_worked_out(desk):
    plan = desk.agreed(APRIL_1, times=1)
    sweep_on(desk, "2026-04-01")

    changed = desk.changed(plan, lambda plan, _: (plan, b.content(b.a_line(unit_price=Decimal(200)))))

    assert (changed.upcoming, f"{changed.figures.total}") == (None, "229.95")


def test_a_plan_that_was_deleted_meanwhile_follows_no_clock(desk):
    plan = desk.agreed(APRIL_1)
    desk.tables.delay_indexes()
    recurring.remove_plan(plan.id, if_match=None, now=desk.clock(), store=desk.store())

    assert recurring.follow_clocks(None, now=desk.clock(), store=desk.store()) is None

    assert [envelope.event.type for envelope in desk.store().history(plan.id)] == ["plan.added", "plan.removed"]


def test_a_schedule_in_parts_comes_round_with_each_invoice(desk):
    terms = (InstalmentTerm(percent=Decimal(40)), InstalmentTerm(remainder=True, due=EndOfMonth(end_of_month=1)))
    desk.agreed(date(2026, 4, 16), b.content(schedule=terms), anchor_on=APRIL_1, automation=Automation.ISSUE)

    sweep_on(desk, "2026-04-16", "2026-05-01")

    parts = [[(f"{one.amount}", f"{one.due_on}") for one in invoice.schedule] for invoice in desk.invoices()]
    assert parts == [
        [("23.00", "2026-05-31"), ("34.49", "2026-05-31")],
        [("45.99", "2026-06-30"), ("68.99", "2026-06-30")],
    ]


@pytest.mark.parametrize("said", ["Entretien, {period}", "Entretien ({period})", "{period} - Entretien"])
def test_a_plan_and_its_job_are_named_by_its_first_line_without_its_days(desk, said):
    plan = desk.agreed(APRIL_1, b.content(b.a_line(description=said)))

    assert (plan.name, desk.store().get(Job, plan.job_id).title) == ("Entretien", "Entretien")
    assert desk.agreed(APRIL_1, b.content(b.a_line(description="{period}"))).name == "{period}"


def test_what_is_billed_for_a_job_is_done_where_the_job_is(desk):
    site = Address(lines=("8 rue du Lac",), city="Magog")
    job = filing.open_job(
        b.CLIENT, title="Lac", address=site, notes=None, now=desk.clock(), ids=desk.ids, store=desk.store()
    )
    desk.agreed(APRIL_1, agreement={"job_id": job.id})

    sweep_on(desk, "2026-04-01")

    assert [desk.content_of(invoice).addresses.service_site for invoice in desk.invoices()] == [site]


def test_a_plan_of_nothing_is_refused(desk):
    assert code_of(lambda: desk.agreed(APRIL_1, b.content(lines=()))) == "missing"
