"""`/_local/`: the local run's own page for people and its JSON for programs. Never deployed.

GET  /_local                    the page
GET  /_local/status             addresses, queues, dead letters, clock
GET  /_local/mail[?to=]         mails, newest last
GET  /_local/mail/{id}          one mail as its reader sees it; /raw as it was sent; /{n} its nth attachment
POST /_local/settle             wait until streams and queues are empty [{"timeout_s": 30}]
GET  /_local/clock              the sandbox business's time; POST {"now"} moves it and settles
POST /_local/sweep              wake the sweep now, and settle
POST /_local/reconcile          compare every payment account with Stripe now, and settle
POST /_local/bounce             {"mail": id | "message_id", "kind": "Bounce", "reason"} tells what became of a mail
*    /_local/stripe/...         the Stripe stand-in's own controls
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.bounces import WORDS, mail_event
from infra.local.gateway import Gateway, Request
from infra.local.gateway_refusals import Answer
from infra.local.mail import Mail, MailSink
from infra.local.pumps import Settled
from infra.local.stripe_control import StripeControl
from infra.local.works import Works

PAGE = Path(__file__).with_name("control.html")
SETTLE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the local run's own business is."""

    url: str
    api_key: str
    business_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Answers what is asked under /_local.

    identity: None until the business is open.
    mail_is_in: waits this long for mail that SES has taken; whether all has arrived.
    """

    identity: Callable[[], Identity | None]
    gateway: Gateway
    works: Works
    mails: MailSink
    mail_is_in: Callable[[float], bool]
    stripe: StripeControl

    def answer(self, request: Request) -> Answer:
        path = request.path.removeprefix("/_local").rstrip("/")
        for method, pattern, act in self._routes():
            match = re.fullmatch(pattern, path)
            if match and method in (request.method, "*"):
                try:
                    return act(request, *match.groups())
                except ValueError as error:
                    return _json({"detail": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _json({"detail": f"There is no {request.method} {request.path}."}, status=HTTPStatus.NOT_FOUND)

    def settle(self, *, at_most_s: float) -> Settled:
        """Wait until Stripe's webhooks are delivered, streams and queues are empty, and mail has arrived."""
        self.stripe.drain()
        settled = self.works.settle(at_most_s)
        return replace(settled, drained=settled.drained and self.mail_is_in(at_most_s))

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        return [
            ("GET", "", self._page),
            ("GET", "/status", self._status),
            ("GET", "/mail", self._mail_list),
            ("GET", r"/mail/(\d+)", self._mail_page),
            ("GET", r"/mail/(\d+)/raw", self._mail_raw),
            ("GET", r"/mail/(\d+)/(\d+)", self._mail_attachment),
            ("POST", "/settle", self._settle),
            ("GET", "/clock", self._clock),
            ("POST", "/clock", self._move_clock),
            ("POST", "/sweep", self._sweep),
            ("POST", "/reconcile", self._reconcile),
            ("POST", "/bounce", self._bounce),
            ("*", "/stripe(/.*)?", self._stripe),
        ]

    def _page(self, _: Request) -> Answer:
        return Answer(
            status=HTTPStatus.OK, headers=[("Content-Type", "text/html; charset=utf-8")], body=PAGE.read_bytes()
        )

    def _status(self, _: Request) -> Answer:
        identity = self.identity()
        return _json(
            {
                "ready": identity is not None,
                **(asdict(identity) if identity else {}),
                **self.works.status(),
                "mails": self.mails.count(),
                "stripe_url": self.stripe.url,
            }
        )

    def _mail_list(self, request: Request) -> Answer:
        to = parse_qs(request.query).get("to", [""])[0]
        return _json([mail.summary() for mail in self.mails.mails(to=to)])

    def _mail_page(self, _: Request, mail_id: str) -> Answer:
        summary = self._mail(mail_id).summary()
        return Answer(
            status=HTTPStatus.OK,
            headers=[("Content-Type", f"text/{'html' if summary['html'] else 'plain'}; charset=utf-8")],
            body=(summary["html"] or summary["text"]).encode(),
        )

    def _mail_raw(self, _: Request, mail_id: str) -> Answer:
        return Answer(status=HTTPStatus.OK, headers=[("Content-Type", "message/rfc822")], body=self._mail(mail_id).raw)

    def _mail_attachment(self, _: Request, mail_id: str, place: str) -> Answer:
        parts: list[Any] = list(self._mail(mail_id).message.iter_attachments())
        if not 0 < int(place) <= len(parts):
            raise ValueError(f"Mail {mail_id} has {len(parts)} attachments.")
        part = parts[int(place) - 1]
        headers = [("Content-Type", part.get_content_type())]
        return Answer(status=HTTPStatus.OK, headers=headers, body=part.get_payload(decode=True))

    def _settle(self, request: Request) -> Answer:
        return _json(asdict(self.settle(at_most_s=float(_body(request).get("timeout_s", SETTLE_S)))))

    def _clock(self, _: Request) -> Answer:
        return self._ask("GET", "/v1/sandbox/clock")

    def _move_clock(self, request: Request) -> Answer:
        moved = self._ask("POST", "/v1/sandbox/clock", request.body)
        if moved.status >= HTTPStatus.BAD_REQUEST:
            return moved
        return _json({**json.loads(moved.body), **self._swept()})

    def _sweep(self, _: Request) -> Answer:
        return _json(self._swept())

    def _reconcile(self, _: Request) -> Answer:
        return _json(self._woken(self.works.reconcile))

    def _swept(self) -> dict[str, Any]:
        return self._woken(self.works.sweep)

    def _woken(self, wake: Callable[[], bool]) -> dict[str, Any]:
        """Settle, so that what is under way belongs to the old time; wake; settle what that set off."""
        before = self.settle(at_most_s=SETTLE_S)
        swept = wake()
        after = self.settle(at_most_s=SETTLE_S)
        return {
            "drained": before.drained and after.drained,
            "failures": before.failures + after.failures + (0 if swept else 1),
            "dead_letters": after.dead_letters,
            "took_ms": before.took_ms + after.took_ms,
        }

    def _bounce(self, request: Request) -> Answer:
        asked = _body(request)
        mail = self._mail(str(asked["mail"])) if "mail" in asked else self._mail_called(asked.get("message_id", ""))
        kind = asked.get("kind", "Bounce")
        if kind not in WORDS:
            raise ValueError(f"You can tell of {', '.join(WORDS)}.")
        message_id = mail.message_id if mail else asked["message_id"]
        event = mail_event(
            kind,
            message_id=message_id,
            mail=mail,
            tags=self.mails.tags(message_id),
            reason=asked.get("reason", "no such user"),
        )
        if not self.works.tell_of_mail(event):
            raise ValueError("The app does not listen to what becomes of mails.")
        return _json(asdict(self.settle(at_most_s=SETTLE_S)))

    def _mail(self, mail_id: str) -> Mail:
        mail = self.mails.mail(int(mail_id))
        if mail is None:
            raise ValueError(f"There is no mail {mail_id}.")
        return mail

    def _mail_called(self, message_id: str) -> Mail | None:
        return next((mail for mail in self.mails.mails() if mail.message_id == message_id), None)

    def _ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        identity = self.identity()
        if identity is None:
            raise ValueError("The local business is not open yet.")
        headers = {"authorization": f"Bearer {identity.api_key}", "content-type": "application/json", "accept": "*/*"}
        return self.gateway.answer(Request(method=method, path=path, query="", headers=headers, body=body))

    def _stripe(self, request: Request, path: str | None) -> Answer:
        return self.stripe.answer(request.method, path or "", request.body)


def _body(request: Request) -> dict[str, Any]:
    body = json.loads(request.body or b"{}")
    if not isinstance(body, dict):
        raise ValueError("Send a JSON object.")  # noqa: TRY004  # it is the caller's value
    return body


def _json(value: Mapping[str, Any] | list[Any], *, status: int = HTTPStatus.OK) -> Answer:
    return Answer(status=status, headers=[("Content-Type", "application/json")], body=json.dumps(value).encode())
