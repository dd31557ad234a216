"""An invoice: its moves, and what is booked for them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain import schedule
from chalicelib.domain.business import Sending
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.errors import Refused
from chalicelib.domain.events import (
    InvoiceEdited,
    InvoiceIssued,
    InvoiceScheduled,
    InvoiceSendRequested,
    InvoiceViewed,
    InvoiceVoided,
)
from chalicelib.domain.invoice import Checkout
from chalicelib.domain.invoice_status import InvoiceStatus, status_of
from chalicelib.domain.journal import Account, Posting
from chalicelib.domain.lines import Adjustment
from tests import builders as b

AT = b.later(hours=1)


def void(invoice):
    return invoices.voided(invoice, reason="wrong client", at=AT)


def edit(invoice):
    return invoices.edited(invoice, replace(invoice, client_name="Luc"), at=AT)


def plan(invoice):
    return invoices.scheduled(invoice, on=b.TODAY, morning=AT, at=AT)


def send(invoice):
    return invoices.send_requested(invoice, at=AT)


VOID = replace(b.an_issued_invoice(), voided_at=AT)

# --- what may be done when


@pytest.mark.row("H31", "G8", "C10", "C18")
@pytest.mark.parametrize("move", [edit, plan, b.issuing], ids=["edit", "schedule", "issue"])
def test_what_only_a_draft_may_undergo_is_refused_once_it_was_issued(move):
    with pytest.raises(Refused) as refused:
        move(b.an_issued_invoice())
    assert refused.value.code == "invoice_issued"
    assert "invoice 00001 because it was issued; void it or make a credit note." in refused.value.detail


@pytest.mark.parametrize("move", [edit, plan, b.issuing, send, void], ids=["edit", "schedule", "issue", "send", "void"])
def test_a_void_invoice_stays_as_it_is(move):
    with pytest.raises(Refused) as refused:
        move(VOID)
    assert refused.value.code == "invoice_void"
    assert "invoice 00001 because it is void." in refused.value.detail


@pytest.mark.parametrize(("move", "deed"), [(send, "send"), (void, "void")])
def test_what_only_an_issued_invoice_may_undergo_is_refused_for_a_draft(move, deed):
    with pytest.raises(Refused) as refused:
        move(b.an_invoice())
    assert refused.value.code == "invoice_not_issued"
    assert refused.value.detail == f"You cannot {deed} invoice inv_1 because it is a draft."


# --- drafts


def test_an_edited_draft_has_a_new_revision():
    draft = b.an_invoice(version=2, revision=3)
    after, event = invoices.edited(draft, replace(draft, figures=b.figures_of("200")), at=AT)
    assert after == replace(draft, figures=b.figures_of("200"), version=3, revision=4)
    assert event == InvoiceEdited(subject="inv_1", version=3, at=AT, total=b.cad("200"))


@pytest.mark.row("P37", "G9")
def test_a_draft_gets_its_day_and_loses_it_again():
    planned, event = plan(b.an_invoice())
    assert planned == b.an_invoice(version=2, send=Sending.ON_DATE, send_on=b.TODAY, scheduled_for=AT)
    assert event == InvoiceScheduled(subject="inv_1", version=2, at=AT, send_on=b.TODAY)
    assert status_of(planned, b.TODAY) is InvoiceStatus.SCHEDULED

    free, event = invoices.scheduled(planned, on=None, morning=None, at=AT)
    assert free == b.an_invoice(version=3)
    assert event == InvoiceScheduled(subject="inv_1", version=3, at=AT, send_on=None)


# --- issue


@pytest.mark.row("C17")
def test_an_invoice_gets_its_number_and_its_days_when_it_is_issued():
    draft = b.an_invoice(send_on=b.TODAY, scheduled_for=AT, version=2)
    issued, event = b.issuing(draft, number="00042")

    assert issued == replace(
        draft,
        version=3,
        number="00042",
        seq=42,
        issue_date=b.TODAY,
        due_date=date(2026, 4, 1),
        issued_at=b.NOON,
        scheduled_for=None,
    )
    assert event == InvoiceIssued(
        subject="inv_1",
        version=3,
        at=b.NOON,
        number="00042",
        client_id="cli_1",
        total=b.cad("114.98"),
        due_date=date(2026, 4, 1),
        send=False,
        postings=(
            Posting(Account.RECEIVABLE, b.cad("114.98")),
            Posting(Account.REVENUE, b.cad("-100")),
            Posting(Account.TAX, b.cad("-5"), "TPS"),
            Posting(Account.TAX, b.cad("-9.98"), "TVQ"),
        ),
    )


def test_an_invoice_may_be_issued_and_asked_to_be_sent_in_one_move():
    issued, event = b.issuing(b.an_invoice(), send=True)
    assert issued.delivery == Delivery(state=DeliveryState.QUEUED, requests=1)
    assert event.send


def test_an_invoice_of_nothing_is_paid_as_soon_as_it_is_issued():
    free = b.an_invoice(b.content(b.a_line(unit_price=Decimal(0))))
    issued, event = b.issuing(free)
    assert issued.paid_at == b.NOON
    assert status_of(issued, b.TODAY) is InvoiceStatus.PAID
    assert event.postings == ()


def test_of_a_schedule_nothing_is_paid_at_issue():
    issued = b.an_issued_invoice(schedule=schedule.plan(b.halves(), b.cad("114.98")))
    assert issued.instalments_paid == (b.cad("0"), b.cad("0"))


BOOKED = [
    pytest.param(b.content(), id="two taxes"),
    pytest.param(b.content(b.a_line(taxes=())), id="no tax"),
    pytest.param(b.content(prepaid=b.cad("20"), rounding_adjustment=b.cad("0.02")), id="prepaid and rounded"),
    pytest.param(
        b.content(b.a_line(taxes=("TPS", "RAS")), rates=(b.TPS, b.a_rate("RAS", "10", withheld=True))), id="withheld"
    ),
    pytest.param(b.content(b.a_line(taxes=("I",)), rates=(b.a_rate("I", "20", included=True),)), id="included"),
    pytest.param(b.content(allowances=(Adjustment(percent=Decimal(10)),), rounding="line"), id="discount, by line"),
    pytest.param(b.content(b.a_line(taxes=("N",)), rates=(b.a_rate("N", "-3"),)), id="a negative tax"),
]


@pytest.mark.parametrize("sold", BOOKED)
def test_what_is_booked_at_issue_sums_to_nothing_and_a_void_undoes_it(sold):
    issued, event = b.issuing(b.an_invoice(sold))
    assert sum(posting.amount.minor for posting in event.postings) == 0
    assert event.postings[0] == Posting(Account.RECEIVABLE, issued.figures.amount_due)

    _, voided = void(issued)
    assert voided.postings == tuple(Posting(p.account, -p.amount, p.code) for p in event.postings)


def test_each_part_of_a_document_has_an_account():
    sold = b.content(
        b.a_line(taxes=("TPS", "RAS")),
        rates=(b.TPS, b.a_rate("RAS", "10", withheld=True)),
        prepaid=b.cad("20"),
        rounding_adjustment=b.cad("0.02"),
    )
    _, event = b.issuing(b.an_invoice(sold))
    booked = {posting.account: str(posting.amount) for posting in event.postings}
    assert booked == {
        "receivable": "75.02",
        "withheld": "10.00",
        "prepaid": "20.00",
        "rounding": "-0.02",
        "revenue": "-100.00",
        "tax": "-5.00",
    }


# --- sending and looking


def test_an_issued_invoice_may_be_sent_again():
    issued = replace(b.an_issued_invoice(), delivery=Delivery(state=DeliveryState.BOUNCED, detail="full", requests=2))
    asked, event = send(issued)
    assert asked.delivery == Delivery(state=DeliveryState.QUEUED, requests=3)
    assert event == InvoiceSendRequested(subject="inv_1", version=3, at=AT)


def test_a_look_is_kept():
    seen, event = invoices.viewed(b.an_issued_invoice(), at=AT)
    assert seen == replace(b.an_issued_invoice(), version=3, viewed_at=AT)
    assert event == InvoiceViewed(subject="inv_1", version=3, at=AT)


# --- void


@pytest.mark.row("C18")
def test_a_void_invoice_keeps_number_days_and_figures_and_owes_nothing():
    checkout = Checkout(attempt=1, account_id="acct_1", amount=b.cad("114.98"), instalment_id=None, expires_at=AT)
    issued = replace(b.an_issued_invoice(), checkout=checkout)
    gone, event = void(issued)

    assert gone == replace(issued, version=3, voided_at=AT, checkout=None)
    assert (gone.number, gone.issue_date) == ("00001", b.TODAY)
    assert gone.amount_due == b.cad("0")
    assert status_of(gone, b.TODAY) is InvoiceStatus.VOID
    assert (event.type, event.subject, event.version, event.reason) == (InvoiceVoided.type, "inv_1", 3, "wrong client")


@pytest.mark.parametrize("total", ["paid_total", "refunded_total", "credited_total"])
def test_an_invoice_that_money_moved_on_cannot_be_void(total):
    with pytest.raises(Refused) as refused:
        void(replace(b.an_issued_invoice(), **{total: b.cad("0.01")}))
    assert refused.value.code == "invoice_has_payments"
    assert refused.value.detail == "You cannot void invoice 00001 because it has payments; make a credit note."
