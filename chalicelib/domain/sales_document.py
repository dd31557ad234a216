"""Deals, orders and delivery notes: what was agreed or brought before it is billed, wholly or in parts (K6 to K9)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.business import Numbering
from chalicelib.domain.document import Template
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import Figures, less, plus
from chalicelib.domain.lines import Line
from chalicelib.domain.sales_events import SaleBilled, SaleCancelled, SaleContinued, SaleEdited
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.values import dataclass

NOTHING = Decimal(0)


class SalesKind(StrEnum):
    DEAL = "deal"
    ORDER = "order"
    DELIVERY = "delivery"


PREFIXES = {SalesKind.DEAL: "dea", SalesKind.ORDER: "ord", SalesKind.DELIVERY: "dln"}
"""What their ids begin with."""

SERIES = {
    SalesKind.ORDER: Numbering(prefix="O-", padding=5),
    SalesKind.DELIVERY: Numbering(prefix="L-", padding=5),
}
"""The numbers given when one is written; a deal has none."""


class SalesStatus(StrEnum):
    OPEN = "open"
    PARTLY_INVOICED = "partly_invoiced"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesDocument:
    """The head; its lines are in the body of the same revision.

    source_id: the quote or sales document it was made from; made: what was made of it, and is not deleted.
    billed:  so much of each line's quantity, without its sign, is on invoices in force; empty while nothing is.
    passed:  what of that is billed through documents made of this one.
    claimed: what the rest of it comes to on its invoices, with the net of each line of this document.
    """

    id: str
    version: int = 1
    kind: SalesKind
    client_id: str
    client_name: str
    job_id: str | None = None
    source_id: str | None = None
    made: tuple[str, ...] = ()
    number: str | None = None
    purchase_order: str | None = None
    revision: int = 1
    figures: Figures
    schedule: tuple[Instalment, ...] = ()
    billed: tuple[Decimal, ...] = ()
    passed: tuple[Decimal, ...] = ()
    claimed: Figures | None = None
    status: SalesStatus = SalesStatus.OPEN
    language: str
    template: Template = Template.MODERN
    created_at: datetime
    cancelled_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.kind} {self.number or self.id}"

    @property
    def continued(self) -> bool:
        """Whether another sales document was made of it."""
        return any(id.partition("_")[0] in PREFIXES.values() for id in self.made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one invoice bills of one document.

    quantities: of each line of the document, without its sign.
    figures:    what they come to, if the invoice was made straight of this document, with the net of each line.
    """

    invoice_id: str
    quantities: tuple[Decimal, ...]
    figures: Figures | None = None


def must_be_open(document: SalesDocument, deed: str) -> None:
    """Raise Refused (``sale_cancelled``)."""
    if document.status is SalesStatus.CANCELLED:
        raise Refused("sale_cancelled", f"You cannot {deed} {document.name} because it was cancelled.")


def must_be_untouched(document: SalesDocument, deed: str) -> None:
    """Raise Refused for what others count on: what is billed of it, or was made of it."""
    if any(document.billed):
        raise Refused("sale_invoiced", f"You cannot {deed} {document.name} because it is {document.status}.")
    if document.continued:
        raise Refused("sale_continued", f"You cannot {deed} {document.name} because others were made of it.")


def edited(document: SalesDocument, changed: SalesDocument, *, at: datetime) -> tuple[SalesDocument, SaleEdited]:
    must_be_open(document, "edit")
    edition = replace(changed, version=document.version + 1, revision=document.revision + 1)
    return edition, SaleEdited(subject=document.id, version=edition.version, at=at, total=edition.figures.total)


