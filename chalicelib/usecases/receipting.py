"""The receipt of a payment: drawn as the payment stands whenever somebody asks, and mailed once to who paid.

It is not kept: a refund or another invoice paid from it shows on the receipt that is drawn then.
"""

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Attachment, Letter
from chalicelib.domain.payment import Payment
from chalicelib.domain.receipt import Placed, Receipt, placed_on, returns_of
from chalicelib.domain.receipt_document import receipt_document
from chalicelib.domain.wording import Wording
from chalicelib.ports import Renderer, Store, Wordings
from chalicelib.usecases.mailing import Post
from chalicelib.usecases.sending import PDF, pdf_name


def receipt_of(payment: Payment, business: Business, *, store: Store) -> Receipt:
    """What the payment's receipt tells. Raises Refused (``payment_unmatched``) for one that belongs to nobody yet."""
    if payment.client_id is None:
        raise Refused(
            "payment_unmatched", f"You cannot have a receipt of payment {payment.id} because nobody knows whose it is."
        )
    invoices = store.many(Invoice, placed_on(payment))
    return Receipt(
        payment=payment,
        seller=business.as_seller(),
        payer=store.get(Client, payment.client_id).as_buyer(),
        placed=tuple(Placed(invoice=invoice, amount=payment.on(invoice.id)) for invoice in invoices),
        returns=returns_of(payment, store.history(payment.id), day_of=business.today),
    )


def receipt_pdf(
    receipt: Receipt,
    business: Business,
    *,
    language: str,
    template: Template | None = None,
    renderer: Renderer,
    wordings: Wordings,
) -> bytes:
    """The receipt as PDF, in the template of the first invoice it names, if no other is chosen."""
    own = receipt.placed[0].invoice.template if receipt.placed else business.invoice_defaults.template
    wording = wordings(language, business.country)
    return renderer.render(receipt_document(receipt, template=template or own, wording=wording)).pdf


def language_of(receipt: Receipt, client: Client, business: Business) -> str:
    """That of the first invoice it names, else the client's."""
    return receipt.placed[0].invoice.language if receipt.placed else business.speaks(client.language)


def receipt_letter(
    payment: Payment, client: Client, business: Business, *, store: Store, renderer: Renderer, post: Post
) -> Letter:
    """The thanks for a payment, with its receipt."""
    receipt = receipt_of(payment, business, store=store)
    language = language_of(receipt, client, business)
    wording = post.words_in(language, business)
    placed = receipt.placed
    pdf = receipt_pdf(receipt, business, language=language, renderer=renderer, wordings=post.wordings)
    landing = placed[0].invoice.id if len(placed) == 1 else payment.id
    return Letter(
        template="receipt" if len(placed) == 1 else "receipt_several" if placed else "receipt_on_account",
        business=business,
        language=language,
        to=client.email or "",
        values={
            "client": client.name,
            "number": placed[0].invoice.name if placed else "",
            "count": f"{len(placed)}",
            "amount": wording.money(payment.amount),
            "amount_due": wording.money(placed[0].invoice.amount_due) if placed else "",
            "received_on": wording.day(payment.received_on),
            "card": payment.charged_card,
        },
        facts=_facts(receipt, wording),
        link=post.link_to(landing, client_id=client.id, store=store),
        attachments=(Attachment(name=pdf_name(receipt.reference), content_type=PDF, body=pdf),),
    )


def _facts(receipt: Receipt, wording: Wording) -> tuple[tuple[str, str], ...]:
    payment, placed = receipt.payment, receipt.placed
    facts = [
        (wording.text("Amount"), wording.money(payment.amount)),
        (wording.text("Received on"), wording.day(payment.received_on)),
    ]
    if len(placed) == 1:
        facts.append((wording.text("Amount due"), wording.money(placed[0].invoice.amount_due)))
    else:
        facts += [
            (wording.text("Invoice {number}", number=one.invoice.name), wording.money(one.amount)) for one in placed
        ]
    if payment.credited:
        facts.append((wording.text("Your credit"), wording.money(payment.credited)))
    return tuple(facts)
