"""Projects: billed by progress or by milestones; whatever becomes of their parts, they come to the total."""

import pytest

from tests.flows.building import WORK, complete, issue, lines, project, sums, tell
from tests.flows.contracting import activated, bill, looked_up
from tests.flows.desk import at_once, standing, take

THIRDS = [
    {"label": "Maquettes", "percent": "30"},
    {"label": "Mise en ligne", "amount": "500.00"},
    {"label": "Recette", "remainder": True},
]


@pytest.mark.row("K28")
def test_each_milestone_is_billed_when_it_is_reached(world):
    one = project(world, total="3333.33", milestones=THIRDS)
    assert [(part["label"], part["amount"]) for part in one["project"]["milestones"]] == [
        ("Maquettes", "1000.00"),
        ("Mise en ligne", "500.00"),
        ("Recette", "1833.33"),
    ]
    assert bill(world, one).problem == (409, "nothing_to_bill")

    for _ in range(2):
        assert complete(world, one, "1")["total_balance"] == "1000.00"
    first = bill(world, one)
    assert (lines(first), first["total"]) == ([("Maquettes", "1000.00")], "1149.75")
    assert sums(world, one) == {"on_draft": "1000.00", "planned": "2333.33"}
    issue(world, first)
    complete(world, one, "2")
    complete(world, one, "3")
    assert sums(world, one) == {"billed": "1000.00", "due": "2333.33"}
    take(world, first, "1149.75")
    last = issue(world, bill(world, one))
    world.settle()
    assert sums(world, one) == {"paid": "1000.00", "billed": "2333.33"}
    assert standing(world, last)[2] == "2682.75"  # tax of 116.67 and 232.75


@pytest.mark.row("K28")
def test_a_milestone_completed_ten_times_at_once_is_asked_for_once(world):
    client = world.client()
    one = project(world, client, milestones=[{"label": "Livraison", "amount": "800.00"}])

    answers = at_once(*[lambda: complete(world, one, "1")] * 10)

    assert {answer.status for answer in answers} == {200}, {answer.text for answer in answers}
    assert world.balance(client)["unbilled_total"] == "800.00"
    assert complete(world, one, "2").status == 404


@pytest.mark.row("K29")
def test_a_situation_bills_what_is_done_since_the_last_one(world):
    one = project(world)

    assert tell(world, one, gros="45")["total_balance"] == "2700.00"
    first = issue(world, bill(world, one))
    assert lines(first) == [("Gros œuvre (0 % → 45 %)", "2700.00")]
    tell(world, one, gros="80", second="10")
    second = bill(world, one)
    assert sorted(lines(second)) == [("Gros œuvre (45 % → 80 %)", "2100.00"), ("Second œuvre (0 % → 10 %)", "400.00")]
    assert sums(world, one) == {"billed": "2700.00", "on_draft": "2500.00", "planned": "4800.00"}
    shown = looked_up(world, one)["project"]
    assert [(line["id"], line["percent"], line["billed"]) for line in shown["work"]] == [
        ("gros", "80", "4800.00"),
        ("second", "10", "400.00"),
    ]
    assert (shown["situations"], shown["remaining"]) == (2, "4800.00")


@pytest.mark.row("K29")
def test_the_same_situation_told_again_asks_for_nothing(world):
    one = project(world)

    answers = at_once(*[lambda: tell(world, one, gros="45", second="5")] * 10)

    assert {answer.status for answer in answers} == {200}, {answer.text for answer in answers}
    assert looked_up(world, one)["version"] == tell(world, one, gros="45")["version"]
    assert sums(world, one) == {"due": "2900.00", "planned": "7100.00"}
    stale = world.api("POST", f"/v1/contracts/{one['id']}/progress", {"progress": {"gros": "50"}}, if_match='"1"')
    assert stale.problem == (412, "stale")
    told = [event["type"] for event in world.ok("GET", f"/v1/contracts/{one['id']}/timeline")["data"]]
    assert told.count("contract.progressed") == 1


@pytest.mark.row("K29")
def test_less_done_than_was_told_is_taken_off_the_next_situation(world):
    one = project(world)
    tell(world, one, gros="50")
    issue(world, bill(world, one))

    tell(world, one, gros="45")
    assert bill(world, one).problem == (409, "negative_total")
    assert sums(world, one) == {"billed": "3000.00", "due": "-300.00", "planned": "7300.00"}
    tell(world, one, second="20")
    assert bill(world, one)["net_total"] == "500.00"


@pytest.mark.row("K29")
def test_less_done_than_was_told_can_be_credited_and_given_up_instead(world):
    client = world.client()
    one = project(world, client)
    tell(world, one, gros="50")
    billed = issue(world, bill(world, one))
    tell(world, one, gros="45")
    (item,) = world.ok("GET", f"/v1/items?contract_id={one['id']}&status=published")["data"]

    edit = {"line_id": billed["lines"][0]["id"], "amount": "344.93"}
    world.ok("POST", f"/v1/invoices/{billed['id']}/credit-notes", {"reason": "Métré", "lines": [edit]})
    world.ok("POST", f"/v1/items/{item['id']}/waive", {})
    world.settle()

    assert world.balance(client)["unbilled_total"] == "0.00"
    assert sums(world, one) == {"billed": "3000.00", "waived": "-300.00", "planned": "7300.00"}


