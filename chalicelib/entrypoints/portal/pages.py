"""What every page of the portal shares: who visits, by which form, and what goes wrong."""

import functools
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import parse_qs

from chalice import Blueprint, Response

from chalicelib import wiring
from chalicelib.domain.access import PortalLink
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import DomainError, Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from chalicelib.domain.journal import Caller
from chalicelib.domain.letterhead import initials_of
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording, first_of
from chalicelib.entrypoints.portal import sessions
from chalicelib.entrypoints.portal.looks import shown, signing_secret, url
from chalicelib.entrypoints.runtime import logger
from chalicelib.ports import Store
from chalicelib.usecases.linking import open_link, standing_link

LARGEST_FORM: Final = 20_000
MOST_FIELDS: Final = 20
FORM: Final = "application/x-www-form-urlencoded"

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
        spoken = language or self.business.speaks(self.client.language)
        return wiring.wording(first_of(spoken), self.business.country)


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


def laid_out(visit: Visit, template: str, language: str | None, **values: Any) -> Response:  # noqa: ANN401 - whatever the template says
    """A page of the business's for its client, in a language, else the client's."""
    return shown(
        template,
        visit.wording(language),
        session=visit.session,
        business=visit.business,
        initials=initials_of(visit.business.name),
        client=visit.client,
        here=template.partition(".")[0],
        **values,
    )


def with_cookie(response: Response, session: sessions.Session) -> Response:
    is_https = wiring.config().public_url.startswith("https:")
    cookie = sessions.set_cookie(session, path=url(""), secure=is_https, secret=signing_secret())
    response.headers["Set-Cookie"] = cookie
    return response


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
        client=open_link(link, store=store),
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
    try:
        fields = parse_qs(raw.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise TooLarge("form_too_large", f"You cannot send more than {MOST_FIELDS} fields.") from error
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
    return shown("apology.html", browser_wording(request), status=status, kind=kind)


def browser_wording(request: Any) -> Wording:  # noqa: ANN401
    """The words of the browser's first language; the link that would have told the client's is not known."""
    return wiring.wording(str(request.headers.get("accept-language") or "en")[:2].lower(), None)
