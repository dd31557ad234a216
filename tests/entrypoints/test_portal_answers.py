"""Approving and declining a quote in the portal: by name, once, and only by a form of our own pages."""

import pytest

from chalicelib.domain.quote import QuoteStatus
from tests import builders as b
from tests.entrypoints.portal_visits import header, opened


@pytest.fixture
def portal(monkeypatch):
    return opened(monkeypatch)


def on_quote(portal, quote, language="fr"):
    visitor = portal.visitor()
    visitor.language = language
    visitor.get(f"/portal/quotes/{quote.id}")
    return visitor


def kept(portal, entity):
    return portal.store().get(type(entity), entity.id)


def events(portal, subject):
    return [envelope.event.type for envelope in portal.store().history(subject)]


def test_an_approval_records_the_name_the_signature_and_the_time(portal):
    quote = portal.quoted()

    answer = on_quote(portal, quote).submit(
        f"/portal/quotes/{quote.id}/approve", name=" Marie Gagnon ", signature="M. Gagnon"
    )

    assert (answer.status, header(answer, "Location")) == (303, f"/portal/quotes/{quote.id}")
    approved = kept(portal, quote)
    assert (approved.status, approved.approved_by, approved.signature, approved.approved_at) == (
        QuoteStatus.APPROVED,
        "Marie Gagnon",
        "M. Gagnon",
        b.NOON,
    )


def test_the_journal_says_that_the_client_did_it(portal):
    quote = portal.quoted()

    on_quote(portal, quote).submit(f"/portal/quotes/{quote.id}/approve", name="Marie")

    *_, viewed, approved = portal.store().history(quote.id)
    assert [envelope.event.type for envelope in (viewed, approved)] == ["quote.viewed", "quote.approved"]
    assert approved.caller.actor == b.CLIENT


def test_an_approved_quote_thanks_and_asks_nothing_more(portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)
    visitor.submit(f"/portal/quotes/{quote.id}/approve", name="Marie")

    visitor.get(f"/portal/quotes/{quote.id}")

    assert "Approuvé par Marie le 2\u00a0mars 2026" in visitor.page.replace("2 mars", "2\u00a0mars")
    assert "<form" not in visitor.page


def test_approving_twice_approves_once(portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)

    answers = [visitor.submit(f"/portal/quotes/{quote.id}/approve", name=name) for name in ("Marie", "Luc")]

    assert [answer.status for answer in answers] == [303, 303]
    assert kept(portal, quote).approved_by == "Marie"
    assert events(portal, quote.id).count("quote.approved") == 1


@pytest.mark.parametrize("name", ["", "   ", "\x00", "a" * 201])
def test_without_a_readable_name_nothing_is_approved_and_it_is_asked_for(name, portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)

    answer = visitor.submit(f"/portal/quotes/{quote.id}/approve", name=name)
    visitor.get(header(answer, "Location"))

    assert kept(portal, quote) == quote
    assert "Veuillez inscrire votre nom." in visitor.page
    assert 'aria-invalid="true"' in visitor.page


def test_a_refusal_records_its_reason(portal):
    quote = portal.quoted()

    on_quote(portal, quote).submit(f"/portal/quotes/{quote.id}/decline", name="Marie", reason="Trop cher.\r\nDésolée.")

    assert (kept(portal, quote).status, kept(portal, quote).declined_by) == (QuoteStatus.DECLINED, "Marie")
    assert portal.store().history(quote.id)[-1].event.reason == "Trop cher.\nDésolée."


def test_a_declined_quote_cannot_be_approved_from_an_old_page(portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)
    visitor.submit(f"/portal/quotes/{quote.id}/decline", name="Marie")

    assert visitor.submit(f"/portal/quotes/{quote.id}/approve", name="Marie").status == 409
    assert kept(portal, quote).status is QuoteStatus.DECLINED


def test_an_expired_quote_offers_no_approval_even_before_the_sweep(portal):
    quote = portal.quoted()
    portal.clock.move(days=11)

    visitor = on_quote(portal, quote)

    assert "Ce devis a expiré." in visitor.page
    assert "<form" not in visitor.page


@pytest.mark.parametrize("forged", [{}, {"token": ""}, {"token": "0" * 64}, {"token": "é"}])
def test_a_form_from_elsewhere_is_refused_and_nothing_is_written(forged, portal):
    quote = portal.quoted()

    answer = portal.visitor().post(f"/portal/quotes/{quote.id}/approve", name="Marie", **forged)

    assert answer.status == 403
    assert kept(portal, quote) == quote


def test_a_token_of_one_form_is_refused_by_another(portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)
    hidden = visitor.hidden(f"/portal/quotes/{quote.id}/decline")

    assert visitor.post(f"/portal/quotes/{quote.id}/approve", name="Marie", **hidden).status == 403
    assert kept(portal, quote) == quote


def test_a_deed_by_get_does_not_exist(portal):
    quote = portal.quoted()

    assert portal.visitor().get(f"/portal/quotes/{quote.id}/approve").status in {403, 404, 405}


def test_a_form_that_is_too_large_is_refused(portal):
    quote = portal.quoted()
    visitor = on_quote(portal, quote)

    answer = visitor.submit(f"/portal/quotes/{quote.id}/decline", name="Marie", reason="x" * 20_001)

    assert answer.status == 413
    assert kept(portal, quote) == quote
