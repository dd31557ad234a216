"""A client's money over tables in memory: imputed, put on invoices, taken off them, and matched."""

from datetime import date

import pytest

from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.imputation import Allocation
from chalicelib.domain.payment import Method
from chalicelib.domain.settlement import DisputeStatus
from chalicelib.usecases import allocating, drafting, issuing, refunding
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till, code_of

WHOLE = "114.98"


@pytest.fixture
def till() -> Till:
    return Till()


def due_on(till, day, **more):
    """An issued invoice over 114.98, due on a day."""
    wish = drafting.Wish(client_id=b.CLIENT, content=b.content(**more), due_date=day)
    draft = drafting.draft_invoice(wish, business=b.a_business(), now=till.clock(), ids=till.ids, store=till.store())
    return issuing.issue_invoice(draft.id, now=till.clock(), store=till.store(), press=a_press())


def on_account(till, amount, *parts, imputed=False):
    """Money of the client; parts: what goes on which invoice."""
    chosen = tuple(Allocation(invoice_id=invoice.id, amount=b.cad(part)) for invoice, part in parts)
    receipt = allocating.Receipt(
        client_id=b.CLIENT,
        amount=b.cad(amount),
        method=Method.CHEQUE,
        received_on=b.TODAY,
        allocations=None if imputed else chosen,
    )
    return allocating.take_on_account(receipt, now=till.clock(), ids=till.ids, store=till.store())


def allocate(till, payment, invoice, amount=None):
    part = b.cad(amount) if amount else None
    return allocating.allocate(payment.id, invoice.id, part, now=till.clock(), store=till.store())


def release(till, payment, invoice):
    return allocating.release(payment.id, invoice.id, now=till.clock(), store=till.store())


def match(till, payment, **to):
    where = {"invoice_id": None, "client_id": None} | to
    return allocating.match(payment.id, **where, now=till.clock(), store=till.store())


def due(till, *invoices):
    return [f"{till.see(invoice).amount_due}" for invoice in invoices]


def placed(payment):
    return [f"{one.amount}" for one in payment.allocations if one.amount], f"{payment.credited}"


def test_money_without_a_wish_pays_what_is_due_longest(till):
    late, early, middle = (due_on(till, date(2026, 4, day)) for day in (20, 1, 10))

    payment = on_account(till, "200.00", imputed=True)

    assert due(till, early, middle, late) == ["0.00", "29.96", WHOLE]
    assert [one.invoice_id for one in payment.allocations] == [early.id, middle.id]
    assert (till.status(early), till.status(middle)) == ("paid", "partially_paid")
    assert [one.id for one in till.payments(middle)] == [payment.id]
    till.must_add_up(late, early, middle)


def test_what_is_more_than_all_that_is_due_is_credit(till):
    invoice = till.invoiced()
    payment = on_account(till, "150.00", imputed=True)
    assert placed(payment) == ([WHOLE], "35.02")
    assert f"{till.balance().credit_total}" == "35.02"
    till.must_add_up(invoice)


def test_money_is_put_where_it_is_said_and_pays_the_first_instalments(till):
    one, other = till.invoiced(b.content(schedule=b.halves())), till.invoiced()
    payment = on_account(till, "100.00", (other, "20.00"), (one, "60.00"))
    assert (due(till, one, other), placed(payment)) == (["54.98", "94.98"], (["20.00", "60.00"], "20.00"))
    assert [f"{paid}" for paid in till.see(one).instalments_paid] == ["57.49", "2.51"]
    till.must_add_up(one, other)


@pytest.mark.row("C9")
def test_no_more_is_put_on_an_invoice_than_is_due(till):
    invoice, void = till.invoiced(), till.invoiced()
    till.void(void)
    before = till.tables.transactions
    assert code_of(lambda: on_account(till, "200", (invoice, "114.99"))) == "overpayment"
    assert code_of(lambda: on_account(till, "50", (invoice, "60"))) == "allocated_too_much"
    assert code_of(lambda: on_account(till, "50", (invoice, "10"), (invoice, "10"))) == "invoice_twice"
    assert code_of(lambda: on_account(till, "50", (invoice, "-1"))) == "not_positive"
    assert code_of(lambda: on_account(till, "0", imputed=True)) == "not_positive"
    assert code_of(lambda: on_account(till, "50", (void, "10"))) == "invoice_void"
    assert till.tables.transactions == before


