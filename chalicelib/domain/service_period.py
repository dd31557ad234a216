"""The days for which something is billed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """From one day to another, both included (EN 16931, BT-73 and BT-74)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1
