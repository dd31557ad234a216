"""What every page of the portal shares: who visits, in which language, under which headers, and what goes wrong."""

import base64
import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from chalice import Blueprint, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib import wiring
from chalicelib.domain.access import PortalLink
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import DomainError, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from chalicelib.domain.journal import Caller
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal import sessions
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Store
from chalicelib.usecases.linking import standing_link

HERE: Final = Path(__file__).parent
CHECKOUT_HOST: Final = "https://checkout.stripe.com"
LARGEST_FORM: Final = 20_000
FORM: Final = "application/x-www-form-urlencoded"
FONT: Final = "inter.woff2"
STATIC: Final = {"portal.css": "text/css; charset=utf-8", "portal.js": "text/javascript; charset=utf-8"}

blueprint = Blueprint(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A client looking at their own documents; ``store`` acts in the client's name.

    now: the business's time; a sandbox may have its own.
    """

    business: Business
    client: Client
    store: Store
    session: sessions.Session
    now: datetime
    query: Mapping[str, str]
    form: Mapping[str, str]

    @property
    def today(self) -> date:
        return self.business.today(self.now)

    def wording(self, language: str | None) -> Wording:
        """The words of a document's language, else of the client's."""
        return wiring.wording(language or self.business.speaks(self.client.language), self.business.country)


def page(method: str, path: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Register a page under /portal for whoever followed a link.

    A POST must bring the token of one of our forms for this very path.
    """
    accepted = {"content_types": [FORM]} if method == "POST" else {}

    def register(view: Callable[..., Response]) -> Callable[..., Response]:
        @blueprint.route(f"/portal{path}", methods=[method], name=f"portal_{view.__name__}", **accepted)
        @functools.wraps(view)
        def route(**parts: str) -> Response:
            request = blueprint.current_request
            return guarded(request, lambda: _visited(view, request, method, path.format(**parts), parts))

        return view

    return register


def open_page(path: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Register a page that takes no session; the view is given the request."""

    def register(view: Callable[..., Response]) -> Callable[..., Response]:
        @blueprint.route(f"/portal{path}", methods=["GET"], name=f"portal_{view.__name__}")
        @functools.wraps(view)
        def route(**parts: str) -> Response:
            request = blueprint.current_request
            return guarded(request, lambda: view(request, **parts))

        return view

    return register


def shown(
    template: str,
    words: Wording,
    *,
    status: int = 200,
    session: sessions.Session | None = None,
    **values: Any,  # noqa: ANN401 - whatever the template says
) -> Response:
    """A page from its template."""
    said = {
        "t": words.text,
        "language": words.tag,
        "url": url,
        "asset": asset,
        "business": None,
        "here": "",
        "seen": "",
    }
    said |= values
    if session:
        said["token"] = functools.partial(sessions.form_token, session, secret=signing_secret())
    body = templates().get_template(template).render(said)
    return Response(body, status_code=status, headers=_headers("text/html; charset=utf-8"))


def sent_on(path: str, *, absolute: bool = False) -> Response:
    """See other: the browser asks for another page, so that going back or reloading repeats no deed."""
    response = Response("", status_code=303, headers=_headers("text/html; charset=utf-8"))
    response.headers["Location"] = path if absolute else url(path)
    return response


def url(path: str) -> str:
    """The address of a page; behind an API Gateway stage all of them have a prefix."""
    return f"{urlsplit(wiring.config().public_url).path}/portal{path}"


def signing_secret() -> bytes:
    return wiring.secret("SIGNING_SECRET").encode()


def with_cookie(response: Response, session: sessions.Session) -> Response:
    is_https = wiring.config().public_url.startswith("https:")
    cookie = sessions.set_cookie(session, path=url(""), secure=is_https, secret=signing_secret())
    response.headers["Set-Cookie"] = cookie
    return response


def _headers(content_type: str) -> dict[str, str | list[str]]:
    """``form-action`` holds for redirects too, so it names the host of the payment page."""
    policy = (
        "default-src 'none'; style-src 'self'; font-src data:; img-src 'self' data:; script-src 'self'; "
        f"connect-src 'self'; form-action 'self' {_checkout_host()}; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Type": content_type,
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _checkout_host() -> str:
    own = urlsplit(wiring.config().stripe_api_base)
    return f"{own.scheme}://{own.netloc}" if own.netloc else CHECKOUT_HOST


def _visited(view: Callable[..., Response], request: Any, method: str, path: str, parts: Mapping[str, str]) -> Response:  # noqa: ANN401 - chalice's request
    session, visit = _admitted(request)
    if method == "POST":
        sessions.must_be_sent_from_here(visit.form.get("token", ""), session, path, secret=signing_secret())
    response = view(visit, **parts)
    return with_cookie(response, sessions.begun(session.link_id, now=wiring.now()))


def _admitted(request: Any) -> tuple[sessions.Session, Visit]:  # noqa: ANN401
    now = wiring.now()
    session = sessions.session_in(request.headers.get("cookie", ""), now=now, secret=signing_secret())
    business_id, link = standing_link(session.link_id, now=now, directory=wiring.directory())
    return session, _visit(business_id, link, session, request)


def _visit(business_id: str, link: PortalLink, session: sessions.Session, request: Any) -> Visit:  # noqa: ANN401
    caller = Caller(business_id=business_id, actor=link.client_id, correlation_id=request.context.get("requestId", ""))
    store = wiring.store(caller)
    business = store.get(Business)
    store.sandbox = business.sandbox
    return Visit(
        business=business,
        client=store.get(Client, link.client_id),
        store=store,
        session=session,
        now=wiring.now(business),
        query=dict(request.query_params or {}),
        form=_form(request),
    )


def _form(request: Any) -> dict[str, str]:  # noqa: ANN401
    raw: bytes = request.raw_body or b""
    if len(raw) > LARGEST_FORM:
        raise TooLarge("form_too_large", f"You cannot send more than {LARGEST_FORM} bytes.")
    fields = parse_qs(raw.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[-1] for name, values in fields.items()}


def guarded(request: Any, visit: Callable[[], Response]) -> Response:  # noqa: ANN401
    """The page, or a friendly one that says what went wrong; the cause is logged where it is our own."""
    try:
        return visit()
    except DomainError as refused:
        return _apology(request, refused)
    except Exception:  # noqa: BLE001 - a person gets a page whatever happens; the log gets the cause
        logger.exception("failed", page=request.context.get("resourcePath", ""))
        return _apology(request, None)


STATUS: Final[Mapping[type[DomainError], int]] = {NotFound: 404, Forbidden: 403, Invalid: 422, TooLarge: 413}
"""What is not here is a 409: the document has moved on since the page was loaded."""


def _apology(request: Any, refused: DomainError | None) -> Response:  # noqa: ANN401
    match refused:
        case None:
            kind, status = "failed", 500
        case Unauthenticated():
            over = refused.code == "link_over"
            kind, status = ("over", 410) if over else ("session", 403)
        case _:
            status = STATUS.get(type(refused), 409)
            kind = {404: "missing", 403: "forbidden"}.get(status, "moved")
    return shown("apology.html", wiring.wording(_preferred(request), None), status=status, kind=kind)


def _preferred(request: Any) -> str:  # noqa: ANN401
    """The first language of the browser; the link that would have told the client's is not known."""
    return str(request.headers.get("accept-language") or "en")[:2].lower()


def static_file(name: str) -> Response:
    """A static file under the address that ``asset`` gave; an older or unknown address is not there."""
    stem, _, suffix = name.rpartition(".")
    plain = f"{stem.rpartition('.')[0]}.{suffix}"
    if plain not in STATIC or asset(plain).rpartition("/")[2] != name:
        raise NotFound("file", name)
    headers: dict[str, str | list[str]] = {
        "Content-Type": STATIC[plain],
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(_static(plain), headers=headers)


def asset(name: str) -> str:
    """The address of a static file; it changes with its content, so it may be kept for ever."""
    stem, _, suffix = name.rpartition(".")
    return url(f"/static/{stem}.{_digest(name)}.{suffix}")


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_static(name).encode()).hexdigest()[:12]


@cache
def _static(name: str) -> str:
    """The file; the style sheet carries its font, since API Gateway sends text as it is but not every binary file."""
    text = (HERE / "static" / name).read_text(encoding="utf-8")
    font = base64.b64encode((HERE / "static" / FONT).read_bytes()).decode()
    return text.replace(f"url({FONT})", f"url(data:font/woff2;base64,{font})")


@cache
def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
