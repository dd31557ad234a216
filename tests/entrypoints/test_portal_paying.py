"""Paying in the portal: what is offered, what the provider is asked, and what the client sees on the way back."""

import pytest

from chalicelib import wiring
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.payment import Method
from chalicelib.domain.settlement import ChargeStatus
from chalicelib.usecases import paying, sending
from chalicelib.usecases.mailing import Post
from tests import builders as b
from tests.entrypoints.portal_visits import header, opened
from tests.fakes.papers import a_press


@pytest.fixture
def portal(monkeypatch):
    return opened(monkeypatch)


def on_invoice(portal, invoice):
    visitor = portal.visitor()
    visitor.get(f"/portal/invoices/{invoice.id}")
    return visitor


def kept(portal, entity):
    return portal.store().get(type(entity), entity.id)


@pytest.mark.row("C33")
def test_the_portal_offers_the_instalment_due_and_everything(portal):
    invoice = portal.invoiced(b.content(schedule=b.halves()))

    visitor = on_invoice(portal, invoice)

    assert visitor.page.count('/pay">') == 2
    assert [visitor.page.count(f'name="choice" value="{choice}"') for choice in ("due", "all")] == [1, 1]
    assert '<span class="price">57,49\u00a0$</span>' in visitor.page
    assert '<span class="price">114,98\u00a0$</span>' in visitor.page


@pytest.mark.row("C33")
@pytest.mark.parametrize(("choice", "amount"), [("due", "57.49"), ("all", "114.98")])
def test_what_is_chosen_is_what_the_provider_asks(choice, amount, portal):
    invoice = portal.invoiced(b.content(schedule=b.halves()))

    answer = on_invoice(portal, invoice).submit(f"/portal/invoices/{invoice.id}/pay", choice=choice)

    assert (answer.status, header(answer, "Location")) == (303, "https://pay.example/cs_1")
    (attempt,) = portal.gateway.sessions
    assert attempt.amount == b.cad(amount)
    assert attempt.success_url == (
        f"https://quittance.example/portal/invoices/{invoice.id}/paid?session={{CHECKOUT_SESSION_ID}}"
    )
    assert attempt.cancel_url == f"https://quittance.example/portal/invoices/{invoice.id}"


@pytest.mark.row("C33")
def test_one_amount_is_offered_once(portal):
    visitor = on_invoice(portal, portal.invoiced())

    assert visitor.page.count('/pay">') == 1
    assert 'value="all"' in visitor.page
    assert "Payer en ligne" in visitor.page


@pytest.mark.row("C33")
def test_the_next_instalment_is_offered_after_the_first_is_paid(portal):
    invoice = portal.invoiced(b.content(schedule=b.halves()))
    paying.take_payment(
        invoice.id,
        amount=b.cad("57.49"),
        method=Method.CHEQUE,
        received_on=b.TODAY,
        now=b.NOON,
        ids=portal.ids,
        store=portal.store(),
    )

    visitor = on_invoice(portal, invoice)

    assert visitor.page.count('/pay">') == 1
    assert "Payée en partie" in visitor.page
    assert "Solde à payer" in visitor.page


@pytest.mark.parametrize("choice", ["", "1", "half", "due\n"])
def test_any_other_choice_is_refused_and_nothing_is_opened(choice, portal):
    invoice = portal.invoiced(b.content(schedule=b.halves()))

    answer = on_invoice(portal, invoice).submit(f"/portal/invoices/{invoice.id}/pay", choice=choice)

    assert answer.status == 422
    assert portal.gateway.sessions == []


def test_an_amount_in_the_form_is_not_read(portal):
    invoice = portal.invoiced()

    on_invoice(portal, invoice).submit(f"/portal/invoices/{invoice.id}/pay", amount="0.01")

    assert portal.gateway.sessions[0].amount == b.cad("114.98")


@pytest.mark.row("P25")
def test_back_from_the_payment_page_the_receipt_is_there_before_any_webhook(portal):
    invoice = portal.invoiced()
    visitor = on_invoice(portal, invoice)
    visitor.submit(f"/portal/invoices/{invoice.id}/pay")
    portal.gateway.pay("cs_1")

    visitor.get(f"/portal/invoices/{invoice.id}/paid?session=cs_1")

    assert "Merci de votre paiement" in visitor.page
    assert 'id="receipt"' in visitor.page
    assert kept(portal, invoice).paid_at == b.NOON
    visitor.get(f"/portal/invoices/{invoice.id}")
    assert "Cette facture est payée." in visitor.page
    assert "<form" not in visitor.page


