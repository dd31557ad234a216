"""The marks that the law wants on an invoice: set over HTTP, printed, and refused where they are missing."""

import pytest

from tests import builders as b
from tests.flows.desk import paper

LEGAL = {
    "form": "SARL",
    "capital": "10000.00",
    "vat_scheme": "debits",
    "operations": "services",
    "insurance": {"insurer": "MAAF", "contract": "12-34", "area": "France"},
}
NUMBERS = [{"name": "SIREN", "number": "732 829 320"}, {"name": "RCS", "number": "Paris B 732 829 320"}]

FLAT = {"line1": "2 rue A", "country": "FR"}


def in_france(world, **more):
    rates = (b.a_rate("TVA", "20", registration_number="FR44732829320"),)
    plain = {"country": "FR", "currency": "EUR", "time_zone": "Europe/Paris", "tax_rates": rates, "address": b.PARIS}
    world.business(**plain | {"languages": ("fr",)} | more)


def test_what_the_law_asks_of_a_business_is_set_in_part_and_shown(world):
    in_france(world)
    world.ok("PATCH", "/v1/business", {"legal": LEGAL, "tax_registrations": NUMBERS})
    shown = world.ok("PATCH", "/v1/business", {"legal": {"insurance": None, "size": "large"}})

    assert shown["legal"] == LEGAL | {
        "insurance": None,
        "size": "large",
        "early_discount": None,
        "dwelling_works": False,
    }
    assert shown["tax_registrations"] == NUMBERS
    below = world.api("PATCH", "/v1/business", {"legal": {"capital": "-1"}})
    assert (below.status, below["errors"][0]["at"]) == (422, "/legal/capital")


def test_a_siren_may_stand_beside_its_register(world):
    both = {"name": "SIREN, RCS", "number": "Paris B 732 829 320"}
    world.ok("PATCH", "/v1/business", {"tax_registrations": [both]})


def test_a_siren_has_its_check_digit(world):
    wrong = {"name": "N° SIREN", "number": "732 829 321"}
    business = world.api("PATCH", "/v1/business", {"tax_registrations": [wrong]})
    client = world.api("POST", "/v1/clients", {"name": "Durand", "registrations": [wrong]})

    assert business.problem == client.problem == (422, "invalid")
    assert [one["errors"][0]["code"] for one in (business, client)] == ["not_a_registration"] * 2


@pytest.mark.row("H41", "K12")
def test_a_french_invoice_prints_what_the_law_wants_as_it_was_on_its_day(world):
    in_france(world)
    world.ok("PATCH", "/v1/business", {"legal": LEGAL, "tax_registrations": NUMBERS})
    client = world.client(registrations=[{"name": "SIREN", "number": "552 100 554"}], address={"line1": "2 rue A"})
    invoice = world.invoice(client)
    world.ok("PATCH", "/v1/business", {"legal": {"form": "SAS", "insurance": None}})
    world.settle()

    said = " ".join(paper(world, invoice).split())
    for words in (
        "Mentions légales",
        "Plomberie Tremblay, SARL au capital de 10 000,00 €, SIREN 732 829 320, RCS Paris B 732 829 320.",
        "après les débits.",
        "opération : prestation de services.",
        "échéance : 12,15 % par an",
        "recouvrement en cas de retard de paiement : 40,00 € (C. com. art. L441-10, D441-5).",
        "Escompte pour paiement anticipé : néant.",
        "Assurance professionnelle : MAAF, contrat 12-34, couverture : France.",
        "SIREN 552 100 554",
    ):
        assert words in said, words


@pytest.mark.row("H36", "K17")
def test_an_invoice_in_two_languages_has_french_first_in_quebec_and_its_mail_in_french(world):
    world.ok("PATCH", "/v1/business", {"languages": ["en+fr", "en"]})
    invoice = world.invoice(world.client(language="en+fr"))
    world.ok("POST", f"/v1/invoices/{invoice['id']}/send", {})
    world.settle()

    assert invoice["language"] == "fr+en"
    said = paper(world, invoice)
    assert f"Facture / Invoice Nº / No. {invoice['number']}" in said
    assert "Prix unitaire / Unit price" in said
    (mail,) = world.mails_to("marie@example.com")
    assert " / " not in mail.subject


@pytest.mark.row("H41", "C56")
def test_an_invoice_that_lacks_a_mark_is_refused_before_its_number_is_given(world):
    in_france(world, tax_rates=())
    draft, before = world.draft(), world.everything()

    refused = world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert refused.problem == (409, "mark_missing")
    assert "fr.identity: C. com., art. R123-237" in refused["detail"]
    assert [(fault["code"], fault["at"]) for fault in refused["errors"]] == [("fr.identity", "")]
    assert "set tax_registrations of the business" in refused["detail"]
    assert world.everything() == before
    assert world.api("POST", f"/v1/invoices/{draft['id']}/send", {}).problem == (409, "mark_missing")

    world.ok("PATCH", "/v1/business", {"tax_registrations": NUMBERS})
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["number"] == "00001"


