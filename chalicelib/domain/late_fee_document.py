"""What a document says of a late fee: each sum with how it was reckoned, and no tax on any of it."""

from decimal import Decimal

from chalicelib.domain.late_fee import LateFee, LateFeeTerms
from chalicelib.domain.lines import Line
from chalicelib.domain.statutory_rates import STATUTES
from chalicelib.domain.tax import TaxRate
from chalicelib.domain.wording import Wording

CODE = "late-fee"
"""The tax that stands on the lines of a late fee."""

MONTHS = 12
TIMES = "\N{MULTIPLICATION SIGN}"


def lines_of(terms: LateFeeTerms, fee: LateFee, *, number: str, wording: Wording) -> tuple[Line, ...]:
    """One line for each sum."""
    said = []
    if fee.interest:
        said.append((_of_interest(terms, fee, number, wording), fee.interest))
    if fee.flat:
        said.append((wording.text("Late fee agreed on, for invoice {number}", number=number), fee.flat))
    if fee.recovery:
        law = STATUTES[terms.statutory or ""].law
        words = "Fixed sum for the cost of collection, for invoice {number} ({law})"
        said.append((wording.text(words, number=number, law=law), fee.recovery))
    return tuple(
        Line(description=description, unit_price=amount.decimal, taxes=(CODE,)) for description, amount in said
    )


def rate_of(wording: Wording) -> TaxRate:
    """Damages for late payment are outside the scope of VAT, and of Canada's taxes on supplies."""
    reason = wording.text("Late payment: not the price of a supply")
    return TaxRate(code=CODE, name="Not subject to tax", category="O", exemption_reason=reason)


def formula(fee: LateFee, wording: Wording) -> str:
    """How the interest was reckoned, such as an amount times 12.15 % times 43 days by 365."""
    parts = [
        f"{wording.money(stretch.amount)} {TIMES} {wording.percent(stretch.percent)} {TIMES} {stretch.days} ÷ 365"
        for stretch in fee.stretches
    ]
    return " + ".join(parts)


def rate_in_words(percent: Decimal, wording: Wording) -> str:
    """A rate that was agreed on, by the year as the law wants it (Interest Act s. 4), and by the month beside it."""
    monthly = (percent / MONTHS).quantize(Decimal("0.0001")).normalize()
    return wording.text(
        "{yearly} a year ({monthly} a month)", yearly=wording.percent(percent), monthly=wording.percent(monthly)
    )


def _of_interest(terms: LateFeeTerms, fee: LateFee, number: str, wording: Wording) -> str:
    said = wording.text(
        "Interest for late payment of invoice {number}, from {first} to {last}: {formula}",
        number=number,
        first=wording.day(fee.stretches[0].first),
        last=wording.day(fee.stretches[-1].last),
        formula=formula(fee, wording),
    )
    if terms.yearly_rate_percent is not None and terms.statutory is None:
        return f"{said}. {rate_in_words(terms.yearly_rate_percent, wording)}"
    if fee.is_raised:
        return f"{said}. {wording.text('Least amount: {amount}', amount=wording.money(fee.interest))}"
    return said
