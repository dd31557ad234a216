"""What happens to statements: they are asked for by mail."""

from datetime import date
from typing import ClassVar

from chalicelib.domain.journal import Event
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequested(Event):
    """A client's statement of a period is to be mailed to it; in a template, where one was chosen."""

    type: ClassVar[str] = "client.statement_requested"
    since: date
    until: date
    currency: str
    template: str | None = None
