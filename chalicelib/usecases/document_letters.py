"""What the mails say that bring a client an invoice, a credit note or a quote."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.dispatch import Kept
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_asking import asked_now
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.quote import Quote
from chalicelib.domain.wording import Wording
from chalicelib.ports import Store
from chalicelib.usecases.mailing import Post

PDF = "application/pdf"
Facts = tuple[tuple[str, str], ...]


def pdf_name(name: str) -> str:
    """What a document's PDF is called where it is saved: letters and digits that every header and disk takes."""
    stem = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return f"{stem}.pdf"


def tags_of(business: Business, document_id: str) -> Mapping[str, str]:
    """What the provider's news about a mail says of where it belongs."""
    return {"business": business.id, "document": document_id}


def letter_with_pdf(
    document: Kept, pdf: bytes, business: Business, client: Client, *, store: Store, post: Post
) -> Letter:
    """The mail that brings a document: its PDF, and a portal link that opens at the invoice it is about."""
    about = letter_about(document, business, client, wording=post.words_in(document.language, business))
    return replace(
        about,
        link=post.link_to(_invoice_of(document)[0], client_id=client.id, store=store),
        attachments=(Attachment(name=pdf_name(document.name), content_type=PDF, body=pdf),),
    )


def letter_about(document: Kept, business: Business, client: Client, *, wording: Wording) -> Letter:
    """The same without what it brings."""
    return Letter(
        template="invoice_sent" if isinstance(document, Invoice) else "credit_note_sent",
        business=business,
        language=document.language,
        to=client.email or "",
        values=_values(document, client, wording),
        facts=_facts(document, wording),
        tags=tags_of(business, document.id),
    )


def quote_letter(quote: Quote, pdf: bytes, business: Business, client: Client, *, store: Store, post: Post) -> Letter:
    """The mail that brings a quote: its PDF, and a portal link that opens at it."""
    wording = post.words_in(quote.language, business)
    number, total = quote.number or quote.id, wording.money(quote.figures.total)
    until = wording.day(quote.valid_until) if quote.valid_until else ""
    facts = [(wording.text("Quote"), number), (wording.text("Total"), total)]
    facts += [(wording.text("Valid until"), until)] if until else []
    return Letter(
        template="quote_sent",
        business=business,
        language=quote.language,
        to=client.email or "",
        values={"client": client.name, "number": number, "total": total, "valid_until": until},
        facts=tuple(facts),
        link=post.link_to(quote.id, client_id=client.id, store=store),
        attachments=(Attachment(name=pdf_name(number), content_type=PDF, body=pdf),),
        tags=tags_of(business, quote.id),
    )


def _invoice_of(document: Invoice | CreditNote) -> tuple[str, str]:
    """The id and the name of the invoice that a document is about."""
    if isinstance(document, Invoice):
        return document.id, document.name
    return document.invoice_id, document.invoice_number


def _values(document: Invoice | CreditNote, client: Client, wording: Wording) -> dict[str, str]:
    values = {"client": client.name, "number": document.name}
    if isinstance(document, CreditNote):
        amount = wording.money(document.figures.amount_due)
        return values | {"invoice": document.invoice_number, "amount": amount}
    due = document.next_due()
    return values | {
        "total": wording.money(document.figures.total),
        "amount_due": wording.money(asked_now(document)),
        "due_date": wording.day(due) if due else "",
    }


def _facts(document: Invoice | CreditNote, wording: Wording) -> Facts:
    if isinstance(document, CreditNote):
        return _credited(document, wording)
    asked, due = asked_now(document), document.next_due()
    facts = [
        (wording.text("Invoice"), document.name),
        (wording.text("Amount due" if asked == document.amount_due else "Instalment due"), wording.money(asked)),
    ]
    if due:
        facts.append((wording.text("Due date"), wording.day(due)))
    if later := document.amount_due - asked:
        facts.append((wording.text("Not yet due"), wording.money(later)))
    return tuple(facts)


def _credited(note: CreditNote, wording: Wording) -> Facts:
    facts = (
        (wording.text("Credit note"), note.name),
        (wording.text("Invoice corrected"), note.invoice_number),
        (wording.text("Amount credited"), wording.money(note.figures.amount_due)),
    )
    return (*facts, (wording.text("Your credit"), wording.money(note.freed))) if note.freed else facts
