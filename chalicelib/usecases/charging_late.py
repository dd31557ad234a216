"""Charging for late payment: what is owed is worked out, and made a document of its own, once for each day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import late_fee as late_fees
from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Invalid, Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.late_fee import LateFee, LateFeeTerms, Movement
from chalicelib.domain.late_fee_document import lines_of, rate_of
from chalicelib.domain.late_fee_events import LateFeeCharged, LateFeeDue, LateFeeRefused
from chalicelib.domain.late_fee_plan import next_fee, terms_of
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.sales import Content
from chalicelib.ports import Add, Filter, Ids, Keep, Once, Save, Store, Wordings
from chalicelib.usecases.checking import unchanged
from chalicelib.usecases.drafting import Wish, coming, drafted
from chalicelib.usecases.reading import every

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What paying an invoice late costs its client for the days up to one, as far as it was not charged yet.

    fee: None when nothing is owed.
    """

    invoice: Invoice
    terms: LateFeeTerms
    through: date
    fee: LateFee | None


def reckon_late_fee(invoice_id: str, *, through: date | None, now: datetime, store: Store) -> Reckoning:
    """What is owed by the end of a day, today if none is named; later days bear nothing once all is paid.

    Raises Refused for a draft or void invoice, for a fee (``late_fee_of_fee``), where nothing was agreed on
    (``no_late_fee``), for a consumer where only the law between businesses says what is owed, and for a rate that
    nobody knows; Invalid for a day to come.
    """
    invoice = store.get(Invoice, invoice_id)
    return _reckoned(invoice, through=through, now=now, store=store)


def charge_late_fee(
    invoice_id: str,
    *,
    through: date | None = None,
    send: Sending = Sending.MANUAL,
    if_match: int | None = None,
    now: datetime,
    ids: Ids,
    store: Store,
    wordings: Wordings,
) -> Invoice:
    """A draft of what is owed up to a day, which is then never charged again, whatever becomes of the draft.

    Its lines state how they were reckoned, and bear no tax. Raises as ``reckon_late_fee`` does, and Refused
    (``nothing_owed``) where nothing is owed.
    """

    def deed() -> Invoice:
        invoice = unchanged(store.get(Invoice, invoice_id), if_match)
        reckoning = _reckoned(invoice, through=through, now=now, store=store)
        fee = reckoning.fee
        if fee is None:
            raise Refused("nothing_owed", f"You cannot charge for invoice {invoice.name} because nothing is owed.")
        business, client = store.get(Business), store.get(Client, invoice.client_id)
        wording = wordings(invoice.language, business.country)
        content = Content(
            currency=invoice.currency,
            lines=lines_of(reckoning.terms, fee, number=invoice.name, wording=wording),
            rates=(rate_of(wording),),
        )
        wish = Wish(
            client_id=client.id,
            content=content,
            language=invoice.language,
            template=invoice.template,
            job_id=invoice.job_id,
            send=send,
        )
        draft, body = drafted(wish, id=ids("inv"), client=client, business=business, now=now)
        draft = replace(draft, late_fee_of=invoice.id)
        charged = replace(
            invoice,
            version=invoice.version + 1,
            fees_through=fee.through,
            late_fees=(*invoice.late_fees, draft.id),
        )
        charged = replace(charged, fee_at=next_fee(charged, reckoning.terms, business))
        event = LateFeeCharged(
            subject=invoice.id,
            version=charged.version,
            at=now,
            late_fee_id=draft.id,
            since=fee.since,
            through=fee.through,
            amount=fee.total,
        )
        once = Once(f"late_fee:{invoice.id}:{fee.since.isoformat()}")
        store.commit(Add(draft, coming(draft, now)), Keep(body), Save(charged, event), once)
        return draft

    return store.persistently(deed)


