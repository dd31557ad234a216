"""Customers, their payment methods, and the accounts themselves."""

import hashlib

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.cards import CARDS, Card
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, metadata, page

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def account(shop: Shop, id: str, parameters: Parameters) -> Object:  # noqa: ARG001 - every operation is called alike
    return shop.find("account", id or shop.account)


def open_account(shop: Shop, id: str) -> Object:
    """Make an account that may take payments."""
    return shop.books.save(
        id,
        {
            "id": id,
            "object": "account",
            "charges_enabled": True,
            "payouts_enabled": True,
            "details_submitted": True,
            "country": "CA",
            "default_currency": "cad",
            "email": None,
            "type": "standard",
        },
    )


def create_account(shop: Shop, _: str, parameters: Parameters) -> Object:
    made = open_account(shop, new_id("acct"))
    return shop.books.save(made["id"], {**made, "country": parameters.get("country", made["country"])})


def create_customer(shop: Shop, _: str, parameters: Parameters) -> Object:
    customer = shop.save(
        {
            "id": new_id("cus"),
            "object": "customer",
            "created": shop.now(),
            "livemode": shop.livemode,
            "name": parameters.get("name"),
            "email": parameters.get("email"),
            "phone": parameters.get("phone"),
            "description": parameters.get("description"),
            "address": parameters.get("address"),
            "metadata": metadata(parameters),
            "invoice_settings": dict.fromkeys(
                ("custom_fields", "default_payment_method", "footer", "rendering_options"),
            ),
            "default_source": None,
            "balance": 0,
            "currency": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": "STANDIN",
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        },
    )
    shop.tell("customer.created", customer)
    return customer


def customer(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("customer", id)


def customers(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("customer"), parameters, url="/v1/customers", by=("email",))


def update_customer(shop: Shop, id: str, parameters: Parameters) -> Object:
    changed = shop.find("customer", id)
    changed["metadata"] = metadata(parameters, before=changed["metadata"])
    for name in ("name", "email", "phone", "description", "address"):
        if name in parameters:
            changed[name] = parameters[name] or None
    shop.save(changed)
    shop.tell("customer.updated", changed)
    return changed


def payment_method(shop: Shop, id: str, _: Parameters) -> Object:
    return _method(shop, id)


def payment_methods(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("payment_method"), parameters, url="/v1/payment_methods", by=("customer", "type"))


def attach(shop: Shop, id: str, parameters: Parameters) -> Object:
    owner = shop.find("customer", parameters["customer"], param="customer")["id"]
    method = _method(shop, id)
    if method["customer"] not in (None, owner):
        raise invalid("The payment method you provided has already been attached to a customer.")
    method["customer"] = owner
    shop.save(method)
    shop.tell("payment_method.attached", method)
    return method


def detach(shop: Shop, id: str, _: Parameters) -> Object:
    method = shop.find("payment_method", id)
    owner = method["customer"]
    if owner is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    method["customer"] = None
    shop.save(method)
    shop.tell("payment_method.detached", method, customer=owner)
    return method


def method_for(shop: Shop, id: str) -> Object:
    """The payment method with this id, or a new one of the test card with this name."""
    return _method(shop, id)


def replaced(shop: Shop, id: str, *, card: str) -> Object:
    """A stored card that from now on behaves like another test card: it was lost, it has no money."""
    method = shop.find("payment_method", id)
    method["_private"] = {"card": card}
    return shop.save(method)


def renewed(shop: Shop, id: str, *, exp_year: int) -> Object:
    """A stored card whose bank gave out another in its place, which the card's network told Stripe of."""
    method = shop.find("payment_method", id)
    before = method["card"]["exp_year"]
    method["card"] = {**method["card"], "exp_year": exp_year}
    shop.save(method)
    shop.tell("payment_method.automatically_updated", method, card={"exp_year": before})
    return method


def card_of(method: Object) -> Card:
    return CARDS[method["_private"]["card"]]


def _method(shop: Shop, id: str) -> Object:
    if id not in CARDS:
        return shop.find("payment_method", id, param="payment_method")
    card = CARDS[id]
    details = _bank_account(card) if card.bank_debit else _card(card)
    return shop.save(
        {
            "id": new_id("pm"),
            "object": "payment_method",
            "created": shop.now(),
            "livemode": shop.livemode,
            "customer": None,
            "metadata": {},
            "allow_redisplay": "unspecified",
            "billing_details": {"address": _NO_ADDRESS, "email": None, "name": None, "phone": None, "tax_id": None},
            **details,
            "_private": {"card": id},
        },
    )


def _card(card: Card) -> Object:
    return {
        "type": "card",
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": _fingerprint(card),
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
    }


def _bank_account(card: Card) -> Object:
    return {
        "type": "us_bank_account",
        "us_bank_account": {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": None,
            "fingerprint": _fingerprint(card),
            "last4": card.number[-4:],
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "routing_number": "110000000",
            "status_details": {},
        },
    }


def _fingerprint(card: Card) -> str:
    return hashlib.sha256(card.number.encode()).hexdigest()[:16]
