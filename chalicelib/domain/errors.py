"""Every way Quittance says no.

DomainError
+-- Unauthenticated   nobody knows who is asking
+-- Forbidden         the caller's role does not allow this
+-- NotFound          the thing named does not exist in this business
+-- Refused           the thing exists, but its state forbids this; ``faults`` name each reason where there are several
|   +-- Changed       what was foreseen would be otherwise now; ``faults`` name each difference
+-- Conflict          others were writing at the same moment, again and again
+-- AlreadyDone       this very change was carried out before
+-- Stale             the caller's copy is old (If-Match)
+-- Invalid           the input breaks a rule; ``faults`` name each place
+-- TooLarge          the input is larger than is read
"""

from collections.abc import Iterable

from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: a JSON pointer, a stable code and a sentence."""

    at: str
    code: str
    detail: str


class DomainError(Exception):
    """A refusal with a stable code and a sentence for a person."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


class Unauthenticated(DomainError):
    """Nobody knows who is asking."""


class Forbidden(DomainError):
    """The caller's role does not allow this."""


class NotFound(DomainError):
    """The thing named does not exist in this business."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__("not_found", f"There is no {kind} {id}.")


class Refused(DomainError):
    """The thing exists, but its state forbids this; ``faults`` name each reason where there are several."""

    def __init__(self, code: str, detail: str, *, faults: Iterable[Fault] = ()) -> None:
        super().__init__(code, detail)
        self.faults = tuple(faults)


class Changed(Refused):
    """What was foreseen would be otherwise now; ``faults`` name each difference."""

    def __init__(self, code: str, detail: str, *, changes: Iterable[str] = ()) -> None:
        super().__init__(code, detail, faults=(Fault("", code, change) for change in changes))


class Conflict(DomainError):
    """Others were writing at the same moment; the deed may be tried again."""


class AlreadyDone(DomainError):
    """This very change was carried out before."""


class Stale(DomainError):
    """The caller's copy is old."""


class Invalid(DomainError):
    """The input breaks a rule; nothing was written."""

    def __init__(self, code: str, detail: str, *, at: str = "", faults: Iterable[Fault] = ()) -> None:
        super().__init__(code, detail)
        self.faults = tuple(faults) or (Fault(at, code, detail),)


class TooLarge(DomainError):
    """The input is larger than is read."""
