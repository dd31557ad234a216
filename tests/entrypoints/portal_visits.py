"""A portal over tables in memory, and the browser of somebody who visits it."""

import html
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalicelib import wiring
from chalicelib.adapters.dynamodb.store import DynamoStore
from chalicelib.domain.business import Business
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Item
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Content
from chalicelib.usecases import drafting, issuing, linking, opening, publishing, quoting, registering
from infra.local.gateway import Answer, Gateway, Request
from tests import builders as b
from tests.entrypoints import calling
from tests.fakes.gateway import FakeGateway
from tests.fakes.papers import MemoryFiles, a_press
from tests.fakes.tables import MemoryTables
from tests.fakes.time import Clock, Ids

PUBLIC_URL = "https://quittance.example"
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Portal:
    """The portal of one business and its client Marie Gagnon; ``url`` is where it is reached."""

    tables: MemoryTables
    gateway: FakeGateway
    files: MemoryFiles
    clock: Clock
    business: Business
    site: Gateway
    ids: Ids = field(default_factory=Ids)

    def store(self, business_id: str = b.BUSINESS) -> DynamoStore:
        return DynamoStore(tables=self.tables, caller=b.a_caller(business_id))

    def link(self, landing: str = "", *, client_id: str = b.CLIENT, random: bytes = b"\x01" * 32) -> str:
        """The path of a new link."""
        address = linking.give_link(
            client_id, landing=landing, now=self.clock(), random=random, store=self.store(), public_url=PUBLIC_URL
        )
        return urlsplit(address).path

    def quoted(self, sold: Content | None = None, *, client_id: str = b.CLIENT, **more: Any) -> Quote:
        """A quote that was sent, valid for ten days."""
        wanted = {"valid_until": self.business.today(b.later(days=10))} | more
        drafted = quoting.draft_quote(
            sold or b.content(schedule=b.halves()),
            client_id=client_id,
            business=self.business,
            now=self.clock(),
            ids=self.ids,
            store=self.store(),
            **wanted,
        )
        return quoting.send_quote(drafted.id, now=self.clock(), store=self.store())

    def drafted(self, sold: Content | None = None, *, client_id: str = b.CLIENT, **more: Any) -> Invoice:
        wish = drafting.Wish(client_id=client_id, content=sold or b.content(), **more)
        return drafting.draft_invoice(wish, business=self.business, now=self.clock(), ids=self.ids, store=self.store())

    def invoiced(self, sold: Content | None = None, **more: Any) -> Invoice:
        """An issued invoice."""
        return issuing.issue_invoice(
            self.drafted(sold, **more).id, now=self.clock(), store=self.store(), press=a_press()
        )

    def published(self, price: str, **more: Any) -> Item:
        """An item in the client's balance."""
        item = b.an_item(**{"id": self.ids("itm"), "unit_price": Decimal(price), "amount": b.cad(price)} | more)
        drafted = publishing.draft_item(item, now=self.clock(), store=self.store())
        return publishing.publish_item(drafted.id, now=self.clock(), store=self.store()).item

    def visitor(self, landing: str = "", **link: Any) -> "Visitor":
        """Somebody who has followed a link."""
        visitor = Visitor(self)
        visitor.get(self.link(landing, **link))
        return visitor


@dataclass(slots=True)
class Visitor:
    """A browser: it keeps the cookie, and sends forms as they stand on the page it last saw."""

    portal: Portal
    language: str = "fr"
    cookie: str = ""
    page: str = ""

    def get(self, path: str) -> Answer:
        """A page; its HTML stays for the next form."""
        answer = self.ask("GET", path)
        self.page = answer.body.decode(errors="replace")
        return answer

    def submit(self, action: str, **fields: str) -> Answer:
        """Send the form of the last page that leads there, with its hidden fields."""
        return self.post(action, **(self.hidden(action) | fields))

    def post(self, path: str, **fields: str) -> Answer:
        return self.ask("POST", path, body=urlencode(fields).encode())

    def see(self) -> Answer:
        """What the page's script does."""
        path, token = (html.unescape(found) for found in _seen(self.page))
        return self.post(path, token=token)

    def hidden(self, action: str) -> dict[str, str]:
        form = re.search(rf'<form [^>]*action="{re.escape(action)}">(.*?)</form>', self.page, re.DOTALL)
        assert form, f"the page has no form to {action}"
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[1])
        return {name: html.unescape(value) for name, value in found}

    def ask(self, method: str, path: str, *, body: bytes = b"") -> Answer:
        parts = urlsplit(path)
        headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": self.language}
        headers |= {"cookie": self.cookie} if self.cookie else {}
        headers |= {"content-type": FORM} if method == "POST" else {}
        answer = self.portal.site.answer(
            Request(method=method, path=parts.path, query=parts.query, headers=headers, body=body)
        )
        if set_cookie := header(answer, "Set-Cookie"):
            self.cookie = set_cookie.partition(";")[0]
        return answer


def header(answer: Answer, name: str) -> str:
    return next((value for key, value in answer.headers if key.lower() == name.lower()), "")


def opened(monkeypatch, *, public_url: str = PUBLIC_URL, **business: Any) -> Portal:
    """A portal with the business and its client in it."""
    clock, gateway, files, tables = Clock(), FakeGateway(), MemoryFiles(), MemoryTables()
    wiring.config.cache_clear()
    wiring._secret.cache_clear()
    monkeypatch.setenv("PUBLIC_URL", public_url)
    monkeypatch.setenv("SIGNING_SECRET", "a secret of the test")
    monkeypatch.setattr(wiring, "tables", lambda: tables)
    monkeypatch.setattr(wiring, "gateway", lambda: gateway)
    monkeypatch.setattr(wiring, "files", lambda: files)
    monkeypatch.setattr(wiring, "now", lambda business=None: (business and business.clock) or clock())
    portal = Portal(
        tables=tables,
        gateway=gateway,
        files=files,
        clock=clock,
        business=b.a_business(**{"stripe_account": "acct_1"} | business),
        site=calling.site(),
    )
    opening.open_business(
        portal.business,
        key_name="owner",
        random=b"\x02" * 32,
        now=clock(),
        ids=portal.ids,
        store=portal.store(),
    )
    registering.add_client(b.a_client(), now=clock(), store=portal.store())
    return portal


def _seen(page: str) -> tuple[str, str]:
    found = re.search(r'data-seen="([^"]+)" data-token="([^"]+)"', page)
    assert found, "the page tells nobody that it was seen"
    return found[1], found[2]