@pytest.mark.row("H43", "H44")
def test_a_reverse_charge_waits_for_the_vat_number_of_the_client(world):
    in_france(world)
    exempt = {"reason": "CGI, art. 283-2", "category": "AE"}
    client = world.client(address={"line1": "Unter den Linden 1", "country": "DE"}, tax_exempt=exempt)
    draft = world.draft(client)

    refused = world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert refused.problem == (409, "mark_missing")
    assert "set tax_number of the client" in refused["detail"]
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"tax_number": "DE136695976"})
    issued = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert "Autoliquidation (article 196 de la directive 2006/112/CE)." in paper(world, issued)


@pytest.mark.row("H44")
def test_in_quebec_each_tax_has_its_number_from_100_dollars_on(world):
    bare = [
        {"code": "TPS", "name": "TPS", "rate_percent": "5"},
        {"code": "TVQ", "name": "TVQ", "rate_percent": "9.975"},
    ]
    registered = [{"name": "TPS", "number": "123456789 RT0001"}]
    world.ok("PATCH", "/v1/business", {"tax_rates": bare, "tax_registrations": registered})

    dear = world.draft()
    refused = world.api("POST", f"/v1/invoices/{dear['id']}/issue", {})
    assert (refused.problem, "qc.qst_number" in refused["detail"]) == ((409, "mark_missing"), True)
    cheap = world.draft(lines=[{"description": "Vis", "unit_price": "80.00"}])
    assert world.ok("POST", f"/v1/invoices/{cheap['id']}/issue", {})["total"] == "91.98"


@pytest.mark.row("H43", "H44")
def test_no_business_in_canada_sets_both_taxes_of_quebec_up_as_one(world):
    both = {"code": "TAXES", "name": "TPS et TVQ", "rate_percent": "14.975", "registration_number": "123456789 RT0001"}
    named = {"code": "TAXES", "name": "Taxes 14,975 %", "rate_percent": "5", "registration_number": "123456789 RT0001"}
    rates = world.ok("GET", "/v1/business/tax-rates")["tax_rates"]

    for path in ("/v1/business", "/v1/business/tax-rates"):
        for wrong in (both, named):
            refused = world.api("PATCH", path, {"tax_rates": [*rates, wrong]})
            assert refused.problem == (422, "combined_rate")
            assert refused["errors"][0]["at"] == f"/tax_rates/{len(rates)}"
    assert world.ok("GET", "/v1/business/tax-rates")["tax_rates"] == rates


def test_the_page_to_pay_is_in_the_first_of_two_languages(world):
    world.ok("PATCH", "/v1/business", {"languages": ["fr+en"]})
    invoice = world.invoice(world.client(language="fr+en"))
    link = world.ok("POST", f"/v1/invoices/{invoice['id']}/payment-link", {"choice": "all"})

    pages = world.stripe.api.books.all(world.house.account, "checkout.session")
    assert {page["locale"] for page in pages if page["url"] == link["url"]} == {"fr"}


@pytest.mark.row("H41")
def test_a_credit_note_waits_for_what_its_business_must_say_and_for_nothing_else(world):
    in_france(world, tax_registrations=(b.SIREN,))
    client = world.client(address={"line1": "2 rue A", "country": "FR"}, tax_number="FR44732829320")
    invoice = world.invoice(client)
    world.ok("PATCH", f"/v1/clients/{client['id']}", {"address": {"country": "FR"}})
    world.ok("PATCH", "/v1/business", {"legal": {"form": "SAS"}, "address": {"country": "FR"}})
    before = world.everything()

    for dry_run in ("", "?dry_run=true"):
        refused = world.api("POST", f"/v1/invoices/{invoice['id']}/credit-notes{dry_run}", {"reason": "Error"})
        assert refused.problem == (409, "mark_missing")
        assert "You cannot issue a credit note of invoice 00001 because the law wants" in refused["detail"]
        assert [rule for rule in ("fr.company", "fr.address") if rule not in refused["detail"]] == []
        assert "fr.buyer_address" not in refused["detail"]
    assert world.everything() == before

    world.ok("PATCH", "/v1/business", {"legal": {"form": "EI"}, "address": {"city": "Paris", "country": "FR"}})
    note = world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Error"})
    assert note["invoice_id"] == invoice["id"]


