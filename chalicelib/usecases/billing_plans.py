"""Recurring plans billed period by period, and what they will bill foreseen (K31)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import plan as plans
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Conflict, DomainError, NotFound
from chalicelib.domain.ids import derived_id
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_content import for_period, taxed_as_now
from chalicelib.domain.plan_terms import Automation, Clocks, PlanPeriod, clocks_of
from chalicelib.domain.sales import Body, Content, worked_out
from chalicelib.domain.values import dataclass
from chalicelib.ports import Add, Keep, Once, Save, Store, Wordings
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.issuing import due_date_of, must_be_issuable
from chalicelib.usecases.reading import content_of

AT_ONCE = 50
"""Periods of one plan in one go; the others have their turn a minute later."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Whoever a plan concerns, and what it sells, as they are now."""

    business: Business
    client: Client
    content: Content
    now: datetime
    wordings: Wordings

    @property
    def clocks(self) -> Clocks:
        return clocks_of(self.client, self.business)

    def has_come(self, plan: Plan) -> bool:
        """Whether the plan's instant has come by the clocks of now, which may be others than it was planned by."""
        return bool(plan.hindrance) or (plans.planned(plan, self.clocks).due_at or self.now) <= self.now

    def worked_out(self, plan: Plan) -> Plan:
        """The plan with the figures of a whole period. Raises as the invoice of its next period would."""
        if plan.upcoming:
            self.drafted(plan, plan.upcoming)
        whole = taxed_as_now(self.content, plan, client=self.client, business=self.business)
        return replace(plan, figures=worked_out(whole)[1])

    def drafted(self, plan: Plan, period: PlanPeriod) -> tuple[Invoice, Body]:
        """The draft of a period. Raises for a client that is gone, and for what cannot be billed as it is agreed."""
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
            must_be_issuable(invoice, body.content, business, client, now=self.now)
        return invoice, body


def scene_of(plan: Plan, content: Content, *, now: datetime, store: Store, wordings: Wordings) -> Scene:
    business, client = store.get(Business), store.get(Client, plan.client_id)
    return Scene(business=business, client=client, content=content, now=now, wordings=wordings)


def foreseen(plan: Plan, *, most: int, now: datetime, store: Store, wordings: Wordings) -> tuple[Foreseen, ...]:
    """The next invoices of a plan, whether it is paused or not; nothing is written.

    Raises as ``Scene.drafted`` does.
    """
    scene = scene_of(plan, content_of(plan, store), now=now, store=store, wordings=wordings)
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


def _bill_next(plan_id: str, *, now: datetime, store: Store, wordings: Wordings) -> str | None:
    """The id of the next period's draft; None when there is none to be made."""
    plan = store.find(Plan, plan_id)
    if plan is None or plan.due_at is None or plan.due_at > now or (period := plan.upcoming) is None:
        return None
    scene = scene_of(plan, content_of(plan, store), now=now, store=store, wordings=wordings)
    if not scene.has_come(plan):
        store.commit(Save(*plans.moved(plan, scene.clocks, at=now)))
        return None
    try:
        return _billed(plan, period, scene, store)
    except Conflict:
        raise
    except DomainError as error:
        store.commit(Save(*plans.not_billed(plan, period, error, at=now)))
        return None


def _billed(plan: Plan, period: PlanPeriod, scene: Scene, store: Store) -> str:
    """The draft, the plan beyond it, and what lets the period through once for ever, in one transaction."""
    invoice, body = scene.drafted(plan, period)
    total, now = invoice.figures.total, scene.now
    done = plans.billed(plan, period, invoice_id=invoice.id, amount=total, clocks=scene.clocks, at=now)
    once = Once(f"plan:{plan.id}:{period.number}")
    store.commit(Save(*done), Add(invoice, coming(invoice, now)), Keep(body), once)
    return invoice.id


def _id_of(plan: Plan, period: PlanPeriod, now: datetime) -> str:
    """Ids of invoices that are made at one moment keep the order of their periods."""
    return derived_id("inv", f"{plan.id}/{period.number}", at=now + timedelta(milliseconds=period.number))
