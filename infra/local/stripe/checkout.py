"""Checkout Sessions: the page on which a payer pays."""

from infra.local.stripe import payments, setups
from infra.local.stripe.amounts import chargeable
from infra.local.stripe.books import Object, new_id
from infra.local.stripe.refusals import invalid
from infra.local.stripe.shop import Parameters, Shop, metadata, page

_SHORTEST_S, _LONGEST_S = 30 * 60, 24 * 3600
_LEEWAY_S = 5


def create(shop: Shop, _: str, parameters: Parameters) -> Object:
    if parameters.get("mode") not in ("payment", "setup"):
        raise invalid("The stand-in knows mode=payment and mode=setup only.", param="mode", status=501)
    if parameters.get("ui_mode", "hosted_page") != "hosted_page":
        raise invalid("The stand-in knows ui_mode=hosted_page only.", param="ui_mode", status=501)
    if not parameters.get("success_url"):
        raise invalid("You must provide a success_url.", param="success_url", code="parameter_missing")
    if parameters.get("customer"):
        shop.find("customer", parameters["customer"], param="customer")
    expires_at = int(parameters.get("expires_at", shop.now() + _LONGEST_S))
    if not _SHORTEST_S - _LEEWAY_S <= expires_at - shop.now() <= _LONGEST_S + _LEEWAY_S:
        raise invalid(
            "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from now.",
            param="expires_at",
        )
    if parameters["mode"] == "setup":
        return _setup(shop, parameters, expires_at=expires_at)
    total, currency = _total(parameters)
    return shop.save(_new(shop, parameters, total=total, currency=currency, expires_at=expires_at))


def retrieve(shop: Shop, id: str, _: Parameters) -> Object:
    return _expired_in_time(shop, shop.find("checkout.session", id))


def sessions(shop: Shop, _: str, parameters: Parameters) -> Object:
    rows = [_expired_in_time(shop, session) for session in shop.all("checkout.session")]
    return page(rows, parameters, url="/v1/checkout/sessions", by=("payment_intent", "customer", "status"))


