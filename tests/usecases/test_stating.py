"""A client's statement: it adds up whatever happened, and says what the ledger says."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import rows
from chalicelib.adapters.dynamodb.tables import Put, Table
from chalicelib.domain.errors import DomainError
from chalicelib.domain.events import InvoiceIssued, InvoiceSent
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.payment import Method
from chalicelib.domain.payment_events import PaymentReceived
from chalicelib.usecases import allocating, crediting, refunding, stating, writing_off
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till

ZERO = b.cad("0.00")


def stated(till, since, until):
    period = stating.Period(since=since, until=until, currency="CAD")
    return stating.state_account(b.CLIENT, period, business=b.a_business(), store=till.store())


@dataclass(slots=True)
class Year:
    """Deeds of a business, each at random on one of its invoices or payments."""

    till: Till = field(default_factory=Till)
    invoices: list[Invoice] = field(default_factory=list)
    online: list[str] = field(default_factory=list)

    def play(self, deeds):
        for number, chance in deeds:
            self.till.clock.move(hours=chance % 40)
            try:
                DEEDS[number % len(DEEDS)](self, chance)
            except DomainError:
                continue

    def invoice(self, chance):
        return self.invoices[chance % len(self.invoices)].id if self.invoices else "inv_none"

    def payment(self, chance):
        paid = self.till.payments()
        return paid[chance % len(paid)] if paid else b.a_payment(id="pay_none")

    def at_hand(self):
        return {"now": self.till.clock(), "store": self.till.store()}


def bill(year, chance):
    sold = b.content(schedule=b.halves()) if chance % 2 else b.content()
    year.invoices.append(year.till.invoiced(sold))


def take(year, chance):
    invoice = year.till.store().get(Invoice, year.invoice(chance))
    year.till.take(invoice, f"{chance % 150 + 1}.00", overpayment="credit" if chance % 3 else None)


def take_on_account(year, chance):
    receipt = allocating.Receipt(
        client_id=b.CLIENT,
        amount=b.cad(f"{chance % 300 + 1}.00"),
        method=Method.CHEQUE,
        received_on=b.TODAY,
        allocations=() if chance % 2 else None,
    )
    allocating.take_on_account(receipt, ids=year.till.ids, **year.at_hand())


def pay_online(year, chance):
    invoice = year.till.store().get(Invoice, year.invoice(chance))
    year.online.append(year.till.paid_online(invoice))


def dispute(year, chance):
    if year.online:
        payment = year.online[chance % len(year.online)]
        year.till.gateway.dispute(payment, b.cad("57.49"))
        year.till.settle(payment)


def allocate(year, chance):
    allocating.allocate(year.payment(chance).id, year.invoice(chance), None, **year.at_hand())


def release(year, chance):
    allocating.release(year.payment(chance).id, year.invoice(chance), **year.at_hand())


def refund(year, chance):
    amount = b.cad(f"{chance % 60 + 1}.00")
    refunding.refund(
        year.payment(chance).id,
        amount=amount,
        reason="Geste",
        ids=year.till.ids,
        gateway=lambda: year.till.gateway,
        **year.at_hand(),
    )


def credit(year, chance):
    wanted = crediting.Crediting(reason="Retour")
    crediting.credit(
        year.invoice(chance),
        wanted,
        ids=year.till.ids,
        gateway=lambda: year.till.gateway,
        press=a_press(),
        **year.at_hand(),
    )


def write_off(year, chance):
    writing_off.write_off(year.invoice(chance), reason="Perte", gateway=lambda: year.till.gateway, **year.at_hand())


def restore(year, chance):
    writing_off.restore(year.invoice(chance), **year.at_hand())


def void(year, chance):
    year.till.void(year.till.store().get(Invoice, year.invoice(chance)))


DEEDS = (
    *(bill, bill, bill, take, take, take_on_account, pay_online, dispute),
    *(allocate, release, refund, refund, credit, write_off, restore, void),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    deeds=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)), max_size=30),
    first=st.integers(0, 30),
    length=st.integers(0, 30),
)
def test_opening_and_movements_are_the_closing_balance_and_that_is_the_ledgers(deeds, first, length):
    year = Year()
    year.play([(0, 0), *deeds])
    balance, ledger = year.till.balance(), year.till.ledger()
    today = b.a_business().today(year.till.clock())
    whole = stated(year.till, b.TODAY, today)

    assert (whole.receivable, whole.credit) == (balance.amount_due, balance.credit_total)
    assert whole.closing.minor == ledger[Account.RECEIVABLE] + ledger[Account.CUSTOMER_CREDIT]
    assert sum(whole.aging.parts, ZERO) == whole.receivable

    since = b.TODAY + timedelta(days=first)
    part = stated(year.till, since, since + timedelta(days=length))
    before = stated(year.till, b.TODAY, since - timedelta(days=1))
    assert part.opening == before.closing
    assert part.opening + sum((one.amount for one in part.movements), ZERO) == part.closing
    assert part.opening + part.debits - part.credits == part.closing
    assert sum(part.aging.parts, ZERO) == part.receivable
    running = part.opening
    for one in part.movements:
        running += one.amount
        assert one.balance == running
        assert since <= one.day <= part.until


def test_years_of_a_client_are_read_by_few_requests():
    """5,000 movements among 20,000 events."""
    till, asked = Till(), []
    for number in range(2_500):
        at = b.later(minutes=number * 60)
        invoice_id, amount = f"inv_{number:05d}", b.cad("114.98")
        happened = [
            InvoiceIssued(
                subject=invoice_id,
                version=2,
                at=at,
                number=f"{number:05d}",
                client_id=b.CLIENT,
                total=amount,
                due_date=b.TODAY,
                postings=(Posting(Account.RECEIVABLE, amount), Posting(Account.REVENUE, -amount)),
            ),
            *(
                InvoiceSent(
                    subject=invoice_id, version=3 + n, at=at, to="marie@example.com", message_id=f"0100018e-{n}"
                )
                for n in range(6)
            ),
            PaymentReceived(
                subject=f"pay_{number:05d}",
                version=1,
                at=at,
                client_id=b.CLIENT,
                invoice_id=invoice_id,
                amount=amount,
                method=Method.CASH,
                postings=(Posting(Account.CASH, amount), Posting(Account.RECEIVABLE, -amount)),
            ),
        ]
        writes = [rows._event(event, b.a_caller(), b.an_invoice()) for event in happened]
        till.tables.write([write for write in writes if isinstance(write, Put)])
    query = till.tables.query

    class Counting:
        def __getattr__(self, name):
            return getattr(till.tables, name)

        def query(self, wanted):
            asked.append(wanted)
            return query(wanted)

    store = till.store()
    store.tables = Counting()
    period = stating.Period(since=b.TODAY, until=b.TODAY + timedelta(days=400), currency="CAD")

    told = stating.state_account(b.CLIENT, period, business=b.a_business(), store=store)

    assert len(told.movements) == 5_000
    assert (told.debits, told.closing) == (b.cad("287450.00"), ZERO)
    assert {one.index for one in asked} == {"client"}
    assert {one.table for one in asked} == {Table.JOURNAL}
    assert len(asked) <= 21
