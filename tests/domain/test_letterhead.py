"""Who and where a paper names, and which tax stands on which line."""

import pytest

from chalicelib.domain.invoice_document import groups_of
from chalicelib.domain.legal import Legal
from chalicelib.domain.letterhead import buyer_of, letterhead, places_of, seller_of, sender_of
from chalicelib.domain.money import Money
from chalicelib.domain.party import Address, Party, Registration
from chalicelib.domain.sales import Content, Parties, worked_out
from tests import builders as b
from tests.fakes.wording import PlainWording

WORDING = PlainWording()
COMPANY = Legal(form="SARL", capital=Money(10_000_00, "EUR"))
BERLIN = Address(lines=("Unter den Linden 1",), city="Berlin", postal_code="10117", country="DE")


def between(seller, buyer, **more):
    return Parties(id="inv_1", seller=Party(name="Dupont", **seller), buyer=Party(name="Durand", address=buyer), **more)


@pytest.mark.parametrize(
    ("address", "town"),
    [
        pytest.param(b.PARIS, "75002 Paris", id="before the town in France"),
        pytest.param(BERLIN, "10117 Berlin", id="and in Germany"),
        pytest.param(b.MONTREAL, "Montréal QC H2X 1K1", id="after it in Canada"),
        pytest.param(Address(city="London", postal_code="SW1A 1AA", country="GB"), "London SW1A 1AA", id="and Britain"),
        pytest.param(Address(city="Paris", postal_code="75002"), "Paris 75002", id="where nobody says the country"),
    ],
)
def test_an_address_is_written_as_its_country_does(address, town):
    assert address.printed[-1] == town


@pytest.mark.row("H41", "K12")
def test_an_address_without_a_country_is_written_as_the_sellers_does():
    parties = between({"address": b.PARIS}, Address(city="Lyon", postal_code="69001"))

    assert buyer_of(parties, "For", WORDING).lines == ("69001 Lyon",)
    elsewhere = between({"address": Address(city="Lyon", postal_code="69001"), "country": "FR"}, b.PARIS)
    assert sender_of(elsewhere, WORDING).lines == ("69001 Lyon",)
    assert buyer_of(elsewhere, "For", WORDING).lines == ("1 rue de la Paix", "75002 Paris")


@pytest.mark.row("H41", "K12")
def test_who_is_abroad_reads_both_countries():
    _, figures = worked_out(b.content(b.a_line(taxes=())))
    parties = between({"address": b.PARIS, "email": "a@example.com"}, BERLIN, delivery=b.MONTREAL)

    assert seller_of(figures, parties, WORDING).lines == ("1 rue de la Paix", "75002 Paris", "FR", "a@example.com")
    assert buyer_of(parties, "For", WORDING).lines == ("Unter den Linden 1", "10117 Berlin", "DE")
    assert [place.lines for place in places_of(parties, WORDING)] == [("Montréal QC H2X 1K1", "CA")]
    at_home = between({"address": b.PARIS}, b.PARIS)
    assert sender_of(at_home, WORDING).lines == ("1 rue de la Paix", "75002 Paris")


def test_a_licence_is_written_as_the_law_wants_beside_the_name_alone():
    licence = Registration(name="Licence", number="RBQ 5798123401")
    parties = between({"address": b.MONTREAL, "registrations": (licence,)}, b.MONTREAL)
    _, figures = worked_out(b.content(b.a_line(taxes=())))

    assert letterhead(parties.seller, WORDING)["brand_note"] == "RBQ licence: 5798-1234-01"
    assert seller_of(figures, parties, WORDING).lines == ("12 rue Saint-Denis", "Montréal QC H2X 1K1")


@pytest.mark.parametrize(
    ("legal", "country", "foot"),
    [
        pytest.param(
            Legal(form="SARL", capital=Money(10_000_00, "EUR")), "FR", "Dupont, SARL with a capital of", id="FR"
        ),
        pytest.param(Legal(form="EI"), "FR", "Dupont, EI", id="without a capital"),
        pytest.param(Legal(), "FR", "Dupont SARL", id="as it is called"),
        pytest.param(Legal(form="SARL"), "CA", "Dupont SARL", id="elsewhere"),
    ],
)
def test_the_foot_of_every_french_paper_says_the_form_and_the_capital(legal, country, foot):
    name = f"Dupont {legal.form or 'SARL'}"
    seller = Party(name="Chez Dupont", legal_name=name, address=Address(country=country), legal=legal)

    assert letterhead(seller, WORDING)["footer"].startswith(foot)


def test_taxes_that_are_called_the_same_are_told_apart_by_their_rate_on_each_line():
    full, reduced = (b.a_rate(code, percent, name="TVA") for code, percent in (("A", "20"), ("B", "5.5")))
    freed = b.a_rate("C", "0", name="TVA", category="E")
    lines = (b.a_line(taxes=("A",)), b.a_line(taxes=("B",)), b.a_line(taxes=("C",)), b.a_line(taxes=("TPS", "TVQ")))
    content = Content(currency="EUR", lines=lines, rates=(full, reduced, freed, b.TPS, b.TVQ))

    (group,) = groups_of(content, Party(name="Dupont"), WORDING)
    assert [row.taxes for row in group.rows] == ["TVA 20 %", "TVA 5.5 %", "TVA", "TPS, TVQ"]
