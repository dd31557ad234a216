"""Mails of documents: asked for once, sent once, and what the provider says of them later."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import Audit
from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.errors import Conflict, Refused
from chalicelib.domain.letter import Letter
from chalicelib.domain.numbering import Number
from chalicelib.ports import Filter
from chalicelib.usecases import notifying
from chalicelib.usecases.auditing import audit_on
from chalicelib.usecases.chaining import linked
from tests import builders as b
from tests.fakes.papers import PlainRenderer
from tests.usecases.desk import Desk
from tests.usecases.till import code_of


class Overtaken:
    """A mailer during whose first mail somebody else does something."""

    def __init__(self, outbox, deed):
        self.outbox, self.deeds = outbox, [deed]

    @property
    def mails(self):
        return self.outbox.mails

    def send(self, mail):
        if self.deeds:
            self.deeds.pop()()
        return self.outbox.send(mail)


@pytest.fixture
def desk():
    return Desk()


def test_a_draft_is_neither_drawn_nor_mailed(desk):
    draft = desk.drafted()

    desk.deliver(draft)

    assert (desk.renderer.drawn, desk.outbox.mails) == ([], [])
    assert desk.see(draft) == draft


def test_two_workers_at_one_invoice_record_its_pdf_once(desk):
    invoice = desk.invoiced()
    desk.tables.meanwhile(lambda: desk.deliver(invoice))

    desk.deliver(invoice)

    assert desk.events(invoice.id).count("invoice.rendered") == 1
    assert len(desk.files.bodies) == 1


class DrawsOtherwise(PlainRenderer):
    """What a later version of ours would draw."""

    def render(self, document, attachments=()):
        drawn = super().render(document, attachments)
        return replace(drawn, pdf=drawn.pdf + b" otherwise")


@pytest.mark.row("Part4-6")
def test_a_pdf_that_a_later_version_draws_otherwise_is_kept_and_the_chain_tells_it_from_the_issued_one(desk):
    same, other = desk.invoiced(), desk.invoiced()
    desk.deliver(same)
    desk.renderer = DrawsOtherwise()
    desk.deliver(other)

    numbers = desk.store().page(Number, Filter(series="invoice"), limit=10).rows
    kept = {one.number.document_id: one.kept_pdf_sha256 == one.link.pdf for one in linked(numbers, desk.store())}
    assert kept == {same.id: True, other.id: False}
    assert not audit_on(Audit(checked_at=b.NOON), enough=lambda _: False, now=b.NOON, store=desk.store()).violated


def test_a_mail_asked_for_again_while_the_first_is_on_its_way_is_still_to_be_sent(desk):
    invoice = desk.invoiced()
    desk.deliver(invoice)
    desk.asked_to_send(invoice)
    desk.outbox = Overtaken(desk.outbox, lambda: desk.asked_to_send(invoice))

    desk.deliver(invoice)
    assert desk.see(invoice).delivery.state is DeliveryState.QUEUED
    desk.deliver(invoice)

    assert desk.letters() == [("invoice_sent", "marie@example.com")] * 2
    assert desk.see(invoice).delivery.state is DeliveryState.SENT


def test_a_quote_asked_for_again_while_the_first_mail_is_on_its_way_is_still_to_be_sent(desk):
    quote = desk.asked_to_send_quote(desk.quoted())
    desk.outbox = Overtaken(desk.outbox, lambda: desk.asked_to_send_quote(quote))

    desk.deliver_quote(quote)
    assert desk.see_quote(quote).delivery.state is DeliveryState.QUEUED
    desk.deliver_quote(quote)

    assert desk.letters() == [("quote_sent", "marie@example.com")] * 2
    assert desk.see_quote(quote).delivery.state is DeliveryState.SENT


@pytest.mark.row("C44")
def test_a_quote_that_the_provider_rejects_was_never_sent(desk):
    desk.outbox.refuses = {"marie@example.com"}
    quote = desk.asked_to_send_quote(desk.quoted())

    desk.deliver_quote(quote)

    kept = desk.see_quote(quote)
    assert (kept.status, kept.sent_at, kept.delivery.state) == ("draft", None, DeliveryState.FAILED)
    assert desk.events(quote.id)[-1] == "quote.delivery_failed"


def test_a_delivered_quote_is_no_news(desk):
    quote = desk.asked_to_send_quote(desk.quoted())
    desk.deliver_quote(quote)
    before = desk.see_quote(quote)

    desk.hear(quote, "delivered")

    assert desk.see_quote(quote) == before


def test_a_quote_that_bounces_is_told_of_once(desk):
    quote = desk.asked_to_send_quote(desk.quoted())
    desk.deliver_quote(quote)

    desk.hear(quote, "bounced")
    desk.hear(quote, "bounced")

    assert desk.see_quote(quote).delivery.state is DeliveryState.BOUNCED
    assert desk.events(quote.id).count("quote.delivery_failed") == 1


@pytest.mark.row("C44")
def test_news_of_a_mail_that_is_not_written_down_yet_must_come_again(desk):
    quote = desk.asked_to_send_quote(desk.quoted())

    with pytest.raises(Conflict, match="being sent right now"):
        desk.hear(quote, "bounced")

    desk.deliver_quote(quote)
    desk.hear(quote, "bounced")
    assert desk.see_quote(quote).delivery.state is DeliveryState.BOUNCED


def test_two_workers_that_announce_one_payment_leave_it_announced(desk):
    """The first took so long that its lease ended."""
    payment = desk.take(desk.invoiced(), "114.98")

    def announce():
        notifying.announce_payment(payment.id, store=desk.store(), renderer=desk.renderer, post=desk.post())

    def overtake():
        desk.clock.move(minutes=6)
        announce()

    desk.outbox = Overtaken(desk.outbox, overtake)
    announce()
    sent = list(desk.letters())
    announce()

    assert desk.letters() == sent
    assert sent.count(("payment_notice", "bureau@plomberie.example")) == 2
    assert sent.count(("receipt", "marie@example.com")) == 1


def test_a_business_without_an_address_is_told_nothing(desk):
    desk.change(email=None)
    quote = desk.asked_to_send_quote(desk.quoted())

    notifying.announce_answer(quote.id, reason="", store=desk.store(), post=desk.post())
    notifying.announce_failure(quote.id, event="evt_1", reason="full", store=desk.store(), post=desk.post())

    assert desk.letters() == []


def test_a_letter_that_cannot_be_written_does_not_count_as_sent(desk):
    def refused():
        raise Refused("no_words", "You cannot write this letter because there are no words for it.")

    letter = Letter(template="payment_notice", business=b.a_business(), language="fr", to="a@example.com", values={})

    assert code_of(lambda: desk.post().send_once("notice:pay_1", refused, store=desk.store())) == "no_words"
    desk.clock.move(minutes=6)
    desk.post().send_once("notice:pay_1", lambda: letter, store=desk.store())

    assert desk.letters() == [("payment_notice", "a@example.com")]
