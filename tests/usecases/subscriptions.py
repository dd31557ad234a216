"""A business that bills again and again, everything in memory."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_terms import Interval, PlanTerms, Unit
from chalicelib.domain.sales import Content
from chalicelib.ports import Filter
from chalicelib.usecases import billing_plans, reading, recurring, registering
from chalicelib.usecases.recurring import Agreement
from tests import builders as b
from tests.usecases.desk import Desk

MONTHLY = Interval(unit=Unit.MONTH)


def terms(start_on: date, **more: Any) -> PlanTerms:
    """Every month from a day on, in advance, as drafts, at nine."""
    return PlanTerms(**{"interval": MONTHLY, "anchor_on": start_on, "start_on": start_on} | more)


@dataclass(slots=True)
class Subscriptions(Desk):
    def agreed(
        self,
        start_on: date = b.TODAY,
        sold: Content | None = None,
        *,
        agreement: dict[str, Any] | None = None,
        **more: Any,
    ) -> Plan:
        """A plan of 114.98 a month; ``more`` is of its terms."""
        wanted = Agreement(
            client_id=b.CLIENT, content=sold or b.content(), terms=terms(start_on, **more), **(agreement or {})
        )
        return recurring.add_plan(
            wanted,
            business=self.store().get(Business),
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            wordings=self.post().wordings,
        )

    def changed(self, plan: Plan, change: Any, **more: Any) -> Plan:
        return recurring.change_plan(
            plan.id,
            change,
            fields=(),
            if_match=None,
            now=self.clock(),
            store=self.store(),
            wordings=self.post().wordings,
            **more,
        )

    def paused(self, plan: Plan) -> Plan:
        return recurring.pause_plan(plan.id, if_match=None, now=self.clock(), store=self.store())

    def resumed(self, plan: Plan, *, bill_missed: bool = False) -> Plan:
        return recurring.resume_plan(
            plan.id, bill_missed=bill_missed, if_match=None, now=self.clock(), store=self.store()
        )

    def foreseen(self, plan: Plan, most: int = 12) -> tuple[billing_plans.Foreseen, ...]:
        return billing_plans.foreseen(
            self.see_plan(plan), most=most, now=self.clock(), store=self.store(), wordings=self.post().wordings
        )

    def see_plan(self, plan: Plan) -> Plan:
        return self.store().get(Plan, plan.id)

    def content_of(self, invoice: Invoice) -> Content:
        return reading.content_of(invoice, self.store())

    def plans(self) -> tuple[Plan, ...]:
        return self.store().page(Plan, Filter(), limit=1_000).rows[::-1]

    def at(self, instant: str) -> None:
        """It is that instant now, in UTC."""
        self.clock.at = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    def invoices(self) -> tuple[Invoice, ...]:
        """In the order of their making."""
        return self.store().page(Invoice, Filter(), limit=10_000).rows[::-1]

    def periods(self) -> list[tuple[str, str]]:
        """The days that the invoices bill, in the order of their making."""
        spans = [invoice.service_period for invoice in self.invoices()]
        return [(f"{span.start}", f"{span.end}") for span in spans if span]

    def client_is(self, **more: Any) -> None:
        registering.change_client(
            b.CLIENT, lambda client: replace(client, **more), if_match=None, now=self.clock(), store=self.store()
        )

    def client(self) -> Client:
        return self.store().get(Client, b.CLIENT)


def sweep_on(desk: Subscriptions, *days: str) -> None:
    """A sweep in the morning of each of some days, in UTC's afternoon."""
    for day in days:
        desk.at(f"{day}T15:00")
        desk.sweep()
