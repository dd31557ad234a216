"""An explanation computed again, step by step, each from the values of its parts alone."""

from fractions import Fraction

from chalicelib.domain.explanation import Rule
from chalicelib.domain.money import Money

LEAVES = {Rule.ENTERED, Rule.SHARED, Rule.HELD, Rule.ALLOTTED, Rule.BOOKED, Rule.DUE, Rule.TOLD, Rule.CUT}


def every_step(step):
    """Each step once, however many rest on it."""
    found, waiting = {}, [step]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting += one.parts
    return list(found.values())


def wrong_steps(step):
    """The figures of the steps that do not follow from those below them."""
    return [one.figure for one in every_step(step) if not _follows(one)]


def _follows(step):
    below = sum((part.value for part in step.parts), Fraction(0))
    match step.rule:
        case Rule.SUM:
            exact = below
        case Rule.PERCENT:
            exact = below * Fraction(step.rate) / 100
        case Rule.PRODUCT:
            first, second, units = (*map(Fraction, step.factors), Fraction(1))[:3]
            exact = first * second / units
        case Rule.SHARED if step.factors:
            amount, weight, whole = map(Fraction, step.factors)
            return abs(step.value - amount * weight / whole) < _unit(step.currency)
        case _:
            return step.rule in LEAVES and not step.parts and not step.rounded
    value = Fraction(Money.rounded(exact, step.currency).decimal) if step.rounded else exact
    return step.value == (-value if step.negative else value)


def _unit(currency):
    return Fraction(Money(1, currency).decimal)
