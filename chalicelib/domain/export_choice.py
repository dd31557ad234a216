"""Which documents an export is asked for."""

from datetime import date

from chalicelib.domain.credit_note import CreditNote
from chalicelib.domain.export_format import Target
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.values import dataclass

Exported = Invoice | CreditNote


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which documents are asked for: by their ids, or all that fit; the days are those of issue, both included.

    again: those that were given there before, too.
    """

    ids: tuple[str, ...] = ()
    batch_id: str | None = None
    client_id: str | None = None
    since: date | None = None
    until: date | None = None
    again: bool = False

    def fits(self, document: Exported, target: Target) -> bool:
        """Whether an issued document in force is asked for, and was not given there before.

        What was imported is in the books already, by the former system.
        """
        on = document.issue_date
        return (
            on is not None
            and not (isinstance(document, Invoice) and (document.voided_at or document.is_imported))
            and (self.again or not was_given(document, target))
            and self.client_id in {None, document.client_id}
            and (self.batch_id is None or self.batch_id == getattr(document, "batch_id", None))
            and self.is_of_days(on)
        )

    @property
    def has_days(self) -> bool:
        return self.since is not None or self.until is not None

    def is_of_days(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def was_given(document: Exported, target: Target) -> bool:
    """Whether a program has it from us; or, of files, whether it is in any export."""
    return document.exported_at is not None if target is Target.FILE else target in document.booked_in
