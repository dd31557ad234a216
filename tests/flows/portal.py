"""A client's browser without JavaScript: it keeps the cookie, follows redirections, and sends forms as they stand."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from infra.local.visitor import forms

HERE = "https://billing.example.com"
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Portal:
    """address and page: where the browser is; away: the address of another site to which it was sent."""

    request: Callable[..., Any]
    language: str = "fr"
    cookie: str = ""
    address: str = ""
    page: str = ""
    status: int = 0
    away: str = ""

    def visit(self, address: str) -> str:
        """Open a page, wherever it leads; its HTML."""
        return self._go("GET", urljoin(self.address or HERE, address))

    def send(self, action_part: str, **fields: str) -> str:
        """Send the first form of this page whose action holds this."""
        form = next(each for each in forms(self.page) if action_part in each.action)
        return self._go("POST", urljoin(self.address, form.action), urlencode(form.fields | fields).encode())

    def see(self) -> None:
        """What the page's script does when a person looks at it."""
        found = re.search(r'data-seen="([^"]+)" data-token="([^"]+)"', self.page)
        assert found, "the page tells nobody that it was seen"
        path, token = (html.unescape(each) for each in found.groups())
        self._ask("POST", urljoin(self.address, path), urlencode({"token": token}).encode())

    def pay(self, choice: str = "all") -> str:
        """Press the button; the address of the provider's page."""
        self.send("/pay", choice=choice)
        return self.away

    @property
    def text(self) -> str:
        """What the page says, without its tags; non-breaking spaces are spaces."""
        body = re.sub(r"<(script|style|title).*?</\1>", " ", self.page, flags=re.DOTALL)
        plain = html.unescape(re.sub(r"<[^>]+>", " ", body))
        return " ".join(plain.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").split())

    def _go(self, method: str, address: str, body: bytes = b"") -> str:
        self.away = ""
        answer = self._ask(method, address, body)
        while "location" in answer.headers:
            address = urljoin(address, answer.headers["location"])
            if not address.startswith(HERE):
                self.away = address
                return self.page
            answer = self._ask("GET", address)
        self.address, self.page, self.status = address, answer.text, answer.status
        return self.page

    def _ask(self, method: str, address: str, body: bytes = b"") -> Any:
        parts = urlsplit(address)
        headers = {"accept": "text/html,*/*;q=0.8", "accept-language": self.language}
        headers |= {"cookie": self.cookie} if self.cookie else {}
        headers |= {"content-type": FORM} if method == "POST" else {}
        answer = self.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer
