"""Telling the business that a period of a recurring plan was due and could not be billed."""

from datetime import timedelta

from chalicelib.domain.business import Business
from chalicelib.domain.letter import to_business
from chalicelib.domain.plan import RETRIES, Plan
from chalicelib.domain.plan_events import PlanNotBilled
from chalicelib.domain.service_period import ServicePeriod
from chalicelib.ports import Store
from chalicelib.usecases.mailing import Post


def announce_not_billed(plan_id: str, *, event: str, store: Store, post: Post) -> None:
    """Tell of what hinders a plan once, when it first does; what is tried again is not told of again."""
    failed = next((one.event for one in store.history(plan_id) if one.id == event), None)
    plan, business = store.find(Plan, plan_id), store.get(Business)
    if not isinstance(failed, PlanNotBilled) or failed.tries > 1 or plan is None or not business.email:
        return
    wording = post.wording_of(business)
    last_try = business.today(failed.at + sum(RETRIES, timedelta()))
    letter = to_business(
        "plan_not_billed",
        business,
        values={
            "client": plan.client_name,
            "plan": plan.name,
            "period": ServicePeriod(start=failed.since, end=failed.through).told(wording),
            "reason": failed.reason,
            "retry": wording.day(last_try),
        },
    )
    post.send_once(f"plan:{event}", lambda: letter, store=store)
