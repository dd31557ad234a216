"""Deposits asked for on quotes."""

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.deposit import DepositTax, DepositWish, amount_of, called, sold_by, taxed_in
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.lines import Line
from chalicelib.domain.money import Money
from chalicelib.domain.quote import Quote, must_take_deposits, with_deposits
from chalicelib.domain.sales import Content
from chalicelib.domain.schedule import dated
from chalicelib.ports import Add, Ids, Keep, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.deducting import deposits_of
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.invoicing_quotes import must_not_be_invoiced
from chalicelib.usecases.reading import content_of


def ask_deposit(
    quote_id: str,
    wish: DepositWish,
    *,
    send_on: date | None = None,
    if_match: int | None = None,
    business: Business,
    now: datetime,
    ids: Ids,
    store: Store,
) -> Invoice:
    """The draft of a deposit on a quote, taxed as its country wants or as is wished.

    Raises Refused for a quote that is invoiced, ordered or not open, Invalid for more than is left of its total.
    """
    invoice_id = ids("inv")

    def deed() -> Invoice:
        quote = unchanged(store.get(Quote, quote_id), if_match)
        must_not_be_invoiced(quote)
        must_take_deposits(quote)
        asked = Money(sum(one.figures.total.minor for one in deposits_of(quote, store)), quote.figures.currency)
        amount = amount_of(wish, quote.figures.total, quote.schedule, asked=asked)
        tax = wish.tax or taxed_in(business.country)
        invoice, body = drafted(
            Wish(
                client_id=quote.client_id,
                content=_sold(quote, content_of(quote, store), amount, tax, wish),
                language=quote.language,
                template=quote.template,
                job_id=quote.job_id,
                quote_id=quote.id,
                deposit=tax,
                due_date=_due_date(quote, wish, business),
                send_on=send_on,
            ),
            id=invoice_id,
            client=store.get(Client, quote.client_id),
            business=business,
            now=now,
        )
        after = with_deposits(quote, (*quote.deposits, invoice_id), at=now)
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), Save(*after))
        return invoice

    return store.persistently(deed)


def _sold(quote: Quote, content: Content, amount: Money, tax: DepositTax, wish: DepositWish) -> Content:
    label = wish.label or (quote.schedule[0].label if _is_first(wish) and quote.schedule else "")
    described = " \N{EN DASH} ".join(filter(None, (label or called(quote.language), quote.number)))
    sold = Content(
        currency=content.currency,
        lines=(Line(description=described, unit_price=amount.decimal),),
        rates=content.rates,
        rounding=content.rounding,
        notes=content.notes,
        terms=content.terms,
        addresses=content.addresses,
    )
    if tax is DepositTax.WHEN_APPLIED:
        return sold
    lines, figures = sold_by(quote.figures, amount, content.lines, described=described)
    return replace(sold, lines=lines, given=figures)


def _due_date(quote: Quote, wish: DepositWish, business: Business) -> date | None:
    """Of the first instalment of an approved quote, the day that was agreed."""
    if not _is_first(wish) or quote.approved_at is None:
        return None
    return dated(quote.schedule, approval=business.today(quote.approved_at))[0].due_on


def _is_first(wish: DepositWish) -> bool:
    return wish.percent is None and wish.amount is None
