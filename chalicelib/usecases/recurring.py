"""Recurring plans: agreed, changed, paused and ended (K31)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain import plan as plans
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.plan import Plan, PlanStatus
from chalicelib.domain.plan_content import repeatable, without_period
from chalicelib.domain.plan_events import PlanAdded
from chalicelib.domain.plan_terms import PlanTerms, clocks_of, must_go_on_lately, must_start_lately, sound
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Change, Filter, Ids, Keep, Remove, Save, Store, Wordings
from chalicelib.usecases.billing_plans import Scene, scene_of
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.filing import filed, refiled, sited, title_of
from chalicelib.usecases.reading import content_of

AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What is agreed to be billed again and again; what is None follows the client and the business, each time.

    chosen_taxes: the lines, by id, that name their taxes themselves.
    """

    client_id: str
    content: Content
    chosen_taxes: tuple[str, ...] = ()
    terms: PlanTerms
    name: str | None = None
    job_id: str | None = None
    language: str | None = None
    template: Template | None = None
    purchase_order: str | None = None


def add_plan(
    wanted: Agreement, *, business: Business, now: datetime, ids: Ids, store: Store, wordings: Wordings
) -> Plan:
    """A plan whose first period is billed when its day comes, at once if it is past; without a job it opens one.

    Raises Invalid for content or days that cannot come round, NotFound for an unknown client or job.
    """
    client = present_client(wanted.client_id, store)
    terms = sound(wanted.terms)
    must_start_lately(terms.start_on, today=business.today(now))
    title = wanted.name or without_period(title_of(wanted.content))
    job, opening = filed(wanted.job_id, client=client, title=title, now=now, ids=ids, store=store)
    content, figures = worked_out(sited(repeatable(wanted.content), job.address))
    plan = Plan(
        id=ids("pln"),
        client_id=client.id,
        client_name=client.name,
        job_id=job.id,
        name=title,
        figures=figures,
        chosen_taxes=wanted.chosen_taxes,
        terms=terms,
        language=wanted.language,
        template=wanted.template,
        purchase_order=wanted.purchase_order,
        starts=terms.start_on,
        created_at=now,
    )
    scene = Scene(business=business, client=client, content=content, now=now, wordings=wordings)
    plan = plans.planned(scene.worked_out(plan), scene.clocks)
    event = PlanAdded(subject=plan.id, version=1, at=now, client_id=client.id, total=plan.figures.total)
    store.commit(Add(plan, event), Keep(Body(id=plan.id, revision=1, content=content)), *opening)
    return plan


def change_plan(
    plan_id: str,
    change: Callable[[Plan, Content], tuple[Plan, Content]],
    *,
    fields: tuple[str, ...],
    if_match: int | None,
    now: datetime,
    store: Store,
    wordings: Wordings,
) -> Plan:
    """The plan with what ``change`` makes of it; what was billed stays as it is.

    One that had ended goes on where it did, and bills what came due since.
    fields: what that is, for the journal. Raises as ``add_plan`` does, and Refused for another start of what has begun;
    what it sells is only looked at where that is changed, so that a plan that cannot be billed can be ended.
    """

    def deed() -> Plan:
        plan = unchanged(store.get(Plan, plan_id), if_match)
        known = content_of(plan, store)
        wanted, content = change(plan, known)
        refiled(plan.job_id, wanted.job_id, client_id=plan.client_id, store=store)
        content, _ = worked_out(repeatable(content))
        scene = scene_of(plan, content, now=now, store=store, wordings=wordings)
        if sound(wanted.terms).start_on != plan.terms.start_on:
            must_start_lately(wanted.terms.start_on, today=scene.business.today(now))
        if plan.upcoming is None and wanted.upcoming:
            must_go_on_lately(wanted.upcoming.bill_on, today=scene.business.today(now))
        revised: tuple[Change, ...] = ()
        if content != known:
            wanted = replace(wanted, revision=plan.revision + 1)
            revised = (Keep(Body(id=plan.id, revision=wanted.revision, content=content)),)
        edition, event = plans.changed(plan, wanted, fields=fields, clocks=scene.clocks, at=now)
        if revised:
            edition = scene.worked_out(edition)
        store.commit(Save(edition, replace(event, total=edition.figures.total)), *revised)
        return edition

    return store.persistently(deed)


def pause_plan(plan_id: str, *, if_match: int | None, now: datetime, store: Store) -> Plan:
    def deed() -> Plan:
        plan, event = plans.paused(unchanged(store.get(Plan, plan_id), if_match), at=now)
        store.commit(Save(plan, event))
        return plan

    return store.persistently(deed)


def resume_plan(plan_id: str, *, bill_missed: bool, if_match: int | None, now: datetime, store: Store) -> Plan:
    """The plan going on. bill_missed: with what came due in the pause, in the place of leaving it out for ever."""

    def deed() -> Plan:
        plan = unchanged(store.get(Plan, plan_id), if_match)
        business, client = store.get(Business), store.get(Client, plan.client_id)
        going, event = plans.resumed(
            plan,
            today=business.today(now),
            bill_missed=bill_missed,
            clocks=clocks_of(client, business),
            at=now,
        )
        store.commit(Save(going, event))
        return going

    return store.persistently(deed)


def remove_plan(plan_id: str, *, if_match: int | None, now: datetime, store: Store) -> None:
    """Take away a plan that has billed nothing yet."""

    def deed() -> None:
        plan = unchanged(store.get(Plan, plan_id), if_match)
        store.commit(Remove(plan, plans.removal(plan, at=now)))

    store.persistently(deed)


def follow_clocks(
    client_id: str | None, *, after: Mapping[str, str] | None = None, now: datetime, store: Store
) -> Mapping[str, str] | None:
    """Plan the next instants of some plans anew, a client's or the business's, as clocks are now.

    Answers where the next page of them begins.
    """
    page = store.page(Plan, Filter(client_id=client_id), limit=AT_ONCE, after=after)
    for one in page.rows:
        _move(one.id, now=now, store=store)
    return page.next


def _move(plan_id: str, *, now: datetime, store: Store) -> None:
    def deed() -> None:
        plan = store.find(Plan, plan_id)
        if plan is None:
            return
        clocks = clocks_of(store.get(Client, plan.client_id), store.get(Business))
        if plan.status is PlanStatus.ACTIVE and plans.planned(plan, clocks) != plan:
            store.commit(Save(*plans.moved(plan, clocks, at=now)))

    store.persistently(deed)
