"""A mail as its receiver sees it."""

import html
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

URL = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Non-breaking spaces are shown as spaces."""

    to: str
    sender: str
    reply_to: str
    subject: str
    text: str
    html: str
    attachments: dict[str, bytes]  # by file name

    @property
    def links(self) -> list[str]:
        """Every address in the text, then in the HTML."""
        found = [*URL.findall(self.text), *(html.unescape(each) for each in URL.findall(self.html))]
        return list(dict.fromkeys(each.rstrip(").,;") for each in found))

    @property
    def portal_link(self) -> str:
        return next(link for link in self.links if "/portal/l/" in link)


def read(raw: bytes) -> Mail:
    message: Any = message_from_bytes(raw, policy=policy.default)
    return Mail(
        to=str(message["To"]),
        sender=str(message["From"]),
        reply_to=str(message["Reply-To"] or ""),
        subject=_plain(str(message["Subject"])),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments={str(part.get_filename()): part.get_payload(decode=True) for part in message.iter_attachments()},
    )


def _part(message: Any, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return _plain(str(part.get_content())) if part else ""


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
