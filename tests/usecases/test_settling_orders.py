"""What Stripe says of one payment, heard in every order: the books end the same."""

import itertools
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.domain.checkout import PaymentAccount
from chalicelib.domain.settlement import Charge, ChargeStatus, PaymentFacts
from tests import builders as b
from tests.fakes.gateway import FakeGateway
from tests.usecases.till import Till

FEE = b.cad("3.64")
DECLINED = Charge(id="ch_0", status=ChargeStatus.FAILED, amount=b.cad("114.98"), method="card", failure="declined")
PAID = Charge(id="ch_1", status=ChargeStatus.SUCCEEDED, amount=b.cad("114.98"), method="card", label="visa 4242")
STORY = {
    "created": (),
    "payment_failed": (DECLINED,),
    "finalized": (DECLINED, replace(PAID, status=ChargeStatus.PENDING)),
    "paid": (DECLINED, PAID),
    "updated": (DECLINED, replace(PAID, fee=FEE)),
}


@dataclass(slots=True)
class Retelling(FakeGateway):
    """A provider whose every answer is as old as the event that asks for it."""

    answers: list[PaymentFacts] = field(default_factory=list)

    def payment(self, payment_intent_id: str, *, account: PaymentAccount) -> PaymentFacts:
        assert (payment_intent_id, account.account_id) == ("pi_1", "acct_1")
        return self.answers.pop(0)


@pytest.mark.row("C14")
def test_all_120_orders_of_five_snapshots_end_paid():
    ends = set()
    for order in itertools.permutations(STORY):
        till = Till(gateway=Retelling())
        invoice = till.invoiced()
        metadata = {"business_id": b.BUSINESS, "invoice_id": invoice.id, "attempt_id": "1"}
        till.gateway.answers = [b.facts(metadata=metadata, charges=STORY[name]) for name in order]

        for _ in order:
            till.settle("pi_1")

        till.must_add_up(invoice)
        (payment,) = till.payments(invoice)
        ends.add((till.status(invoice), payment.applied, payment.facts.charges))
    assert ends == {("paid", b.cad("114.98"), STORY["updated"])}