@pytest.mark.row("C9", "C33")
def test_an_invoice_paid_by_another_meanwhile_is_not_paid_again(till):
    invoice = till.invoiced()
    till.tables.meanwhile(lambda: till.take(invoice, WHOLE))
    assert code_of(lambda: on_account(till, WHOLE, (invoice, WHOLE))) == "overpayment"

    other = till.invoiced()
    till.tables.meanwhile(lambda: till.take(other, "100.00"))
    payment = on_account(till, WHOLE, imputed=True)
    assert placed(payment) == (["14.98"], "100.00")
    till.must_add_up(invoice, other)


def test_credit_is_put_on_an_invoice_and_taken_off_again(till):
    payment = on_account(till, "150.00")
    one, other = till.invoiced(), till.invoiced()
    payment = allocate(till, payment, one)
    payment = allocate(till, payment, other, "30.00")
    assert (placed(payment), due(till, one, other)) == (([WHOLE, "30.00"], "5.02"), ["0.00", "84.98"])
    till.must_add_up(one, other)

    payment = release(till, payment, one)
    assert (placed(payment), due(till, one, other)) == ((["30.00"], "120.00"), [WHOLE, "84.98"])
    assert code_of(lambda: release(till, payment, one)) == "not_allocated"
    assert till.see(one).paid_at is None
    till.must_add_up(one, other)


def test_what_is_on_the_invoice_it_was_made_for_can_go_to_another(till):
    wrong, right = till.invoiced(), till.invoiced()
    payment = till.take(wrong, WHOLE)
    payment = release(till, payment, wrong)
    assert (f"{payment.applied}", f"{payment.credited}", till.status(wrong)) == ("0.00", WHOLE, "issued")
    payment = allocate(till, payment, right)
    assert (till.status(right), placed(payment)) == ("paid", ([WHOLE], "0.00"))
    payment = allocate(till, release(till, payment, right), wrong)
    assert (f"{payment.applied}", till.status(wrong), till.status(right)) == (WHOLE, "paid", "issued")
    till.must_add_up(wrong, right)


def test_credit_is_used_for_what_is_due_and_no_more(till):
    payment, invoice = on_account(till, "50.00"), till.invoiced()
    assert code_of(lambda: allocate(till, payment, invoice, "50.01")) == "more_than_credit"
    till.take(invoice, "100.00")
    assert code_of(lambda: allocate(till, payment, invoice, "14.99")) == "overpayment"
    assert code_of(lambda: allocate(till, payment, invoice, "-1")) == "not_positive"
    allocate(till, payment, invoice)
    assert code_of(lambda: allocate(till, payment, invoice)) == "nothing_due"
    allocate(till, payment, till.invoiced())
    assert code_of(lambda: allocate(till, payment, till.invoiced())) == "no_credit"


def test_two_clerks_use_the_same_credit_once(till):
    payment, one, other = on_account(till, WHOLE), till.invoiced(), till.invoiced()
    till.tables.meanwhile(lambda: allocate(till, payment, one))
    assert code_of(lambda: allocate(till, payment, other)) == "no_credit"
    assert due(till, one, other) == ["0.00", WHOLE]
    till.must_add_up(one, other)


@pytest.mark.parametrize("deed", ["account", "allocate", "release", "match"])
def test_whoever_dies_while_writing_leaves_all_or_nothing(deed, till):
    invoice, payment = till.invoiced(), on_account(till, WHOLE)
    stray = quarantined(till)
    if deed == "release":
        payment = allocate(till, payment, invoice)
    deeds = {
        "account": lambda: on_account(till, "10", (invoice, "10")),
        "allocate": lambda: allocate(till, payment, invoice),
        "release": lambda: release(till, payment, invoice),
        "match": lambda: match(till, stray, invoice_id=invoice.id),
    }
    till.tables.fail_next(ConnectionError())
    before = due(till, invoice)
    with pytest.raises(ConnectionError):
        deeds[deed]()
    assert due(till, invoice) == before
    till.tables.lose_next_answer(ConnectionError())
    with pytest.raises(ConnectionError):
        deeds[deed]()
    assert due(till, invoice) != before
    if deed != "account":
        assert code_of(deeds[deed]) in {"no_credit", "not_allocated", "payment_matched"}
    else:
        till.must_add_up(invoice)


def quarantined(till):
    """Money that came for a client and names no invoice."""
    intent = till.gateway.stray(b.cad(WHOLE))
    till.settle(intent)
    return next(payment for payment in till.payments() if payment.quarantine)


