"""Visits billed by two at once, and drafts attached to two visits while somebody issues them."""

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person


def planned(person: Person, client: str, job: str | None = None) -> str:
    wish = {"client_id": client, "starts_at": "2026-03-05T14:00:00Z", "job_id": job}
    answer = person.post("/v1/visits", wish)
    assert answer.status == 201, f"promise: a visit like all others is refused: {answer.text}"
    return str(answer["id"])


@deed()
def a_visit_is_billed_by_two_at_once(person: Person, client: str) -> None:
    visit = planned(person, client)
    for n in range(2):
        biller = person.another(f"biller {n}")
        body = {"lines": biller.lines(), "send": biller.chance.random() < 0.5}
        person.world.scheduler.spawn(
            f"biller {n}", lambda biller=biller, body=body: biller.post(f"/v1/visits/{visit}/invoices", body)
        )


@deed()
def a_draft_is_attached_to_two_visits_while_it_is_issued(person: Person, client: str) -> None:
    draft = person.draft(client)
    for n in range(2):
        visit, other = planned(person, client, draft["job_id"]), person.another(f"technician {n}")
        body = {"invoice_id": draft["id"], "send": other.chance.random() < 0.5}
        person.world.scheduler.spawn(
            f"technician {n}",
            lambda visit=visit, other=other, body=body: other.ask("PUT", f"/v1/visits/{visit}/invoices", body),
        )
    if person.chance.random() < 0.3:
        person.issue(draft["id"])


@deed(weight=1)
def a_job_is_deleted_while_something_is_filed_to_it(person: Person, client: str) -> None:
    job = person.post("/v1/jobs", {"client_id": client})["id"]
    remover = person.another("remover")
    person.world.scheduler.spawn("remover", lambda: remover.ask("DELETE", f"/v1/jobs/{job}"))
    filed = person.post("/v1/invoices", {"client_id": client, "lines": person.lines(), "job_id": job})
    if filed.status == 201:
        there = person.wait(lambda: person.ask("GET", f"/v1/jobs/{job}").status == 200 or None)
        assert there, f"promise: {filed['id']} is filed to {job}, and that is not there"
