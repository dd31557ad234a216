"""What a reminder says: of one invoice or of several, before the money is due or after, in its tone."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chalicelib.domain.books import total
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_asking import asked_as, asked_on
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.letter_text import LetterText
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording, first_of
from chalicelib.ports import Files, Store, Wordings
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.sending import PDF, pdf_key, pdf_name, tags_of

MOST_ATTACHED = 10
"""PDFs of one mail; the portal has them all."""

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderLetter:
    """A reminder as far as it is the same in a preview and in the mail: all but its link and what is attached.

    own: what the business says in it itself, in a preview; the mail says what it says when it goes out.
    """

    template: str
    language: str
    facts: Facts
    values: dict[str, str]
    reminder: Reminder
    invoices: tuple[Invoice, ...]
    client: Client
    business: Business
    own: LetterText | None = None

    @property
    def words(self) -> str:
        """A hash of all that it says."""
        said = (self.template, self.language, self.business.name, sorted(self.values.items()), self.facts, self.own)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    def shown(self, *, link: str | None) -> Letter:
        """Without attachments, with any address as its link."""
        return Letter(
            template=self.template,
            business=self.business,
            language=self.language,
            to=self.client.email or "",
            values=self.values,
            facts=self.facts,
            link=link if self.reminder.pay_link else None,
            own=self.own,
            tags=tags_of(self.business, self.reminder.id),
        )

    def written(self, *, files: Files, post: Post, store: Store) -> Letter:
        """With the PDFs, and a portal link that opens at the invoice, or at the list where they are several."""
        link = None
        if self.reminder.pay_link:
            landing = self.invoices[0].id if len(self.invoices) == 1 else self.client.id
            link = post.link_to(landing, client_id=self.client.id, store=store)
        attached = self.invoices[:MOST_ATTACHED] if self.reminder.attach_pdf else ()
        attachments = tuple(
            Attachment(name=pdf_name(one.name), content_type=PDF, body=files.get(pdf_key(self.business.id, one)))
            for one in attached
        )
        return replace(self.shown(link=link), attachments=attachments)


def draft_letter(
    reminder: Reminder, invoices: Sequence[Invoice], client: Client, business: Business, *, wordings: Wordings
) -> ReminderLetter:
    """The letter of a reminder about the invoices that are still owed, as of the reminder's day.

    It is about those that are late, where any is; the others are listed beside them.
    """
    given = tuple(sorted(invoices, key=lambda one: (one.next_due() or reminder.day, one.id)))
    late = tuple(one for one in given if (due := one.next_due()) and due < reminder.day)
    meant = late or given
    language = first_of(business.speaks(reminder.language or _language_of(given, client)))
    wording = wordings(language, business.country)
    return ReminderLetter(
        template=_template(reminder, is_late=bool(late), several=len(meant) > 1),
        language=language,
        facts=_facts(meant, given[len(meant) :], wording, reminder.day),
        values=_dues(meant, wording, reminder.day)
        | {
            "client": client.name,
            "number": meant[0].name,
            "count": f"{len(meant)}",
            "online": "yes" if reminder.pay_link else "",
        },
        reminder=reminder,
        invoices=given,
        client=client,
        business=business,
    )


def reminder_of_one(
    invoice: Invoice, client: Client, business: Business, *, template: str, language: str, on: date, wordings: Wordings
) -> Letter:
    """A reminder of an invoice as it stands, in any tone, to be looked at."""
    wording = wordings(language, business.country)
    return Letter(
        template=template,
        business=business,
        language=language,
        to=client.email or "",
        values={"client": client.name, "number": invoice.name, "online": "yes"} | _dues((invoice,), wording, on),
        facts=_of_one(invoice, wording, on),
    )


def _template(reminder: Reminder, *, is_late: bool, several: bool) -> str:
    """By its tone; what is not due yet is only announced, in whatever tone."""
    if reminder.tone is None:
        return "reminder"
    stem = f"reminder_{reminder.tone}" if is_late else "reminder_soon"
    return f"{stem}_several" if several else stem


def _language_of(invoices: Sequence[Invoice], client: Client) -> str | None:
    spoken = {one.language for one in invoices}
    return spoken.pop() if len(spoken) == 1 else client.language


def _facts(meant: Sequence[Invoice], others: Sequence[Invoice], wording: Wording, today: date) -> Facts:
    """What the letter is about, then each of the others, which are not due yet."""
    about = _of_several(meant, wording, today) if len(meant) > 1 else _of_one(meant[0], wording, today)
    return (*about, *(_line(one, wording, today) for one in others))


def _of_one(invoice: Invoice, wording: Wording, today: date) -> Facts:
    """What is due, by when, and how long ago that was; what of it is only due later, after that."""
    facts = [(wording.text("Invoice"), invoice.name)]
    asked = asked_on(invoice, today)
    later = invoice.amount_due - asked
    facts.append((wording.text(asked_as(invoice, today)), wording.money(asked)))
    if due := invoice.next_due():
        facts.append((wording.text("Due date"), wording.day(due)))
        late = (today - due).days
        if late > 0:
            facts.append((wording.text("Days overdue"), f"{late}"))
    if later:
        facts.append((wording.text("Not yet due"), wording.money(later)))
    return tuple(facts)


def _of_several(invoices: Sequence[Invoice], wording: Wording, today: date) -> Facts:
    """Each invoice, then the sum, for each currency."""
    facts = [_line(one, wording, today) for one in invoices]
    asked = [asked_on(one, today) for one in invoices]
    currencies = dict.fromkeys(amount.currency for amount in asked)
    sums = [(wording.text("Total due"), wording.money(total(asked, currency))) for currency in currencies]
    return (*facts, *sums)


def _dues(invoices: Sequence[Invoice], wording: Wording, today: date) -> dict[str, str]:
    """What is asked for, in each currency; of one invoice also by when, and how long ago that was."""
    asked = [asked_on(one, today) for one in invoices]
    sums = [wording.money(total(asked, currency)) for currency in dict.fromkeys(amount.currency for amount in asked)]
    due = invoices[0].next_due() if len(invoices) == 1 else None
    return {
        "amount_due": " + ".join(sums),
        "due_date": wording.day(due) if due else "",
        "days_overdue": f"{(today - due).days}" if due and due < today else "",
    }


def _line(invoice: Invoice, wording: Wording, today: date) -> tuple[str, str]:
    """An invoice with its day, and what is asked for now."""
    if due := invoice.next_due():
        label = wording.text("Invoice {number}, due {day}", number=invoice.name, day=wording.day(due))
    else:
        label = wording.text("Invoice {number}", number=invoice.name)
    return label, wording.money(asked_on(invoice, today))