@pytest.mark.row("H41")
def test_a_credit_note_stands_to_vat_as_its_invoice_did(world):
    in_france(world, tax_registrations=(b.SIREN,))
    taxed = world.invoice()
    world.ok("PATCH", "/v1/business", {"legal": {"vat_scheme": "franchise"}, "tax_rates": []})
    exempt = world.invoice(lines=[{"description": "Visite", "unit_price": "80.00"}])
    world.ok("PATCH", "/v1/business", {"legal": {"vat_scheme": "normal"}})

    notes = [
        world.ok("POST", f"/v1/invoices/{one['id']}/credit-notes", {"reason": "Erreur"}) for one in (taxed, exempt)
    ]
    said = [paper(world, note, "credit-notes") for note in notes]
    assert ["art. 293 B" in one for one in said] == [False, True]
    assert ["TVA 20 %" in one for one in said] == [True, False]


def test_a_quote_is_not_sent_without_what_the_law_wants_on_it(world):
    in_france(world, tax_rates=(b.a_rate("TVA", "20"),), address=b.PARIS)
    client = world.client()
    line = {"description": "Visite", "unit_price": "80.00", "taxes": []}
    quote = world.ok("POST", "/v1/quotes", {"client_id": client["id"], "lines": [line]})
    before = world.everything()

    refused = world.api("POST", f"/v1/quotes/{quote['id']}/send", {})
    assert refused.problem == (409, "mark_missing")
    assert f"You cannot send quote {quote['id']} because the law wants the SIREN of the business" in refused["detail"]
    assert world.everything() == before
    world.ok("PATCH", "/v1/business", {"tax_registrations": NUMBERS})
    assert world.ok("POST", f"/v1/quotes/{quote['id']}/send", {})["number"]


@pytest.mark.row("H41")
def test_the_licence_of_a_trade_stands_on_every_paper_of_a_quebecer(world):
    licence = [{"name": "Licence", "number": "RBQ 5798 1234 01"}]
    world.ok("PATCH", "/v1/business", {"tax_registrations": licence, "languages": ["fr"]})
    client = world.client()
    line = {"description": "Visite", "unit_price": "80.00"}
    quote = world.ok("POST", "/v1/quotes", {"client_id": client["id"], "lines": [line]})
    order = world.ok("POST", "/v1/orders", {"client_id": client["id"], "lines": [line]})
    invoice = world.invoice(client)
    note = world.ok("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Erreur"})

    for kind, document in (("quotes", quote), ("orders", order), ("invoices", invoice), ("credit-notes", note)):
        assert "Licence RBQ : 5798-1234-01" in paper(world, document, kind), kind


@pytest.mark.row("H41")
def test_a_mark_is_wanted_from_the_first_minute_of_its_day_where_the_business_is(world):
    in_france(world, tax_registrations=(b.SIREN,), sandbox=True)
    numbered = world.client(registrations=[{"name": "SIREN", "number": "552 100 554"}], address=FLAT)
    bare = world.client(name="Durand", address=FLAT)

    world.move_clock("2027-08-31T21:59:00Z")  # a minute to midnight in Paris
    assert world.invoice(bare)["issue_date"] == "2027-08-31"
    late = world.draft(bare)
    world.ok("POST", f"/v1/invoices/{late['id']}/schedule", {"send_on": "2027-09-01"})
    world.move_clock("2027-08-31T22:01:00Z")
    refused = world.api("POST", f"/v1/invoices/{world.draft(bare)['id']}/issue", {})
    assert [fault["code"] for fault in refused["errors"]] == ["fr.buyer_siren.small", "fr.operations.small"]
    world.move_clock("2027-09-01T08:00:00Z")
    assert world.see(late)["number"] is None

    world.ok("PATCH", "/v1/business", {"legal": {"operations": "services"}})
    assert world.invoice(numbered)["issue_date"] == "2027-09-01"


@pytest.mark.row("H41")
def test_the_marks_are_those_of_the_date_that_is_printed_though_the_business_moved_west(world):
    in_france(world, tax_registrations=(b.SIREN,), sandbox=True)
    person, bare = world.client(consumer=True), world.client(name="Durand", address=FLAT)
    world.move_clock("2027-09-01T05:00:00Z")
    assert world.invoice(person)["issue_date"] == "2027-09-01"

    world.ok("PATCH", "/v1/business", {"time_zone": "America/Los_Angeles"})  # where it is the day before
    draft = world.draft(bare)
    refused = world.api("POST", f"/v1/invoices/{draft['id']}/issue", {})
    assert refused.problem == (409, "mark_missing")
    world.ok("PATCH", f"/v1/clients/{bare['id']}", {"consumer": True})
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["issue_date"] == "2027-09-01"
