"""A whole Quittance in the test's process: its API, portal, stream, queues, clock and mail, on an emulated AWS.

Nothing happens by itself: the test says when the stream and the queues are worked off (``settle``), when the minute's
sweep runs (``sweep``), when time passes (``time.pass_``), and when Stripe's events arrive (``deliver_events``).
"""

import importlib
import json
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

from chalicelib import wiring
from chalicelib.adapters.dynamodb.tables import Table
from chalicelib.domain.journal import Account, Caller
from chalicelib.usecases import opening
from infra.local.clock import scheduled
from infra.local.functions import context, function
from infra.local.gateway import Gateway, Request
from infra.local.stripe import StandIn, sign
from tests import builders as b
from tests.aws import Aws
from tests.flows import books
from tests.flows.faults import Faults
from tests.flows.portal import Portal
from tests.flows.post import Mail, read
from tests.flows.pumps import Pump, Settled
from tests.flows.stripe_events import events_on_the_platform
from tests.flows.things import Answer, House, Time

PLATFORM_KEY = "sk_test_quittance"
WEBHOOK_SECRET = "whsec_test"
WEBHOOK = "/v1/stripe/webhook"
ACCOUNTS = count(1)


@dataclass(slots=True)
class World:
    aws: Aws
    stripe: StandIn
    time: Time
    gateway: Gateway
    app: Any
    faults: Faults
    pump: Pump
    house: House = field(init=False)
    houses: list[House] = field(default_factory=list)
    _strangers: int = 0  # so many accounts were in Stripe's books before this test
    _told: int = 0  # so many of the events of this test's were fetched
    _kept: list[dict[str, Any]] = field(default_factory=list)

    # businesses and what they do

    def business(self, **settings: Any) -> House:
        """Open a business: a plumber in Montreal with TPS and TVQ; it is the one spoken of from now on."""
        account = f"acct_flow{next(ACCOUNTS)}"
        self.stripe.control.account({"account": account})
        new = b.a_business(
            **{"id": wiring.ids("biz"), "stripe_account": account, "created_at": self.time.instant} | settings
        )
        store = wiring.store(Caller(business_id=new.id, actor="test"), sandbox=new.sandbox)
        opened, key = opening.open_business(
            new,
            key_name="owner",
            random=wiring.random_bytes(32),
            now=wiring.now(),
            ids=wiring.ids,
            store=store,
        )
        self.house = House(opened.id, key, account)
        self.houses.append(self.house)
        return self.house

    def key(self, role: str) -> str:
        """A new key of this role."""
        return str(self.ok("POST", "/v1/keys", {"name": role, "role": role})["secret"])

    def client(self, **more: Any) -> Any:
        """Marie Gagnon, who reads French."""
        plain = {"name": "Marie Gagnon", "email": "marie@example.com", "language": "fr"}
        return self.ok("POST", "/v1/clients", plain | more).body

    def quote(self, client: Any = None, **more: Any) -> Any:
        """A draft quote over 1,000.00, so 1,149.75 with both taxes."""
        return self.ok("POST", "/v1/quotes", self._sold(client, more)).body

    def draft(self, client: Any = None, **more: Any) -> Any:
        """A draft invoice over 1,000.00, so 1,149.75 with both taxes."""
        return self.ok("POST", "/v1/invoices", self._sold(client, more)).body

    def invoice(self, client: Any = None, **more: Any) -> Any:
        """The same, issued and not sent."""
        draft = self.draft(client, **more)
        return self.ok("POST", f"/v1/invoices/{draft['id']}/issue", {}).body

    def approve(self, quote: Any, **more: Any) -> Any:
        return self.ok("POST", f"/v1/quotes/{quote['id']}/approve", {"by": "Marie Gagnon"} | more).body

    def invoices_of(self, quote: Any) -> list[Any]:
        """The invoices of a quote, the first to go out first."""
        listed = self.ok("GET", f"/v1/invoices?quote_id={quote['id']}&limit=100")["data"]
        whole = [self.see(each) for each in listed]
        return sorted(whole, key=lambda invoice: (invoice["send_on"] or "", invoice["id"]))

    def see(self, document: Any) -> Any:
        """A document, client or payment as it is now."""
        places = {"quo": "quotes", "inv": "invoices", "cli": "clients", "pay": "payments"}
        id = document if isinstance(document, str) else document["id"]
        return self.ok("GET", f"/v1/{places[id[:3]]}/{id}").body

    def balance(self, client: Any) -> Any:
        return self.ok("GET", f"/v1/clients/{client['id']}/balance").body

    def timeline(self, document: Any) -> list[str]:
        """The types of the events of a document, oldest first."""
        place = {"quo": "quotes", "inv": "invoices"}[document["id"][:3]]
        return [event["type"] for event in self.ok("GET", f"/v1/{place}/{document['id']}/timeline")["data"]]

    def _sold(self, client: Any, more: dict[str, Any]) -> dict[str, Any]:
        client = client or self.client()
        lines = [{"description": "Remplacement du chauffe-eau", "unit_price": "1000.00"}]
        return {"client_id": client["id"], "lines": lines} | more

    # HTTP

    def api(self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Answer:
        """A request with the owner's key, or another; ``If_Match="3"`` is the header If-Match.

        body: JSON, or bytes to be sent as they are.
        """
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        plain = {"authorization": f"Bearer {key or self.house.key}", "content-type": "application/json"}
        return self.request(method, path, sent, plain | named)

    def ok(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """A request that must succeed."""
        answer = self.api(method, path, body, **more)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text}"
        return answer

    def request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Any request, as API Gateway hands it to the app."""
        where, _, query = path.partition("?")
        given = self.gateway.answer(Request(method=method, path=where, query=query, headers=headers, body=body))
        named: dict[str, str] = {name.lower(): value for name, value in given.headers}
        return Answer(given.status, given.body.decode(errors="replace"), named, given.body)

    def portal(self, link: str, *, language: str = "fr") -> Portal:
        """A client's browser that has followed a link."""
        browser = Portal(self.request, language=language)
        browser.visit(link)
        return browser

    # the stream, the queues, the clock

    def settle(self, *, times: int = 1, failures: int = 0) -> Settled:
        """Work the stream and the queues off, everything so many times; what fails stays for the next settle.

        failures: how many there must be.
        """
        settled = self.pump.settle(times=times)
        assert settled.failures == failures, f"{settled.failures} failed, not {failures}"
        return settled

    def replay(self, order: str = "kept") -> Settled:
        """Give every record of the journal's stream again: ``kept``, ``reversed``, ``shuffled``; then settle."""
        return self.pump.replay(order)

    def sweep(self) -> None:
        """The minute's tick."""
        self.wake("sweep", scheduled("sweep", self.time.instant))

    def wake(self, name: str, event: dict[str, Any]) -> Any:
        """Wake a function with an event of AWS's."""
        return function(self.app, name)(event, context(name))  # type: ignore[misc]

    def move_clock(self, instant: str) -> None:
        """Move a sandbox business's clock; what became due is settled too."""
        self.ok("POST", "/v1/sandbox/clock", {"now": instant})
        self.settle()

    # mail

    @property
    def mails(self) -> list[Mail]:
        """What the mail provider accepted, in order."""
        return [read(raw) for raw in self.aws.mails]

    def mails_to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    def mail_news(
        self, document: Any, kind: str, *, message_id: str | None = None, settled: bool = True, **detail: Any
    ) -> None:
        """What the provider says later of the document's last mail: ``Email Bounced``, ``Email Delivered``..."""
        tags = {"business": [self.house.id], "document": [document["id"]]}
        mail = {"messageId": message_id or self.message_id(document), "tags": tags}
        news = {"source": "aws.ses", "detail-type": kind, "detail": {"mail": mail, **detail}}
        self.wake("bounced", scheduled("bounced", self.time.instant) | news)
        if settled:
            self.settle()

    def message_id(self, document: Any) -> str:
        """The provider's id of the document's last mail, as the journal has it."""
        rows = (
            json.loads(row["doc"]["S"])
            for row in self.aws.rows("core")
            if document["id"] in row["PK"]["S"] + row["SK"]["S"]
        )
        return next(doc["delivery"]["message_id"] for doc in rows if "delivery" in doc)

    # Stripe

    def pay_at_checkout(self, url: str, *, card: str = "pm_card_visa") -> Any:
        """Fill in the provider's page; answers its payment intent. The events wait for ``deliver_events``."""
        session = url.partition("#")[0].partition("?")[0].rpartition("/")[2]
        return self.stripe.control.pay({"session": session, "card": card})

    def events(self) -> list[dict[str, Any]]:
        """Stripe's events about this world's businesses that were not delivered yet, oldest first."""
        everything = events_on_the_platform(self.stripe, after=self._strangers)
        self._kept += everything[self._told :]
        self._told = len(everything)
        return list(self._kept)

    def deliver_events(self, *, times: int = 1, order: str = "kept") -> list[Answer]:
        """Let Stripe's events arrive, each so many times; the answers."""
        waiting = self.events()
        self._kept.clear()
        if order == "reversed":
            waiting.reverse()
        return [self.webhook(event) for event in waiting for _ in range(times)]

    def webhook(
        self, event: dict[str, Any] | bytes, *, secret: str = WEBHOOK_SECRET, signature: str | None = None, at: int = 0
    ) -> Answer:
        """One delivery, signed now unless told otherwise.

        at: seconds that the signature's time differs from ours.
        """
        body = event if isinstance(event, bytes) else json.dumps(event, indent=2, ensure_ascii=False).encode()
        signed = signature or sign(body, secret, int(self.time.instant.timestamp()) + at)
        headers = {"content-type": "application/json; charset=utf-8", "stripe-signature": signed}
        return self.request("POST", WEBHOOK, body, headers)

    # what is written

    def everything(self) -> dict[str, Any]:
        """Every item of every table, to see that nothing was written."""
        return {
            table: sorted(json.dumps(row, sort_keys=True, default=str) for row in self.aws.rows(table))
            for table in ("core", "journal", "ops")
        }

    def check_the_books(self) -> None:
        """Raises AssertionError when something is wrong in some business's books."""
        kept = {table: self.aws.rows(table.value) for table in Table}
        for house in self.houses:
            books.check(house.id, kept)

    def booked_taxes(self) -> dict[str, int]:
        """What the journal says is owed to the tax office, in minor units, by tax."""
        owed: dict[str, int] = {}
        for envelope in books.envelopes(self.aws.rows("journal"), self.house.id):
            for posting in envelope.event.postings:
                if posting.account is Account.TAX:
                    owed[posting.code] = owed.get(posting.code, 0) - posting.amount.minor
        return owed

    def files(self) -> dict[str, bytes]:
        """What is in the bucket, by key."""
        s3, bucket = self.aws.client("s3"), self.aws.environment["DOCUMENTS_BUCKET"]
        keys = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}


@cache
def application() -> tuple[Any, Gateway]:
    """The app and its gateway; once, since Chalice registers its blueprints once."""
    app = importlib.import_module("app").app
    return app, Gateway(app)


def blueprints() -> list[Any]:
    module = importlib.import_module("app")
    return [part.blueprint for part in (module.operations, module.pages, module.webhooks, module.events, module.portal)]


def opened(aws: Aws, stripe: StandIn, time: Time) -> World:
    """A world with one business in it."""
    app, gateway = application()
    world = World(
        aws=aws,
        stripe=stripe,
        time=time,
        gateway=gateway,
        app=app,
        faults=Faults(wiring.aws),
        pump=Pump(app, aws.client, aws.environment),
        _strangers=len(stripe.api.books.accounts()),
    )
    world.business()
    return world
