"""What has become due is done once, at its time, and never tried for ever."""

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.business import Business, Sending
from chalicelib.domain.errors import Conflict
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Invoicing, InvoicingMode, QuoteStatus
from chalicelib.domain.schedule import DaysAfter, InstalmentTerm
from chalicelib.usecases import invoicing, invoicing_quotes, quoting, sweeping
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.desk import Desk
from tests.usecases.till import code_of

TOMORROW = b.later(days=1).date()


@pytest.fixture
def desk():
    return Desk()


def in_a_sandbox(desk):
    desk.change(sandbox=True)
    desk.sandbox = True


def move_clock(desk, to):
    return sweeping.move_clock(to, now=desk.clock(), directory=desk.directory(), store=desk.store(), press=a_press())


def test_a_draft_that_somebody_is_working_on_stays_due(desk):
    draft = desk.drafted(send_on=TOMORROW)
    desk.clock.move(days=1)
    desk.tables.conflict_next(times=100)

    swept = desk.sweep()

    assert (swept.done, len(swept.failed)) == (0, 1)
    assert desk.see(draft) == draft
    desk.tables.forget_faults()
    assert desk.sweep().done == 1
    assert desk.see(draft).issued_at == desk.clock()


def test_a_draft_to_be_sent_by_hand_is_not_sent_at_once(desk):
    draft = desk.drafted()

    sweeping.send_at_once(draft.id, now=desk.clock(), store=desk.store(), press=a_press())

    assert desk.see(draft) == draft


def test_a_draft_to_be_sent_at_once_waits_while_somebody_works_on_it(desk):
    draft = desk.drafted(send=Sending.AT_ONCE)
    desk.tables.conflict_next(times=100)

    with pytest.raises(Conflict):
        sweeping.send_at_once(draft.id, now=desk.clock(), store=desk.store(), press=a_press())

    assert desk.see(draft) == draft


def test_a_draft_that_could_not_go_out_and_was_deleted_meanwhile_is_left_in_peace(desk):
    empty = desk.drafted(b.content(lines=()), send=Sending.AT_ONCE)
    desk.tables.meanwhile(
        lambda: invoicing.remove_invoice(empty.id, if_match=None, now=desk.clock(), store=desk.store())
    )

    sweeping.send_at_once(empty.id, now=desk.clock(), store=desk.store(), press=a_press())

    assert desk.store().find(Invoice, empty.id) is None
    assert "invoice.delivery_failed" not in desk.events(empty.id)


def test_a_clock_moves_no_further_than_800_days(desk):
    in_a_sandbox(desk)

    assert code_of(lambda: move_clock(desk, b.later(days=801))) == "clock_too_far"

    assert desk.store().get(Business).clock is None
    assert move_clock(desk, b.later(days=800)).clock == b.later(days=800)


def test_a_clock_moved_to_where_it_stands_stays_as_it_is(desk):
    in_a_sandbox(desk)
    moved = move_clock(desk, b.later(days=2))

    assert move_clock(desk, b.later(days=2)) == moved
    assert desk.events(b.BUSINESS).count("business.clock_moved") == 1


def test_a_draft_that_cannot_go_out_does_not_stop_the_clock(desk):
    in_a_sandbox(desk)
    empty = desk.drafted(b.content(lines=()), send_on=TOMORROW)
    sound = desk.drafted(send_on=TOMORROW)

    moved = move_clock(desk, b.later(days=3))

    assert moved.clock == b.later(days=3)
    parked = desk.see(empty)
    assert (parked.issued_at, parked.send_on, parked.delivery.state) == (None, None, "failed")
    assert desk.see(sound).issued_at is not None


def test_a_quote_that_is_not_over_stays_open(desk):
    quote = desk.quoted(valid_until=TOMORROW)

    assert not quoting.expire_quote(quote.id, now=desk.clock(), store=desk.store())
    assert not quoting.expire_quote("quo_gone", now=desk.clock(), store=desk.store())

    assert desk.see_quote(quote) == quote


def test_declining_a_quote_again_changes_nothing(desk):
    quote = desk.asked_to_send_quote(desk.quoted())
    desk.deliver_quote(quote)
    lost = quoting.decline_quote(quote.id, by="Marie", reason="too dear", now=desk.clock(), store=desk.store())

    again = quoting.decline_quote(quote.id, by="Paul", reason="no", now=b.later(days=1), store=desk.store())

    assert again == lost == desk.see_quote(quote)
    assert lost.status is QuoteStatus.DECLINED


@pytest.mark.row("C11")
def test_an_approval_told_twice_makes_its_drafts_once(desk):
    quote = desk.quoted(invoicing=Invoicing(mode=InvoicingMode.SINGLE))
    quoting.approve_quote(quote.id, by="Marie", now=desk.clock(), store=desk.store())

    def told():
        return invoicing_quotes.from_approved_quote(quote.id, now=desk.clock(), store=desk.store())

    first = told()
    invoiced = desk.see_quote(quote)

    assert told() == first
    assert desk.see_quote(quote) == invoiced
    assert invoiced.status is QuoteStatus.INVOICED
    assert desk.events(first[0]) == ["invoice.drafted"]


@pytest.mark.row("C11")
def test_a_quote_of_twenty_instalments_is_invoiced_in_more_than_one_commit_and_still_once(desk):
    term = InstalmentTerm(percent=Decimal(5), due=DaysAfter(days_after="approval", days=0))
    terms = tuple(replace(term, label=f"Part {n}") for n in range(20))
    quote = desk.quoted(b.content(schedule=terms), invoicing=Invoicing(mode=InvoicingMode.PER_INSTALMENT))
    quoting.approve_quote(quote.id, by="Marie", now=desk.clock(), store=desk.store())

    def told():
        return invoicing_quotes.from_approved_quote(quote.id, now=desk.clock(), store=desk.store())

    made = told()

    assert told() == made
    drafts = desk.store().many(Invoice, made)
    assert sum(draft.figures.total.minor for draft in drafts) == 114_98
    assert [desk.events(draft.id) for draft in drafts] == [["invoice.drafted"]] * 20
    assert desk.see_quote(quote).status is QuoteStatus.INVOICED
