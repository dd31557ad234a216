"""Those who use the local run from outside: a program with its key, and a client with a browser."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any

TIMEOUT_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON of any shape
        return json.loads(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Calls the API with a key. Raises RuntimeError with the problem's own words if it is refused."""

    url: str
    api_key: str

    def ask(self, method: str, path: str, body: object = None) -> Answered:
        request = urllib.request.Request(  # noqa: S310  # our own address
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.api_key}", "Content-Type": "application/json"},
        )
        answered = _open(urllib.request.build_opener(_Staying), request)
        if answered.status >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path} was refused with {answered.status}: {answered.text[:600]}")
        return answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """action: where it goes; fields: what it would send as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Browser:
    """Follows links, keeps cookies, fills in forms."""

    def __init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), _Staying)
        self.address = ""
        self.page = ""

    def visit(self, address: str) -> str:
        """Open a page, wherever it leads; the page's text."""
        return self._go(urllib.request.Request(urllib.parse.urljoin(self.address, address)))  # noqa: S310

    def send(self, action_part: str, **values: str) -> str:
        """Send the first form of this page whose action holds this; the next page's text."""
        form = next(each for each in forms(self.page) if action_part in each.action)
        data = urllib.parse.urlencode({**form.fields, **values}).encode()
        address = urllib.parse.urljoin(self.address, form.action)
        return self._go(urllib.request.Request(address, data=data, method="POST"))  # noqa: S310

    def _go(self, request: urllib.request.Request) -> str:
        while True:
            answered = _open(self._opener, request)
            self.address = request.full_url
            if answered.status >= HTTPStatus.BAD_REQUEST:
                raise RuntimeError(f"{self.address} was refused with {answered.status}: {answered.text[:600]}")
            if "location" not in answered.headers:
                self.page = answered.text
                return self.page
            target = urllib.parse.urljoin(self.address, answered.headers["location"])
            request = urllib.request.Request(target)  # noqa: S310  # our own addresses and the stand-in's


def forms(page: str) -> list[Form]:
    """Every form of a page with what it would send as it stands."""
    parser = _Forms()
    parser.feed(page)
    return parser.forms


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=has.get("action", "")))
        elif self.forms and tag == "input" and has.get("name"):
            is_off = has.get("type") in {"radio", "checkbox"} and "checked" not in has
            if not is_off:
                self.forms[-1].fields[has["name"]] = has.get("value", "")


class _Staying(urllib.request.HTTPRedirectHandler):
    """Leaves a redirection to the caller, who wants to see where it leads."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def _open(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Answered:
    try:
        with opener.open(request, timeout=TIMEOUT_S) as response:
            return _answered(response)
    except urllib.error.HTTPError as other:
        with other:
            return _answered(other)


def _answered(response: Any) -> Answered:  # noqa: ANN401  # a response or an error, which share no type
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answered(status=response.status, headers=headers, text=response.read().decode("utf-8", errors="replace"))
