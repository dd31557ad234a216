"""A run of reminders by hand: what it would do is shown, and then done exactly so."""

import pytest

from tests.flows.desk import MARIE, take

LADDER = [
    {"days": -3, "tone": "friendly"},
    {"days": 1},
    {"days": 10, "tone": "firm"},
    {"days": 20, "tone": "formal", "attach_pdf": False, "pay_link": False},
]


@pytest.fixture
def house(world):
    world.ok("PATCH", "/v1/business", {"reminders": LADDER, "automation": {"remind": False}})
    return world


def preview(world, **body):
    return world.ok("POST", "/v1/reminders/preview", body).body


def run(world, plan, **more):
    return world.api("POST", "/v1/reminders/run", {"plan_hash": plan["plan_hash"]}, **more)


def overdue(world, to="2026-04-11T14:00:00Z"):
    """Two invoices of Marie and one of Luc, ten days late."""
    marie, luc = world.client(language="en"), world.client(name="Luc Roy", email="luc@example.com")
    invoices = [world.invoice(marie), world.invoice(marie), world.invoice(luc)]
    world.settle()
    world.time.move_to(to)
    return invoices


def test_nothing_goes_out_by_itself_where_the_business_runs_its_reminders(house):
    overdue(house)
    house.sweep()
    house.settle()

    assert house.mails == []


def test_a_run_does_exactly_what_its_preview_showed(house):
    one, two, three = overdue(house)

    plan = preview(house)
    shown = {each["client_name"]: each for each in plan["reminders"]}
    assert (plan["date"], plan["left_off"]) == ("2026-04-11", 0)
    assert [invoice["invoice_id"] for invoice in shown["Marie Gagnon"]["invoices"]] == [one["id"], two["id"]]
    assert (shown["Luc Roy"]["tone"], shown["Luc Roy"]["language"]) == ("firm", "fr")
    assert shown["Marie Gagnon"]["subject"] == "Second notice: 2 invoices from Plomberie Tremblay"
    assert house.mails == []
    ran = run(house, plan)
    assert (ran.status, len(ran["reminders"]), ran["changed"]) == (202, 2, [])
    house.settle()

    assert sorted(mail.to for mail in house.mails) == ["luc@example.com", MARIE]
    mail = house.mails_to(MARIE)[0]
    said = shown["Marie Gagnon"]["text"].partition("View and pay")[0]
    assert mail.text.split()[: len(said.split())] == said.split()
    assert sorted(mail.attachments) == ["00001.pdf", "00002.pdf"]
    assert house.timeline(three)[-2:] == ["invoice.reminder_step", "invoice.reminded"]
    assert preview(house)["reminders"] == []


def test_a_plan_of_nobody_is_run_too(house):
    ran = run(house, preview(house))

    assert (ran.status, ran["reminders"], ran["changed"]) == (202, [], [])


@pytest.mark.row("C38")
def test_a_run_counts_the_days_where_each_client_is(house):
    house.invoice(house.client(language="en", time_zone="Pacific/Honolulu"))
    house.settle()
    house.time.move_to("2026-04-12T05:00:00Z")  # the 12th in Montreal, the 11th in Honolulu

    plan = preview(house)
    (shown,) = plan["reminders"]
    assert "Days overdue: 10" in shown["text"]
    assert run(house, plan).status == 202
    house.settle()
    (mail,) = house.mails
    assert "Days overdue: 10" in mail.text


def test_a_plan_whose_letter_would_say_something_else_is_not_run(house):
    overdue(house)
    plan = preview(house)
    house.ok("PATCH", "/v1/business", {"name": "Plomberie Roy"})

    refused = run(house, plan)

    assert refused.problem == (409, "plan_changed")
    assert "the mail to Marie Gagnon would be another" in refused["detail"]


def test_what_changed_since_the_preview_is_said_and_nothing_goes_out(house):
    one, two, three = overdue(house)
    plan = preview(house)
    take(house, one, "1149.75")
    take(house, three, "49.75")

    refused = run(house, plan)

    assert refused.problem == (409, "plan_changed")
    assert "Marie Gagnon is not to be reminded of invoice 00001 any more" in refused["detail"]
    assert "invoice 00003 of Luc Roy is due with 1100.00" in refused["detail"]
    house.settle()
    assert [mail.to for mail in house.mails if "rappel" in mail.subject] == []
    assert house.timeline(two)[-1] == "invoice.rendered"


def test_a_run_again_reminds_nobody_twice(house):
    overdue(house)
    plan = preview(house)
    first = run(house, plan, Idempotency_Key="run").body
    house.settle()

    assert run(house, plan, Idempotency_Key="run").body == first
    again = run(house, plan)
    assert (again.status, len(again["reminders"])) == (202, 2)
    house.settle()
    assert len(house.mails) == 2


def test_a_run_that_broke_off_goes_on_where_it_was(house):
    overdue(house)
    plan = preview(house)
    house.faults.crash_after("dynamodb", "TransactWriteItems")
    assert run(house, plan, Idempotency_Key="run").status == 500
    house.settle()
    assert len(house.mails) == 1

    assert len(run(house, plan, Idempotency_Key="run")["reminders"]) == 2
    house.settle()
    assert len(house.mails) == 2


def test_a_plan_of_another_day_is_shown_and_not_run(house):
    overdue(house)
    plan = preview(house, date="2026-04-22")

    assert {each["tone"] for each in plan["reminders"]} == {"formal"}
    assert "If the button" not in plan["reminders"][0]["text"]
    assert run(house, plan).problem == (409, "plan_of_another_day")
    assert run(house, {"plan_hash": "0" * 64}).problem == (404, "not_found")


def test_what_was_late_before_the_ladder_is_reminded_of_only_where_a_person_wants_it(world):
    overdue(world, to="2026-04-12T14:00:00Z")
    world.ok("PATCH", "/v1/business", {"reminders": LADDER})
    world.time.pass_(days=1)
    world.settle()
    world.sweep()
    world.settle()
    assert world.mails == []
    assert preview(world)["reminders"] == []

    plan = preview(world, older=True)
    assert {each["tone"] for each in plan["reminders"]} == {"firm"}
    assert run(world, plan).status == 202
