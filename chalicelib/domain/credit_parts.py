"""What is credited of an invoice: whatever the parts and their order, together they come to the whole, to the cent.

Parts that are each rounded for themselves sum to another total than the invoice's, and a return that is computed anew
differs from what it returns. So a part is always what is credited after it, less what was credited before, and the last
one takes what is left of every line and tax.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from chalicelib.domain.billing import in_proportion, line_in_part
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.figures import Figures, less, plus, portion
from chalicelib.domain.lines import Adjustment, Line, Origin, put_on_account
from chalicelib.domain.money import Money
from chalicelib.domain.sales import Content
from chalicelib.domain.sharing import share
from chalicelib.domain.values import dataclass

NOTHING, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be credited of one line: so much of its quantity, so much of its net, or what is left of it."""

    quantity: Decimal | None = None
    amount: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """What was credited of an invoice so far.

    nets, quantities: of each of its lines, with their signs; figures: None for nothing.
    """

    nets: tuple[Money, ...]
    quantities: tuple[Decimal, ...]
    figures: Figures | None = None


def so_far(content: Content, notes: Sequence[Content]) -> Credited:
    """What the credit notes of an invoice took of it, by the lines they name."""
    sold = {line.id: line for line in content.lines}
    nets = {line.id: Money.zero(content.currency) for line in content.lines}
    quantities = dict.fromkeys(nets, NOTHING)
    for note in notes:
        for line in note.lines:
            nets[line.origins[0].line_id] += line.net or Money.zero(content.currency)
            quantities[line.origins[0].line_id] += _quantity_of(line, sold[line.origins[0].line_id])
    sums = [replace(note.figures(), line_nets=()) for note in notes]
    return Credited(
        nets=tuple(nets.values()),
        quantities=tuple(quantities.values()),
        figures=reduce(plus, sums) if sums else None,
    )


def whole_part(invoice_id: str, content: Content, before: Credited) -> Content:
    """All that is left to be credited. Raises Refused (``nothing_to_credit``) when that is nothing."""
    return part(invoice_id, content, before, {line.id: Wish() for line in content.lines})


def part(invoice_id: str, content: Content, before: Credited, wishes: Mapping[str, Wish]) -> Content:
    """What a credit note credits for these lines.

    Raises Invalid for a line that is not there, or more than is left of it; Refused when it comes to nothing.
    """
    nets = list(before.nets)
    places = {line.id: place for place, line in enumerate(content.lines)}
    lines = []
    for number, (id, wish) in enumerate(wishes.items()):
        if id not in places:
            raise Invalid("unknown_line", f"There is no line {id!r}.", at=f"/lines/{number}/line_id")
        place = places[id]
        net, quantity = _taken(content.lines[place], wish, before, place, at=f"/lines/{number}")
        if not net and not quantity:
            continue
        nets[place] += net
        lines.append((place, _credited(invoice_id, content.lines[place], net, quantity)))
    whole = replace(content.figures(), line_nets=())
    asked = _less(_worth(content, whole, nets), before)
    figures = _within(asked, _less(whole, before), slack=len(content.lines) + len(whole.taxes))
    return _note(content, [line for _, line in sorted(lines, key=lambda one: one[0])], figures)


def part_of_total(invoice_id: str, content: Content, before: Credited, amount: Money) -> Content:
    """A credit of so much of the total with taxes, spread over lines and taxes by what is left of them.

    Raises Invalid for more than is left.
    """
    left = _less(replace(content.figures(), line_nets=()), before)
    if amount.minor <= 0 or amount > left.total:
        raise Invalid("more_than_left", f"Of this invoice {left.total} is left to be credited.", at="/amount")
    if amount == left.total:
        return whole_part(invoice_id, content, before)
    figures = _within(portion(left, amount), left, slack=0)
    weights = [_net(line).minor - net.minor for line, net in zip(content.lines, before.nets, strict=True)]
    shares = share(figures.net_total.minor, weights)
    lines = [
        _credited(invoice_id, line, Money(one, content.currency), NOTHING)
        for line, one in zip(content.lines, shares, strict=True)
        if one
    ]
    return _note(content, lines, figures)


def _less(figures: Figures, before: Credited) -> Figures:
    """What of them is not credited yet."""
    return less(figures, before.figures) if before.figures else figures


def _within(asked: Figures, left: Figures, *, slack: int) -> Figures:
    """What is asked, as far as it is left: what is due is taken back before what was paid beforehand.

    slack: by how much it may be more, in minor units, because parts are rounded.
    """
    if asked.total.minor - left.total.minor > slack:
        raise Invalid("more_than_left", f"Of the invoice {left.total} is left to be credited.", at="/lines")
    if asked.total > left.total:
        return left
    beyond = asked.amount_due - left.amount_due
    if beyond.minor <= 0:
        return asked
    prepaid = min(beyond, left.prepaid_total)
    rounding = asked.rounding_adjustment + prepaid - beyond
    return replace(asked, prepaid_total=prepaid, rounding_adjustment=rounding, amount_due=left.amount_due)


