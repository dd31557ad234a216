"""A till and a provider that tells nothing by itself, compared."""

from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.domain.reconciliation import Finding, Standing
from chalicelib.ports import Filter
from chalicelib.usecases import reconciling, refunding, settling
from chalicelib.usecases.checkouts import connected
from tests.fakes.telling import TellingGateway
from tests.usecases.till import ACCOUNT, Till

GRACE = timedelta(minutes=5)
QUARTER = timedelta(minutes=15)


@dataclass(slots=True)
class Comparison:
    """A till whose provider tells nothing by itself; what is ordered is done when ``work`` is called."""

    till: Till = field(default_factory=lambda: Till(gateway=TellingGateway()))
    ordered: list[tuple[str, ...]] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)

    @property
    def gateway(self):
        return self.till.gateway

    def desk(self):
        store = self.till.store()
        return reconciling.Desk(
            account=connected(ACCOUNT),
            real_now=self.till.clock(),
            now=self.till.clock(),
            ids=self.till.ids,
            store=store,
            directory=DynamoDirectory(tables=self.till.tables),
            gateway=self.gateway,
            orders=reconciling.Orders(
                hear=lambda event, key: self.ordered.append(("event", event.payment_intent_id, event.type, key)),
                settle=lambda payment, because: self.ordered.append(("settle", payment, because)),
                look=lambda session: self.ordered.append(("look", session)),
                refund=lambda refund: self.ordered.append(("refund", refund)),
                tell=lambda after, until: self.told.append((after, until)),
                remind=self.reminded.append,
            ),
        )

    def begin(self):
        return reconciling.begin(ACCOUNT, grace=GRACE, real_now=self.till.clock(), store=self.till.store())

    def compare(self, *, pages=1000):
        """A whole round, or its first pages only, after which the worker dies."""
        round_, desk = self.begin(), self.desk()
        for _ in range(pages):
            if round_.step is None:
                reconciling.finish(round_, desk)
                return round_
            round_ = reconciling.go_on(round_, desk)
        return round_

    def work(self):
        """Do what was ordered, as the queue's worker does."""
        ordered, self.ordered = self.ordered, []
        for kind, what, *because in ordered:
            if kind in {"event", "settle"}:
                settling.settle(
                    what,
                    now=self.till.clock(),
                    ids=self.till.ids,
                    store=self.till.store(),
                    gateway=self.gateway,
                    account=connected(ACCOUNT),
                    healing=because[0],
                )
            if kind == "event":
                DynamoDirectory(tables=self.till.tables).applied(because[1])
            if kind == "look":
                self.till.come_back(what)
            if kind == "refund":
                refunding.ask_for(
                    what, now=self.till.clock(), ids=self.till.ids, store=self.till.store(), gateway=self.gateway
                )
        return ordered

    def pass_(self, **step):
        self.till.clock.move(**step)

    def findings(self):
        return self.till.store().page(Finding, Filter(), limit=100).rows[::-1]

    def standing(self):
        return self.till.store().get(Standing, ACCOUNT)


def paid(compared, *, told=True):
    """An invoice that was paid online and that nobody told us of."""
    invoice = compared.till.invoiced()
    payment = compared.gateway.pay(compared.till.start(invoice))
    if told:
        compared.gateway.tell(payment, at=compared.till.clock())
    compared.pass_(minutes=20)
    return invoice, payment
