"""Visits and jobs when several people are at them at once."""

import pytest

from chalicelib.domain.errors import Conflict, NotFound, Refused
from chalicelib.domain.events import InvoiceDrafted, InvoiceIssued
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.job import Job
from chalicelib.domain.visit import Visit
from chalicelib.domain.work_events import InvoiceAttached, VisitInvoiced
from chalicelib.ports import Filter
from chalicelib.usecases import filing, issuing, sweeping, visiting
from chalicelib.usecases.drafting import Wish
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.desk import Desk


@pytest.fixture
def desk():
    return Desk()


def plan(desk, **more):
    plain = dict.fromkeys(("job_id", "title", "ends_at", "technician_id", "address", "notes"))
    plain |= {"starts_at": b.later(days=1), "now": desk.clock(), "ids": desk.ids, "store": desk.store()}
    return visiting.plan_visit(b.CLIENT, **plain | more)


def bill(desk, visit, *, send=False, technician_id=None):
    return visiting.invoice_visit(
        visit.id,
        Wish(client_id=b.CLIENT, content=b.content()),
        send=send,
        technician_id=technician_id,
        if_match=None,
        business=b.a_business(),
        now=desk.clock(),
        ids=desk.ids,
        store=desk.store(),
        press=a_press(),
    )


def attach(desk, visit, invoice, *, send=False):
    return visiting.attach_invoice(
        visit.id,
        invoice.id,
        send=send,
        technician_id=None,
        if_match=None,
        now=desk.clock(),
        store=desk.store(),
        press=a_press(),
    )


def open_job(desk):
    given = {"title": "Toit", "address": None, "notes": None}
    return filing.open_job(b.CLIENT, **given, now=desk.clock(), ids=desk.ids, store=desk.store())


def remove_job(desk, job):
    filing.remove_job(job.id, if_match=None, now=desk.clock(), store=desk.store())


def invoices_of(desk, visit):
    return desk.store().page(Invoice, Filter(fits=lambda invoice: invoice.visit_id == visit.id), limit=100).rows


def told(desk, *kinds):
    return [type(one.event) for one in desk.tables.journal() if isinstance(one.event, kinds)]


@pytest.mark.row("P40", "P41")
def test_of_two_who_bill_a_visit_at_once_one_does(desk):
    visit, quicker = plan(desk), []
    desk.tables.meanwhile(lambda: quicker.append(bill(desk, visit)))

    with pytest.raises(Refused) as refused:
        bill(desk, visit, send=True)

    assert refused.value.code == "visit_invoiced"
    assert [invoice.id for invoice in invoices_of(desk, visit)] == [quicker[0].id]
    assert desk.store().get(Visit, visit.id).invoice_id == quicker[0].id


@pytest.mark.row("P42")
def test_of_two_visits_to_which_a_draft_is_attached_at_once_one_gets_it(desk):
    one, other, draft = plan(desk), plan(desk), desk.drafted()
    desk.tables.meanwhile(lambda: attach(desk, other, draft))

    with pytest.raises(Refused) as refused:
        attach(desk, one, draft)

    assert refused.value.code == "invoice_attached"
    assert desk.store().get(Invoice, draft.id).visit_id == other.id
    assert desk.store().get(Visit, one.id).invoice_id is None


@pytest.mark.row("P42")
def test_a_draft_that_was_issued_meanwhile_is_not_attached(desk):
    visit, draft = plan(desk), desk.drafted()
    desk.tables.meanwhile(
        lambda: issuing.issue_invoice(draft.id, now=desk.clock(), store=desk.store(), press=a_press())
    )

    with pytest.raises(Refused) as refused:
        attach(desk, visit, draft)

    assert refused.value.code == "invoice_issued"
    assert desk.store().get(Visit, visit.id).invoice_id is None


@pytest.mark.row("P41")
def test_an_invoice_that_its_event_sent_first_is_given_all_the_same(desk):
    visit = plan(desk)

    def react():
        (draft,) = invoices_of(desk, visit)
        sweeping.send_at_once(draft.id, now=desk.clock(), store=desk.store(), press=a_press())

    desk.tables.meanwhile(lambda: desk.tables.meanwhile(react))

    assert bill(desk, visit, send=True).number == "00001"
    assert told(desk, InvoiceDrafted, VisitInvoiced, InvoiceIssued) == [InvoiceDrafted, VisitInvoiced, InvoiceIssued]


@pytest.mark.row("P41", "P42")
@pytest.mark.parametrize("way", ["made", "attached"])
def test_what_the_first_transaction_wrote_is_enough_to_be_sent(desk, way):
    visit, draft = plan(desk), desk.drafted()
    desk.tables.meanwhile(lambda: desk.tables.fail_next(TimeoutError("we died")))

    with pytest.raises(TimeoutError):
        bill(desk, visit, send=True) if way == "made" else attach(desk, visit, draft, send=True)

    (waiting,) = invoices_of(desk, visit)
    assert waiting.issued_at is None
    sweeping.send_at_once(waiting.id, now=desk.clock(), store=desk.store(), press=a_press())
    assert desk.store().get(Invoice, waiting.id).number == "00001"


@pytest.mark.row("P42")
def test_attaching_moves_a_draft_into_the_job_of_the_visit_in_one_transaction(desk):
    visit, draft = plan(desk), desk.drafted(send_on=b.TODAY)
    before = desk.tables.transactions

    attached = attach(desk, visit, draft)

    assert desk.tables.transactions == before + 1
    assert (attached.visit_id, attached.job_id, attached.send_on) == (visit.id, visit.job_id, b.TODAY)
    assert told(desk, InvoiceAttached, VisitInvoiced) == [InvoiceAttached, VisitInvoiced]
    assert draft.job_id != visit.job_id


def test_a_technician_who_lost_the_visit_meanwhile_does_not_bill_it(desk):
    visit = plan(desk)

    with pytest.raises(NotFound):
        bill(desk, visit, technician_id="usr_1")
    assert invoices_of(desk, visit) == ()


@pytest.mark.row("P31", "P49")
def test_a_document_and_the_job_it_opens_are_written_together_or_not_at_all(desk):
    desk.tables.conflict_next(times=100)

    with pytest.raises(Conflict):
        desk.drafted()

    desk.tables.forget_faults()
    assert desk.store().page(Job, Filter(), limit=10).rows == ()


@pytest.mark.row("P50")
def test_a_job_deleted_at_the_moment_something_is_filed_to_it_is_there_again(desk):
    job = open_job(desk)
    desk.tables.meanwhile(lambda: remove_job(desk, job))

    draft = desk.drafted(job_id=job.id)

    assert filing.present_job(job.id, desk.store()).id == draft.job_id


def test_an_empty_job_once_deleted_takes_nothing_more(desk):
    job = open_job(desk)
    remove_job(desk, job)

    with pytest.raises(NotFound):
        desk.drafted(job_id=job.id)
