"""The sink where all mail of the local run ends: kept in a folder, readable as JSON, never delivered to anyone."""

import asyncio
import hashlib
import html
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

URL = re.compile(r"https?://[^\s<>\"']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as it arrived.

    id: its place, from 1.
    at: when it arrived, in Unix seconds.
    """

    id: int
    at: float
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return BytesParser(_class=EmailMessage, policy=default).parsebytes(self.raw)

    @property
    def message_id(self) -> str:
        """What SES called it."""
        return str(self.message["Message-ID"] or "").strip("<> ")

    @property
    def to(self) -> list[str]:
        message = self.message
        named = [str(each) for name in ("To", "Cc", "Bcc") for each in message.get_all(name, [])]
        return [address for _, address in getaddresses(named)]

    def summary(self) -> dict[str, Any]:
        """The mail as JSON, its parts taken apart."""
        message = self.message
        text, page = _part(message, "plain"), _part(message, "html")
        return {
            "id": self.id,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat().replace("+00:00", "Z"),
            "message_id": self.message_id,
            "from": str(message["From"] or ""),
            "to": self.to,
            "subject": str(message["Subject"] or ""),
            "text": text,
            "html": page,
            "attachments": [_attachment(each) for each in message.iter_attachments()],
            "links": _links(text, page),
        }


class MailSink:
    """An SMTP server on a free port of this machine.

    arrived: called after each mail was kept.
    """

    def __init__(self, folder: Path, *, arrived: Callable[[], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._arrived = arrived
        self._adding = threading.Lock()
        self._mails = [_read(path) for path in sorted(folder.glob("*.eml"))]
        known = folder / "tags.jsonl"
        lines = known.read_text().splitlines() if known.exists() else []
        self._tags: dict[str, Mapping[str, list[str]]] = dict(map(json.loads, lines))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)
        self._thread.start()
        self.address = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def mails(self, *, to: str = "") -> list[Mail]:
        """All mails, newest last; with `to` only those to this address."""
        return [mail for mail in list(self._mails) if not to or to.lower() in map(str.lower, mail.to)]

    def mail(self, mail_id: int) -> Mail | None:
        return self._mails[mail_id - 1] if 0 < mail_id <= len(self._mails) else None

    def count(self) -> int:
        return len(self._mails)

    def note_tags(self, message_id: str, tags: Mapping[str, list[str]]) -> None:
        """Keep what was sent with a mail beside it, which SES gives back with its events."""
        self._tags[message_id] = tags
        with (self._folder / "tags.jsonl").open("a") as file:
            file.write(json.dumps([message_id, tags]) + "\n")

    def tags(self, message_id: str) -> Mapping[str, list[str]]:
        return self._tags.get(message_id, {})

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle_DATA(self, _server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.content
        self._add(content if isinstance(content, bytes) else str(content).encode())
        return "250 kept"

    async def _listen(self) -> str:
        self._server = await self._loop.create_server(lambda: SMTP(self, hostname="localhost"), "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    def _add(self, raw: bytes) -> None:
        with self._adding:
            mail = Mail(id=len(self._mails) + 1, at=time.time(), raw=raw)
            (self._folder / f"{mail.id:06}.eml").write_bytes(raw)
            self._mails.append(mail)
        self._arrived()


def _read(path: Path) -> Mail:
    return Mail(id=int(path.stem), at=path.stat().st_mtime, raw=path.read_bytes())


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else ""


def _attachment(part: Any) -> dict[str, Any]:  # noqa: ANN401  # the email package leaves it open
    content = part.get_payload(decode=True) or b""
    return {
        "name": part.get_filename(),
        "content_type": part.get_content_type(),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _links(text: str, page: str) -> list[str]:
    """Every address in the mail once, in the order of the text, then of the page."""
    found = [*URL.findall(text), *(html.unescape(each) for each in URL.findall(page))]
    return list(dict.fromkeys(each.rstrip(").,;") for each in found))
