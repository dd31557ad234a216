"""Drafts edited while they are issued, many issued at once in one series, days set and taken back."""

from tests.simulation.deeds.book import deed
from tests.simulation.people import Person


@deed(weight=3)
def many_are_issued_at_once_in_one_series(person: Person, client: str) -> None:
    drafts = [person.draft(client)["id"] for _ in range(person.chance.randint(2, 4))]
    for draft in drafts:
        issuer = person.another(draft)
        person.world.scheduler.spawn(f"issue {draft[-4:]}", lambda draft=draft, issuer=issuer: issuer.issue(draft))


@deed(weight=3)
def a_draft_is_edited_against_its_issue(person: Person, client: str) -> None:
    draft = person.draft(client)
    for n in range(2):
        editor = person.another(f"editor {n}")
        change = {"lines": editor.lines()}
        person.world.scheduler.spawn(
            f"editor {n}",
            lambda editor=editor, change=change: editor.ask("PATCH", f"/v1/invoices/{draft['id']}", change),
        )
    person.issue(draft["id"])


@deed()
def a_draft_gets_its_day(person: Person, client: str) -> None:
    draft = person.draft(client)
    day = person.day_in(person.chance.randint(0, 25))
    planned = person.post(f"/v1/invoices/{draft['id']}/schedule", {"send_on": day})
    if planned.status == 200 and not person.house.sandbox:  # whose clock may stand still
        person.world.clerk.planned.add(draft["id"])
    if person.chance.random() < 0.3:
        person.post(f"/v1/invoices/{draft['id']}/send")


@deed(weight=1)
def a_draft_is_deleted_against_its_issue(person: Person, client: str) -> None:
    draft = person.draft(client)
    remover = person.another("remover")
    person.world.scheduler.spawn("remover", lambda: remover.ask("DELETE", f"/v1/invoices/{draft['id']}"))
    person.issue(draft["id"])


@deed()
def an_invoice_is_sent_twice(person: Person, client: str) -> None:
    draft = person.draft(client)
    for n in range(2):
        sender = person.another(f"sender {n}")
        person.world.scheduler.spawn(
            f"sender {n}", lambda sender=sender: sender.post(f"/v1/invoices/{draft['id']}/send")
        )
