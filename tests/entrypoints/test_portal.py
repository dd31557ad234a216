"""The portal's pages: who gets in, who sees what, in which language, and that looking changes nothing."""

import pytest

from chalicelib.domain.business import Business
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.item import Visibility
from chalicelib.domain.quote import Quote, QuoteStatus
from chalicelib.usecases import linking, quoting, registering
from tests import builders as b
from tests.entrypoints.portal_visits import Visitor, header, opened


@pytest.fixture
def portal(monkeypatch):
    return opened(monkeypatch)


@pytest.mark.row("P24")
def test_one_click_on_the_mailed_link_shows_the_invoice(portal):
    invoice = portal.invoiced()
    visitor = Visitor(portal)

    entered = visitor.get(portal.link(invoice.id))
    shown = visitor.get(header(entered, "Location"))

    assert (entered.status, header(entered, "Location")) == (303, f"/portal/invoices/{invoice.id}")
    assert shown.status == 200
    assert "<small>Nº\u00a000001</small>" in visitor.page
    assert "114,98" in visitor.page


def test_a_link_without_a_document_opens_at_the_list(portal):
    assert header(Visitor(portal).get(portal.link()), "Location") == "/portal"


def test_a_mail_scanner_that_follows_every_link_changes_nothing(portal):
    quote, invoice = portal.quoted(), portal.invoiced()
    link = portal.link(quote.id)
    visitor = Visitor(portal)
    before = portal.tables.transactions

    for path in (link, link, f"/portal/quotes/{quote.id}", f"/portal/invoices/{invoice.id}", "/portal"):
        assert visitor.get(path).status in {200, 303}

    assert portal.tables.transactions == before
    assert portal.store().get(Quote, quote.id) == quote
    assert portal.store().get(Invoice, invoice.id) == invoice


def test_a_person_who_looks_is_recorded_by_the_pages_script(portal):
    quote, invoice = portal.quoted(), portal.invoiced()
    visitor = portal.visitor()

    for path in (f"/portal/quotes/{quote.id}", f"/portal/invoices/{invoice.id}"):
        visitor.get(path)
        assert visitor.see().status == 204

    assert portal.store().get(Quote, quote.id).status is QuoteStatus.VIEWED
    assert portal.store().get(Invoice, invoice.id).viewed_at == b.NOON


def test_a_page_that_was_seen_before_tells_nobody_again(portal):
    invoice = portal.invoiced()
    visitor = portal.visitor()
    visitor.get(f"/portal/invoices/{invoice.id}")
    visitor.see()

    visitor.get(f"/portal/invoices/{invoice.id}")

    assert "data-seen" not in visitor.page


@pytest.mark.parametrize(
    "path", ["/portal", "/portal/quotes/quo_1", "/portal/invoices/inv_1", "/portal/invoices/inv_1/pdf"]
)
def test_nobody_sees_anything_without_a_link(path, portal):
    assert Visitor(portal).get(path).status == 403


def test_an_unknown_link_is_not_found(portal):
    answer = Visitor(portal).get("/portal/l/" + "A" * 43)

    assert answer.status == 404
    assert header(answer, "Set-Cookie") == ""


def test_an_expired_link_says_so(portal):
    link = portal.link()
    portal.clock.move(days=90)
    visitor = Visitor(portal)

    assert visitor.get(link).status == 410
    assert "Ce lien n\u2019est plus valable" in visitor.page


def test_ending_a_clients_links_ends_the_sessions_they_opened(portal):
    visitor = portal.visitor()

    linking.end_links("cli_1", if_match=None, now=portal.clock(), real_now=portal.clock(), store=portal.store())

    assert visitor.get("/portal").status == 410


def test_thirty_minutes_without_a_visit_end_a_session_and_each_visit_prolongs_it(portal):
    visitor = portal.visitor()

    for _ in range(3):
        portal.clock.move(minutes=29)
        assert visitor.get("/portal").status == 200
    portal.clock.move(minutes=30)

    assert visitor.get("/portal").status == 403
    assert "Veuillez rouvrir votre lien" in visitor.page


def test_links_end_by_real_time_whatever_a_sandboxes_clock_shows(monkeypatch):
    portal = opened(monkeypatch, sandbox=True, clock=b.later(days=1000))

    assert portal.visitor().get("/portal").status == 200


def test_documents_of_another_client_do_not_exist(portal):
    registering.add_client(b.a_client(id="cli_2", name="Jean Roy"), now=b.NOON, store=portal.store())
    quote, invoice = portal.quoted(client_id="cli_2"), portal.invoiced(client_id="cli_2")
    visitor = portal.visitor()

    for path in (
        f"/quotes/{quote.id}",
        f"/quotes/{quote.id}/pdf",
        f"/invoices/{invoice.id}",
        f"/invoices/{invoice.id}/pdf",
        f"/invoices/{invoice.id}/paid",
    ):
        assert visitor.get(f"/portal{path}").status == 404, path
    visitor.get("/portal")
    assert quote.id not in visitor.page
    assert invoice.id not in visitor.page