def ask_for_late_fee(invoice_id: str, *, now: datetime, store: Store) -> bool:
    """Ask for the fee of the days that have passed, where it is charged by itself; the document follows.

    Answers whether there was something to do. A period that was missed is charged with the one after it.
    """

    def deed() -> bool:
        invoice = store.find(Invoice, invoice_id)
        if invoice is None or invoice.fee_at is None or invoice.fee_at > now or invoice.voided_at:
            return False
        business, client = store.get(Business), store.get(Client, invoice.client_id)
        terms = terms_of(client, business)
        through = _yesterday(business, now)
        asked = replace(invoice, version=invoice.version + 1)
        asked = replace(asked, fee_at=next_fee(asked, terms, business, after=through))
        store.commit(Save(asked, LateFeeDue(subject=invoice.id, version=asked.version, at=now, through=through)))
        return True

    return store.persistently(deed)


def charge_what_is_due(
    invoice_id: str, *, through: date, now: datetime, ids: Ids, store: Store, wordings: Wordings
) -> str | None:
    """Charge the fee that was asked for up to a day; answers the draft that is to go out. Again, it charges nothing.

    What cannot be charged is written down, and left to a person.
    """
    invoice = store.get(Invoice, invoice_id)
    if invoice.fees_through and invoice.fees_through >= through:
        return invoice.late_fees[-1]
    try:
        draft = charge_late_fee(
            invoice_id,
            through=through,
            send=Sending.AT_ONCE,
            now=now,
            ids=ids,
            store=store,
            wordings=wordings,
        )
    except AlreadyDone:
        return None
    except Refused as refused:
        if refused.code != "nothing_owed":
            _note(invoice_id, refused.detail, now=now, store=store)
        return None
    return draft.id


def _reckoned(invoice: Invoice, *, through: date | None, now: datetime, store: Store) -> Reckoning:
    must_be_issued(invoice, "charge late payment of")
    if invoice.late_fee_of:
        raise Refused("late_fee_of_fee", f"You cannot charge for invoice {invoice.name} because it is a late fee.")
    business, client = store.get(Business), store.get(Client, invoice.client_id)
    terms, today = terms_of(client, business), business.today(now)
    if through is not None and through > today:
        raise Invalid("in_the_future", "A late fee cannot be reckoned for days to come.", at="/through")
    if not terms.asks:
        raise Refused(
            "no_late_fee",
            f"You cannot charge for invoice {invoice.name} because nothing was agreed on for late payment.",
        )
    if client.consumer and terms.statutory:
        raise Refused(
            "consumer",
            f"You cannot charge {client.name} what the law says between businesses because it is a consumer.",
        )
    day = through or today
    fee = late_fees.late_fee(
        terms,
        _debts(invoice),
        tuple(_payments(invoice, store)),
        charged_through=invoice.fees_through,
        through=day,
        flat_currency=business.currency,
    )
    return Reckoning(invoice=invoice, terms=terms, through=day, fee=fee)


def _debts(invoice: Invoice) -> tuple[Movement, ...]:
    """What became due of it, and when: each instalment, else the whole."""
    whole = invoice.due_date or invoice.issue_date or date.min
    if not invoice.schedule:
        return (Movement(on=whole, amount=invoice.figures.amount_due),)
    return tuple(Movement(on=one.due_on or whole, amount=one.amount) for one in invoice.schedule)


def _payments(invoice: Invoice, store: Store) -> Iterator[Movement]:
    """What came, and when. What lessens the debt otherwise, as a credit note does, was never owed."""
    known = Money.zero(invoice.currency)
    for payment in every(Payment, Filter(parent=invoice.id), store, at_once=AT_ONCE):
        amount = payment.on(invoice.id)
        known += amount
        yield Movement(on=payment.received_on, amount=amount)
    charged = sum((debt.amount for debt in _debts(invoice)), Money.zero(invoice.currency))
    yield Movement(on=date.min, amount=charged - invoice.amount_due - known)


def _yesterday(business: Business, now: datetime) -> date:
    return business.today(now) - late_fees.ONE_DAY


def _note(invoice_id: str, reason: str, *, now: datetime, store: Store) -> None:
    def deed() -> None:
        invoice = store.get(Invoice, invoice_id)
        noted = replace(invoice, version=invoice.version + 1)
        store.commit(Save(noted, LateFeeRefused(subject=invoice.id, version=noted.version, at=now, reason=reason)))

    store.persistently(deed)
