"""A deposit on what a quote sells: asked for, taxed as the country wants, and deducted from the final invoice.

Where tax is due on money that is received on account (the European Union, VAT directive art. 65; France, CGI art.
269-2-c) a deposit has an invoice of its own with its part of every tax, and the final one takes it off again by its
number. Where a deposit is no price until it is applied (Canada, Excise Tax Act s. 168(9); Quebec, QST Act s. 85) it is
asked for without tax; the final invoice taxes the whole, and what was deposited is paid of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from chalicelib.domain.errors import Invalid
from chalicelib.domain.figures import Figures, less, portion
from chalicelib.domain.lines import Line, Origin
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import DueOn, Instalment, InstalmentTerm, paid_so_far
from chalicelib.domain.sharing import share
from chalicelib.domain.values import dataclass


class DepositTax(StrEnum):
    """When a deposit is taxed."""

    ON_RECEIPT = "on_receipt"
    WHEN_APPLIED = "when_applied"


TAXED: Mapping[str, DepositTax] = {"CA": DepositTax.WHEN_APPLIED}
"""By country; elsewhere on receipt."""


WORDS: Mapping[str, tuple[str, str]] = {
    "en": ("Deposit", "Deposit invoice {number} of {day}"),
    "fr": ("Acompte", "Facture d\N{RIGHT SINGLE QUOTATION MARK}acompte {number} du {day}"),
}
"""By language: what a deposit is called, and how the final invoice recalls it."""


def taxed_in(country: str) -> DepositTax:
    return TAXED.get(country, DepositTax.ON_RECEIPT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deducted:
    """A deposit as the final invoice recalls it."""

    invoice_id: str
    number: str
    issued_on: date
    total: Money
    tax: DepositTax


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositWish:
    """What is asked for: a percentage of the total with tax, an amount, or the first instalment of the schedule."""

    percent: Decimal | None = None
    amount: Money | None = None
    tax: DepositTax | None = None
    label: str | None = None


def called(language: str) -> str:
    return WORDS.get(language[:2], WORDS["en"])[0]


def recalled(deducted: Deducted, language: str) -> str:
    return WORDS.get(language[:2], WORDS["en"])[1].format(number=deducted.number, day=deducted.issued_on)


def amount_of(wish: DepositWish, total: Money, schedule: Sequence[Instalment], *, asked: Money) -> Money:
    """What a deposit comes to.

    asked: what deposits were asked for already. Raises Invalid for nothing, or more than is left of the total.
    """
    amount, at = wish.amount or (schedule[0].amount if len(schedule) > 1 else Money.zero(total.currency)), "/amount"
    if wish.percent is not None:
        amount = Money.rounded(Fraction(total.decimal) * Fraction(wish.percent) / 100, total.currency)
        at = "/percent"
    if amount.minor <= 0:
        raise Invalid("not_positive", "A deposit is above 0; give a percentage or an amount.", at=at)
    if amount > total - asked:
        raise Invalid("over_total", f"A deposit cannot be more than the {total - asked} that are left.", at=at)
    return amount


def sold_by(
    figures: Figures, amount: Money, lines: Sequence[Line], *, described: str
) -> tuple[tuple[Line, ...], Figures]:
    """The lines and figures of a deposit that is taxed on receipt: one line for each way in which lines are taxed.

    figures: of the whole, whose lines these are. Every tax is repeated in proportion (sch-06, sch-07).
    """
    part = portion(figures, amount)
    weights = ways_taxed(lines)
    nets = [Money(minor, amount.currency) for minor in share(part.net_total.minor, list(weights.values()))]
    sold = tuple(
        Line(description=described, unit_price=net.decimal, taxes=taxes)
        for taxes, net in zip(weights, nets, strict=True)
    )
    return sold, replace(part, line_nets=tuple(nets))


def ways_taxed(lines: Sequence[Line]) -> dict[tuple[str, ...], int]:
    """The ways in which lines are taxed, and what those taxed so come to, in minor units."""
    nets: dict[tuple[str, ...], int] = {}
    for line in lines:
        nets[line.taxes] = nets.get(line.taxes, 0) + (line.net.minor if line.net else 0)
    return {taxes: net for taxes, net in nets.items() if net} or {(): 1}


def taken_off(invoice_id: str, lines: Sequence[Line], *, described: str) -> tuple[Line, ...]:
    """The lines of a deposit invoice as the final one takes them off."""
    return tuple(
        replace(
            line,
            id="",
            description=described,
            quantity=-line.quantity,
            origins=(Origin(document_id=invoice_id, line_id=line.id),),
            net=-line.net if line.net else line.net,
        )
        for line in lines
    )


def rest_of(whole: Figures, deposits: Sequence[Figures]) -> Figures:
    """What the final invoice comes to, to the cent: the whole less the deposits, whose lines come after its own."""
    for deposit in deposits:
        before, theirs = whole.line_nets, deposit.line_nets
        nothing = Money.zero(whole.currency)
        whole = less(
            replace(whole, line_nets=(*before, *(nothing for _ in theirs))),
            replace(deposit, line_nets=(*(nothing for _ in before), *theirs)),
        )
    return whole


def left_after(schedule: Sequence[Instalment], deposited: Money) -> tuple[InstalmentTerm, ...]:
    """What is agreed for the rest, where deposits cover the first instalments; each keeps its day."""
    terms = []
    for state in paid_so_far(schedule, deposited, today=date.min):
        one, left = state.instalment, state.instalment.amount - state.paid
        due = DueOn(on=one.due_on) if one.due_on else one.due
        terms.append(InstalmentTerm(label=one.label, amount=left, due=due, holdback=one.holdback))
    return tuple(term for term in terms if term.amount)
