"""The client's own card: what is kept of it, storing one, taking it back."""

from collections.abc import Mapping
from typing import Any, Final

from chalice import Response

from chalicelib import wiring
from chalicelib.domain.card import Card
from chalicelib.domain.errors import DomainError
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal.looks import sent_on, shown
from chalicelib.entrypoints.portal.pages import Visit, browser_wording, laid_out, open_page, page
from chalicelib.entrypoints.runtime import logger
from chalicelib.usecases import settling, storing

LONGEST_SESSION: Final = 200


def section(visit: Visit, words: Wording) -> Mapping[str, Any]:
    """What the list of documents says of the card: nothing where the business takes none."""
    card = visit.client.card
    return {
        "offers_card": visit.business.payment_account is not None,
        "card": card,
        "card_says": words.text("{card}, valid until {until}", card=_named(card), until=_until(card)) if card else "",
        "card_use": words.text(
            "{business} charges it only for invoices that you owe, and you get a mail every time.",
            business=visit.business.name,
        ),
        "offers_automatic": visit.business.automation.auto_charge,
    }


@page("POST", "/card")
def store_card(visit: Visit) -> Response:
    """Send the client to the provider's page, which says once more what the card is used for."""
    here = f"{wiring.config().public_url}/portal"
    try:
        address = storing.ask_for_card(
            visit.client.id,
            allowed_automatic=visit.business.automation.auto_charge and visit.form.get("automatic") == "yes",
            wordings=wiring.wording,
            success_url=f"{here}/card/stored?session={{CHECKOUT_SESSION_ID}}",
            cancel_url=here,
            store=visit.store,
            gateway=wiring.gateway(),
        )
    except DomainError as refused:
        logger.warning("no card can be stored", id=visit.client.id, code=refused.code)
        return laid_out(visit, "apology.html", None, kind="failed", status=409)
    return sent_on(address, absolute=True)


@page("GET", "/card/stored")
def card_stored(visit: Visit) -> Response:
    """The way back from the provider's page: what it says is learned at once, whether or not its event has come."""
    session = visit.query.get("session", "")[:LONGEST_SESSION]
    if not session:
        return sent_on("")
    try:
        settling.settle_checkout(session, now=visit.now, ids=wiring.ids, store=visit.store, gateway=wiring.gateway())
    except DomainError:
        logger.exception("the provider's event will tell", id=visit.client.id)
    return sent_on("")


@page("POST", "/card/forget")
def forget_own_card(visit: Visit) -> Response:
    """Take the card back: it is charged no more, and what was agreed to has ended."""
    if visit.client.card:
        storing.forget_card(visit.client.id, if_match=None, now=visit.now, store=visit.store, gateway=wiring.gateway)
    return sent_on("")


@open_page("/card-stored")
def stored_by_link(request: Any) -> Response:  # noqa: ANN401 - chalice's request
    """The way back for whoever stored a card by an address that a program gave them, and so has no session."""
    return shown("card_stored.html", browser_wording(request))


@open_page("/card-not-stored")
def not_stored_by_link(request: Any) -> Response:  # noqa: ANN401
    """The same for whoever left the provider's page without storing one."""
    return shown("card_not_stored.html", browser_wording(request))


def _named(card: Card) -> str:
    return f"{card.brand.capitalize()} \N{BULLET}\N{BULLET}\N{BULLET}\N{BULLET} {card.last4}"


def _until(card: Card) -> str:
    return f"{card.exp_month:02d}/{card.exp_year}"
