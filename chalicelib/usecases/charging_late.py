"""Charging for late payment: what is owed is worked out, and made a document of its own, once for each day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain import invoice_late_fees, invoice_reminders
from chalicelib.domain import late_fee as late_fees
from chalicelib.domain.business import Business, Sending
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Invalid, Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.invoice_late_fees import debts, must_bear_fees, never_owed
from chalicelib.domain.late_fee import LateFee, LateFeeTerms, Movement
from chalicelib.domain.late_fee_document import lines_of, rate_of
from chalicelib.domain.late_fee_plan import next_fee, terms_of
from chalicelib.domain.money import Money
from chalicelib.domain.payment import Payment
from chalicelib.domain.sales import Content
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
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
    (``no_late_fee``), while a payment is disputed, for a consumer where only the law between businesses says what is
    owed, and for a rate that nobody knows (``rate_unknown``); Invalid for a day to come.
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
        if reckoning.fee is None:
            raise Refused("nothing_owed", f"You cannot charge for invoice {invoice.name} because nothing is owed.")
        return _charge(reckoning, reckoning.fee, send=send, now=now, ids=ids, store=store, wordings=wordings)

    return store.persistently(deed)


def ask_for_late_fee(invoice_id: str, *, now: datetime, store: Store) -> bool:
    """Ask for the fee of the days that have passed, where it is charged by itself; the document follows.

    Answers whether there was something to do. A period that was missed is charged with the one after it.
    """

    def deed() -> bool:
        invoice = store.find(Invoice, invoice_id)
        if invoice is None or invoice.fee_at is None or invoice.fee_at > now:
            return False
        if invoice.voided_at or invoice.disputed_total:
            return False  # it is not looked for, or not before the dispute is decided
        business, client = store.get(Business), store.get(Client, invoice.client_id)
        terms = terms_of(client, business)
        wanted = next_fee(invoice, terms, business)
        if wanted is None or wanted > now:  # it was planned by other terms
            planned, event = invoice_reminders.planned(invoice, next_at=invoice.remind_at, at=now)
            store.commit(Save(replace(planned, fee_at=wanted), event))
            return True
        through = business.today(now) - late_fees.ONE_DAY
        later = next_fee(invoice, terms, business, after=through)
        store.commit(Save(*invoice_late_fees.asked_for(invoice, through=through, next_at=later, at=now)))
        return True

    return store.persistently(deed)


def charge_what_is_due(
    invoice_id: str, *, through: date, now: datetime, ids: Ids, store: Store, wordings: Wordings
) -> None:
    """Charge the fee that was asked for up to a day, as a draft that goes out at once. Again, it charges nothing.

    Where the law's rate is not known, that is written down, and left to a person; what is disputed waits.
    """
    invoice = store.get(Invoice, invoice_id)
    if invoice.fees_through and invoice.fees_through >= through:
        return
    try:
        charge_late_fee(
            invoice_id,
            through=through,
            send=Sending.AT_ONCE,
            now=now,
            ids=ids,
            store=store,
            wordings=wordings,
        )
    except AlreadyDone:
        return
    except Refused as refused:
        if refused.code == "rate_unknown":
            _note(invoice_id, refused.detail, now=now, store=store)


def _charge(
    reckoning: Reckoning, fee: LateFee, *, send: Sending, now: datetime, ids: Ids, store: Store, wordings: Wordings
) -> Invoice:
    invoice, business = reckoning.invoice, store.get(Business)
    client = store.get(Client, invoice.client_id)
    wish = _wish(reckoning, fee, wordings(invoice.language, business.country), send=send)
    draft, body = drafted(wish, id=ids("inv"), client=client, business=business, now=now)
    draft = replace(draft, late_fee_of=invoice.id)
    charged, event = invoice_late_fees.charged(invoice, fee, late_fee_id=draft.id, at=now)
    charged = replace(charged, fee_at=next_fee(charged, reckoning.terms, business))
    once = Once(f"late_fee:{invoice.id}:{fee.since.isoformat()}")
    store.commit(Add(draft, coming(draft, now)), Keep(body), Save(charged, event), once)
    return draft


def _wish(reckoning: Reckoning, fee: LateFee, wording: Wording, *, send: Sending) -> Wish:
    invoice = reckoning.invoice
    return Wish(
        client_id=invoice.client_id,
        content=Content(
            currency=invoice.currency,
            lines=lines_of(reckoning.terms, fee, number=invoice.name, wording=wording),
            rates=(rate_of(wording),),
        ),
        language=invoice.language,
        template=invoice.template,
        job_id=invoice.job_id,
        send=send,
    )


def _reckoned(invoice: Invoice, *, through: date | None, now: datetime, store: Store) -> Reckoning:
    must_bear_fees(invoice)
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
        debts(invoice),
        tuple(_payments(invoice, store)),
        charged_through=invoice.fees_through,
        through=day,
        flat_currency=business.currency,
    )
    return Reckoning(invoice=invoice, terms=terms, through=day, fee=fee)


def _payments(invoice: Invoice, store: Store) -> Iterator[Movement]:
    """What came, and when, with what was never owed."""
    known = Money.zero(invoice.currency)
    for payment in every(Payment, Filter(parent=invoice.id), store, at_once=AT_ONCE):
        amount = payment.on(invoice.id)
        known += amount
        yield Movement(on=payment.received_on, amount=amount)
    yield never_owed(invoice, known)


def _note(invoice_id: str, reason: str, *, now: datetime, store: Store) -> None:
    def deed() -> None:
        store.commit(Save(*invoice_late_fees.refused(store.get(Invoice, invoice_id), reason=reason, at=now)))

    store.persistently(deed)
