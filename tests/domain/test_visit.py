"""Visits: how they move, and that each is billed once (I7)."""

from dataclasses import replace

import pytest

from chalicelib.domain import visit as visits
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.invariants import of_visit
from chalicelib.domain.visit import Visit, VisitStatus
from chalicelib.domain.work_events import VisitChanged, VisitCompleted, VisitInvoiced
from tests import builders as b

PLANNED = Visit(
    id="vis_1",
    client_id=b.CLIENT,
    client_name="Marie Gagnon",
    job_id="job_1",
    title="Fuite",
    starts_at=b.later(days=1),
    created_at=b.NOON,
)
ALLOWED = {
    (VisitStatus.SCHEDULED, VisitStatus.IN_PROGRESS),
    (VisitStatus.SCHEDULED, VisitStatus.CANCELLED),
    (VisitStatus.IN_PROGRESS, VisitStatus.SCHEDULED),
    (VisitStatus.IN_PROGRESS, VisitStatus.CANCELLED),
    (VisitStatus.CANCELLED, VisitStatus.SCHEDULED),
}


def move(status, to):
    visit = replace(PLANNED, status=status)
    return visits.changed(visit, replace(visit, status=to), fields=("status",), at=b.NOON)


@pytest.mark.parametrize("to", VisitStatus)
@pytest.mark.parametrize("status", VisitStatus)
def test_a_visit_makes_these_moves_by_hand_and_no_others(status, to):
    if (status, to) in ALLOWED or status is to:
        assert move(status, to)[0].status is to
    else:
        with pytest.raises(Refused) as refused:
            move(status, to)
        assert refused.value.code == "move_not_allowed"


def test_it_is_started_once():
    begun, event = move(VisitStatus.SCHEDULED, VisitStatus.IN_PROGRESS)
    assert (begun.started_at, begun.version) == (b.NOON, 2)
    assert event == VisitChanged(subject="vis_1", version=2, at=b.NOON, fields=("status",))
    back, _ = visits.changed(begun, replace(begun, status=VisitStatus.SCHEDULED), fields=("status",), at=b.NOON)
    again, _ = visits.changed(
        back, replace(back, status=VisitStatus.IN_PROGRESS), fields=("status",), at=b.later(hours=1)
    )
    assert again.started_at == b.NOON


def test_completing_says_when_and_keeps_the_notes_unless_others_are_given():
    done, event = visits.completed(replace(PLANNED, notes="Sonner"), notes=None, at=b.NOON)
    assert (done.status, done.notes, done.started_at, done.completed_at) == (
        VisitStatus.COMPLETED,
        "Sonner",
        b.NOON,
        b.NOON,
    )
    assert event == VisitCompleted(subject="vis_1", version=2, at=b.NOON)


def test_a_visit_ends_after_it_starts():
    backwards = replace(PLANNED, ends_at=b.NOON)
    with pytest.raises(Invalid) as invalid:
        visits.planned(backwards, at=b.NOON)
    assert [fault.at for fault in invalid.value.faults] == ["/ends_at"]


def test_billing_names_the_invoice():
    billed, event = visits.invoiced(PLANNED, "inv_1", at=b.NOON)
    assert billed.invoice_id == "inv_1"
    assert event == VisitInvoiced(subject="vis_1", version=2, at=b.NOON, invoice_id="inv_1")


def found(visit, *invoices):
    return [(one.invariant, one.detail.partition(" because ")[2]) for one in of_visit(visit, invoices)]


def test_two_invoices_in_force_of_one_visit_are_seen():
    billed = replace(PLANNED, invoice_id="inv_1")
    first, second = (b.an_invoice(id=id, visit_id="vis_1") for id in ("inv_1", "inv_2"))

    assert found(billed, first) == []
    assert found(replace(billed, invoice_id="inv_2"), replace(first, voided_at=b.NOON), second) == []
    assert found(billed, first, second) == [("I7", "inv_1, inv_2 bill it.")]
    assert found(PLANNED, first) == [("I7", "it names nothing and inv_1 bills it.")]
