"""The payment provider in memory, with what it lists: events, payments and what moved on the balance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.balance import Movement, MovementKind
from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.money import Money
from chalicelib.domain.reconciliation import Sighting
from chalicelib.domain.settlement import ChargeStatus, refunded, taken
from chalicelib.domain.webhook_signature import ProviderEvent, Use
from chalicelib.ports import Page
from tests import builders as b
from tests.fakes.gateway import FakeGateway


@dataclass(slots=True)
class TellingGateway(FakeGateway):
    """``Gateway``: what happened is told by the test (``tell``), and what moved (``move``); both are listed in pages.

    at_once: rows of a page.
    """

    at_once: int = 100
    told: list[ProviderEvent] = field(default_factory=list)
    moved: list[Movement] = field(default_factory=list)
    paid: dict[str, list[Movement]] = field(default_factory=dict)

    def events(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        self._answering(account)
        rows = [one for one in self.told if one.account == account.account_id and since <= one.created <= until]
        return self._page(rows[::-1], after)

    def payments(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        self._answering(account)
        here = [facts for (owner, _), facts in self._payments.items() if owner == account.account_id]
        rows = [
            Sighting(
                payment_intent_id=facts.payment_intent_id,
                received=taken(facts),
                refunded=refunded(facts),
                disputed=bool(facts.disputes),
                metadata=dict(facts.metadata),
            )
            for facts in here
        ]
        return self._page(rows[::-1], after)

    def movements(self, account: PaymentAccount, *, since: datetime, until: datetime, after: str | None) -> Page:
        self._answering(account)
        rows = [one for one in self.moved if one.account == account.account_id and one.at and since <= one.at <= until]
        return self._page(rows[::-1], after)

    def paid_out(self, payout_id: str, *, account: PaymentAccount, most: int) -> Sequence[Movement]:
        self._answering(account)
        return self.paid.get(payout_id, [])[: most + 1]

    # --- what the provider tells

    def tell(self, payment_intent_id: str, *, at: datetime, kind: str = "payment_intent.succeeded") -> ProviderEvent:
        """An event about a payment, that nobody hears."""
        event = ProviderEvent(
            id=f"evt_{len(self.told) + 1}",
            type=kind,
            use=Use.SETTLE,
            account=self._place(payment_intent_id)[0],
            livemode=False,
            api_version="2026-10-28.endive",
            created=at,
            object_type="payment_intent",
            object_id=payment_intent_id,
            payment_intent_id=payment_intent_id,
            session_id=None,
        )
        self.told.append(event)
        return event

    def charge_fee(self, payment_intent_id: str, fee: str, *, at: datetime) -> Movement:
        """The fee of the last charge becomes known, and the charge is a line of the report."""
        self.tell_fee(payment_intent_id, b.cad(fee))
        account, _ = self._place(payment_intent_id)
        charge = self._payments[account, payment_intent_id].charges[-1]
        assert charge.status is ChargeStatus.SUCCEEDED
        return self.move(
            "charge", charge.amount, fee=b.cad(fee), at=at, account=account, source=charge.id, intent=payment_intent_id
        )

    def move(self, type: str, amount: Money, *, at: datetime, intent: str = "", **more: Any) -> Movement:
        """A line of the report."""
        kinds = {str(kind): kind for kind in MovementKind}
        plain: dict[str, Any] = {
            "account": "acct_1",
            "fee": Money.zero(amount.currency),
            "id": f"txn_{len(self.moved) + 1}",
            "kind": kinds.get(type, MovementKind.OTHER),
        }
        movement = Movement(type=type, amount=amount, at=at, payment_intent_id=intent, **plain | more)
        self.moved.append(movement)
        return movement

    def _page(self, rows: list[Any], after: str | None) -> Page:
        start = int(after) if after else 0
        end = start + self.at_once
        return Page(rows=tuple(rows[start:end]), next={"after": f"{end}"} if end < len(rows) else None)
