"""Values as PDF writes them (ISO 32000-1, 7.3 and 7.9)."""

from datetime import UTC, datetime

from chalicelib.adapters.pdf.container import Name


def text_string(text: str) -> str:
    return f"<feff{text.encode('utf-16-be').hex()}>"


def name(text: str) -> str:
    return Name(text).serialize()


def date(at: datetime) -> str:
    return f"({at.astimezone(UTC):D:%Y%m%d%H%M%SZ})"
