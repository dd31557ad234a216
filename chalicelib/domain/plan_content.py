"""What a recurring plan sells in one of its periods: with the taxes of the day, its days' part, and their names."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import Invalid, Refused
from chalicelib.domain.exemption import CODE as EXEMPTION
from chalicelib.domain.lines import Adjustment, Line, net_of
from chalicelib.domain.money import Money
from chalicelib.domain.plan import Plan
from chalicelib.domain.plan_terms import PlanPeriod, Proration
from chalicelib.domain.recurrence import prorated
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import DueOn
from chalicelib.domain.wording import Wording

PLACEHOLDER = "{period}"
"""What stands in a plan's texts for the days that are billed."""


def taxed_as_now(content: Content, plan: Plan, *, client: Client, business: Business) -> Content:
    """The content with the rates that the business has now, and the exemption that the client has now.

    Raises Refused (``tax_missing``) for a tax that is not set up any more.
    """
    exemption, rates = client.tax_exempt, business.rates
    lines = content.lines
    if exemption:
        rates = rates | {EXEMPTION: exemption.rate}
        lines = tuple(
            line if line.id in plan.chosen_taxes else replace(line, taxes=exemption.in_place_of(line.taxes, rates))
            for line in lines
        )
    codes = dict.fromkeys(code for line in lines for code in line.taxes)
    codes |= dict.fromkeys(code for one in (*content.allowances, *content.charges) for code in one.taxes or ())
    if missing := [code for code in codes if code not in rates]:
        raise Refused("tax_missing", f"You cannot bill plan {plan.id} because there is no tax {missing[0]!r} any more.")
    return replace(content, lines=lines, rates=tuple(rates[code] for code in codes))


def for_period(content: Content, period: PlanPeriod, *, proration: Proration, wording: Wording) -> Content:
    """The content for the days of one period."""
    named = _named(content, period, wording)
    if period.is_whole or proration is Proration.NONE:
        return named
    reason = wording.text("{used} of {whole} days", used=f"{period.service.days}", whole=f"{period.whole_days}")
    return replace(
        named,
        lines=tuple(_shortened(line, period, named.currency, reason) for line in named.lines),
        allowances=tuple(_in_part(named.allowances, period)),
        charges=tuple(_in_part(named.charges, period)),
    )


def without_period(text: str) -> str:
    """A text of a plan's as a name for all its periods."""
    left = text.replace(f"({PLACEHOLDER})", "").replace(PLACEHOLDER, "")
    return " ".join(left.split()).strip(" ,;:-\N{EN DASH}") or text


def repeatable(content: Content) -> Content:
    """The same content. Raises Invalid for what cannot come round: nothing, a fixed day, or a fixed part of a total."""
    if not content.lines:
        raise Invalid("missing", "A plan needs at least one line.", at="/lines")
    for place, term in enumerate(content.schedule):
        if term.amount is not None:
            detail = "An instalment of a plan is a percentage or the remainder, since its totals may differ."
            raise Invalid("amount_in_plan", detail, at=f"/schedule/{place}/amount")
        if isinstance(term.due, DueOn):
            raise Invalid("day_in_plan", "An instalment of a plan has no fixed day.", at=f"/schedule/{place}/due/on")
    return content


def _named(content: Content, period: PlanPeriod, wording: Wording) -> Content:
    told = period.service.told(wording)

    def filled(text: str) -> str:
        return text.replace(PLACEHOLDER, told)

    return replace(
        content,
        lines=tuple(replace(line, description=filled(line.description)) for line in content.lines),
        notes=filled(content.notes) if content.notes else content.notes,
        terms=filled(content.terms) if content.terms else content.terms,
    )


def _shortened(line: Line, period: PlanPeriod, currency: str, reason: str) -> Line:
    """The line less what the days cost that the period lacks; fixed taxes are of its whole quantity."""
    whole = net_of(line, currency=currency)
    lacking = whole - _part(whole, period)
    return replace(line, allowances=(*line.allowances, Adjustment(amount=lacking, reason=reason)))


def _in_part(adjustments: Iterable[Adjustment], period: PlanPeriod) -> Iterable[Adjustment]:
    for one in adjustments:
        yield replace(one, amount=_part(one.amount, period)) if one.amount else one


def _part(amount: Money, period: PlanPeriod) -> Money:
    return prorated(amount, days_used=period.service.days, days_in_period=period.whole_days)
