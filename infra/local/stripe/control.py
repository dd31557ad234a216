"""What a payer, a bank or the owner's dashboard would do, as JSON under /_control; for the local run and tests.

POST /_control/pay            {session, card?} or {payment_intent, card}; a declined card answers 402
POST /_control/card           {payment_method, card}           a stored card is as another from now on: lost, empty
POST /_control/card/renew     {payment_method, exp_year}         its bank gave out another in its place
POST /_control/authenticate   {payment_intent, passed?}          the 3-D Secure page
POST /_control/debit          {payment_intent, paid?}            the bank's answer to a debit
POST /_control/refund         {payment_intent, amount?}          as made in the dashboard
POST /_control/refund/finish  {refund, succeeded}                false: it fails, even after it had succeeded
POST /_control/dispute        {payment_intent, amount?, inquiry?}
POST /_control/dispute/close  {dispute, won}
POST /_control/payouts        {account}                          all that is on the balance goes to the bank
POST /_control/payouts/return {payout}                           the bank sends it back
POST /_control/lose           {lose}                             true: what happens from now on is told nobody
POST /_control/redeliver      {event, times?}
POST /_control/hold           {}
POST /_control/release        {order?: kept | reversed | shuffled, times?}
POST /_control/drain          {timeout_s?}                       wait until every webhook was delivered
POST /_control/endpoints      {endpoints: [{url, secrets, connect?, types?}]}
POST /_control/accounts       {account, key?}
POST /_control/merchants      {account?, key?}                   on no platform, with a restricted key; again: rolled
POST /_control/merchants/endpoints {account, url}                answers the secret; again: both sign
POST /_control/livemode       {livemode}
POST /_control/faults         {faults: [status | drop_before | drop_after]}
GET  /_control/requests, /_control/events, /_control/sessions, /_control/deliveries, /_control/contract_errors
"""

from collections.abc import Callable, Mapping
from typing import Any

from infra.local.stripe import checkout, customers, disputes, merchants, payments, payouts, refunds
from infra.local.stripe.api import PLATFORM, Api
from infra.local.stripe.books import Object, new_id, shown
from infra.local.stripe.charges import settle_in, tell_fees
from infra.local.stripe.customers import open_account
from infra.local.stripe.refusals import invalid, missing
from infra.local.stripe.shop import Shop
from infra.local.stripe.webhooks import Courier, Endpoint

Told = Mapping[str, Any]


