"""Rare ways to pay: the last cents of a rounding, another currency, a page that was opened in between."""

from dataclasses import replace

import pytest

from chalicelib.domain.checkout import CheckoutAttempt
from chalicelib.domain.invoice_totals import totals_of
from chalicelib.domain.money import Money
from chalicelib.usecases import checkouts, configuring, paying
from tests import builders as b
from tests.fakes.tables import MemoryTables
from tests.fakes.wording import PlainWording
from tests.usecases.till import ACCOUNT, BACK, Till, code_of


class CrossedTables(MemoryTables):
    """Tables where somebody else comes just after the next transaction."""

    def __init__(self):
        super().__init__()
        self.afterwards = []

    def write(self, writes):
        super().write(writes)
        if self.afterwards:
            self.afterwards.pop()()


@pytest.fixture
def till():
    return Till(tables=CrossedTables())


def test_what_a_rounding_adds_to_the_instalments_can_be_paid_too(till):
    invoice = till.invoiced(b.content(rounding_adjustment=b.cad("0.02")))
    till.take(invoice, "114.98")

    (offer,) = paying.payable(till.see(invoice))

    assert (offer.choice, offer.amount) == ("all", b.cad("0.02"))


def test_a_payment_is_taken_in_the_currency_of_the_invoice_only(till):
    invoice = till.invoiced()

    refused = code_of(
        lambda: paying.take_payment(
            invoice.id,
            amount=Money(100, "EUR"),
            method=b.a_payment().method,
            received_on=b.TODAY,
            now=b.NOON,
            ids=till.ids,
            store=till.store(),
        )
    )

    assert refused == "currency_mismatch"
    assert till.payments(invoice) == ()


def test_a_page_opened_just_after_another_was_closed_for_voiding_is_closed_too(till):
    invoice = till.invoiced()
    till.start(invoice)
    till.tables.afterwards.append(lambda: till.start(invoice))

    till.void(invoice)

    assert till.open_pages() == []
    assert till.status(invoice) == "void"
    till.must_add_up(invoice)


def test_no_page_is_opened_for_an_attempt_that_was_not_reserved(till):
    invoice = till.invoiced()

    refused = code_of(
        lambda: checkouts.open_page(
            invoice, success_url=BACK, cancel_url=BACK, now=b.NOON, store=till.store(), gateway=till.gateway
        )
    )

    assert refused == "payment_under_way"
    assert till.open_pages() == []


def test_an_entry_of_the_catalogue_bears_taxes_that_the_business_knows(till):
    entry = replace(b.an_entry(), taxes=("TPS", "VAT"))

    refused = code_of(lambda: configuring.add_entry(entry, business=b.a_business(), now=b.NOON, store=till.store()))

    assert refused == "unknown_tax"
    assert till.store().find(type(entry), entry.id) is None


def test_a_page_of_another_business_on_the_same_account_tells_nothing(till):
    invoice = till.invoiced()
    page = till.gateway.open_checkout(
        CheckoutAttempt(
            id="1",
            business_id="biz_2",
            invoice_id=invoice.id,
            number="00001",
            amount=b.cad("114.98"),
            label="Another",
            success_url=BACK,
            cancel_url=BACK,
            expires_at=b.later(minutes=31),
            customer_email="",
            locale="fr",
        ),
        account=checkouts.connected(ACCOUNT),
    )

    assert till.come_back(page.session_id) is None
    assert till.see(invoice) == invoice


def test_a_rounding_stands_on_paper_by_itself():
    figures = b.figures_of(b.content(rounding_adjustment=b.cad("0.02")))

    said = {total.label: total.value for total in totals_of(figures, PlainWording())}

    assert (said["Total"], said["Rounding"], said["Balance due"]) == ("114.98 CAD", "0.02 CAD", "115.00 CAD")
