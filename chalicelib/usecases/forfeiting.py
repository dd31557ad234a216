"""Deposits kept because the client withdrew."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.deduction import as_deducted, deducted
from chalicelib.domain.forfeit import DEED, WORDS, must_be_forfeitable, sold_by_keeping
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Quote
from chalicelib.domain.sales import Content
from chalicelib.ports import Add, Ids, Keep, Save, Store
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.deducting import must_not_be_deducted
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.reading import content_of


def forfeit_deposit(
    invoice_id: str, *, if_match: int | None = None, business: Business, now: datetime, ids: Ids, store: Store
) -> Invoice:
    """The draft of the invoice that says what is kept of a deposit, and the tax in it; nothing is due on it.

    Raises Refused for a deposit that is deducted, disputed, not paid, or taxed already.
    """
    keeping_id = ids("inv")

    def deed() -> Invoice:
        deposit = unchanged(store.get(Invoice, invoice_id), if_match)
        must_be_forfeitable(deposit)
        must_not_be_deducted(deposit, DEED, store)
        kept = replace(as_deducted(deposit), total=deposit.paid_total)
        invoice, body = drafted(
            Wish(
                client_id=deposit.client_id,
                content=_sold(deposit, store),
                language=deposit.language,
                template=deposit.template,
                job_id=deposit.job_id,
                quote_id=deposit.quote_id,
                deposits=(kept,),
                forfeits=deposit.id,
            ),
            id=keeping_id,
            client=store.get(Client, deposit.client_id),
            business=business,
            now=now,
        )
        store.commit(Add(invoice, coming(invoice, now)), Keep(body), Save(*deducted(deposit, by=invoice.id, at=now)))
        return invoice

    return store.persistently(deed)


def _sold(deposit: Invoice, store: Store) -> Content:
    quote = store.get(Quote, deposit.quote_id or "")
    offered, asked = content_of(quote, store), content_of(deposit, store)
    described = WORDS.get(deposit.language[:2], WORDS["en"]).format(number=deposit.name, day=deposit.issue_date)
    lines, figures = sold_by_keeping(
        deposit.paid_total, quote.figures, offered.lines, offered.rates, described=described
    )
    return replace(asked, lines=lines, rates=offered.rates, schedule=(), prepaid=deposit.paid_total, given=figures)
