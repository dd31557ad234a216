"""Whatever is told of a project and in whatever order: its parts come to its total, to the cent, at any time."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import project as projects
from chalicelib.domain.billing_plan import billing_plan
from chalicelib.domain.contract import Contract, ContractType
from chalicelib.domain.errors import Refused
from chalicelib.domain.item import Item, ItemKind, ItemStatus
from chalicelib.domain.money import Money
from chalicelib.domain.project import ProjectModel
from chalicelib.domain.sound_projects import of_project
from tests import builders as b
from tests.domain.examples import eur

NAMES = ("a", "b", "c")
percents = st.decimals(0, 100, places=3)
steps = st.lists(st.one_of(st.dictionaries(st.sampled_from(NAMES), percents, min_size=1), st.none()), max_size=8)
amounts = st.lists(st.integers(1, 10**9), min_size=3, max_size=3)


def a_project(cents=(600000, 400000, 99999), deposit="0", retainage="0", model=ProjectModel.PROGRESS):
    lines = [(name, name, Money(cent, "EUR")) for name, cent in zip(NAMES, cents, strict=False)]
    shares = {"deposit_percent": Decimal(deposit), "retainage_percent": Decimal(retainage)}
    return projects.agreed(model, lines, currency="EUR", **shares)


def items_of(dues):
    return tuple(
        Item(
            id=f"itm_{place:03d}",
            client_id=b.CLIENT,
            kind=ItemKind.FEE,
            description=due.part,
            occurred_at=b.NOON,
            unit_price=due.amount.decimal,
            amount=due.amount,
            contract_id="con_1",
            part=due.part,
            status=ItemStatus.PUBLISHED,
            created_at=b.NOON,
        )
        for place, due in enumerate(dues)
    )


def a_contract(project):
    return Contract(
        id="con_1",
        client_id=b.CLIENT,
        client_name="Marie Gagnon",
        name="Chantier",
        type=ContractType.PROJECT,
        currency="EUR",
        job_id="job_1",
        starts_on=b.TODAY,
        project=project,
        created_at=b.NOON,
    )


@given(cents=amounts, deposit=st.integers(0, 60), retainage=st.integers(0, 40), told=steps)
def test_what_is_asked_for_is_withheld_and_remains_is_the_total_after_every_step(cents, deposit, retainage, told):
    project, dues = projects.begun(a_project(cents, f"{deposit}", f"{retainage}"))
    for step in told:
        project, more = projects.released(project) if step is None else projects.advanced(project, step)
        dues += more
        assert not list(of_project(a_contract(project), items_of(dues), {}))
        asked = sum((due.amount for due in dues), eur("0"))
        assert asked + project.withheld + project.remaining == project.total
    project, more = projects.advanced(project, dict.fromkeys(NAMES, Decimal(100)))
    assert (project.remaining, project.ahead) == (eur("0"), eur("0"))
    project, last = projects.released(project)
    assert sum((due.amount for due in dues + more + last), eur("0")) == project.total


def test_an_amendment_below_what_the_deposit_asked_for_is_refused():
    project, _ = projects.begun(a_project(deposit="50"))

    with pytest.raises(Refused) as refused:
        projects.agreed_anew(project, a_project((300000,), deposit="50"))
    assert refused.value.code == "project_billed"


def test_a_milestone_that_was_billed_keeps_its_amount_and_the_others_take_new_ones():
    project, _ = projects.advanced(a_project(model=ProjectModel.MILESTONES), {"a": Decimal(100)})

    after = projects.agreed_anew(project, a_project((600000, 1), model=ProjectModel.MILESTONES))
    assert (after.total, after.earned, after.remaining) == (eur("6000.01"), eur("6000.00"), eur("0.01"))
    with pytest.raises(Refused):
        projects.agreed_anew(project, a_project((600001, 1), model=ProjectModel.MILESTONES))


def test_items_that_do_not_come_to_what_was_asked_for_are_found():
    project, dues = projects.advanced(a_project(), {"a": Decimal(50)})

    (lost, unbalanced) = of_project(a_contract(project), (), {})
    assert (lost.invariant, unbalanced.invariant) == ("I19", "I19")
    assert "work:a come to 0.00 and 3000.00" in lost.detail
    doubled = items_of(dues + dues)
    assert [one.invariant for one in of_project(a_contract(project), doubled, {})] == ["I19", "I19"]
    overdone = replace(project, recovered=eur("1.00"))
    assert any("are ahead" in one.detail for one in of_project(a_contract(overdone), items_of(dues), {}))


def test_a_plan_shows_the_deposit_that_the_work_to_come_takes_off():
    project, dues = projects.begun(a_project((1000000,), deposit="20"))

    plan = billing_plan(project, items_of(dues), {})

    assert [(one.part, str(one.amount), one.state) for one in plan.entries] == [
        ("deposit", "2000.00", "due"),
        ("work:a", "10000.00", "planned"),
        ("recovery", "-2000.00", "planned"),
    ]
