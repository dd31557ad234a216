"""Sharing an amount out by weight, to the last minor unit."""

from collections.abc import Sequence
from fractions import Fraction

from chalicelib.domain.money import Money, half_away


def share(total: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Share total, in minor units, out by weight: one share for each weight, summing to total exactly.

    weights: what each share counts for; negative ones are given the opposite sign.
             Where they sum to zero their sizes count, and where all are zero they count the same.

    Each share is rounded down first; the units left over go to the largest
    remainders (Hare-Niemeyer), ties to the first. A negative total is shared as the
    mirror of the positive one, so that a credit undoes its invoice share by share.
    """
    if total < 0:
        return tuple(-part for part in share(-total, weights))
    counting = _counting(weights)
    whole = sum(counting)
    down = [divmod(total * weight, whole) for weight in counting]
    minor = [int(part) for part, _ in down]
    by_remainder = sorted(range(len(down)), key=lambda index: -down[index][1])
    for index in by_remainder[: total - sum(minor)]:
        minor[index] += 1
    return tuple(minor)


def rounded_to(total: int, exact: Sequence[Fraction]) -> tuple[int, ...]:
    """Parts rounded so that they sum to total, which is their own rounded sum.

    The units that rounding leaves over or out are taken where they were rounded
    furthest; negative parts are the mirror of positive ones.
    """
    parts = [half_away(part) for part in exact]
    over = sum(parts) - total
    step = 1 if over > 0 else -1
    by_error = sorted(range(len(parts)), key=lambda index: step * (exact[index] - parts[index]))
    for index in by_error[: abs(over)]:
        parts[index] -= step
    return tuple(parts)


def equal_parts(total: Money, count: int) -> tuple[Money, ...]:
    """Split total in count parts, each rounded half away from zero; the last takes the rest (sch-10, sch-16)."""
    part = Money.rounded(Fraction(total.decimal) / count, total.currency)
    last = Money(total.minor - part.minor * (count - 1), total.currency)
    return (part,) * (count - 1) + (last,)


def _counting(weights: Sequence[int | Fraction]) -> Sequence[int | Fraction]:
    """Weights of the same proportions whose sum is above zero."""
    whole = sum(weights)
    if whole:
        return weights if whole > 0 else [-weight for weight in weights]
    return [weight if weight > 0 else -weight for weight in weights] if any(weights) else [1] * len(weights)