def test_a_batch_leaves_out_what_would_come_to_less_than_nothing_and_says_why(world):
    one = project(world)
    tell(world, one, gros="50")
    issue(world, bill(world, one))
    tell(world, one, gros="45")

    foreseen = world.ok("POST", "/v1/batches/preview", {}).body

    (row,) = foreseen["rows"]
    assert (row["code"], row["selected"], row["selected_balance"], foreseen["totals"]) == (
        *("negative_total", False, "0.00"),
        [],
    )
    assert world.ok("POST", "/v1/batches", {"name": "Mars"})["invoices_planned"] == 0


@pytest.mark.row("K29")
def test_an_amendment_keeps_what_was_billed_and_makes_the_new_total(world):
    one = project(world)
    tell(world, one, gros="50")
    issue(world, bill(world, one))
    path = f"/v1/contracts/{one['id']}"

    def amended(**wanted):
        return world.api("PATCH", path, {"project": wanted})

    assert amended(work=WORK[1:]).problem == (409, "project_billed")
    assert amended(work=[WORK[0] | {"amount": "2999.99"}, WORK[1]]).problem == (409, "project_billed")
    assert amended(work=WORK, deposit_percent="10").problem == (409, "project_billed")
    more = amended(work=[WORK[0] | {"amount": "7000.00"}, {"id": "toit", "description": "Toit", "amount": "1.01"}])
    assert (more["project"]["total"], more["project"]["remaining"]) == ("7001.01", "4001.01")
    assert sums(world, one) == {"billed": "3000.00", "planned": "4001.01"}
    assert tell(world, one, gros="50")["total_balance"] == "500.00"
    tell(world, one, gros="100", toit="100")
    assert sums(world, one) == {"billed": "3000.00", "due": "4001.01"}


def test_what_a_project_asks_for_is_worth_what_its_plan_says(world):
    one = project(world)
    tell(world, one, gros="50")
    (item,) = world.ok("GET", f"/v1/items?contract_id={one['id']}")["data"]

    path = f"/v1/items/{item['id']}"
    for change in ({"unit_price": "1.00"}, {"contract_id": None}, {"quantity": "2"}):
        assert world.api("PATCH", path, change).problem == (409, "item_of_project"), change
    world.ok("PATCH", path, {"description": "Gros œuvre, situation 1"})
    assert lines(bill(world, one)) == [("Gros œuvre, situation 1", "3000.00")]


def test_a_contract_of_another_kind_has_no_progress_and_no_plan(world):
    flat = activated(world, world.client())
    assert tell(world, flat, gros="5").problem == (409, "not_a_project")
    assert world.api("GET", f"/v1/contracts/{flat['id']}/billing-plan").problem == (409, "not_a_project")
    one = project(world, milestones=[{"label": "Livraison", "amount": "800.00"}])
    assert tell(world, one, **{"1": "5"}).problem == (409, "by_milestones")
    draft = world.ok(
        "POST",
        "/v1/contracts",
        {"client_id": one["client_id"], "name": "x", "type": "project", "project": {"work": WORK}},
    ).body
    assert tell(world, draft, gros="5").problem == (409, "contract_not_active")


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"type": "flat"}, (422, "not_a_project")),
        ({"project": None}, (422, "not_a_project")),
        ({"fees": [{"description": "Forfait", "unit_price": "1"}]}, (422, "beside_the_plan")),
    ],
)
def test_a_project_is_billed_by_its_plan_and_nothing_else(world, beside, told):
    wish = {"client_id": world.client()["id"], "name": "x", "type": "project", "project": {"work": WORK}}
    assert world.api("POST", "/v1/contracts", wish | beside).problem == told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({}, (422, "invalid")),
        ({"work": WORK, "milestones": THIRDS}, (422, "invalid")),
        ({"work": WORK, "total": "9999.99"}, (422, "amounts_off")),
        ({"work": [WORK[0], WORK[0]]}, (422, "line_twice")),
        ({"work": [WORK[0] | {"amount": "0"}]}, (422, "not_positive")),
        ({"milestones": THIRDS}, (422, "missing")),
        ({"milestones": [{"label": "x", "percent": "90"}], "total": "100"}, (422, "percentages_off")),
        ({"work": WORK, "deposit_percent": "60", "retainage_percent": "50"}, (422, "percentages_off")),
        ({"work": WORK, "deposit_percent": "-1"}, (422, "not_a_percentage")),
        ({"work": WORK, "retainage_percent": "-1"}, (422, "not_a_percentage")),
    ],
)
def test_parts_that_do_not_come_to_the_total_are_refused(world, wrong, told):
    wish = {"client_id": world.client()["id"], "name": "x", "type": "project", "project": wrong}
    before = world.everything()
    assert world.api("POST", "/v1/contracts", wish).problem == told
    assert world.everything() == before
