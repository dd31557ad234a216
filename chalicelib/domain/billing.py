"""Billing a document in parts: whatever the parts and their order, together they come to the whole, to the cent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.figures import Figures, less
from chalicelib.domain.lines import Adjustment, Line, Origin, priced
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.domain.sales_document import NOTHING, Claim, SalesDocument

Quantities = tuple[Decimal, ...]
"""Of each line of a document, without its sign."""


def portion_of(document: SalesDocument, content: Content, quantities: Quantities) -> Content:
    """What an invoice sells that bills so much of a document, each line with where it comes from.

    Its figures are those of all that is then billed, less those of what was: so the last part takes the rest of every
    line, discount and tax. Where they are what its own lines come to, they are not given but computed.
    """
    before = document.billed or (NOTHING,) * len(quantities)
    after = tuple(one + other for one, other in zip(before, quantities, strict=True))
    figures = _worth(content, after)
    if document.passed:
        figures = less(figures, _worth(content, document.passed))
    if document.claimed:
        figures = less(figures, document.claimed)
    part = in_part(content, quantities)
    chosen = [place for place, line in enumerate(part.lines) if line.quantity or _comes_last(content, place, after)]
    part = replace(part, lines=tuple(_from(document.id, part.lines[place]) for place in chosen))
    own = part.figures()
    codes = {tax.code for tax in own.taxes}
    given = replace(
        figures,
        line_nets=tuple(figures.line_nets[place] for place in chosen),
        taxes=tuple(tax for tax in figures.taxes if tax.code in codes or tax.amount or tax.base),
    )
    return part if given == own else replace(part, given=given)


def claim_of(invoice_id: str, sold: Content, document_id: str, lines: Sequence[Line]) -> Claim:
    """What an invoice that sold this at first bills of a document with these lines."""
    quantities = dict.fromkeys((line.id for line in lines), NOTHING)
    nets = dict.fromkeys(quantities, Money.zero(sold.currency))
    figures = sold.figures()
    straight = False
    for line, net in zip(sold.lines, figures.line_nets, strict=True):
        for distance, origin in enumerate(line.origins):
            if origin.document_id == document_id:
                straight |= distance == 0
                quantities[origin.line_id] += abs(line.quantity)
                nets[origin.line_id] += net
    own = replace(figures, line_nets=tuple(nets.values())) if straight else None
    return Claim(invoice_id=invoice_id, quantities=tuple(quantities.values()), figures=own)


def in_part(content: Content, quantities: Quantities) -> Content:
    """The content with so much of each line; amounts that were agreed on the whole are given in proportion."""
    if all(abs(line.quantity) == quantity for line, quantity in zip(content.lines, quantities, strict=True)):
        return content
    lines = tuple(line_in_part(line, quantity) for line, quantity in zip(content.lines, quantities, strict=True))
    ratio = _ratio(_subtotal(lines, content), _subtotal(content.lines, content))
    in_amounts = any(term.amount for term in content.schedule)
    return replace(
        content,
        lines=lines,
        allowances=in_proportion(content.allowances, ratio),
        charges=in_proportion(content.charges, ratio),
        prepaid=share_of(content.prepaid, ratio),
        rounding_adjustment=share_of(content.rounding_adjustment, ratio),
        schedule=() if in_amounts else content.schedule,
    )


def _worth(content: Content, quantities: Quantities) -> Figures:
    return in_part(content, quantities).figures()


def _comes_last(content: Content, place: int, after: Quantities) -> bool:
    """A line without a quantity is billed with the last of the others."""
    complete = all(abs(line.quantity) == quantity for line, quantity in zip(content.lines, after, strict=True))
    return complete and not content.lines[place].quantity


def _from(document_id: str, line: Line) -> Line:
    return replace(line, id="", net=None, origins=(Origin(document_id=document_id, line_id=line.id), *line.origins))


def line_in_part(line: Line, quantity: Decimal) -> Line:
    """The line with so much of its quantity, given without its sign."""
    ratio = _ratio(Fraction(quantity), Fraction(abs(line.quantity)))
    return replace(
        line,
        quantity=quantity.copy_sign(line.quantity) if quantity else NOTHING,
        allowances=in_proportion(line.allowances, ratio),
        charges=in_proportion(line.charges, ratio),
        net=None,
    )


def _subtotal(lines: Iterable[Line], content: Content) -> Fraction:
    return Fraction(sum(line.net.minor for line in priced(lines, currency=content.currency) if line.net))


def _ratio(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole if whole else Fraction(0)


def in_proportion(adjustments: Iterable[Adjustment], ratio: Fraction) -> tuple[Adjustment, ...]:
    """Allowances or charges of a part; a percentage is the same of the part as of the whole."""
    return tuple(replace(one, amount=share_of(one.amount, ratio)) if one.amount else one for one in adjustments)


def share_of(amount: Money | None, ratio: Fraction) -> Money | None:
    """So much of an amount, rounded."""
    return Money.rounded(Fraction(amount.decimal) * ratio, amount.currency) if amount else amount
