"""An audit of one business's books: how far it has come, and what it has found."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.books import Violation
from chalicelib.domain.promises import INVARIANTS
from chalicelib.domain.values import dataclass

MOST_KEPT = 25
"""Violations kept of each invariant, so that an audit fits a message (256 KB); all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found of one invariant: how often it was judged, how often it did not hold, and the first of those."""

    invariant: str
    checked: int = 0
    violated: int = 0
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The latest audit of a business, as far as it has come.

    checked_at: when it began.
    step:       what is being gone through; empty when it is complete.
    after:      where the next page of that begins.
    things:     how many documents, payments, clients and numbers it has gone through.
    """

    id: str = "audit"
    version: int = 1
    checked_at: datetime
    step: str = "business"
    after: dict[str, str] | None = None
    things: int = 0
    findings: tuple[Finding, ...] = tuple(Finding(invariant=id) for id in INVARIANTS)

    @property
    def complete(self) -> bool:
        return not self.step

    @property
    def violated(self) -> int:
        return sum(finding.violated for finding in self.findings)


def noted(audit: Audit, invariants: Collection[str], violations: Iterable[Violation]) -> Audit:
    """The audit after one more thing was judged by some of the invariants."""
    found: dict[str, list[Violation]] = {}
    for violation in violations:
        found.setdefault(violation.invariant, []).append(violation)
    findings = tuple(
        _extended(finding, found.get(finding.invariant, [])) if finding.invariant in invariants else finding
        for finding in audit.findings
    )
    return replace(audit, things=audit.things + 1, findings=findings)


def _extended(finding: Finding, violations: list[Violation]) -> Finding:
    kept = (*finding.violations, *violations)[:MOST_KEPT]
    return replace(finding, checked=finding.checked + 1, violated=finding.violated + len(violations), violations=kept)
