"""The days for which something is billed."""

from datetime import date

from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePeriod:
    """From one day to another, both included (EN 16931, BT-73 and BT-74)."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def told(self, wording: Wording) -> str:
        """The first and the last day as people write them; a lone one once."""
        return _joined(wording.day(self.start), wording.day(self.end))

    def in_short(self, wording: Wording) -> str:
        """The same in few letters."""
        return _joined(wording.short_day(self.start), wording.short_day(self.end))


def _joined(*days: str) -> str:
    return " \N{EN DASH} ".join(dict.fromkeys(days))