def test_a_stray_payment_is_matched_with_its_invoice_and_follows_it_then(till):
    stray, invoice = quarantined(till), till.invoiced()
    assert f"{till.balance().amount_due}" == WHOLE
    found = match(till, stray, invoice_id=invoice.id)

    assert (found.client_id, found.quarantine, till.status(invoice)) == (b.CLIENT, None, "paid")
    assert code_of(lambda: match(till, stray, client_id=b.CLIENT)) == "payment_matched"
    till.must_add_up(invoice)
    intent = found.facts.payment_intent_id
    till.gateway.refund_in_dashboard(intent, b.cad("14.98"))
    till.settle(intent)
    assert (till.status(invoice), due(till, invoice)) == ("partially_refunded", ["14.98"])
    till.must_add_up(invoice)


def test_a_stray_payment_matched_with_a_client_is_its_credit(till):
    stray = match(till, quarantined(till), client_id=b.CLIENT)
    assert f"{till.balance().credit_total}" == WHOLE
    invoice = till.invoiced()
    allocate(till, stray, invoice)
    till.must_add_up(invoice)


def test_what_went_back_before_it_was_matched_counts_as_refunded(till):
    invoice, intent = till.invoiced(), till.gateway.stray(b.cad(WHOLE))
    till.settle(intent)
    till.gateway.refund_in_dashboard(intent, b.cad("14.98"))
    till.settle(intent)
    match(till, till.payments()[0], invoice_id=invoice.id)
    assert (till.status(invoice), due(till, invoice)) == ("partially_refunded", ["14.98"])
    till.must_add_up(invoice)


def test_a_stray_payment_that_is_more_than_due_leaves_credit(till):
    invoice = till.invoiced()
    till.take(invoice, "100.00")
    found = match(till, quarantined(till), invoice_id=invoice.id)
    assert (f"{found.applied}", f"{found.credited}") == ("14.98", "100.00")
    till.must_add_up(invoice)


def test_an_unmatched_payment_is_neither_refunded_nor_allocated(till):
    stray, invoice = quarantined(till), till.invoiced()
    with pytest.raises(Refused, match="matched"):
        refunding.refund(
            stray.id, amount=None, reason="", now=b.NOON, ids=till.ids, store=till.store(), gateway=lambda: till.gateway
        )
    assert code_of(lambda: allocate(till, stray, invoice)) == "payment_unmatched"


def test_a_payment_is_on_so_many_invoices_at_most(till):
    invoices = [till.invoiced() for _ in range(allocating.MOST_ALLOCATIONS + 1)]
    with pytest.raises(Invalid, match="at most"):
        on_account(till, "1000", *((invoice, "1") for invoice in invoices))
    payment = on_account(till, "1000", *((invoice, "1") for invoice in invoices[:-1]))
    assert code_of(lambda: allocate(till, payment, invoices[-1])) == "too_many_invoices"
    till.must_add_up(*invoices)


@pytest.mark.row("C35")
@pytest.mark.parametrize("end", [DisputeStatus.WON, DisputeStatus.LOST])
def test_a_dispute_takes_credit_first_then_the_newest_allocation_then_the_invoice(end, till):
    """200.00 paid by card: 114.98 on its invoice, 30 and 40 on others, 15.02 credit; 150 of it is disputed."""
    invoice, older, newer = (till.invoiced() for _ in range(3))
    said = {"business_id": b.BUSINESS, "invoice_id": invoice.id, "attempt_id": "1"}
    intent = till.gateway.stray(b.cad("200.00"), **said)
    till.settle(intent)
    (payment,) = till.payments(invoice)
    allocate(till, payment, older, "30.00")
    allocate(till, payment, newer, "40.00")

    dispute = till.gateway.dispute(intent, b.cad("60.00"))
    till.settle(intent)
    assert due(till, invoice, older, newer) == ["0.00", "89.96", WHOLE]
    assert f"{till.balance().credit_total}" == "0.00"
    till.must_add_up(invoice, older, newer)
    second = till.gateway.dispute(intent, b.cad("90.00"))
    till.settle(intent)
    assert due(till, invoice, older, newer) == ["64.98", WHOLE, WHOLE]
    assert [till.status(one) for one in (invoice, older, newer)] == ["disputed"] * 3
    till.must_add_up(invoice, older, newer)

    for one in (dispute, second):
        till.gateway.decide(intent, one, end)
        till.settle(intent)
        till.must_add_up(invoice, older, newer)
    after = {DisputeStatus.WON: ["0.00", "84.98", "74.98"], DisputeStatus.LOST: ["64.98", WHOLE, WHOLE]}
    assert due(till, invoice, older, newer) == after[end]
