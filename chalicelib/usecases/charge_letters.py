"""Telling the business, and where it takes the client, that a card was not charged."""

from chalicelib.domain.business import Business
from chalicelib.domain.card import DeclineKind
from chalicelib.domain.card_events import ChargeDeclined
from chalicelib.domain.client import Client
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.letter import Letter, to_business
from chalicelib.ports import Store
from chalicelib.usecases.mailing import Post

UNKNOWN = "\N{EM DASH}"


def announce_decline(invoice_id: str, *, event: str, store: Store, post: Post) -> None:
    """Tell of a charge that came to nothing, once: the business always, the client where the bank asks for them."""
    declined = next((one.event for one in store.history(invoice_id) if one.id == event), None)
    if not isinstance(declined, ChargeDeclined):
        return
    business, invoice = store.get(Business), store.get(Invoice, invoice_id)
    client = store.get(Client, invoice.client_id)
    if business.email:
        post.send_once(
            f"declined:{event}", lambda: _to_business(declined, business, invoice, client, post), store=store
        )
    if declined.kind == DeclineKind.AUTHENTICATION and client.email and invoice.amount_due.minor > 0:
        post.send_once(
            f"confirm:{event}", lambda: _to_client(declined, business, invoice, client, store, post), store=store
        )


def _to_business(declined: ChargeDeclined, business: Business, invoice: Invoice, client: Client, post: Post) -> Letter:
    wording = post.wording_of(business)
    asked = declined.kind == DeclineKind.AUTHENTICATION and client.email
    return to_business(
        "charge_declined",
        business,
        values={
            "client": client.name,
            "number": invoice.name,
            "amount": wording.money(declined.amount),
            "card": client.card.label if client.card else UNKNOWN,
            "reason": declined.reason,
            "retry": wording.day(business.today(declined.retry_at)) if declined.retry_at else "",
            "asked": "yes" if asked else "",
            "renew": "" if declined.retry_at or asked else "yes",
        },
    )


def _to_client(
    declined: ChargeDeclined, business: Business, invoice: Invoice, client: Client, store: Store, post: Post
) -> Letter:
    wording = post.words_in(invoice.language, business)
    return Letter(
        template="card_needs_client",
        business=business,
        language=invoice.language,
        to=client.email or "",
        values={
            "client": client.name,
            "number": invoice.name,
            "amount": wording.money(declined.amount),
            "amount_due": wording.money(invoice.amount_due),
            "card": client.card.label if client.card else UNKNOWN,
        },
        facts=((wording.text("Amount due"), wording.money(invoice.amount_due)),),
        link=post.link_to(invoice.id, client_id=client.id, store=store),
    )
