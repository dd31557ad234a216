"""What every store promises of a job's folder: all that is filed to it and nothing else, a page for each query."""

import pytest

from chalicelib.domain.job import Job
from chalicelib.domain.visit import Visit
from chalicelib.domain.work_events import JobOpened, VisitPlanned
from chalicelib.ports import Add
from tests import builders as b
from tests.adapters.deeds import added

HERE = {"job_id": "job_1"}


def a_job(id="job_1"):
    job = Job(id=id, client_id=b.CLIENT, client_name="Marie Gagnon", title="Toit", created_at=b.NOON)
    return Add(job, JobOpened(subject=id, version=1, at=b.NOON, client_id=b.CLIENT))


def a_visit(id="vis_1", **more):
    plain = {"client_id": b.CLIENT, "client_name": "Marie Gagnon", "title": "Toit", "starts_at": b.NOON}
    visit = Visit(id=id, created_at=b.NOON, **plain | HERE | more)
    event = VisitPlanned(subject=id, version=1, at=b.NOON, client_id=b.CLIENT, job_id=visit.job_id)
    return Add(visit, event)


@pytest.fixture
def folder(store):
    """A job with a visit, a quote and two invoices; beside it another job, and what is filed to none."""
    documents = (
        b.a_quote(**HERE),
        b.an_invoice(id="inv_1", **HERE),
        b.an_invoice(id="inv_2", **HERE),
        b.an_invoice(id="inv_3", job_id="job_2"),
        b.an_invoice(id="inv_4"),
    )
    store.commit(a_job(), a_job("job_2"), a_visit(), a_visit("vis_2", job_id="job_2"), *map(added, documents))
    return store


def ids_of(page):
    return [row.id for row in page.rows]


def test_a_folder_holds_its_job_and_all_that_is_filed_to_it_newest_first_kind_by_kind(folder):
    page = folder.folder("job_1", limit=10)
    assert ids_of(page) == ["vis_1", "quo_1", "job_1", "inv_2", "inv_1"]
    assert [type(row).__name__ for row in page.rows] == ["Visit", "Quote", "Job", "Invoice", "Invoice"]
    assert page.next is None


def test_a_folder_is_walked_page_by_page_and_the_last_says_so(folder):
    first = folder.folder("job_1", limit=3)
    second = folder.folder("job_1", limit=2, after=first.next)
    assert ids_of(first) + ids_of(second) == ids_of(folder.folder("job_1", limit=10))
    assert second.next is None


def test_a_folder_of_a_job_that_is_not_there_is_empty(folder):
    assert folder.folder("job_3", limit=10).rows == ()


def test_a_page_of_a_folder_is_one_query(folder, monkeypatch):
    asked = []
    query = type(folder.tables).query
    monkeypatch.setattr(
        type(folder.tables), "query", lambda tables, wanted: asked.append(wanted) or query(tables, wanted)
    )

    folder.folder("job_1", limit=3)

    assert [(one.index, one.partition, one.limit) for one in asked] == [("job", "T#biz_1#J#job_1", 4)]
