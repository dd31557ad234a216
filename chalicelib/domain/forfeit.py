"""A deposit that the business keeps because the client withdrew.

Where it bore no tax when it was asked for, it does once it is kept: it is then deemed the price of a supply, with the
tax in it (Canada, Excise Tax Act s. 182): 5/105 and 9.975/109.975 of it, each by itself (Revenu Québec).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.deposit import DepositTax, ways_taxed
from chalicelib.domain.errors import Refused
from chalicelib.domain.figures import Figures, coming_to
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.sharing import share
from chalicelib.domain.tax import TaxRate, within

DEED = "keep"
WORDS: Mapping[str, str] = {
    "en": "Deposit kept: {number} of {day}",
    "fr": "Acompte conservé : {number} du {day}",
}
"""By language: what a deposit is called that is kept."""


def must_be_forfeitable(deposit: Invoice) -> None:
    """Raise Refused for what is no deposit, is not settled, or needs no other invoice to be kept."""
    must_be_issued(deposit, DEED)
    refusal = f"You cannot {DEED} {deposit.name} because"
    if deposit.deposit is None:
        raise Refused("not_a_deposit", f"{refusal} it is no deposit.")
    if deposit.disputed_total:
        raise Refused("invoice_disputed", f"{refusal} it is disputed.")
    if deposit.deposit is DepositTax.ON_RECEIPT:
        raise Refused(
            "deposit_taxed",
            f"{refusal} it bore its tax when it was asked for and stays as it is; where it becomes an indemnity without"
            " tax, credit it and invoice the indemnity.",
        )
    if deposit.amount_due.minor > 0:
        raise Refused("deposit_unpaid", f"{refusal} {deposit.amount_due} of it is not paid; credit that first.")
    if not deposit.paid_total:
        raise Refused("nothing_kept", f"{refusal} nothing that was paid of it is there.")


def sold_by_keeping(
    kept: Money, figures: Figures, lines: Sequence[Line], rates: Sequence[TaxRate], *, described: str
) -> tuple[tuple[Line, ...], Figures]:
    """The lines and figures of what is kept, with the tax in it: one line for each way in which lines are taxed.

    figures: of what the deposit was on, whose lines these are. All of it was paid beforehand.
    """
    known = {rate.code: rate for rate in rates if rate.charges}
    weights, nothing = ways_taxed(lines), Money.zero(kept.currency)
    parts = [Money(minor, kept.currency) for minor in share(kept.minor, list(weights.values()))]
    held = {code: nothing for taxes in weights for code in taxes}
    bases, sold, nets = dict(held), [], []
    for taxes, part in zip(weights, parts, strict=True):
        net = part
        for code in taxes:
            tax = within(part, known[code]) if code in known else nothing
            held[code] += tax
            bases[code] += part - tax
            net -= tax
        sold.append(Line(description=described, unit_price=net.decimal, taxes=taxes))
        nets.append(net)
    taxed = tuple(
        replace(tax, base=bases[tax.code], amount=held[tax.code])
        for tax in figures.taxes
        if tax.code in held and not tax.withheld
    )
    whole = coming_to(figures, kept, taxed)
    return tuple(sold), replace(whole, line_nets=tuple(nets), prepaid_total=kept, amount_due=nothing)
