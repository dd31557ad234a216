"""One request of the SDK, answered: who asks, whether it fits the SDK's types, whether it was asked before."""

import base64
import hashlib
import json
import re
import threading
import urllib.parse
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.stripe import answers, questions
from infra.local.stripe.books import Books, Object, new_id, shown
from infra.local.stripe.charges import tell_fees
from infra.local.stripe.operations import Operation, operation
from infra.local.stripe.refusals import Refusal, invalid
from infra.local.stripe.routes import ROUTES
from infra.local.stripe.shop import API_VERSION, Shop

PLATFORM = "acct_platform"
_KEYS_KEPT_S = 24 * 3600
_LONGEST_KEY = 255
_REQUESTS_KEPT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it came; headers have lower-case names."""

    method: str
    path: str
    parameters: dict[str, Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: Object


@dataclass(slots=True, kw_only=True)
class Api:
    """keys: whose account each API key is; requests: what was asked, newest last; contract_errors: ours and theirs.

    faults: what happens to the next requests instead: a status, or ``drop_before`` or ``drop_after`` carrying out.
    """

    books: Books
    announce: Callable[[str, Object], None]
    keys: dict[str, str]
    public_url: str = ""
    requests: deque[Asked] = field(default_factory=lambda: deque(maxlen=_REQUESTS_KEPT))
    contract_errors: list[str] = field(default_factory=list)
    faults: deque[int | str] = field(default_factory=deque)
    _busy: threading.RLock = field(default_factory=threading.RLock)

    def shop(self, account: str, **asked_by: str | None) -> Shop:
        """The account as a payer, its bank or its owner's dashboard sees it."""
        return Shop(books=self.books, account=account, public_url=self.public_url, announce=self.announce, **asked_by)

    def answer(self, asked: Asked) -> Answer:
        """Raises ConnectionAbortedError if a planned fault cuts the connection."""
        with self.books.lock:
            self.requests.append(asked)
            request_id = new_id("req")
            headers = {"Request-Id": request_id, "Stripe-Version": asked.headers.get("stripe-version", API_VERSION)}
            fault = self.faults.popleft() if self.faults else None
            if fault == "drop_before":
                raise ConnectionAbortedError(fault)
            if isinstance(fault, int):
                failed = {"error": {"type": "api_error", "message": "An error was planned here."}}
                return Answer(status=fault, headers=headers, body=failed)
            try:
                answer = self._answer(asked, request_id=request_id, headers=headers)
            except Refusal as refusal:
                answer = Answer(status=refusal.status, headers=headers, body=refusal.body)
            if fault == "drop_after":
                raise ConnectionAbortedError(fault)
            return answer

    def _answer(self, asked: Asked, *, request_id: str, headers: dict[str, str]) -> Answer:
        account = self._account(asked.headers)
        known = self._known(asked)
        key = asked.headers.get("idempotency-key") if asked.method == "POST" else None
        shop = self.shop(account, request_id=request_id, idempotency_key=key)
        tell_fees(shop)
        if key is None:
            return self._carried_out(shop, known, asked, headers=headers)
        if len(key) > _LONGEST_KEY:
            raise invalid("Idempotency keys may be at most 255 characters.")
        return self._carried_out_once(shop, known, asked, key=key, headers=headers)

    def _carried_out_once(
        self,
        shop: Shop,
        known: Operation,
        asked: Asked,
        *,
        key: str,
        headers: dict[str, str],
    ) -> Answer:
        """Stripe keeps an answer once carrying out has begun: declined cards too, not what was refused at the door."""
        content = json.dumps([asked.method, asked.path, asked.parameters], sort_keys=True)
        before = next((kept for kept in shop.all("_answer") if kept["id"] == key), None)
        if before and shop.now() - before["created"] <= _KEYS_KEPT_S:
            if before["content"] != hashlib.sha256(content.encode()).hexdigest():
                raise Refusal(
                    400,
                    "idempotency_error",
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                    f"Try using a key other than '{key}' if you meant to execute a different request.",
                )
            replayed = {"Idempotent-Replayed": "true", "Original-Request": before["request"]}
            return Answer(status=before["status"], headers=headers | replayed, body=before["body"])
        try:
            answer = self._carried_out(shop, known, asked, headers=headers)
        except Refusal as refusal:
            if refusal.status != 402:  # noqa: PLR2004 - a declined card
                raise
            answer = Answer(status=refusal.status, headers=headers, body=refusal.body)
        kept = {
            "id": key,
            "object": "_answer",
            "created": shop.now(),
            "content": hashlib.sha256(content.encode()).hexdigest(),
            "request": headers["Request-Id"],
            "status": answer.status,
            "body": answer.body,
        }
        shop.save(kept)
        return answer

    def _carried_out(self, shop: Shop, known: Operation, asked: Asked, *, headers: dict[str, str]) -> Answer:
        route = ROUTES.get((known.method, known.path))
        if route is None:
            raise invalid(f"The stand-in does not carry out {asked.method} {known.path}.", status=501)
        fits = known.pattern.fullmatch(asked.path)
        id_ = fits[1] if fits and fits.groups() else ""
        parameters = {name: value for name, value in asked.parameters.items() if name != "expand"}
        body = shown(route(shop, id_, parameters))
        for path in asked.parameters.get("expand", {}).values():
            _expand(shop, body, path.split("."))
        self.contract_errors += [f"answer to {asked.method} {asked.path}: {e}" for e in answers.wrong_with(known, body)]
        return Answer(status=200, headers=headers, body=body)

    def _account(self, headers: Mapping[str, str]) -> str:
        key = _api_key(headers.get("authorization", ""))
        owner = self.keys.get(key)
        if owner is None:
            raise Refusal(401, "invalid_request_error", f"Invalid API Key provided: {key[:8]}***")
        account = headers.get("stripe-account", owner)
        if account != owner and (owner != PLATFORM or not self._is_connected(account)):
            raise invalid(
                f"The provided key '{key[:8]}***' does not have access to account '{account}' "
                "(or that account does not exist). Application access may have been revoked.",
                code="account_invalid",
                status=403,
            )
        return account

    def _is_connected(self, account: str) -> bool:
        return account in self.books.accounts() and not self.books.is_merchant(account)

    def _known(self, asked: Asked) -> Operation:
        known = operation(asked.method, asked.path)
        if known is None:
            self.contract_errors.append(f"{asked.method} {asked.path}: no such operation in the installed SDK")
            raise invalid(f"Unrecognized request URL ({asked.method}: {asked.path}).", status=404)
        wrong = questions.wrong_with(known, asked.parameters)
        if wrong:
            self.contract_errors += [f"{asked.method} {asked.path}: {each.message}" for each in wrong]
            raise invalid(wrong[0].message, param=wrong[0].param, code=wrong[0].code)
        return known


def decoded(form: str) -> dict[str, Any]:
    """``a[b][0]=c`` as ``{"a": {"b": {"0": "c"}}}``."""
    hashes: dict[str, Any] = {}
    for name, value in urllib.parse.parse_qsl(form, keep_blank_values=True):
        *outer, last = re.findall(r"[^\[\]]+|\[\]", name)
        inner = hashes
        for part in outer:
            inner = inner.setdefault(part, {})
        inner[str(len(inner)) if last == "[]" else last] = value
    return hashes


def _api_key(authorization: str) -> str:
    scheme, _, told = authorization.partition(" ")
    return base64.b64decode(told).decode().partition(":")[0] if scheme == "Basic" else told


def _expand(shop: Shop, value: Any, path: list[str]) -> None:  # noqa: ANN401 - a part of a JSON answer
    if isinstance(value, list):
        for part in value:
            _expand(shop, part, path)
        return
    if not path or not isinstance(value, dict) or path[0] not in value:
        return
    if isinstance(value[path[0]], str):
        value[path[0]] = shown(shop.books.anything(shop.account, value[path[0]])) or value[path[0]]
    _expand(shop, value[path[0]], path[1:])
