"""The second click: the same payment asked for again while the first is being booked."""

import pytest

from chalicelib.domain.errors import Refused
from chalicelib.domain.payment import Method
from tests.usecases.till import Till, code_of

pytestmark = pytest.mark.row("C8")


@pytest.fixture
def till() -> Till:
    return Till()


def test_the_second_click_is_refused_and_names_the_first_payment(till):
    invoice, first = till.invoiced(), []
    till.tables.meanwhile(lambda: first.append(till.take(invoice, "100.00", meant_twice=False)))

    with pytest.raises(Refused, match="payment") as refused:
        till.take(invoice, "100.00", meant_twice=False)

    assert refused.value.code == "payment_repeated"
    assert first[0].id in refused.value.detail
    assert [payment.id for payment in till.payments(invoice)] == [first[0].id]
    till.must_add_up(invoice)


def test_of_a_click_that_pays_all_the_second_is_the_first_too(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.take(invoice, "114.98", meant_twice=False))
    assert code_of(lambda: till.take(invoice, "114.98", meant_twice=False)) == "payment_repeated"


@pytest.mark.parametrize(
    "other",
    [{"method": Method.CHEQUE}, {"reference": "No 118"}, {"meant_twice": True}],
    ids=["of another kind", "with another reference", "meant twice"],
)
def test_another_payment_at_the_same_moment_is_another(other, till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.take(invoice, "50.00", meant_twice=False))
    till.take(invoice, "50.00", **{"meant_twice": False} | other)
    assert till.totals(invoice)["paid_total"] == "100.00"
    till.must_add_up(invoice)


def test_the_same_amount_again_is_another_payment(till):
    invoice = till.invoiced()
    for _ in range(2):
        till.take(invoice, "50.00", meant_twice=False)
    assert till.totals(invoice)["paid_total"] == "100.00"
