"""A quote: what may be done to it in which state, and what is told of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain import quote as quotes
from chalicelib.domain.business import Automation, InvoicingMode, Sending
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import (
    QuoteApproved,
    QuoteDeclined,
    QuoteEdited,
    QuoteExpired,
    QuoteInvoiced,
    QuoteSendRequested,
    QuoteViewed,
)
from chalicelib.domain.quote import Invoicing, QuoteStatus
from tests import builders as b

AT = b.later(hours=1)
OPEN = [QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.VIEWED]
WON = [QuoteStatus.APPROVED, QuoteStatus.INVOICED]
OVER = [QuoteStatus.DECLINED, QuoteStatus.EXPIRED]


def edit(quote):
    return quotes.edited(quote, replace(quote, client_name="Luc"), at=AT)


def send(quote):
    return quotes.send_requested(quote, at=AT)


def approve(quote, **more):
    return quotes.approved(quote, by="Marie", at=AT, today=b.TODAY, **more)


def decline(quote):
    return quotes.declined(quote, by="Marie", at=AT)


def expire(quote):
    return quotes.expired(quote, at=AT)


def invoice(quote):
    return quotes.invoiced(quote, invoice_ids=("inv_1",), at=AT)


@pytest.mark.parametrize("status", OPEN)
@pytest.mark.parametrize("move", [edit, send, approve, decline, expire, invoice])
def test_an_open_quote_may_be_changed_sent_answered_and_invoiced(move, status):
    quote = b.a_quote(status=status, version=4)
    after, event = move(quote)
    assert (after.version, event.version, event.subject, event.at) == (5, 5, "quo_1", AT)


@pytest.mark.parametrize("status", WON + OVER)
@pytest.mark.parametrize(
    ("move", "deed"),
    [(edit, "edit"), (send, "send"), (approve, "approve"), (decline, "decline"), (expire, "expire")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_quote_that_was_answered_stays_as_it_is(move, deed, status):
    with pytest.raises(Refused) as refused:
        move(b.a_quote(status=status, number="Q-7"))
    assert refused.value.code == "quote_not_open"
    assert refused.value.detail == f"You cannot {deed} quote Q-7 because it is {status}."


@pytest.mark.parametrize("status", OVER)
def test_a_quote_that_was_lost_cannot_be_invoiced(status):
    with pytest.raises(Refused) as refused:
        invoice(b.a_quote(status=status))
    assert refused.value.detail == f"You cannot invoice quote quo_1 because it is {status}."


@pytest.mark.row("P35")
@pytest.mark.parametrize("status", WON)
def test_a_quote_that_was_won_may_be_invoiced_and_invoiced_again(status):
    after, event = invoice(b.a_quote(status=status, version=2, expires_at=AT))
    assert (after.status, after.expires_at) == (QuoteStatus.INVOICED, None)
    assert event == QuoteInvoiced(subject="quo_1", version=3, at=AT, invoice_ids=("inv_1",))


def test_an_edited_quote_has_a_new_revision():
    quote = b.a_quote(status=QuoteStatus.SENT, version=2, revision=3)
    bigger = b.figures_of("200")
    after, event = quotes.edited(quote, replace(quote, figures=bigger), at=AT)
    assert after == replace(quote, figures=bigger, version=3, revision=4)
    assert event == QuoteEdited(subject="quo_1", version=3, at=AT, total=b.cad("200"))


def test_each_request_to_send_counts_and_clears_what_failed_before():
    quote = b.a_quote(delivery=Delivery(state=DeliveryState.FAILED, detail="no such box", requests=1))
    after, event = send(quote)
    assert after.delivery == Delivery(state=DeliveryState.QUEUED, requests=2)
    assert after.status is QuoteStatus.DRAFT
    assert event == QuoteSendRequested(subject="quo_1", version=2, at=AT)


@pytest.mark.parametrize(
    ("before", "after"),
    [*((status, QuoteStatus.VIEWED) for status in OPEN), *((status, status) for status in WON + OVER)],
)
def test_a_look_shows_only_while_the_quote_is_open(before, after):
    seen, event = quotes.viewed(b.a_quote(status=before), at=AT)
    assert (seen.status, seen.viewed_at) == (after, AT)
    assert event == QuoteViewed(subject="quo_1", version=2, at=AT)


@pytest.mark.row("P36")
def test_an_approval_keeps_who_when_and_the_signature():
    quote = b.a_quote(status=QuoteStatus.VIEWED, expires_at=b.later(days=30))
    won, event = approve(quote, signature="data:image/png;base64,AA==")
    assert won == replace(
        quote,
        version=2,
        status=QuoteStatus.APPROVED,
        approved_at=AT,
        approved_by="Marie",
        signature="data:image/png;base64,AA==",
        expires_at=None,
    )
    assert event == QuoteApproved(subject="quo_1", version=2, at=AT, by="Marie")


@pytest.mark.parametrize("days", [0, 1])
def test_a_quote_may_be_approved_on_its_last_day(days):
    assert approve(b.a_quote(valid_until=b.TODAY + timedelta(days=days)))[0].status is QuoteStatus.APPROVED


def test_a_quote_cannot_be_approved_after_its_last_day():
    with pytest.raises(Refused) as refused:
        approve(b.a_quote(valid_until=date(2026, 3, 1)))
    assert refused.value.code == "quote_expired"
    assert refused.value.detail == "You cannot approve quote quo_1 because it was valid until 2026-03-01."


def test_a_refusal_by_the_client_keeps_who_and_why():
    lost, event = quotes.declined(b.a_quote(expires_at=AT), by="Marie", reason="too dear", at=AT)
    assert lost == b.a_quote(version=2, status=QuoteStatus.DECLINED, declined_at=AT, declined_by="Marie")
    assert event == QuoteDeclined(subject="quo_1", version=2, at=AT, by="Marie", reason="too dear")


def test_a_quote_whose_time_is_over_is_not_looked_at_by_the_sweep_again():
    over, event = expire(b.a_quote(expires_at=AT))
    assert over == b.a_quote(version=2, status=QuoteStatus.EXPIRED)
    assert event == QuoteExpired(subject="quo_1", version=2, at=AT)


@pytest.mark.row("P35", "P36")
def test_an_approval_makes_what_the_quote_wants_else_what_the_business_set():
    own = Invoicing(mode=InvoicingMode.SINGLE, send=Sending.ON_DATE, send_on=b.TODAY)
    automation = Automation(invoice_on_quote_approval=InvoicingMode.PER_INSTALMENT, send=Sending.AT_ONCE)
    assert b.a_quote(invoicing=own).invoicing_under(automation) == own
    assert b.a_quote().invoicing_under(automation) == Invoicing(mode=InvoicingMode.PER_INSTALMENT, send=Sending.AT_ONCE)
    assert b.a_quote().invoicing_under(Automation()).mode is InvoicingMode.OFF
