"""The payments of an issued invoice agreed anew: what is paid stays, and the instalments always come to the total."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.domain.replanning import completed, replanned
from chalicelib.domain.schedule import DaysAfter, DueOn, Instalment, InstalmentTerm
from chalicelib.domain.sound_invoices import of_invoice
from tests import builders as b

AT = b.later(hours=1)
DAYS = (date(2026, 3, 10), date(2026, 4, 10), date(2026, 5, 10))
REST = InstalmentTerm(remainder=True)


def of(amount, **more):
    return InstalmentTerm(amount=b.cad(amount), **more)


def in_parts(*parts, paid=(), **more):
    """An issued invoice of 114.98 in such parts."""
    schedule = tuple(
        Instalment(id=f"{place}", label=f"Part {place}", amount=b.cad(part), due_on=day)
        for place, (part, day) in enumerate(zip(parts, DAYS, strict=False), start=1)
    )
    nothing = [b.cad("0")] * len(parts)
    covered = [*map(b.cad, paid), *nothing][: len(parts)]
    invoice = b.an_issued_invoice(schedule=schedule, due=DAYS[len(parts) - 1])
    received = Money(sum(amount.minor for amount in covered), "CAD")
    return replace(invoice, instalments_paid=tuple(covered), paid_total=received, **more)


def shown(invoice):
    return [
        (one.id, f"{one.amount}", f"{paid}")
        for one, paid in zip(invoice.schedule, invoice.instalments_paid, strict=True)
    ]


THIRDS = in_parts("40", "40", "34.98", paid=("40",))


@pytest.mark.row("P15", "G10")
@pytest.mark.parametrize(
    ("terms", "after"),
    [
        pytest.param(
            [of("40"), of("20"), of("54.98")],
            [("1", "40.00", "40.00"), ("2", "20.00", "0.00"), ("3", "54.98", "0.00")],
            id="the whole schedule",
        ),
        pytest.param(
            [of("40"), REST], [("1", "40.00", "40.00"), ("2", "74.98", "0.00")], id="the whole in fewer instalments"
        ),
        pytest.param(
            [of("30"), of("44.98")],
            [("1", "40.00", "40.00"), ("4", "30.00", "0.00"), ("5", "44.98", "0.00")],
            id="what follows",
        ),
        pytest.param(
            [InstalmentTerm(percent=Decimal(50)), InstalmentTerm(percent=Decimal(50))],
            [("1", "40.00", "40.00"), ("4", "37.49", "0.00"), ("5", "37.49", "0.00")],
            id="halves of what follows",
        ),
        pytest.param(
            [InstalmentTerm(id="1"), InstalmentTerm(id="3", remainder=True)],
            [("1", "40.00", "40.00"), ("3", "74.98", "0.00")],
            id="by name",
        ),
        pytest.param(
            [InstalmentTerm(id="2"), of("10"), REST],
            [("1", "40.00", "40.00"), ("2", "40.00", "0.00"), ("4", "10.00", "0.00"), ("5", "24.98", "0.00")],
            id="a paid one that is not named stays",
        ),
        pytest.param([], [("1", "40.00", "40.00"), ("4", "74.98", "0.00")], id="no terms are one for all that is left"),
    ],
)
def test_what_is_paid_stays_and_the_rest_is_shared_out_anew(terms, after):
    changed, event = replanned(THIRDS, terms, at=AT)

    assert shown(changed) == after
    assert event.schedule == changed.schedule
    assert list(of_invoice(changed)) == []


@pytest.mark.row("P15", "G10")
@pytest.mark.parametrize(
    ("terms", "code"),
    [
        pytest.param([of("30"), of("84.98")], "instalment_paid", id="a paid one changed"),
        pytest.param([InstalmentTerm(id="1", amount=b.cad("39")), REST], "instalment_paid", id="by name"),
        pytest.param([of("60"), of("60")], "over_total", id="more than is left"),
        pytest.param([of("30"), of("40")], "amounts_off", id="less than is left"),
        pytest.param([InstalmentTerm(id="7"), REST], "unknown_instalment", id="one that is not there"),
        pytest.param([InstalmentTerm(id="2"), InstalmentTerm(id="2"), REST], "instalment_twice", id="one twice"),
    ],
)
def test_a_plan_that_does_not_come_to_what_is_left_is_refused(terms, code):
    with pytest.raises((Invalid, Refused)) as refused:
        replanned(THIRDS, terms, at=AT)
    assert refused.value.code == code or refused.value.faults[0].code == code


def test_a_partly_paid_instalment_comes_to_no_less_than_is_paid_of_it():
    partly = in_parts("40", "74.98", paid=("15",))

    assert shown(replanned(partly, [of("15"), REST], at=AT)[0])[0] == ("1", "15.00", "15.00")
    assert shown(replanned(partly, [of("20"), REST], at=AT)[0])[0] == ("1", "20.00", "15.00")
    with pytest.raises(Refused, match=r"15\.00 of instalment 1 is paid"):
        replanned(partly, [InstalmentTerm(id="1", amount=b.cad("14.99")), REST], at=AT)


def test_days_move_with_the_plan():
    later = DueOn(on=date(2026, 6, 30))

    changed, event = replanned(THIRDS, [InstalmentTerm(id="2", due=later), InstalmentTerm(id="3")], at=AT)

    assert [one.due_on for one in changed.schedule] == [DAYS[0], date(2026, 6, 30), DAYS[2]]
    assert (changed.next_due(), changed.due_date, event.due_date) == (DAYS[2], date(2026, 6, 30), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("state", "code"),
    [
        pytest.param(b.an_invoice(), "invoice_not_issued", id="a draft"),
        pytest.param(replace(THIRDS, voided_at=AT), "invoice_void", id="a void one"),
        pytest.param(replace(THIRDS, disputed_total=b.cad("40")), "invoice_disputed", id="a disputed one"),
        pytest.param(replace(THIRDS, written_off_total=b.cad("74.98")), "invoice_written_off", id="one given up"),
        pytest.param(in_parts("40", "74.98", paid=("40", "74.98")), "invoice_paid", id="a paid one"),
    ],
)
def test_what_asks_for_no_money_has_no_plan(state, code):
    with pytest.raises(Refused) as refused:
        replanned(state, [REST], at=AT)
    assert refused.value.code == code


def test_what_was_credited_is_in_no_plan():
    credited = replace(THIRDS, credited_total=b.cad("24.98"))

    changed, _ = replanned(credited, [of("20"), of("30")], at=AT)

    assert shown(changed) == [("1", "40.00", "40.00"), ("4", "20.00", "0.00"), ("5", "30.00", "0.00")]
    assert list(of_invoice(changed)) == []


def milestones():
    waiting = DaysAfter(days_after="completion", days=10)
    first, second = in_parts("40", "74.98").schedule
    return replace(in_parts("40", "74.98"), schedule=(first, replace(second, due=waiting, due_on=None)))


@pytest.mark.row("P17")
def test_a_milestone_has_no_day_before_its_work_is_done():
    invoice = milestones()
    paid = replace(invoice, instalments_paid=(b.cad("40"), b.cad("0")), paid_total=b.cad("40"))
    assert paid.next_due() is None
    assert not paid.overdue(date(2027, 1, 1))

    done, event = completed(paid, "2", on=date(2026, 6, 1), at=AT)

    assert (done.next_due(), event.due_on) == (date(2026, 6, 11), date(2026, 6, 11))
    with pytest.raises(Refused, match="waits for no work"):
        completed(done, "2", on=date(2026, 6, 2), at=AT)


@some.composite
def plans(draw: some.DrawFn) -> list[InstalmentTerm]:
    """Amounts, percentages and a rest, some of them naming an instalment."""
    count = draw(some.integers(min_value=0, max_value=5))
    names = draw(some.lists(some.sampled_from([None, "1", "2", "3"]), min_size=count, max_size=count))
    terms = [
        InstalmentTerm(id=name, amount=Money(draw(some.integers(0, 11_498)), "CAD"))
        if draw(some.booleans())
        else InstalmentTerm(id=name, percent=Decimal(draw(some.integers(0, 100))))
        for name in names
    ]
    return [*terms, REST]


@some.composite
def partly_paid(draw: some.DrawFn) -> Invoice:
    first = draw(some.integers(1, 11_000))
    second = draw(some.integers(1, 11_497 - first))
    parts = [Money(minor, "CAD") for minor in (first, second, 11_498 - first - second)]
    left, paid = draw(some.integers(0, 11_497)), []
    for part in parts:
        paid.append(f"{Money(min(left, part.minor), 'CAD')}")
        left -= min(left, part.minor)
    return in_parts(*(f"{part}" for part in parts), paid=paid)


@pytest.mark.row("P15", "G10")
@settings(max_examples=300, deadline=None)
@given(invoice=partly_paid(), wishes=some.lists(plans(), min_size=1, max_size=3))
def test_whatever_is_paid_and_planned_the_instalments_come_to_the_total(invoice, wishes):
    paid = {one.id: amount for one, amount in zip(invoice.schedule, invoice.instalments_paid, strict=True) if amount}
    for wish in wishes:
        try:
            invoice, _ = replanned(invoice, wish, at=AT)
        except (Invalid, Refused):
            continue
    assert list(of_invoice(invoice)) == []
    assert sum(one.amount.minor for one in invoice.schedule) == invoice.figures.total.minor
    assert len({one.id for one in invoice.schedule}) == len(invoice.schedule)
    by_id = {
        one.id: (one.amount, amount) for one, amount in zip(invoice.schedule, invoice.instalments_paid, strict=True)
    }
    for id, amount in paid.items():
        assert by_id[id][1] == amount <= by_id[id][0]
