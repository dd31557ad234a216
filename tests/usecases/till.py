"""A business that takes payments, over tables and a payment provider in memory."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.business import Business
from chalicelib.domain.client import ClientBalance
from chalicelib.domain.errors import DomainError
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_status import status_of
from chalicelib.domain.journal import Account
from chalicelib.domain.payment import Method, Payment
from chalicelib.domain.sales import Content
from chalicelib.ports import Filter
from chalicelib.usecases import (
    checkouts,
    configuring,
    connecting,
    drafting,
    issuing,
    opening,
    paying,
    registering,
    settling,
)
from tests import builders as b
from tests.fakes.gateway import FakeGateway
from tests.fakes.papers import a_press
from tests.fakes.seal import FakeSeal
from tests.fakes.tables import MemoryTables
from tests.fakes.time import Clock, Ids

ACCOUNT = "acct_1"
BACK = "https://quittance.example/back"


@dataclass(slots=True)
class Till:
    tables: MemoryTables = field(default_factory=MemoryTables)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    account: str | None = ACCOUNT
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        business = b.a_business(stripe_account=self.account)
        opening.open_business(
            business, key_name="owner", random=b"\x02" * 32, now=b.NOON, ids=self.ids, store=self.store()
        )
        registering.add_client(b.a_client(), now=b.NOON, store=self.store())

    def store(self, business_id: str = b.BUSINESS) -> DynamoStore:
        return DynamoStore(tables=self.tables, caller=b.a_caller(business_id))

    def invoiced(self, sold: Content | None = None) -> Invoice:
        """Issued, 114.98."""
        wish = drafting.Wish(client_id=b.CLIENT, content=sold or b.content())
        draft = drafting.draft_invoice(
            wish, business=b.a_business(), now=self.clock(), ids=self.ids, store=self.store()
        )
        return issuing.issue_invoice(draft.id, now=self.clock(), store=self.store(), press=a_press())

    # what people do

    def give_key(
        self, key: str | None = None, secrets: list[str] | None = None, *, if_match: int | None = None
    ) -> Business:
        """The business gives a restricted key of its own, or secrets for it."""
        return connecting.use_own_key(
            restricted_key=key,
            webhook_secrets=secrets,
            live=False,
            if_match=if_match,
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            gateway=self.gateway,
            seal=FakeSeal(),
        )

    def change(self, **settings: Any) -> None:
        """The business changes its settings."""
        configuring.change_business(
            lambda business: replace(business, **settings),
            fields=tuple(settings),
            if_match=None,
            now=self.clock(),
            store=self.store(),
        )

    def start(self, invoice: Invoice, choice: checkouts.Choice = "all", *, success_url: str = BACK) -> str:
        """Open the page to pay; answers its session, which is the end of its address."""
        url = paying.start_checkout(
            invoice.id,
            choice=choice,
            success_url=success_url,
            cancel_url=BACK,
            now=self.clock(),
            real_now=self.clock(),
            store=self.store(),
            gateway=self.gateway,
        )
        self.shown.append(url.rpartition("/")[2])
        return self.shown[-1]

    def take(self, invoice: Invoice, amount: str, **more: Any) -> Payment:
        plain: dict[str, Any] = {"method": Method.CASH, "received_on": b.TODAY}
        return paying.take_payment(
            invoice.id,
            amount=b.cad(amount),
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            **plain | more,
        )

    def settle(self, payment: str) -> None:
        settling.settle(payment, now=self.clock(), ids=self.ids, store=self.store(), gateway=self.gateway)

    def come_back(self, session: str) -> str | None:
        """The client returns from the page, or an event tells of it."""
        return settling.settle_checkout(
            session, now=self.clock(), ids=self.ids, store=self.store(), gateway=self.gateway
        )

    def close(self, invoice: Invoice) -> None:
        checkouts.close_checkout(invoice.id, now=self.clock(), store=self.store(), gateway=lambda: self.gateway)

    def void(self, invoice: Invoice) -> Invoice:
        return paying.void_invoice(
            invoice.id, reason=None, now=self.clock(), store=self.store(), gateway=lambda: self.gateway
        )

    def paid_online(self, invoice: Invoice, choice: checkouts.Choice = "all") -> str:
        """The provider's id of a payment that was made and booked."""
        payment = self.gateway.pay(self.start(invoice, choice))
        self.settle(payment)
        return payment

    # what is kept

    def see(self, invoice: Invoice) -> Invoice:
        return self.store().get(Invoice, invoice.id)

    def status(self, invoice: Invoice) -> str:
        return str(status_of(self.see(invoice), b.TODAY))

    def totals(self, invoice: Invoice) -> dict[str, str]:
        seen = self.see(invoice)
        names = ("paid_total", "amount_due", "refunded_total", "disputed_total")
        return {name: f"{getattr(seen, name)}" for name in names}

    def payments(self, invoice: Invoice | None = None) -> tuple[Payment, ...]:
        """Oldest first."""
        wanted = Filter(parent=invoice.id) if invoice else Filter()
        return self.store().page(Payment, wanted, limit=100).rows[::-1]

    def balance(self) -> ClientBalance:
        return self.store().balance(b.CLIENT, "CAD")

    def open_pages(self, account_id: str = ACCOUNT) -> list[str]:
        """Sessions that somebody could still pay."""
        return self.gateway.open_pages(account_id)

    def payable_now(self) -> list[str]:
        """The invoice of each page that somebody knows and can still pay."""
        attempts = {f"cs_{n}": attempt for n, attempt in enumerate(self.gateway.sessions, start=1)}
        return [attempts[session].invoice_id for session in self.open_pages() if session in self.shown]

    def events(self, subject: str) -> list[str]:
        return [envelope.event.type for envelope in self.store().history(subject)]

    def ledger(self) -> Counter[str]:
        """The balance of each account, in cents: debits are positive."""
        sums: Counter[str] = Counter()
        for envelope in self.tables.journal():
            for posting in envelope.event.postings:
                sums[posting.account] += posting.amount.minor
        return sums

    def _receivable(self, invoice_id: str, *own: str) -> int:
        """What was booked as owed on an invoice; own: the payments made for it, whose postings need not name it."""
        told = [envelope.event for envelope in self.tables.journal()]
        meant = dict.fromkeys((invoice_id, *own), invoice_id)
        return sum(
            posting.amount.minor
            for event in told
            for posting in event.postings
            if posting.account is Account.RECEIVABLE and (posting.code or meant.get(event.subject)) == invoice_id
        )

    def must_add_up(self, *invoices: Invoice) -> None:
        """I10, I11: the client's aggregates, the ledger and the versions are the fold of what happened."""
        seen = [self.see(invoice) for invoice in invoices]
        payments = self.payments()
        ledger = self.ledger()
        assert self.balance().amount_due.minor == sum(i.amount_due.minor for i in seen) == ledger[Account.RECEIVABLE]
        assert self.balance().credit_total.minor == sum(p.credited.minor for p in payments)
        assert ledger[Account.CUSTOMER_CREDIT] == -sum(p.credited.minor for p in payments)
        assert sum(ledger.values()) == 0
        for invoice in seen:
            own = [payment for payment in payments if payment.invoice_id == invoice.id]
            assert invoice.paid_total.minor == sum(p.on(invoice.id).minor for p in payments)
            assert invoice.refunded_total.minor == sum(p.gone_from(invoice.id).refunded.minor for p in payments)
            assert invoice.disputed_total.minor == sum(p.gone_from(invoice.id).under_dispute.minor for p in payments)
            assert sum(part.minor for part in invoice.instalments_paid) in (0, invoice.paid_total.minor)
            assert invoice.amount_due.minor >= 0
            assert invoice.amount_due.minor == self._receivable(invoice.id, *(payment.id for payment in own))
        for entity in (*seen, *payments):
            assert entity.version == len(self.store().history(entity.id))


def code_of(deed: Callable[[], object]) -> str:
    """The code with which a deed is refused."""
    try:
        deed()
    except DomainError as refused:
        return refused.code
    raise AssertionError("it was not refused")
