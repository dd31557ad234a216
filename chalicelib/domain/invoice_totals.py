"""What an invoice comes to, and when which part is due, as it is said on paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from chalicelib.domain.deposit import Deducted, DepositTax
from chalicelib.domain.document import Emphasis, Schedule, Standing, Total
from chalicelib.domain.document import Instalment as Entry
from chalicelib.domain.figures import Figures
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import DaysAfter, Due, DueOn, EndOfMonth, Instalment, UnderTerms
from chalicelib.domain.taxation import TaxLine
from chalicelib.domain.wording import Wording


def totals_of(figures: Figures, wording: Wording, *, deposits: Sequence[Deducted] = ()) -> tuple[Total, ...]:
    """From the subtotal to what is to be paid.

    deposits: what was paid beforehand is recalled by their numbers.

    Every tax stands by itself, at its own rate and with its registration number beside it: Quebec and Canada want
    that, and forbid a combined rate of GST and QST (Revenu Québec, "Preparing invoices").
    """
    return (*_before_tax(figures, wording), *_taxes(figures, wording), *_after_tax(figures, deposits, wording))


def _before_tax(figures: Figures, wording: Wording) -> Iterator[Total]:
    text, money = wording.text, wording.money
    yield Total(label=text("Subtotal"), value=money(figures.subtotal))
    if figures.discount_total:
        yield Total(label=text("Discount"), value=money(-figures.discount_total))
    if figures.charge_total:
        yield Total(label=text("Charges"), value=money(figures.charge_total))
    if figures.net_total != figures.subtotal:
        yield Total(label=text("Total before tax"), value=money(figures.net_total))


def _taxes(figures: Figures, wording: Wording) -> Iterator[Total]:
    for tax in figures.taxes:
        if not tax.withheld:
            yield _tax(tax, tax.amount, figures.net_total, wording)


def _after_tax(figures: Figures, deposits: Sequence[Deducted], wording: Wording) -> Iterator[Total]:
    text, money = wording.text, wording.money
    if figures.amount_due != figures.total:
        yield Total(label=text("Total"), value=money(figures.total), emphasis=Emphasis.STRONG)
    for tax in figures.taxes:
        if tax.withheld:
            yield _tax(tax, -tax.amount, figures.net_total, wording)
    if figures.prepaid_total:
        recalled = "\n".join(
            text("Deposit {number} of {day}", number=one.number, day=wording.day(one.issued_on))
            for one in deposits
            if one.tax is DepositTax.WHEN_APPLIED
        )
        yield Total(label=text("Already paid"), value=money(-figures.prepaid_total), detail=recalled)
    if figures.rounding_adjustment:
        yield Total(label=text("Rounding"), value=money(figures.rounding_adjustment))
    label = text("Balance due") if figures.amount_due != figures.total else text("Total due")
    yield Total(label=label, value=money(figures.amount_due), emphasis=Emphasis.FINAL)


def _tax(tax: TaxLine, amount: Money, net_total: Money, wording: Wording) -> Total:
    name = wording.text(tax.name or tax.code)
    rated = tax.rate_percent is not None and "%" not in name and tax.category in {"S", "Z"}
    details = [
        _number(tax.registration_number, wording) if tax.registration_number else "",
        wording.text("on {amount}", amount=wording.money(tax.base)) if tax.base != net_total else "",
        tax.exemption_reason or "",
        wording.text("Certificate {number}", number=tax.exemption_certificate) if tax.exemption_certificate else "",
    ]
    return Total(
        label=f"{name} {wording.percent(tax.rate_percent)}" if rated and tax.rate_percent is not None else name,
        value=wording.money(amount),
        detail="\n".join(filter(None, details)),
    )


def _number(registration: str, wording: Wording) -> str:
    return wording.text("No. {number}", number=registration.replace(" ", "\u00a0"))


AFTER: Mapping[str, tuple[str, str, str]] = {
    "approval": ("On approval", "{days} days after approval", "{months} months after approval"),
    "issue": ("When invoiced", "{days} days after the invoice", "{months} months after the invoice"),
    "completion": (
        "When the work is done",
        "{days} days after the work is done",
        "{months} months after the work is done",
    ),
}


def agreed(due: Due | None, wording: Wording) -> str:
    """When an instalment falls due whose day is not known yet."""
    match due:
        case DaysAfter(days_after=event, days=days, months=months):
            at_once, in_days, in_months = AFTER[event]
            if months:
                return wording.text(in_months, months=f"{months}")
            return wording.text(in_days, days=f"{days}") if days else wording.text(at_once)
        case EndOfMonth() | UnderTerms():
            return wording.text("At the end of the month")
        case DueOn(on=on):
            return wording.day(on)
        case None:
            return ""


def schedule_of(
    instalments: tuple[Instalment, ...], wording: Wording, *, paid: Sequence[Money] = ()
) -> Schedule | None:
    """As agreed: the first instalment that is not paid is due, the others follow. One instalment is no schedule.

    paid: what needs no payment of each instalment.
    """
    if len(instalments) < 2:  # noqa: PLR2004 - one is the whole
        return None
    whole = sum(instalment.amount.minor for instalment in instalments) or 1
    entries, standing = [], Standing.DUE
    states = {Standing.PAID: "Paid", Standing.DUE: "Due", Standing.UPCOMING: "Upcoming"}
    for number, (instalment, amount) in enumerate(zip_longest(instalments, paid), 1):
        shown = Standing.PAID if amount == instalment.amount else standing
        entries.append(
            Entry(
                label=instalment.label or wording.text("Instalment {number}", number=str(number)),
                detail=wording.day(instalment.due_on) if instalment.due_on else agreed(instalment.due, wording),
                amount=wording.money(instalment.amount),
                state=wording.text(states[shown]),
                standing=shown,
                share=max(instalment.amount.minor * 1000 // whole, 0),
            )
        )
        standing = standing if shown is Standing.PAID else Standing.UPCOMING
    return Schedule(title=wording.text("Payment schedule"), instalments=tuple(entries))


def schedule_offered(instalments: tuple[Instalment, ...], wording: Wording) -> Schedule | None:
    """As offered: no instalment is due yet."""
    schedule = schedule_of(instalments, wording)
    if schedule is None:
        return None
    entries = tuple(replace(entry, state="", standing=Standing.UPCOMING) for entry in schedule.instalments)
    return replace(schedule, instalments=entries)
