"""API Gateway on this machine: the Chalice app behind ASGI, each request in a thread of a bounded pool.

As in the cloud, an authorizer's answer is kept for its `ttl_seconds` (300 unless the app says otherwise), the path's
parameters arrive decoded, a trailing slash is taken off, and a body of a binary type arrives in base64.
"""

import asyncio
import base64
import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice
from chalice.local import ARNMatcher, LocalChalice

from infra.local import resources
from infra.local.functions import context, request_id
from infra.local.gateway_refusals import Answer, refusal
from infra.local.journal import Receive, Scope, Send

STAGE = "arn:aws:execute-api:us-east-1:000000000000:local/api"
TIMEOUT_MS = 29_000  # API Gateway's own limit
LARGEST_BODY = 10 * 1024 * 1024  # likewise
CACHED_S = 300  # API Gateway keeps an authorizer's answer this long by default
CACHED_TOKENS = 10_000
PARAMETER = re.compile(r"\\{(\w+)\\}")  # in a template that is escaped


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    path: str  # as sent, still encoded
    query: str
    headers: dict[str, str]
    body: bytes


class Gateway:
    """Answers requests as API Gateway would with this app behind it. Safe to call from many threads."""

    def __init__(self, app: Chalice, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = _with_a_request_per_thread(app)
        self._routes = _Routes(list(app.routes))
        self._authorizers = _Authorizers(clock)
        body = resources.defined()["RestAPI"]["Properties"].get("DefinitionBody", {})
        self._binary_types = {*app.api.binary_types, *body.get("x-amazon-apigateway-binary-media-types", [])}

    def answer(self, request: Request) -> Answer:
        if len(request.body) > LARGEST_BODY:
            return refusal("REQUEST_TOO_LARGE", request_id=request_id())
        match = self._routes.match(request.path)
        if match is None:
            return refusal("MISSING_AUTHENTICATION_TOKEN", request_id=request_id())
        template, parameters = match
        route = self._app.routes[template].get(request.method)
        if route is None:
            return self._without_a_route(request, template)
        event = _event(request, template, parameters, binary_types=self._binary_types)
        if route.authorizer is not None:
            refused = self._authorizers.admit(event, route.authorizer)
            if refused:
                return refused
        return _answer(self._app(event, context("APIHandler", timeout_ms=TIMEOUT_MS)))

    def _without_a_route(self, request: Request, template: str) -> Answer:
        methods = self._app.routes[template]
        shared = next((route.cors for route in methods.values() if route.cors), None)
        if request.method != "OPTIONS" or shared is None:
            return refusal("MISSING_AUTHENTICATION_TOKEN", request_id=request_id())
        headers = {
            **shared.get_access_control_headers(),
            "Access-Control-Allow-Methods": ",".join([*methods, "OPTIONS"]),
        }
        return Answer(status=HTTPStatus.OK, headers=[(name, str(value)) for name, value in headers.items()], body=b"")


def asgi(answer: Callable[[Request], Answer], pool: Executor) -> Callable[[Scope, Receive, Send], Any]:
    """An ASGI application whose requests are answered in the pool's threads."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await _live(receive, send)
            return
        request = await _request(scope, receive)
        answered = await asyncio.get_running_loop().run_in_executor(pool, answer, request)
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in answered.headers]
        headers.append((b"content-length", str(len(answered.body)).encode()))
        await send({"type": "http.response.start", "status": answered.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answered.body})

    return app


class _Routes:
    """Which route a path belongs to; a written-out segment goes before a parameter."""

    def __init__(self, templates: list[str]) -> None:
        self._by_length: dict[int, list[tuple[str, re.Pattern[str]]]] = {}
        for template in sorted(templates, key=lambda each: each.replace("{", "\uffff")):
            fitting = self._by_length.setdefault(template.count("/"), [])
            fitting.append((template, re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(template)))))

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        asked = path.rstrip("/") or "/"
        for template, pattern in self._by_length.get(asked.count("/"), []):
            if found := pattern.fullmatch(asked):
                return template, {name: unquote(part) for name, part in found.groupdict().items()}
        return None


class _Authorizers:
    """The app's authorizers, their answers kept by token."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, dict[str, Any]]] = {}

    def admit(self, event: dict[str, Any], authorizer: Any) -> Answer | None:  # noqa: ANN401  # Chalice's types of them do not meet
        """Put the caller into the event, or say why not."""
        token, requested = event["headers"].get("authorization"), event["requestContext"]
        if not token:
            return refusal("UNAUTHORIZED", request_id=requested["requestId"])
        arn = f"{STAGE}/{requested['httpMethod']}/{requested['path'].lstrip('/')}"
        verdict = self._verdict(authorizer, token, arn)
        if not _allows(verdict.get("policyDocument", {}), arn):
            return refusal("ACCESS_DENIED", request_id=requested["requestId"])
        requested["authorizer"] = {**verdict.get("context", {}), "principalId": verdict["principalId"]}
        return None

    def _verdict(self, authorizer: Any, token: str, arn: str) -> dict[str, Any]:  # noqa: ANN401
        kept = self._kept.get((authorizer.name, token))
        if kept and kept[0] > self._clock():
            return kept[1]
        asked = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
        verdict: dict[str, Any] = authorizer(asked, context(authorizer.name, timeout_ms=TIMEOUT_MS))
        seconds = CACHED_S if authorizer.config.ttl_seconds is None else authorizer.config.ttl_seconds
        if len(self._kept) >= CACHED_TOKENS:
            self._kept.clear()
        if seconds:
            self._kept[authorizer.name, token] = (self._clock() + seconds, verdict)
        return verdict


def _allows(policy: Mapping[str, Any], arn: str) -> bool:
    matcher = ARNMatcher(arn)
    return any(
        matcher.does_any_resource_match(statement["Resource"])
        for statement in policy.get("Statement", [])
        if statement.get("Effect") == "Allow"
    )


def _with_a_request_per_thread(app: Chalice) -> Chalice:
    """Do what Chalice's own server does: without it, concurrent requests get each other's answers.

    A class for each app: Chalice's own one changes its base with each app, and so for all apps before.
    """
    if not isinstance(app, LocalChalice):
        app.__class__ = type(f"Local{type(app).__name__}", (LocalChalice, type(app)), {})
    return app


def _event(request: Request, template: str, parameters: dict[str, str], *, binary_types: set[str]) -> dict[str, Any]:
    """The event of API Gateway's REST API, payload version 1."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip()
    is_binary = bool(request.body) and not {media_type, "*/*"}.isdisjoint(binary_types)
    body = base64.b64encode(request.body).decode() if is_binary else request.body.decode("utf-8", errors="replace")
    queries = parse_qs(request.query, keep_blank_values=True)
    return {
        "resource": template,
        "path": unquote(request.path),
        "httpMethod": request.method,
        "headers": request.headers,
        "multiValueHeaders": {name: [value] for name, value in request.headers.items()},
        "queryStringParameters": {name: values[-1] for name, values in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": parameters,
        "stageVariables": None,
        "body": body or None,
        "isBase64Encoded": is_binary,
        "requestContext": {
            "resourcePath": template,
            "httpMethod": request.method,
            "path": request.path,
            "stage": "local",
            "requestId": request_id(),
            "identity": {"sourceIp": "127.0.0.1", "userAgent": request.headers.get("user-agent")},
        },
    }


def _answer(response: Mapping[str, Any]) -> Answer:
    body = response.get("body") or ""
    content = base64.b64decode(body) if response.get("isBase64Encoded") else body
    headers = [(name, str(value)) for name, value in (response.get("headers") or {}).items()]
    several = response.get("multiValueHeaders") or {}
    headers += [(name, str(value)) for name, values in several.items() for value in values]
    if not any(name.lower() == "content-type" for name, _ in headers) and content:
        headers.append(("Content-Type", "application/json"))
    return Answer(
        status=int(response["statusCode"]),
        headers=headers,
        body=content if isinstance(content, bytes) else content.encode(),
    )


async def _request(scope: Scope, receive: Receive) -> Request:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1").partition("?")[0],
        query=scope["query_string"].decode("latin-1"),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        body=body,
    )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return
