"""One decorator per route: it registers, admits, parses, answers, replays, and documents."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from chalice import AuthResponse, Blueprint, Response
from chalice.app import AuthRequest, Request
from pydantic import BaseModel

from chalicelib import wiring
from chalicelib.domain.access import Role, require
from chalicelib.domain.business import Business
from chalicelib.domain.errors import DomainError, Invalid, NotFound, Unauthenticated
from chalicelib.domain.journal import Caller
from chalicelib.domain.values import dataclass
from chalicelib.entrypoints.http.incoming import body_in, expected_version, query_in, sized
from chalicelib.entrypoints.http.problems import Unreadable, problem
from chalicelib.entrypoints.runtime import logger, observed
from chalicelib.usecases.admitting import admit
from chalicelib.wiring import BusinessStore, Repeatable

CREATED = 201
LONGEST_KEY = 255
LONGEST_ID = 64
ANY_TYPE = ["*/*"]
"""We refuse other types than JSON ourselves: Chalice's refusal is no problem+json."""

blueprint = Blueprint(__name__)
"""Every operation of /v1 is registered here, and so is the authorizer in front of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One admitted request: for whom, in which role, at what time, with which state to work on."""

    business: Business
    store: BusinessStore
    role: Role
    actor: str
    now: datetime
    if_match: int | None
    path: str
    parts: Mapping[str, str]
    query: Any = None

    @property
    def ids(self) -> Callable[[str], str]:
        return wiring.ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is known of a route; the OpenAPI document is made from these."""

    method: str
    path: str
    view: Callable[..., Any]
    needs: str
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    answer: type[BaseModel] | None
    status: int
    refusals: tuple[int, ...]
    again: Callable[[Call, str], Any] | None
    forever: bool
    secret: bool
    harmless: bool
    file: bool
    place: str | None
    tag: str

    @property
    def summary(self) -> str:
        return (self.view.__doc__ or self.view.__name__).strip().splitlines()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A view's answer when it is more than a body."""

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


OPERATIONS: list[Operation] = []


@blueprint.authorizer(ttl_seconds=0)
@observed
def authorizer(request: AuthRequest) -> AuthResponse:
    """Say who is asking; each operation then decides what they may do.

    What does not prove itself is let through as nobody: the operation answers 401 with the reason, in our own words.
    Not cached, so that a revoked key ends at once.
    """
    verifier = wiring.access_tokens if wiring.config().oidc_issuer else None
    try:
        who = admit(request.token or "", now=wiring.now(), directory=wiring.directory(), tokens=verifier)
    except DomainError as refused:
        context = {"refused": refused.code, "because": refused.detail}
        return AuthResponse(routes=["*"], principal_id="nobody", context=context)
    return AuthResponse(
        routes=["*"],
        principal_id=who.actor,
        context={"business_id": who.business_id, "actor": who.actor, "role": str(who.role)},
    )


