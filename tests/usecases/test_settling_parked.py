"""Money that belongs to no invoice we know: parked, in the books, and followed all the same."""

import pytest

from chalicelib.domain.checkout import AccountMode, PaymentAccount
from chalicelib.domain.errors import NotFound
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.usecases import settling
from chalicelib.usecases.checkouts import connected
from tests import builders as b
from tests.usecases.till import ACCOUNT, Till


@pytest.fixture
def till():
    return Till()


@pytest.fixture
def invoice(till):
    return till.invoiced()


def quarantines(till):
    return [(payment.quarantine, payment.invoice_id, f"{payment.amount}") for payment in till.payments()]


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ({}, "no_reference"),
        ({"business_id": "biz_2", "invoice_id": "inv_1"}, "tenant_mismatch"),
        ({"business_id": b.BUSINESS, "invoice_id": "inv_9"}, "unknown_invoice"),
    ],
)
def test_money_that_belongs_to_no_invoice_is_parked(metadata, why, till, invoice):
    payment = till.gateway.receive(b.cad("50.00"), account_id=ACCOUNT, metadata=metadata)

    till.settle(payment)
    till.settle(payment)

    assert quarantines(till) == [(why, None, "50.00")]
    assert till.ledger()[Account.UNMATCHED] == -50_00
    assert till.totals(invoice)["amount_due"] == "114.98"


def test_another_currency_is_parked(till, invoice):
    metadata = {"business_id": b.BUSINESS, "invoice_id": invoice.id, "attempt_id": "1"}
    payment = till.gateway.receive(Money(50_00, "USD"), account_id=ACCOUNT, metadata=metadata)

    till.settle(payment)

    assert quarantines(till) == [("currency_mismatch", None, "50.00")]


def test_parked_money_heard_of_twice_at_once_is_parked_once(till):
    payment = till.gateway.receive(b.cad("50.00"), account_id=ACCOUNT)
    till.tables.meanwhile(lambda: till.settle(payment))

    till.settle(payment)

    assert quarantines(till) == [("no_reference", None, "50.00")]


def test_parked_money_that_goes_back_is_followed(till):
    payment = till.gateway.receive(b.cad("50.00"), account_id=ACCOUNT)
    till.settle(payment)

    till.gateway.refund_in_dashboard(payment, b.cad("20.00"))
    till.settle(payment)

    assert till.ledger()[Account.UNMATCHED] == -30_00


def test_a_payment_is_read_on_the_account_the_event_names(till, invoice):
    """The business has connected another account since; refunds of the old one still come."""
    payment = till.gateway.receive(b.cad("50.00"), account_id="acct_old")

    with pytest.raises(NotFound):
        till.settle(payment)
    settling.settle(
        payment,
        now=b.NOON,
        ids=till.ids,
        store=till.store(),
        gateway=till.gateway,
        account=connected("acct_old"),
    )

    assert quarantines(till) == [("no_reference", None, "50.00")]
    assert till.totals(invoice)["amount_due"] == "114.98"


# an account of the business's own: what it sells by other systems is no concern of ours


def settle_own(till, metadata):
    payment = till.gateway.receive(b.cad("50.00"), account_id="sep_1", metadata=metadata)
    account = PaymentAccount(mode=AccountMode.OWN_KEY, account_id="sep_1")
    settling.settle(payment, now=b.NOON, ids=till.ids, store=till.store(), gateway=till.gateway, account=account)


@pytest.mark.parametrize(
    "metadata",
    [{}, {"invoice_id": "inv_1"}, {"business_id": "biz_2", "invoice_id": "inv_1"}, {"order": "77"}],
    ids=["no reference", "another system's", "another business's", "a shop's"],
)
def test_other_sales_on_an_own_account_are_neither_booked_nor_told_of(metadata, till, invoice):
    before = len(till.tables.journal())
    settle_own(till, metadata)
    assert quarantines(till) == []
    assert len(till.tables.journal()) == before


@pytest.mark.parametrize(("reference", "why"), [({"invoice_id": "inv_9"}, "unknown_invoice"), ({}, "no_reference")])
def test_what_names_this_business_on_its_own_account_and_fits_no_invoice_is_parked(reference, why, till):
    settle_own(till, {"business_id": b.BUSINESS, **reference})
    assert quarantines(till) == [(why, None, "50.00")]
