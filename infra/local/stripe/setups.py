"""Set-up intents: a card that a payer lets an account keep."""

from infra.local.stripe.books import Object, new_id
from infra.local.stripe.cards import MESSAGES
from infra.local.stripe.customers import attach, card_of, method_for
from infra.local.stripe.refusals import Refusal
from infra.local.stripe.shop import Parameters, Shop, metadata, page

_NOTHING = (
    "application",
    "automatic_payment_methods",
    "cancellation_reason",
    "excluded_payment_method_types",
    "flow_directions",
    "last_setup_error",
    "latest_attempt",
    "mandate",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "single_use_mandate",
)


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return shop.find("setup_intent", id)


def intents(shop: Shop, _: str, parameters: Parameters) -> Object:
    return page(shop.all("setup_intent"), parameters, url="/v1/setup_intents", by=("customer", "payment_method"))


def cancel(shop: Shop, id: str, _: Parameters) -> Object:
    intent = shop.find("setup_intent", id)
    intent["status"] = "canceled"
    shop.save(intent)
    shop.tell("setup_intent.canceled", intent)
    return intent


def create(shop: Shop, *, customer: str, parameters: Parameters) -> Object:
    intent_id = new_id("seti")
    intent = {
        **dict.fromkeys(_NOTHING),
        "id": intent_id,
        "object": "setup_intent",
        "attach_to_self": False,
        "client_secret": f"{intent_id}_secret_{new_id('x')}",
        "created": shop.now(),
        "customer": customer,
        "customer_account": None,
        "description": parameters.get("description"),
        "livemode": shop.livemode,
        "metadata": metadata(parameters),
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
        "usage": "off_session",
    }
    shop.tell("setup_intent.created", intent)
    return shop.save(intent)


def set_up(shop: Shop, id: str, *, card: str) -> Object:
    """What the payer does on the page: the card is tried with nothing, and kept; a declined one is a Refusal (402).

    Whether a bank asks for 3-D Secure when a card is stored says nothing about later: here it never does.
    """
    intent = shop.find("setup_intent", id)
    method = method_for(shop, card)
    refused = card_of(method).declined
    if refused:
        intent["status"] = "requires_payment_method"
        shop.save(intent)
        shop.tell("setup_intent.setup_failed", intent)
        raise Refusal(402, "card_error", MESSAGES.get(refused[1], "Your card was declined."), code=refused[0])
    attach(shop, method["id"], {"customer": intent["customer"]})
    intent |= {"status": "succeeded", "payment_method": method["id"]}
    shop.save(intent)
    shop.tell("setup_intent.succeeded", intent)
    return intent
