"""A document as it is booked: debits and credits on the business's own accounts, which sum to zero."""

from collections.abc import Iterator

from chalicelib.domain.accounting import Words
from chalicelib.domain.errors import Refused
from chalicelib.domain.export_lines import Paper, Sold, sold_on
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.journal import Account
from chalicelib.domain.money import Money
from chalicelib.domain.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of an entry: a debit is positive, a credit negative.

    label: what is said of the account where the chart has no name for it.
    line: what was sold, of a side that is of one line.
    """

    account: str
    amount: Money
    label: str
    of_client: bool = False
    line: Sold | None = None


def sides(paper: Paper, words: Words) -> tuple[Side, ...]:
    """The client's side first, then what was sold line by line, then the taxes and the rest.

    Raises Refused (``entry_unbalanced``) for a document that is not so.
    """
    found = tuple(side for side in _sides(paper, words) if side.amount or side.of_client)
    if sum(side.amount.minor for side in found):
        raise Refused("entry_unbalanced", f"What {paper.number} books does not sum to zero.")
    return found


def _sides(paper: Paper, words: Words) -> Iterator[Side]:
    figures, sign = paper.document.figures, paper.sign
    yield Side(
        account=words.account(booked_as="receivable"),
        amount=_signed(figures.amount_due, sign),
        label="Clients",
        of_client=True,
    )
    for line in sold_on(paper):
        booked_as = "prepaid" if line.on_account or _earns(paper) is Account.PREPAID else "revenue"
        account = words.account(line.catalog_code if booked_as == "revenue" else None, booked_as=booked_as)
        yield Side(account=account, amount=_signed(line.net, -sign), label=line.description, line=line)
    for tax in figures.taxes:
        if tax.amount and not tax.withheld:
            account = words.tax_account(tax.code)
            yield Side(account=account, amount=_signed(tax.amount, -sign), label=tax.name or tax.code)
    for amount, name, label in (
        (figures.withheld_total, "withheld", "Withheld by the client"),
        (figures.prepaid_total, "prepaid", "Paid beforehand"),
        (-figures.rounding_adjustment, "rounding", "Rounding"),
    ):
        if amount:
            yield Side(account=words.account(booked_as=name), amount=_signed(amount, sign), label=label)


def _earns(paper: Paper) -> Account:
    return paper.document.earns if isinstance(paper.document, Invoice) else paper.document.earned


def _signed(amount: Money, sign: int) -> Money:
    return amount if sign > 0 else -amount