def cancelled(document: SalesDocument, *, at: datetime) -> tuple[SalesDocument, SaleCancelled]:
    """The document of which nothing more is billed; what is billed stays so.

    Raises Refused (``sale_invoiced``) when nothing is left to cancel.
    """
    must_be_open(document, "cancel")
    if document.status is SalesStatus.INVOICED:
        raise Refused("sale_invoiced", f"You cannot cancel {document.name} because it is invoiced.")
    ended = replace(document, version=document.version + 1, status=SalesStatus.CANCELLED, cancelled_at=at)
    return ended, SaleCancelled(subject=document.id, version=ended.version, at=at)


def continued(document: SalesDocument, *, by: str, at: datetime) -> tuple[SalesDocument, SaleContinued]:
    """The document of which another sales document was made."""
    must_be_open(document, "make anything of")
    after = replace(document, version=document.version + 1, made=(*document.made, by))
    return after, SaleContinued(subject=document.id, version=after.version, at=at, document_id=by)


def taken_back(document: SalesDocument, *, by: str, at: datetime) -> tuple[SalesDocument, SaleContinued]:
    """The document when the one that was made of it is deleted."""
    after = replace(document, version=document.version + 1, made=_without(document.made, by))
    return after, SaleContinued(subject=document.id, version=after.version, at=at, document_id=by)


def billed(
    document: SalesDocument, claim: Claim, *, lines: Sequence[Line], at: datetime
) -> tuple[SalesDocument, SaleBilled]:
    """The document of which an invoice bills more."""
    must_be_open(document, "invoice")
    straight = claim.figures is not None
    after = _standing(
        replace(
            document,
            made=(*document.made, claim.invoice_id) if straight else document.made,
            billed=_sum(document.billed, claim.quantities),
            passed=document.passed if straight else _sum(document.passed, claim.quantities),
            claimed=_claimed(document.claimed, claim.figures),
        ),
        lines,
    )
    return after, SaleBilled(subject=document.id, version=after.version, at=at, invoice_id=claim.invoice_id)


def given_back(
    document: SalesDocument, claim: Claim, *, lines: Sequence[Line], deleted: bool, at: datetime
) -> tuple[SalesDocument, SaleBilled]:
    """The document when an invoice that billed of it is deleted or void: it can be billed again.

    A void invoice is still told of as made of it.
    """
    straight = claim.figures is not None
    less_of_it = tuple(-quantity for quantity in claim.quantities)
    still = _sum(document.billed, less_of_it)
    passed = document.passed if straight else _sum(document.passed, less_of_it)
    claimed = less(document.claimed, claim.figures) if document.claimed and claim.figures else document.claimed
    after = _standing(
        replace(
            document,
            made=_without(document.made, claim.invoice_id) if deleted else document.made,
            billed=still if any(still) else (),
            passed=passed if any(passed) else (),
            claimed=claimed if any(still) and still != passed else None,
        ),
        lines,
    )
    return after, SaleBilled(subject=document.id, version=after.version, at=at, invoice_id=claim.invoice_id)


def left_of(document: SalesDocument, lines: Sequence[Line]) -> tuple[Decimal, ...]:
    """What of each line's quantity, without its sign, is not billed."""
    already = document.billed or (NOTHING,) * len(lines)
    return tuple(abs(line.quantity) - quantity for line, quantity in zip(lines, already, strict=True))


def _standing(document: SalesDocument, lines: Sequence[Line]) -> SalesDocument:
    status = document.status
    if status is not SalesStatus.CANCELLED:
        rest = SalesStatus.PARTLY_INVOICED if any(left_of(document, lines)) else SalesStatus.INVOICED
        status = rest if any(document.billed) else SalesStatus.OPEN
    return replace(document, version=document.version + 1, status=status)


def _claimed(before: Figures | None, more: Figures | None) -> Figures | None:
    return plus(before, more) if before and more else before or more


def _sum(before: tuple[Decimal, ...], more: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    already = before or (NOTHING,) * len(more)
    return tuple(one + other for one, other in zip(already, more, strict=True))


def _without(made: tuple[str, ...], id: str) -> tuple[str, ...]:
    return tuple(each for each in made if each != id)