class Control:
    """Every deed takes the JSON that was sent and answers what became of the object."""

    def __init__(self, api: Api, courier: Courier) -> None:
        self._api, self._courier = api, courier
        self._deeds: dict[str, Callable[[Told], object]] = {
            "pay": self.pay,
            "card": self.card,
            "card/renew": self.renew_card,
            "authenticate": self.authenticate,
            "debit": self.debit,
            "refund": self.refund,
            "refund/finish": self.finish_refund,
            "dispute": self.dispute,
            "dispute/close": self.close_dispute,
            "payouts": self.pay_out,
            "payouts/return": self.return_payout,
            "lose": lambda told: self._courier.lose(bool(told["lose"])),
            "redeliver": self.redeliver,
            "hold": lambda _: self._courier.hold(),
            "release": lambda told: self._courier.release(told.get("order", "kept"), times=int(told.get("times", 1))),
            "drain": self.drain,
            "endpoints": self.endpoints,
            "accounts": self.account,
            "merchants": self.merchant,
            "merchants/endpoints": self.merchant_endpoint,
            "livemode": self.livemode,
            "faults": lambda told: self._api.faults.extend(told["faults"]),
        }
        self._lists: dict[str, Callable[[], list[Any]]] = {
            "requests": self.requests,
            "events": lambda: self._all("event"),
            "sessions": lambda: self._all("checkout.session"),
            "deliveries": lambda: [{"event": id_, "status": status} for id_, status in self._courier.delivered],
            "contract_errors": lambda: self._api.contract_errors,
        }

    def answer(self, method: str, deed: str, told: Told) -> object:
        """Raises Refusal."""
        if method == "GET" and deed in self._lists:
            return {"data": shown(self._lists[deed]())}
        if method == "POST" and deed in self._deeds:
            return shown(self._deeds[deed](told))
        raise invalid(f"There is no {method} /_control/{deed}.", status=404)

    def pay(self, told: Told) -> Object:
        card = told.get("card", "pm_card_visa")
        with self._api.books.lock:
            if "session" in told:
                shop = self.owner("checkout.session", told["session"])
                return checkout.pay(shop, told["session"], card=card)
            shop = self.owner("payment_intent", told["payment_intent"])
            return payments.confirm(shop, told["payment_intent"], {"payment_method": card})

    def card(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_method", told["payment_method"])
            return customers.replaced(shop, told["payment_method"], card=told["card"])

    def renew_card(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_method", told["payment_method"])
            return customers.renewed(shop, told["payment_method"], exp_year=int(told["exp_year"]))

    def authenticate(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_intent", told["payment_intent"])
            return checkout.authenticate(shop, told["payment_intent"], passed=told.get("passed", True))

    def debit(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_intent", told["payment_intent"])
            return checkout.finish_debit(shop, told["payment_intent"], paid=told.get("paid", True))

    def refund(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_intent", told["payment_intent"])
            amount = {"amount": str(told["amount"])} if "amount" in told else {}
            return refunds.create(shop, "", {"payment_intent": told["payment_intent"], **amount})

    def finish_refund(self, told: Told) -> Object:
        with self._api.books.lock:
            return refunds.finish(self.owner("refund", told["refund"]), told["refund"], succeeded=told["succeeded"])

    def dispute(self, told: Told) -> Object:
        with self._api.books.lock:
            shop = self.owner("payment_intent", told["payment_intent"])
            charge = shop.find("payment_intent", told["payment_intent"])["latest_charge"]
            return disputes.open_dispute(shop, charge, inquiry=told.get("inquiry", False), amount=told.get("amount"))

    def close_dispute(self, told: Told) -> Object:
        with self._api.books.lock:
            return disputes.close(self.owner("dispute", told["dispute"]), told["dispute"], won=told["won"])

    def pay_out(self, told: Told) -> list[Object]:
        with self._api.books.lock:
            return payouts.pay_out(self._api.shop(told["account"]))

    def return_payout(self, told: Told) -> Object:
        with self._api.books.lock:
            return payouts.send_back(self.owner("payout", told["payout"]), told["payout"])

    def redeliver(self, told: Told) -> None:
        with self._api.books.lock:
            account = self.owner("event", told["event"]).account
            self._courier.redeliver(account, told["event"], times=int(told.get("times", 1)))

    def drain(self, told: Told) -> bool:
        with self._api.books.lock:
            for account in self._api.books.accounts():
                tell_fees(self._api.shop(account))
        return self._courier.drain(timeout_s=float(told.get("timeout_s", 30)))

    def endpoints(self, told: Told) -> None:
        self._courier.listen(
            [
                Endpoint(
                    url=each["url"],
                    secrets=tuple(each["secrets"]),
                    connect=each.get("connect", True),
                    types=frozenset(each.get("types", ())),
                )
                for each in told["endpoints"]
            ],
        )

    def account(self, told: Told) -> Object:
        """Make an account, with a key of its own if one is given, and its balance in one currency if that is."""
        if "key" in told:
            self._api.keys[told["key"]] = told["account"]
        if "settles_in" in told:
            settle_in(self._api.shop(told["account"]), told["settles_in"], told["rate"])
        return open_account(self._api.shop(PLATFORM), told["account"])

    def merchant(self, told: Told) -> Object:
        with self._api.books.lock:
            key = told.get("key") or merchants.new_key(self._api.books)
            return merchants.open_merchant(self._api, account=told.get("account") or new_id("acct"), key=key)

    def merchant_endpoint(self, told: Told) -> Object:
        with self._api.books.lock:
            return merchants.add_endpoint(self._api, self._courier, account=told["account"], url=told["url"])

    def livemode(self, told: Told) -> bool:
        self._api.books.livemode = bool(told["livemode"])
        return self._api.books.livemode

    def requests(self) -> list[Object]:
        kept = ("idempotency-key", "stripe-account", "stripe-version")
        return [
            {
                "method": asked.method,
                "path": asked.path,
                "parameters": asked.parameters,
                "headers": {name: asked.headers[name] for name in kept if name in asked.headers},
            }
            for asked in self._api.requests
        ]

    def owner(self, kind: str, id: str) -> Shop:
        """The account that has the object. Raises Refusal (404)."""
        for account in self._api.books.accounts():
            if any(object_["id"] == id for object_ in self._api.books.all(account, kind)):
                return self._api.shop(account)
        raise missing(kind, id)

    def _all(self, kind: str) -> list[Object]:
        return [
            {**object_, "account": account}
            for account in self._api.books.accounts()
            for object_ in self._api.books.all(account, kind)
        ]