def test_reloading_the_receipt_books_the_payment_once(portal):
    invoice = portal.invoiced()
    visitor = on_invoice(portal, invoice)
    visitor.submit(f"/portal/invoices/{invoice.id}/pay")
    portal.gateway.pay("cs_1")

    for _ in range(3):
        visitor.get(f"/portal/invoices/{invoice.id}/paid?session=cs_1")

    assert 'id="receipt"' in visitor.page
    assert kept(portal, invoice).paid_total == b.cad("114.98")


@pytest.mark.parametrize("state", [ChargeStatus.PENDING, None], ids=["a debit of the bank", "nothing yet"])
def test_a_payment_under_way_is_called_so(state, portal):
    invoice = portal.invoiced()
    visitor = on_invoice(portal, invoice)
    visitor.submit(f"/portal/invoices/{invoice.id}/pay")
    if state:
        portal.gateway.pay("cs_1", status=state)

    visitor.get(f"/portal/invoices/{invoice.id}/paid?session=cs_1")

    assert 'id="processing"' in visitor.page
    assert kept(portal, invoice).paid_at is None


def test_the_receipt_waits_for_a_provider_that_does_not_answer(portal):
    invoice = portal.invoiced()
    visitor = on_invoice(portal, invoice)
    visitor.submit(f"/portal/invoices/{invoice.id}/pay")
    portal.gateway.pay("cs_1")
    portal.gateway.down = 1

    visitor.get(f"/portal/invoices/{invoice.id}/paid?session=cs_1")

    assert 'id="processing"' in visitor.page


@pytest.mark.parametrize("query", ["", "?session=", "?session=cs_99"])
def test_whoever_comes_back_without_having_paid_sees_the_invoice_again(query, portal):
    invoice = portal.invoiced()

    answer = portal.visitor().get(f"/portal/invoices/{invoice.id}/paid{query}")

    assert (answer.status, header(answer, "Location")) == (303, f"/portal/invoices/{invoice.id}")


def test_a_provider_that_is_down_is_excused_and_the_client_may_try_again(portal):
    invoice = portal.invoiced()
    visitor = on_invoice(portal, invoice)
    hidden = visitor.hidden(f"/portal/invoices/{invoice.id}/pay")
    portal.gateway.down = 1

    first = visitor.post(f"/portal/invoices/{invoice.id}/pay", **hidden)
    second = visitor.post(f"/portal/invoices/{invoice.id}/pay", **hidden)

    assert (first.status, second.status) == (409, 303)
    assert "Le paiement en ligne n\u2019est pas possible" in first.body.decode()
    assert len(portal.gateway.sessions) == 1


def test_a_business_without_online_payments_shows_what_is_due_and_no_button(monkeypatch):
    portal = opened(monkeypatch, stripe_account=None)

    visitor = on_invoice(portal, portal.invoiced())

    assert "114,98" in visitor.page
    assert "<form" not in visitor.page


def test_a_void_invoice_asks_for_nothing(portal):
    invoice = portal.invoiced()
    paying.void_invoice(invoice.id, reason=None, now=b.NOON, store=portal.store(), gateway=portal.gateway)

    visitor = on_invoice(portal, invoice)

    assert "Cette facture est annulée" in visitor.page
    assert "<form" not in visitor.page


def test_the_pdf_is_the_one_that_was_mailed(portal):
    invoice = portal.invoiced()
    visitor = portal.visitor()
    assert visitor.get(f"/portal/invoices/{invoice.id}/pdf").status == 404

    sending.deliver(
        Invoice,
        invoice.id,
        now=b.NOON,
        store=portal.store(),
        press=a_press(),
        files=portal.files,
        post=Post(
            mailer=None,
            writer=None,
            wordings=wiring.wording,
            public_url="",
            real_now=b.NOON,
            random=bytes,
        ),
    )
    answer = visitor.get(f"/portal/invoices/{invoice.id}/pdf")

    assert answer.body == portal.files.get(sending.pdf_key(b.BUSINESS, kept(portal, invoice)))
    assert header(answer, "Content-Type") == "application/pdf"
    assert header(answer, "Content-Disposition") == 'inline; filename="00001.pdf"'
    visitor.get(f"/portal/invoices/{invoice.id}")
    assert f'href="/portal/invoices/{invoice.id}/pdf"' in visitor.page


def test_taxes_are_named_with_their_registration_numbers(portal):
    visitor = on_invoice(portal, portal.invoiced())

    assert "Nº\u00a0123456789\u00a0RT0001" in visitor.page
    assert "Nº\u00a01234567890\u00a0TQ0001" in visitor.page
