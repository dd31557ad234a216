"""What was asked for is done, or somebody knows why not (I13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import invoice_life as invoices
from chalicelib.domain.business import Automation, InvoicingMode, Sending
from chalicelib.domain.delivery import Delivery, DeliveryState
from chalicelib.domain.invariants import check, of_invoice_work, of_quote_work
from chalicelib.domain.quote import Invoicing
from tests import builders as b
from tests.domain import ledger

LATER = b.later(minutes=16)
QUEUED = Delivery(state=DeliveryState.QUEUED, requests=1)
AT_ONCE = Automation(invoice_on_quote_approval=InvoicingMode.SINGLE)


@pytest.fixture
def sent():
    return ledger.invoice(ledger.sound(), "inv_1")


def details(violations):
    return [(violation.invariant, violation.detail.partition(" because ")[2]) for violation in violations]


def test_what_went_out_or_was_told_to_have_failed_is_done(sent):
    failed = replace(sent, delivery=replace(sent.delivery, state=DeliveryState.FAILED))
    assert list(of_invoice_work(sent, now=LATER)) == []
    assert list(of_invoice_work(failed, now=LATER)) == []


def test_an_invoice_that_does_not_go_out(sent):
    assert list(of_invoice_work(ledger.queued(sent), now=b.later(minutes=14))) == []
    assert details(of_invoice_work(ledger.queued(sent), now=LATER)) == [
        ("I13", f"it was to be sent at {b.NOON} and is not at {LATER}.")
    ]


def test_at_rest_nothing_may_wait(sent):
    found = of_invoice_work(ledger.queued(sent), now=b.NOON, grace=timedelta(0))
    assert details(found) == [("I13", f"it was to be sent at {b.NOON} and is not at {b.NOON}.")]


def test_a_mail_asked_for_again_has_its_time_again():
    books = ledger.sound()
    asked, event = invoices.send_requested(ledger.invoice(books, "inv_1"), at=b.later(minutes=10))
    rows = tuple(asked if one.id == "inv_1" else one for one in books.invoices)
    again = replace(books, invoices=rows, envelopes=(*books.envelopes, ledger.enveloped(event)))
    assert check(again, now=b.later(minutes=20)) == ()
    assert [violation.invariant for violation in check(again, now=b.later(minutes=26))] == ["I13"]


def test_an_invoice_without_its_document(sent):
    assert details(of_invoice_work(replace(sent, pdf=None), now=LATER)) == [
        ("I13", f"it was issued at {b.NOON} and is undrawn at {LATER}.")
    ]


def test_a_draft_whose_day_has_come():
    draft = b.an_invoice(scheduled_for=b.NOON)
    assert list(of_invoice_work(draft, now=b.NOON)) == []
    assert details(of_invoice_work(draft, now=LATER)) == [
        ("I13", f"its day came at {b.NOON} and it is a draft at {LATER}.")
    ]


@pytest.mark.parametrize(
    "made_by",
    [
        pytest.param({"quote_id": "quo_1", "send": Sending.AT_ONCE}, id="of a quote"),
        pytest.param({"visit_id": "vis_1", "send": Sending.AT_ONCE}, id="of a visit"),
        pytest.param({"plan_id": "pln_1", "send": Sending.AT_ONCE}, id="of a plan"),
        pytest.param({"plan_id": "pln_1", "send": Sending.ISSUE}, id="of a plan that mails nothing"),
    ],
)
def test_a_draft_that_was_to_go_out_at_once(made_by):
    draft = b.an_invoice(**made_by)
    assert list(of_invoice_work(draft, now=b.NOON)) == []
    assert details(of_invoice_work(draft, now=LATER)) == [
        ("I13", f"it was to go out at {b.NOON} and is a draft at {LATER}.")
    ]


def test_a_quote_that_does_not_go_out():
    assert details(of_quote_work(b.a_quote(delivery=QUEUED), now=LATER)) == [
        ("I13", f"it was to be sent at {b.NOON} and is not at {LATER}.")
    ]


def test_a_quote_whose_last_day_is_over():
    assert details(of_quote_work(b.a_quote(expires_at=b.NOON), now=LATER)) == [
        ("I13", f"its last day ended at {b.NOON} and it is open at {LATER}.")
    ]


@pytest.mark.parametrize(
    ("own", "automation", "left_undone"),
    [
        pytest.param(Invoicing(mode=InvoicingMode.SINGLE), None, True, id="its own wish"),
        pytest.param(None, AT_ONCE, True, id="the business's"),
        pytest.param(Invoicing(mode=InvoicingMode.OFF), AT_ONCE, False, id="its own wish is not to"),
        pytest.param(None, None, False, id="nobody knows"),
    ],
)
def test_an_approved_quote_that_was_to_be_billed(own, automation, left_undone):
    quote = b.an_approved_quote(invoicing=own)
    found = details(of_quote_work(quote, now=LATER, automation=automation))
    assert found == ([("I13", f"it was approved at {b.NOON} and has no invoice at {LATER}.")] if left_undone else [])