def operation(
    method: str,
    path: str,
    *,
    needs: str,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    again: Callable[[Call, str], Any] | None = None,
    forever: bool = False,
    secret: bool = False,
    harmless: bool = False,
    file: bool = False,
    place: str | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a view under /v1.

    needs:   the permission it takes; query: the shape of its query string, given as ``call.query``.
    again:   gives the answer for an id anew, when a request is repeated whose first answer was not kept.
    forever: an Idempotency-Key is remembered for ever (money moves, a number is given), else 24 hours.
    secret:  the answer shows a secret once, so it is never kept.
    harmless: doing it again is as good as the first answer, so nothing is remembered.
    file:    the answer is a file of some kind, or a redirection to it.
    place:   under which what is made can be read, for Location.
    """

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        one = Operation(
            method=method,
            path=f"/v1{path}",
            view=view,
            needs=needs,
            body=body,
            query=query,
            answer=answer,
            status=status,
            refusals=refusals,
            again=again,
            forever=forever,
            secret=secret,
            harmless=harmless,
            file=file,
            place=place,
            tag=path.split("/")[1],
        )
        OPERATIONS.append(one)

        @blueprint.route(one.path, methods=[method], name=view.__name__, authorizer=authorizer, content_types=ANY_TYPE)
        @functools.wraps(view)
        def route(**parts: str) -> Response:
            return _served(one, blueprint.current_request, parts)

        return view

    return register


def _served(one: Operation, request: Request, parts: dict[str, str]) -> Response:
    request_id = request.context.get("requestId", "")
    try:
        call, repeatable = _admitted(one, request, parts, request_id)
        return _carried_out(one, call, repeatable, request, parts)
    except (DomainError, Unreadable) as refused:
        return problem(refused, request_id=request_id)
    except Exception as error:  # noqa: BLE001 - the border: it is logged, and the caller told that it is our mistake
        logger.exception("failed", operation=one.view.__name__, request_id=request_id)
        return problem(error, request_id=request_id)


def _admitted(
    one: Operation, request: Request, parts: dict[str, str], request_id: str
) -> tuple[Call, Repeatable | None]:
    who: Mapping[str, str] = request.context.get("authorizer") or {}
    if "business_id" not in who:
        code = who.get("refused", "credential_missing")
        raise Unauthenticated(code, who.get("because", "You cannot be let in because there is no bearer credential."))
    role = Role(who["role"])
    require(role, one.needs)
    if any(len(part) > LONGEST_ID for part in parts.values()):
        raise NotFound("entity", "with so long an id")  # and DynamoDB takes no such key
    path = one.path.format(**parts)
    repeatable = _repeatable(one, request, path, sized(request))
    caller = Caller(business_id=who["business_id"], actor=who["actor"], correlation_id=request_id)
    store = wiring.store(caller, request=repeatable)
    business = store.enter()
    call = Call(
        business=business,
        store=store,
        role=role,
        actor=who["actor"],
        now=wiring.now(business),
        if_match=expected_version(request.headers),
        path=path,
        parts=parts,
        query=query_in(request, one.query),
    )
    return call, repeatable


def _carried_out(
    one: Operation, call: Call, repeatable: Repeatable | None, request: Request, parts: dict[str, str]
) -> Response:
    if repeatable and (target := repeatable.target(wiring.tables(), call.business.id)) is not None:
        return _repeated(one, call, repeatable, target)
    given = {"body": body_in(request, one.body)} if one.body else {}
    try:
        answer = _rendered(one, one.view(call, **parts, **given))
    except DomainError:
        target = repeatable.target(wiring.tables(), call.business.id) if repeatable else None
        if repeatable is None or target is None:
            raise
        return _repeated(one, call, repeatable, target)
    return _remembered(one, call, repeatable, answer) if repeatable else answer


def _remembered(one: Operation, call: Call, repeatable: Repeatable, answer: Response) -> Response:
    """The answer that counts: this one, or that of the same request made at the same moment."""
    tables, business_id = wiring.tables(), call.business.id
    if call.store.request is None:
        return answer if one.secret else _thawed(repeatable.keep(tables, business_id, _frozen(answer)))
    if repeatable.settle(tables, business_id, _frozen(answer)):
        return answer
    target = repeatable.target(tables, business_id)
    return answer if target is None else _repeated(one, call, repeatable, target)


def _repeated(one: Operation, call: Call, repeatable: Repeatable, target: str) -> Response:
    """The first answer again; where it was not kept, what it spoke of as it is now."""
    kept = None if one.secret else repeatable.kept(wiring.tables(), call.business.id)
    if kept is None:
        anew = _rendered(one, one.again(call, target) if one.again else Answer())
        kept = _frozen(anew) if one.secret else repeatable.keep(wiring.tables(), call.business.id, _frozen(anew))
    response = _thawed(kept)
    response.headers["Idempotent-Replay"] = "true"
    return response


def _rendered(one: Operation, result: Any) -> Response:  # noqa: ANN401 - a model, an Answer, or a whole Response
    if isinstance(result, Response):
        return result
    answer = result if isinstance(result, Answer) else Answer(body=result)
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        **answer.headers,
    }
    status, id = answer.status or one.status, getattr(answer.body, "id", None)
    if status == CREATED and one.place and id:
        headers["Location"] = f"/v1{one.place}/{id}"
    version = getattr(answer.body, "version", None)
    if version is not None:
        headers["ETag"] = f'"{version}"'
    body = answer.body.model_dump_json() if answer.body is not None else ""
    return Response(body, status_code=status, headers=headers)


def _frozen(response: Response) -> str:
    return json.dumps([response.status_code, response.headers, response.body])


def _thawed(kept: str) -> Response:
    status, headers, body = json.loads(kept)
    return Response(body, status_code=status, headers=headers)


def _repeatable(one: Operation, request: Request, path: str, raw: bytes) -> Repeatable | None:
    key = request.headers.get("idempotency-key")
    if key is None or one.method == "GET":
        return None
    if not 0 < len(key) <= LONGEST_KEY:
        raise Invalid(
            "idempotency_key_length",
            f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.",
            at="/headers/Idempotency-Key",
        )
    if one.harmless:
        return None
    gone_at = None if one.forever else int(wiring.now().timestamp()) + wiring.REQUESTS_ARE_REMEMBERED_S
    given: Mapping[str, str] = request.query_params or {}
    asked = path + "".join(f"?{name}={given[name]}" for name in sorted(given))
    return Repeatable.of(key, one.method, asked, raw, gone_at=gone_at)
