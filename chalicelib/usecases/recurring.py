"""Recurring plans: agreed, changed, paused, and billed period by period (K31)."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain import plan as plans
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import DomainError, NotFound
from chalicelib.domain.ids import new_id
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.plan import Plan, PlanStatus
from chalicelib.domain.plan_content import for_period, repeatable, taxed_as_now
from chalicelib.domain.plan_events import PlanAdded
from chalicelib.domain.plan_terms import Automation, Clocks, PlanPeriod, PlanTerms, clocks_of, sound
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.ports import Add, Change, Filter, Ids, Keep, Once, Remove, Save, Store, Wordings
from chalicelib.usecases.checking import present_client, unchanged
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.filing import filed, refiled, title_of
from chalicelib.usecases.issuing import due_date_of, must_be_issuable
from chalicelib.usecases.reading import content_of

AT_ONCE = 50
"""Periods of one plan in one go, the others have their turn a minute later; or plans of a page."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """An invoice that is to come, with all its figures, and when: as it would be made now.

    due_date: if it is issued on its day.
    """

    period: PlanPeriod
    at: datetime
    due_date: date
    invoice: Invoice
    content: Content


def add_plan(
    wanted: Agreement, *, business: Business, now: datetime, ids: Ids, store: Store, wordings: Wordings
) -> Plan:
    """A plan whose first period is billed when its day comes, at once if it is past; without a job it opens one.

    Raises Invalid for content or days that cannot come round, NotFound for an unknown client or job.
    """
    client = present_client(wanted.client_id, store)
    terms = sound(wanted.terms, today=business.today(now))
    title = wanted.name or title_of(wanted.content)
    job, opening = filed(wanted.job_id, client=client, title=title, now=now, ids=ids, store=store)
    content, figures = worked_out(repeatable(wanted.content))
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
    scene = _Scene(business=business, client=client, content=content, now=now, wordings=wordings)
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

    fields: what that is, for the journal. Raises as ``add_plan`` does, and Refused for another start of what has begun;
    what it sells is only looked at where that is changed, so that a plan that cannot be billed can be ended.
    """

    def deed() -> Plan:
        plan = unchanged(store.get(Plan, plan_id), if_match)
        known = content_of(plan, store)
        wanted, content = change(plan, known)
        refiled(plan.job_id, wanted.job_id, client_id=plan.client_id, store=store)
        content, _ = worked_out(repeatable(content))
        scene = _scene(plan, content, now=now, store=store, wordings=wordings)
        if wanted.terms != plan.terms:
            sound(wanted.terms, today=scene.business.today(now))
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


def foreseen(plan: Plan, *, most: int, now: datetime, store: Store, wordings: Wordings) -> tuple[Foreseen, ...]:
    """The next invoices of a plan, whether it is paused or not; nothing is written.

    Raises Refused or Invalid for what cannot be billed as things are.
    """
    scene = _scene(plan, content_of(plan, store), now=now, store=store, wordings=wordings)
    to_come: list[Foreseen] = []
    while len(to_come) < most and (period := plan.upcoming):
        invoice, body = scene.drafted(plan, period)
        due_date = due_date_of(invoice, scene.business, max(period.bill_on, scene.business.today(now)))
        at = scene.clocks.billing(period.bill_on, plan.terms.send_at)
        to_come.append(Foreseen(period=period, at=at, due_date=due_date, invoice=invoice, content=body.content))
        plan = plans.after(plan, period)
    return tuple(to_come)


def bill_due(plan_id: str, *, now: datetime, store: Store, wordings: Wordings) -> Iterator[str]:
    """Bill every period of a plan whose time has come, each on an invoice of its own, the oldest first (C5).

    Gives each draft's id as soon as it is there. What cannot be billed is written down with its reason, told to the
    business, and tried again for a day.
    """
    for _ in range(AT_ONCE):
        draft = store.persistently(lambda: _bill_next(plan_id, now=now, store=store, wordings=wordings))
        if draft is None:
            return
        yield draft


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Whoever a plan concerns, as they are now."""

    business: Business
    client: Client
    content: Content
    now: datetime
    wordings: Wordings

    @property
    def clocks(self) -> Clocks:
        return clocks_of(self.client, self.business)

    def worked_out(self, plan: Plan) -> Plan:
        """The plan with the figures of a whole period. Raises as the invoice of its next period would."""
        if plan.upcoming:
            self.drafted(plan, plan.upcoming)
        whole = taxed_as_now(self.content, plan, client=self.client, business=self.business)
        return replace(plan, figures=worked_out(whole)[1])

    def drafted(self, plan: Plan, period: PlanPeriod) -> tuple[Invoice, Body]:
        client, business, terms = self.client, self.business, plan.terms
        if client.removed_at:
            raise NotFound("client", client.id)
        wording = self.wordings(business.speaks(plan.language or client.language), business.country)
        content = taxed_as_now(self.content, plan, client=client, business=business)
        wish = Wish(
            client_id=client.id,
            content=for_period(content, period, proration=terms.proration, wording=wording),
            language=plan.language,
            template=plan.template,
            purchase_order=plan.purchase_order,
            job_id=plan.job_id,
            send=terms.automation.sending,
        )
        invoice, body = drafted(wish, id=_id_of(plan, period, self.now), client=client, business=business, now=self.now)
        invoice = replace(invoice, plan_id=plan.id, plan_period=period.number, service_period=period.service)
        if terms.automation is not Automation.DRAFT:
            must_be_issuable(invoice, body.content, business)
        return invoice, body


def _scene(plan: Plan, content: Content, *, now: datetime, store: Store, wordings: Wordings) -> _Scene:
    business, client = store.get(Business), store.get(Client, plan.client_id)
    return _Scene(business=business, client=client, content=content, now=now, wordings=wordings)


def _bill_next(plan_id: str, *, now: datetime, store: Store, wordings: Wordings) -> str | None:
    """The draft of the next period, and the plan beyond it, in one transaction; None when there is none to be made."""
    plan = store.find(Plan, plan_id)
    if plan is None or plan.due_at is None or plan.due_at > now or (period := plan.upcoming) is None:
        return None
    try:
        scene = _scene(plan, content_of(plan, store), now=now, store=store, wordings=wordings)
        invoice, body = scene.drafted(plan, period)
    except DomainError as error:
        store.commit(Save(*plans.not_billed(plan, period, error, at=now)))
        return None
    done, event = plans.billed(
        plan, period, invoice_id=invoice.id, amount=invoice.figures.total, clocks=scene.clocks, at=now
    )
    store.commit(
        Save(done, event), Add(invoice, coming(invoice, now)), Keep(body), Once(f"plan:{plan.id}:{period.number}")
    )
    return invoice.id


def _move(plan_id: str, *, now: datetime, store: Store) -> None:
    def deed() -> None:
        plan = store.get(Plan, plan_id)
        clocks = clocks_of(store.get(Client, plan.client_id), store.get(Business))
        if plan.status is PlanStatus.ACTIVE and plans.planned(plan, clocks) != plan:
            store.commit(Save(*plans.moved(plan, clocks, at=now)))

    store.persistently(deed)


def _id_of(plan: Plan, period: PlanPeriod, now: datetime) -> str:
    """Ids of invoices that are made at one moment keep the order of their periods."""
    digest = hashlib.sha256(f"{plan.id}/{period.number}".encode()).digest()
    return new_id("inv", at=now + timedelta(milliseconds=period.number), random=digest[:10])