def expire(shop: Shop, id: str, _: Parameters) -> Object:
    session = retrieve(shop, id, {})
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`.",
        )
    return _expire(shop, session)


def pay(shop: Shop, id: str, *, card: str, email: str = "payer@example.com") -> Object:
    """What the payer does on the page: the intent; a declined card is a Refusal (402), and the page stays open."""
    session = retrieve(shop, id, {})
    if session["status"] != "open":
        raise invalid("This Checkout Session is no longer active.", code="checkout_session_expired")
    private = session["_private"]
    if session["mode"] == "setup":
        return _store(shop, session, card=card)
    if private["intent"] is None:
        wanted = {"amount": str(session["amount_total"]), "currency": session["currency"], **private["intent_data"]}
        private["intent"] = payments.create(shop, "", wanted)["id"]
    private["email"] = session["customer_email"] or email
    shop.save(session)
    sent = {"payment_method": card, "return_url": session["success_url"]}
    return follow(shop, session, payments.confirm(shop, private["intent"], sent))


def authenticate(shop: Shop, intent_id: str, *, passed: bool) -> Object:
    """What the payer does on the 3-D Secure page: the session."""
    session = session_of(shop, intent_id)
    follow(shop, session, payments.authenticate(shop, intent_id, passed=passed))
    return session


def finish_debit(shop: Shop, intent_id: str, *, paid: bool) -> Object:
    """The bank's answer to a debit, days later: the session."""
    payments.finish_debit(shop, intent_id, paid=paid)
    session = session_of(shop, intent_id)
    if paid:
        session["payment_status"] = "paid"
        shop.save(session)
    shop.tell(f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", session)
    return session


def session_of(shop: Shop, intent_id: str) -> Object:
    """The session whose page an intent is paid on."""
    for session in shop.all("checkout.session"):
        if session["_private"]["intent"] == intent_id:
            return session
    raise invalid(f"No Checkout Session has the intent {intent_id}.", status=404)


def follow(shop: Shop, session: Object, intent: Object) -> Object:
    """Complete the session if its intent is paid, or a debit is on its way."""
    if intent["status"] in ("succeeded", "processing"):
        nothing = dict.fromkeys(("address", "business_name", "individual_name", "name", "phone"))
        session |= {
            "status": "complete",
            "url": None,
            "payment_intent": intent["id"],
            "payment_status": "paid" if intent["status"] == "succeeded" else "unpaid",
            "customer_details": {
                **nothing,
                "email": session["_private"]["email"],
                "tax_exempt": "none",
                "tax_ids": [],
            },
        }
        shop.save(session)
        shop.tell("checkout.session.completed", session)
    return intent


def _setup(shop: Shop, parameters: Parameters, *, expires_at: int) -> Object:
    """A page on which a card is stored for a customer; its set-up intent is there at once."""
    if not parameters.get("customer"):
        raise invalid("The stand-in stores cards of customers only.", param="customer", status=501)
    wanted = parameters.get("setup_intent_data", {})
    intent = setups.create(shop, customer=parameters["customer"], parameters=wanted)
    page = _new(shop, {**parameters, "line_items": {}}, total=None, currency=None, expires_at=expires_at)
    said = parameters.get("custom_text", {}).get("submit", {}).get("message", "")
    page |= {"mode": "setup", "setup_intent": intent["id"], "payment_status": "no_payment_required"}
    page["custom_text"]["submit"] = {"message": said} if said else None
    page["_private"] |= {"intent": intent["id"], "names": [said]}
    return shop.save(page)


def _store(shop: Shop, session: Object, *, card: str) -> Object:
    intent = setups.set_up(shop, session["setup_intent"], card=card)
    session |= {"status": "complete", "url": None}
    shop.save(session)
    shop.tell("checkout.session.completed", session)
    return intent


def _total(parameters: Parameters) -> tuple[int, str]:
    lines = [line for _, line in sorted(parameters.get("line_items", {}).items())]
    if not lines:
        raise invalid("The `line_items` parameter is required.", param="line_items", code="parameter_missing")
    currencies = {line["price_data"]["currency"].lower() for line in lines}
    if len(currencies) != 1:
        raise invalid("All line items must have the same currency.", param="line_items")
    currency = currencies.pop()
    total = sum(int(line["price_data"]["unit_amount"]) * int(line.get("quantity", 1)) for line in lines)
    return chargeable(str(total), currency, param="line_items"), currency


def _expired_in_time(shop: Shop, session: Object) -> Object:
    due = session["status"] == "open" and shop.now() >= session["expires_at"]
    return _expire(shop, session) if due else session


def _expire(shop: Shop, session: Object) -> Object:
    session |= {"status": "expired", "url": None}
    shop.save(session)
    shop.tell("checkout.session.expired", session)
    return session


def _new(shop: Shop, parameters: Parameters, *, total: int | None, currency: str | None, expires_at: int) -> Object:
    id_ = new_id("cs_live" if shop.livemode else "cs_test")
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    sent = ("cancel_url", "client_reference_id", "customer", "customer_email", "locale", "submit_type", "success_url")
    nothing = ("customer_details", "invoice", "payment_intent", "payment_link", "setup_intent", "subscription")
    lines = [line for _, line in sorted(parameters["line_items"].items())]
    return {
        **dict.fromkeys(nothing),
        **{name: parameters.get(name) for name in sent},
        "id": id_,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": shop.now(),
        "currency": currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts),
        "expires_at": expires_at,
        "livemode": shop.livemode,
        "metadata": metadata(parameters),
        "mode": "payment",
        "payment_method_types": ["card", "us_bank_account"],
        "payment_status": "unpaid",
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{shop.public_url}/c/pay/{id_}",
        "_private": {
            "intent": None,
            "intent_data": parameters.get("payment_intent_data", {}),
            "email": None,
            "names": [line["price_data"].get("product_data", {}).get("name", "") for line in lines],
        },
    }