def _worth(content: Content, whole: Figures, nets: Sequence[Money]) -> Figures:
    """What a document comes to of which only so much of each line is counted; nothing of it was paid beforehand."""
    if all(_net(line) == net for line, net in zip(content.lines, nets, strict=True)):
        return whole
    sold, some = (sum(max(net.minor, 0) for net in every) for every in (map(_net, content.lines), nets))
    ratio = Fraction(some, sold) if sold else Fraction(0)
    reckoned = _reckoned(content)
    if reckoned is None:
        total = Money.rounded(Fraction(whole.total.decimal) * ratio, content.currency)
        return replace(portion(whole, total), line_nets=())
    counted = replace(
        reckoned,
        lines=tuple(_counted(line, net) for line, net in zip(content.lines, nets, strict=True)),
        allowances=in_proportion(reckoned.allowances, ratio),
        charges=in_proportion(reckoned.charges, ratio),
        prepaid=None,
        rounding_adjustment=None,
    )
    return replace(counted.figures(), line_nets=())


def _reckoned(content: Content) -> Content | None:
    """The content as its figures follow from its lines; None where they do not, as of an instalment of a whole."""
    if content.given is None:
        return content
    own = replace(
        content,
        given=None,
        allowances=_in_all(content.allowances, content.given.discount_total),
        charges=_in_all(content.charges, content.given.charge_total),
    )
    return own if _are_near(own.figures(), content.given, within=len(content.lines)) else None


def _in_all(adjustments: Sequence[Adjustment], amount: Money) -> tuple[Adjustment, ...]:
    """What was agreed on the whole as the amount that it came to there."""
    if any(one.taxes is not None for one in adjustments):
        return tuple(adjustments)
    return (Adjustment(amount=amount),) if amount else ()


def _are_near(one: Figures, other: Figures, *, within: int) -> bool:
    """Whether they are the same but for so many minor units in each tax."""
    ours, theirs = ({tax.code: tax for tax in side.taxes if tax.base or tax.amount} for side in (one, other))
    return ours.keys() == theirs.keys() and all(
        abs(ours[code].base.minor - theirs[code].base.minor) <= within
        and abs(ours[code].amount.minor - theirs[code].amount.minor) <= within
        for code in ours
    )


def _counted(line: Line, net: Money) -> Line:
    """The line as it comes to so much: its quantity counts for taxes that are fixed for each unit."""
    if not net:
        return replace(line, quantity=NOTHING, allowances=(), charges=(), net=None)
    quantity = line.quantity * net.minor / _net(line).minor
    price = net.decimal / quantity
    return replace(line, quantity=quantity, unit_price=price, base_quantity=ONE, allowances=(), charges=(), net=None)


def _note(content: Content, lines: Sequence[Line], figures: Figures) -> Content:
    if figures.total.minor <= 0:
        raise Refused("nothing_to_credit", "You cannot credit this because it comes to nothing.")
    nets = tuple(_net(line) for line in lines)
    taxes = tuple(tax for tax in figures.taxes if tax.base or tax.amount)
    return Content(
        currency=content.currency,
        lines=tuple(lines),
        rates=content.rates,
        rounding=content.rounding,
        addresses=content.addresses,
        given=replace(
            figures, line_nets=nets, taxes=taxes, on_account=put_on_account(lines, currency=content.currency)
        ),
    )


def _taken(line: Line, wish: Wish, before: Credited, place: int, *, at: str) -> tuple[Money, Decimal]:
    """The net and the quantity that a wish takes of a line."""
    net = _net(line)
    left, quantity_left = net - before.nets[place], line.quantity - before.quantities[place]
    if wish.amount is not None:
        if not _is_part(wish.amount.minor, left.minor):
            raise Invalid("more_than_left", f"Of line {line.id} {left} is left to be credited.", at=f"{at}/amount")
        return wish.amount, NOTHING
    if wish.quantity is None or wish.quantity == quantity_left:
        return left, quantity_left
    if not _is_part(wish.quantity, quantity_left):
        detail = f"Of line {line.id} a quantity of {quantity_left:f} is left to be credited."
        raise Invalid("more_than_left", detail, at=f"{at}/quantity")
    whole = Fraction(line.quantity)
    done, now = Fraction(before.quantities[place]), Fraction(before.quantities[place] + wish.quantity)
    reached = [Money.rounded(Fraction(net.decimal) * so_far / whole, net.currency) for so_far in (done, now)]
    asked = reached[1] - reached[0]
    return (asked if _is_part(asked.minor, left.minor) else left), wish.quantity


def _is_part(some: int | Decimal, whole: int | Decimal) -> bool:
    """Whether one number is of another's sign and not beyond it."""
    return 0 < some <= whole or whole <= some < 0


def _credited(invoice_id: str, line: Line, net: Money, quantity: Decimal) -> Line:
    """The line of a credit note: as on the invoice where its quantity is credited, else as an amount."""
    if quantity:
        shown = line_in_part(line, abs(quantity))
    else:
        shown = replace(line, quantity=ONE, unit_price=net.decimal, base_quantity=ONE, allowances=(), charges=())
    origin = Origin(document_id=invoice_id, line_id=line.id)
    return replace(shown, id="", item_id=None, item_version=None, item_ids=(), origins=(origin,), net=net)


def _quantity_of(credited: Line, sold: Line) -> Decimal:
    """What of a line's quantity was credited; an amount credits none, unless it is the price of one."""
    as_sold = (credited.unit_price, credited.base_quantity) == (sold.unit_price, sold.base_quantity)
    return credited.quantity if as_sold else NOTHING


def _net(line: Line) -> Money:
    """Raises ValueError for a line that was never worked out."""
    if line.net is None:
        raise ValueError(f"line {line.id} has no net")
    return line.net
