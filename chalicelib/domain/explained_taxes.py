"""The taxes of a document explained, as ``figures.compute`` reckons them: on the whole of it, or line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.explanation import Rule, Step, leaf, percent_of, product, summed, taken_off
from chalicelib.domain.money import Money, exponent
from chalicelib.domain.sales import Content
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.taxation import Piece, held_exactly, nets_of, rounded_sums
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """An allowance (taken off) or a charge of the document, and the taxes it bears; None for those of the lines."""

    step: Step
    taxes: tuple[str, ...] | None


@dataclass(slots=True, kw_only=True)
class _Bearing:
    """What bears the same taxes: the steps that its net is the sum of.

    in_prices: the net that, with the taxes that prices hold, comes to them exactly.
    on, exactly: the taxes on its net and on that one so far, by code, so that each is one step however many it raises.
    """

    name: str
    taxes: tuple[TaxRate, ...]
    parts: list[Step] = field(default_factory=list)
    quantity: Decimal = Decimal(0)
    net: Step
    in_prices: Step
    on: dict[str, Step] = field(default_factory=dict)
    exactly: dict[str, Step] = field(default_factory=dict)

    def minor(self, currency: str) -> int:
        return Money.rounded(sum((part.value for part in self.parts), Fraction(0)), currency).minor


class Taxes:
    """The steps of every tax of a document; each is made once."""

    def __init__(self, content: Content, lines: Sequence[Step], adjusted: Sequence[Adjusted]) -> None:
        self._currency, self._by_line = content.currency, content.rounding != "document"
        self._rates: Mapping[str, TaxRate] = {rate.code: rate for rate in content.rates}
        self._known: dict[str, Step] = {}
        bearing = self._bearing_of(content, lines)
        self._bearing = [*bearing, *self._with(bearing, adjusted)]
        self._take_out_held()

    def tax(self, code: str) -> Step:
        if code not in self._known:
            self._known[code] = self._whole(self._rates[code])
        return self._known[code]

    def held(self) -> list[Step]:
        """The taxes that prices hold."""
        return [self.tax(code) for code in self._held]

    def _whole(self, rate: TaxRate) -> Step:
        figure = f"tax:{rate.code}"
        bearing = [one for one in self._bearing if rate in one.taxes]
        if self._by_line or rate.included or rate.amount is not None:
            on = self._on if self._by_line or not rate.included else self._held_on
            steps = [on(rate, one) for one in bearing]
            return summed(figure, steps, self._currency, label=rate.name, rounded=not self._by_line)
        parts = [step for one in bearing for step in (one.net, *self._before(rate, one))]
        base = summed(f"{figure}/base", parts, self._currency, rounded=True)
        return percent_of(figure, rate.rate_percent, [base], self._currency, label=rate.name)

    def _on(self, rate: TaxRate, one: _Bearing) -> Step:
        """One tax on what bears it, with the taxes before it that raise its base."""
        if rate.code not in one.on:
            one.on[rate.code] = self._taken_on(rate, one, f"{one.name}/tax:{rate.code}")
        return one.on[rate.code]

    def _taken_on(self, rate: TaxRate, one: _Bearing, figure: str) -> Step:
        if rate.included and self._by_line:
            return summed(figure, [self._held_on(rate, one)], self._currency, label=rate.name, rounded=True)
        if rate.amount is not None:
            factors = (one.quantity, rate.amount)
            return product(figure, factors, self._currency, label=rate.name, rounded=self._by_line)
        parts = [one.net, *self._before(rate, one)]
        return percent_of(figure, rate.rate_percent, parts, self._currency, label=rate.name, rounded=self._by_line)

    def _before(self, rate: TaxRate, one: _Bearing) -> list[Step]:
        return [self._on(earlier, one) for earlier in _raising(rate, one)]

    def _held_on(self, rate: TaxRate, one: _Bearing) -> Step:
        """What prices hold of a tax, or of one that raises it, before any rounding."""
        if rate.code not in one.exactly:
            figure, label = f"{one.name}/in_prices/tax:{rate.code}", rate.name
            before = [self._held_on(earlier, one) for earlier in _raising(rate, one)]
            parts = [one.in_prices, *before]
            one.exactly[rate.code] = (
                percent_of(figure, rate.rate_percent, parts, self._currency, label=label, rounded=False)
                if rate.amount is None
                else product(figure, (one.quantity, rate.amount), self._currency, label=label)
            )
        return one.exactly[rate.code]

    def _bearing_of(self, content: Content, lines: Sequence[Step]) -> list[_Bearing]:
        """Every combination of taxes, or every line."""
        found: dict[object, _Bearing] = {}
        for line, step in zip(content.lines, lines, strict=True):
            key: object = step.figure if self._by_line else line.taxes
            if key not in found:
                name = step.figure if self._by_line else "+".join(line.taxes) or "untaxed"
                found[key] = self._empty(name, line.taxes)
            found[key].parts.append(step)
            found[key].quantity += line.quantity
        return [*found.values()] or [self._empty("untaxed", ())]

    def _with(self, bearing: Sequence[_Bearing], adjusted: Sequence[Adjusted]) -> list[_Bearing]:
        """Share each allowance and charge out by what its bearers come to before any; what bears taxes of its own."""
        weights, own = [one.minor(self._currency) for one in bearing], []
        whole = Money(sum(weights), self._currency).decimal
        for one in adjusted:
            if one.taxes is not None:
                own.append(self._empty(one.step.figure, one.taxes))
                own[-1].parts.append(one.step)
                continue
            minor = Money.rounded(one.step.value, self._currency).minor
            for bearer, part, weight in zip(bearing, share(minor, weights), weights, strict=True):
                if part:
                    step = leaf(f"{bearer.name}/{one.step.figure}", Rule.SHARED, Money(part, self._currency))
                    of = (Money(minor, self._currency).decimal, Money(weight, self._currency).decimal, whole)
                    bearer.parts.append(replace(step, label=one.step.label, factors=of if whole else ()))
        return own

    def _take_out_held(self) -> None:
        """Of what bears them, the taxes that prices hold; they are rounded once on their sum, or line by line."""
        pieces = [Piece(one.taxes, one.minor(self._currency), Fraction(one.quantity)) for one in self._bearing]
        exact = [held_exactly(piece, currency=self._currency) for piece in pieces]
        of_each = [rounded_sums([one]) for one in exact]
        if self._by_line:
            nets = [piece.amount - sum(held.values()) for piece, held in zip(pieces, of_each, strict=True)]
            self._held = {code: sum(held.get(code, 0) for held in of_each) for code in rounded_sums(exact)}
        else:
            self._held = rounded_sums(exact)
            nets = nets_of(pieces, exact, self._held)
        for one, piece, net, held, of_it in zip(self._bearing, pieces, nets, of_each, exact, strict=True):
            if held:
                one.in_prices = self._in_prices(one, piece, sum(of_it.values(), Fraction(0)))
                taken = Money(piece.amount - net, self._currency)
                one.parts.append(taken_off(leaf(f"{one.name}/held", Rule.HELD, taken)))
            one.net = one.parts[0] if len(one.parts) == 1 else summed(f"{one.name}/net", one.parts, self._currency)

    def _in_prices(self, one: _Bearing, piece: Piece, held: Fraction) -> Step:
        """The exact net: by the rate, where one tax in percent is all that prices hold."""
        figure, price = f"{one.name}/in_prices", Money(piece.amount, self._currency)
        rates = sum((rate.rate_percent for rate in one.taxes if rate.included), Decimal(0))
        net = product(figure, (price.decimal, Decimal(100), 100 + rates), self._currency)
        exact = Fraction(price.decimal) - held / 10 ** exponent(self._currency)
        return net if net.value == exact else replace(leaf(figure, Rule.HELD, price), value=exact)

    def _empty(self, name: str, taxes: Sequence[str]) -> _Bearing:
        nothing = summed(f"{name}/net", (), self._currency)
        return _Bearing(name=name, taxes=tuple(self._rates[code] for code in taxes), net=nothing, in_prices=nothing)


def _raising(rate: TaxRate, one: _Bearing) -> list[TaxRate]:
    """The taxes before it on the same lines that are part of its base."""
    if not rate.affected:
        return []
    return [earlier for earlier in one.taxes[: one.taxes.index(rate)] if earlier.affects_next]
