"""Each period of a recurring plan is billed once, none is passed over (I14), and what is due is looked at (I13)."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain import plan as plans
from chalicelib.domain.books import Books
from chalicelib.domain.events import InvoiceRemoved
from chalicelib.domain.invariants import check
from chalicelib.domain.journal import Envelope
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_terms import Interval, PlanTerms, Unit, clocks_of
from tests import builders as b

APRIL_1 = date(2026, 4, 1)
CLOCKS = clocks_of(b.a_client(), b.a_business())


def a_plan():
    """114.98 on the first of every month from April on."""
    terms = PlanTerms(interval=Interval(unit=Unit.MONTH), anchor_on=APRIL_1, start_on=APRIL_1)
    return Plan(
        id="pln_1",
        client_id=b.CLIENT,
        client_name="Marie Gagnon",
        job_id="job_1",
        name="Entretien",
        figures=b.figures_of(b.content()),
        terms=terms,
        starts=APRIL_1,
        created_at=b.NOON,
    )


def told(*events):
    return tuple(Envelope.around(event, b.a_caller()) for event in events)


def found(books, invariant="I14", **more):
    return [one.detail for one in check(books, **more) if one.invariant == invariant]


def billed(count):
    """A plan that billed so many periods, its invoices, and its events of that."""
    plan, invoices, events = plans.planned(a_plan(), CLOCKS), [], []
    for number in range(1, count + 1):
        period = plan.upcoming
        invoice = b.an_invoice(id=f"inv_{number}", plan_id=plan.id, plan_period=number, service_period=period.service)
        plan, event = plans.billed(
            plan, period, invoice_id=invoice.id, amount=invoice.figures.total, clocks=CLOCKS, at=b.NOON
        )
        invoices.append(invoice)
        events.append(event)
    return plan, tuple(invoices), tuple(events)


def books_of(plan, invoices, events):
    return Books(invoices=invoices, others=(plan,), envelopes=told(*events))


def test_a_plan_whose_periods_are_billed_is_sound():
    assert found(books_of(*billed(3))) == []


def test_a_period_without_an_invoice_is_found():
    plan, invoices, (first, _, third) = billed(3)

    assert found(books_of(plan, invoices, (first, third))) == [
        "You cannot trust plan pln_1 because its period 2 was billed 0 and it should have been 1.",
        "You cannot trust plan pln_1 because invoice inv_2 bills its period 2 and it told of period nothing.",
    ]


def test_a_period_with_two_invoices_is_found():
    plan, invoices, events = billed(1)
    twin, again = replace(invoices[0], id="inv_2"), replace(events[0], version=9, invoice_id="inv_2")

    assert found(books_of(plan, (*invoices, twin), (*events, again))) == [
        "You cannot trust plan pln_1 because its period 1 was billed 2 and it should have been 1."
    ]


def test_a_period_that_is_billed_and_still_to_come_is_found():
    plan, invoices, events = billed(1)
    behind = replace(plan, number=1)

    assert "its periods [1] are billed, and its next is 1" in found(books_of(behind, invoices, events))[0]


def test_an_invoice_that_is_not_there_is_found_unless_it_was_deleted():
    plan, _, events = billed(1)
    gone = InvoiceRemoved(subject="inv_1", version=2, at=b.NOON)

    assert found(books_of(plan, (), events)) == [
        "You cannot trust plan pln_1 because its invoices ['inv_1'] are not there."
    ]
    assert found(books_of(plan, (), (*events, gone))) == []


def test_what_was_left_out_in_a_pause_is_not_missed():
    plan, invoices, events = billed(1)
    resting, paused = plans.paused(plan, at=b.NOON)
    going, resumed = plans.resumed(resting, today=date(2026, 6, 10), bill_missed=False, clocks=CLOCKS, at=b.NOON)

    assert found(books_of(going, invoices, (*events, paused, resumed))) == []
    assert len(found(books_of(replace(going, left_out=()), invoices, (*events, paused, resumed)))) == 2


def test_a_plan_that_nobody_looked_at_is_found():
    plan, invoices, events = billed(1)
    books, late = books_of(plan, invoices, events), plan.due_at + timedelta(minutes=16)

    assert found(books, "I13", now=plan.due_at) == []
    assert [one for one in found(books, "I13", now=late) if "pln_1" in one] == [
        f"You cannot trust plan pln_1 because its period 2 was due at {plan.due_at} and was not looked at."
    ]
