"""A business that mails its quotes and invoices, and works off what is due: everything in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from chalicelib.adapters.dynamodb.directory import DynamoDirectory
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.business import Business
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.sales import Content
from chalicelib.ports import Filter, Press
from chalicelib.usecases import drafting, hearing, issuing, quoting, reminder_delivery, reminding, sending, sweeping
from chalicelib.usecases.mailing import Post
from tests import builders as b
from tests.fakes.mail import Outbox, PlainWriter
from tests.fakes.papers import MemoryFiles, PlainRenderer, a_press
from tests.fakes.wording import PlainWording
from tests.usecases.till import Till


@dataclass(slots=True)
class Desk(Till):
    outbox: Outbox = field(default_factory=Outbox)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    renderer: PlainRenderer = field(default_factory=PlainRenderer)
    randoms: Iterator[int] = field(default_factory=lambda: count(1))
    sandbox: bool = False

    def store(self, business_id: str = b.BUSINESS) -> DynamoStore:
        return DynamoStore(tables=self.tables, caller=b.a_caller(business_id), sandbox=self.sandbox)

    def post(self) -> Post:
        return Post(
            mailer=self.outbox,
            writer=PlainWriter(),
            wordings=lambda language, _: PlainWording(language=language),
            public_url="https://quittance.example",
            real_now=self.clock(),
            random=lambda length: next(self.randoms).to_bytes(length, "big"),
        )

    def press(self) -> Press:
        return a_press(self.renderer)

    def directory(self) -> DynamoDirectory:
        return DynamoDirectory(tables=self.tables)

    # what people do

    def drafted(self, sold: Content | None = None, **wish: Any) -> Invoice:
        wanted = drafting.Wish(client_id=b.CLIENT, content=sold or b.content(), **wish)
        business = self.store().get(Business)
        return drafting.draft_invoice(wanted, business=business, now=self.clock(), ids=self.ids, store=self.store())

    def asked_to_send(self, invoice: Invoice) -> Invoice:
        return issuing.send_invoice(invoice.id, now=self.clock(), store=self.store(), press=self.press())

    def deliver(self, document: Invoice | CreditNote) -> None:
        sending.deliver(
            type(document),
            document.id,
            now=self.clock(),
            store=self.store(),
            press=self.press(),
            files=self.files,
            post=self.post(),
        )

    def quoted(self, sold: Content | None = None, **more: Any) -> Quote:
        return quoting.draft_quote(
            sold or b.content(),
            client_id=b.CLIENT,
            business=b.a_business(),
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            **more,
        )

    def asked_to_send_quote(self, quote: Quote) -> Quote:
        return quoting.send_quote(quote.id, now=self.clock(), store=self.store())

    def deliver_quote(self, quote: Quote) -> None:
        sending.deliver_quote(quote.id, now=self.clock(), store=self.store(), press=self.press(), post=self.post())

    def hear(self, document: CreditNote | Invoice | Quote, outcome: str, *, message: str = "message-1") -> None:
        """The mail provider tells what became of a mail."""
        hearing.learn_of_mail(
            document.id, message, outcome=outcome, reason="mailbox full", now=self.clock(), store=self.store()
        )

    def ring(self, invoice: Invoice) -> Invoice:
        return reminding.ask_to_remind(invoice.id, now=self.clock(), store=self.store())

    def mail_reminders(self) -> None:
        """The worker takes every reminder that there is."""
        for reminder in self.reminders():
            reminder_delivery.deliver_reminder(
                reminder.id,
                now=self.clock(),
                store=self.store(),
                press=self.press(),
                files=self.files,
                post=self.post(),
            )

    def hear_of_reminder(self, outcome: str, *, message: str = "message-1") -> None:
        """The mail provider tells what became of the newest reminder, or of one before it."""
        reminder_delivery.learn_of_reminder(
            self.reminders()[-1].id,
            message,
            outcome=outcome,
            reason="mailbox full",
            now=self.clock(),
            store=self.store(),
        )

    def sweep(self) -> sweeping.Swept:
        return sweeping.sweep(
            now=self.clock(),
            directory=self.directory(),
            store_of=self.store,
            clock_of=lambda business: business.clock or self.clock(),
            post=lambda due: None,
            press=self.press(),
        )

    # what is kept

    def see_quote(self, quote: Quote) -> Quote:
        return self.store().get(Quote, quote.id)

    def reminders(self) -> tuple[Reminder, ...]:
        """Oldest first."""
        return self.store().page(Reminder, Filter(), limit=1000).rows[::-1]

    def letters(self) -> list[tuple[str, str]]:
        """What was mailed and to whom, in order."""
        return [(mail.subject.partition(" ")[0], mail.to) for mail in self.outbox.mails]
