"""/v1/clients/{id}/card, /v1/invoices/{id}/charge and /v1/clients/{id}/charge: stored cards, and charging them."""

from dataclasses import replace

from chalicelib import wiring
from chalicelib.domain.card import DeclineKind
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.entrypoints.http.contract import Answer, Call, operation
from chalicelib.entrypoints.http.shapes.cards import CardLinkIn, CardLinkOut, ChargeIn, ChargeOut, ChargesOut
from chalicelib.entrypoints.http.shapes.reading import to_money
from chalicelib.usecases import charging, storing
from chalicelib.usecases.charging import ChargeWish, Hands


@operation(
    "POST",
    "/clients/{client_id}/card",
    needs="cards.keep",
    body=CardLinkIn,
    answer=CardLinkOut,
    refusals=(404, 409, 503),
    harmless=True,
)
def ask_for_card(call: Call, client_id: str, body: CardLinkIn) -> CardLinkOut:
    """Open the provider's page on which the client stores a card; it says there what the card is used for."""
    portal = f"{wiring.config().public_url}/portal"
    url = storing.ask_for_card(
        client_id,
        allowed_automatic=body.automatic,
        wordings=wiring.wording,
        success_url=f"{portal}/card-stored",  # whoever stores it by this link has no session in the portal
        cancel_url=f"{portal}/card-not-stored",
        store=call.store,
        gateway=wiring.gateway(),
    )
    return CardLinkOut(url=url)


@operation("DELETE", "/clients/{client_id}/card", needs="cards.keep", status=204, refusals=(404, 409, 412, 503))
def forget_card(call: Call, client_id: str) -> Answer:
    """Delete the client's stored card, at the provider too."""
    storing.forget_card(client_id, if_match=call.if_match, now=call.now, store=call.store, gateway=wiring.gateway)
    return Answer()


def _last_charge(call: Call, invoice_id: str) -> ChargeOut:
    """What became of a charge whose answer was not kept: if it is not known, it is brought to its end first."""
    charging.go_on(invoice_id, hands=replace(_hands(call), store=call.store.aside()))
    return ChargeOut.last_of(call.store.get(Invoice, invoice_id), call.store.history(invoice_id))


def _charged_or_refused(call: Call, invoice_id: str) -> ChargeOut:
    """The same as the first time: what could not even be asked for is refused."""
    last = _last_charge(call, invoice_id)
    if last.decline_kind == DeclineKind.REFUSED:
        raise Refused(last.decline_code or "", last.decline_reason or "")
    return last


def _last_charges(call: Call, invoice_id: str) -> ChargesOut:
    return ChargesOut(data=[_last_charge(call, invoice_id)])


@operation(
    "POST",
    "/invoices/{invoice_id}/charge",
    needs="payments.charge",
    body=ChargeIn,
    answer=ChargeOut,
    refusals=(404, 409, 412, 422, 503),
    again=_charged_or_refused,
    forever=True,
)
def charge_invoice(call: Call, invoice_id: str, body: ChargeIn) -> ChargeOut:
    """Charge the client's stored card for an invoice, now and once; the client gets a mail about it."""
    currency = call.store.get(Invoice, invoice_id).currency
    amount = to_money(body.amount, currency=currency)
    wish = ChargeWish(instalment_id=body.instalment_id, amount=amount)
    return ChargeOut.of(charging.charge(invoice_id, wish, if_match=call.if_match, hands=_hands(call)))


@operation(
    "POST",
    "/clients/{client_id}/charge",
    needs="payments.charge",
    answer=ChargesOut,
    refusals=(404, 409, 503),
    again=_last_charges,
    forever=True,
)
def charge_client(call: Call, client_id: str) -> ChargesOut:
    """Charge the client's stored card for the unpaid invoices, one by one, the earliest due first, at most ten.

    One that cannot be charged now, because a payment of it is disputed or under way, leaves the others alone.
    """
    return ChargesOut(data=[ChargeOut.of(one) for one in charging.charge_balance(client_id, hands=_hands(call))])


def _hands(call: Call) -> Hands:
    return Hands(now=call.now, real_now=wiring.now(), ids=call.ids, store=call.store, gateway=wiring.gateway)