def test_deeds_on_documents_of_another_client_are_refused_even_with_a_good_token(portal, monkeypatch):
    registering.add_client(b.a_client(id="cli_2", name="Jean Roy"), now=b.NOON, store=portal.store())
    quote = portal.quoted(client_id="cli_2")
    monkeypatch.setattr("chalicelib.entrypoints.portal.sessions.must_be_sent_from_here", lambda *_, **__: None)

    assert portal.visitor().post(f"/portal/quotes/{quote.id}/approve", name="Marie").status == 404
    assert portal.store().get(Quote, quote.id) == quote


@pytest.mark.row("H37")
def test_drafts_are_the_businesss_own(portal):
    draft = portal.drafted()
    quote = quoting.draft_quote(
        b.content(), client_id=b.CLIENT, business=portal.business, now=b.NOON, ids=portal.ids, store=portal.store()
    )
    visitor = portal.visitor()

    assert visitor.get(f"/portal/invoices/{draft.id}").status == 404
    assert visitor.get(f"/portal/quotes/{quote.id}").status == 404
    visitor.get("/portal")
    assert "Il n\u2019y a pas encore de documents." in visitor.page


@pytest.mark.row("H16", "H21")
def test_what_is_not_billed_yet_is_shown_and_cannot_be_paid(portal):
    for amount, visibility in (("250.00", Visibility.CLIENT), ("99.00", Visibility.INTERNAL)):
        portal.published(amount, visibility=visibility, professional_notes="Genou gauche", notes="Bonne séance")
    visitor = portal.visitor()

    visitor.get("/portal")

    assert "Pas encore facturé" in visitor.page
    assert "250,00" in visitor.page
    assert "Bonne séance" in visitor.page
    assert "99,00" not in visitor.page
    assert "349,00" not in visitor.page
    assert "Genou gauche" not in visitor.page
    assert "Rien à payer avant la facture" in visitor.page
    assert '/pay"' not in visitor.page


def test_pages_speak_the_documents_language(portal):
    quote = portal.quoted(language="en")
    visitor = portal.visitor()

    visitor.get(f"/portal/quotes/{quote.id}")

    assert '<html lang="en-CA">' in visitor.page
    assert "Approve the quote" in visitor.page


def test_the_list_speaks_the_clients_language(portal):
    visitor = portal.visitor()

    visitor.get("/portal")

    assert '<html lang="fr-CA">' in visitor.page
    assert "Vos documents" in visitor.page


@pytest.mark.parametrize(
    ("language", "said"), [("en-US,en;q=0.9", "Nothing here"), ("fr-CA", "Rien ici"), ("xx", "Nothing here")]
)
def test_an_unknown_link_apologises_in_the_browsers_language(language, said, portal):
    visitor = Visitor(portal, language=language)

    visitor.get("/portal/l/unknown")

    assert said in visitor.page


@pytest.mark.row("P25")
@pytest.mark.parametrize(
    ("path", "language", "said"),
    [
        ("/portal/thanks", "fr-CA,fr;q=0.9", "Merci de votre paiement"),
        ("/portal/thanks", "en-US", "you will get a receipt by mail"),
        ("/portal/not-paid", "fr", "Rien n\u2019a été payé"),
        ("/portal/not-paid", "", "Nothing was paid"),
    ],
)
def test_whoever_comes_from_the_payment_page_without_a_session_is_told_how_it_ended(path, language, said, portal):
    visitor = Visitor(portal, language=language)

    answer = visitor.get(path)

    assert answer.status == 200
    assert said in visitor.page
    assert header(answer, "Set-Cookie") == ""


@pytest.mark.parametrize(("fields", "status"), [(20, 403), (21, 413)])
def test_a_form_of_too_many_fields_is_too_large(fields, status, portal):
    quote = portal.quoted()

    answer = portal.visitor().post(
        f"/portal/quotes/{quote.id}/approve", **{f"field_{number}": "" for number in range(fields)}
    )

    assert answer.status == status
    assert portal.store().get(Quote, quote.id) == quote


def test_a_broken_business_still_gets_a_page(portal, monkeypatch, caplog):
    visitor = portal.visitor()
    monkeypatch.setattr("chalicelib.entrypoints.portal.showing.quote_row", None)
    portal.quoted()

    assert visitor.get("/portal").status == 500
    assert "Un problème est survenu" in visitor.page
    assert "Traceback" not in visitor.page
    assert portal.store().get(Business).id == b.BUSINESS
