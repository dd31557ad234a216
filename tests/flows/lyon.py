"""A French business that gives e-invoices, and what is asked of it."""

from io import BytesIO

import pikepdf

from chalicelib.domain.legal import Legal, Operations
from chalicelib.domain.party import Registration
from tests.builders import a_rate
from tests.e_invoices.building import IBAN, LYON

SIREN = {"name": "SIREN", "number": "732829320"}
BUYER = {
    "name": "Copropriété Les Érables",
    "email": "syndic@erables.example",
    "address": {"lines": ["35 rue de la République"], "city": "Lyon", "postal_code": "69001", "country": "FR"},
    "registrations": [SIREN],
}
EXPORT = {
    "code": "EXPORT",
    "name": "TVA",
    "rate_percent": "0",
    "category": "G",
    "exemption_reason": "Exonération, article 262 I du CGI",
}
LINES = [
    {"description": "Pose de carrelage\nSalle de bain", "quantity": "12.5", "unit": "h", "unit_price": "60"},
    {"description": "Joints", "quantity": "3", "unit": "kg", "unit_price": "7.35", "discount_percent": "10"},
]


def in_lyon(world):
    """A client of a French business on the platforms' profile, which is from now on spoken of."""
    world.business(
        name="Rénovation Boréale",
        country="FR",
        currency="EUR",
        time_zone="Europe/Paris",
        locale="fr",
        languages=("fr", "en"),
        address=LYON,
        tax_rates=(a_rate("TVA", "20", registration_number="FR83404833048"),),
        tax_registrations=(Registration(name="SIREN", number="404833048"),),
        legal=Legal(operations=Operations.SERVICES),
    )
    account = {"iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRIFRPPXXX"}
    changed = world.ok("PATCH", "/v1/business", {"e_invoicing": {"profile": "extended_ctc_fr", "account": account}})
    assert changed["e_invoicing"] == {
        "form": "off",
        "profile": "extended_ctc_fr",
        "account": {"iban": IBAN, "bic": "AGRIFRPPXXX", "holder": None},
    }
    return world.client(**BUYER)


def xml_of(world, place, syntax):
    answer = world.ok("GET", f"/v1/{place}/e-invoice?syntax={syntax}")
    assert answer.headers["content-type"] == "application/xml"
    return answer.raw


def switched_on(world, **more):
    world.ok("PATCH", "/v1/business", {"e_invoicing": {"form": "factur_x", "profile": "extended_ctc_fr"} | more})


def credited(world, invoice, **more):
    return world.api("POST", f"/v1/invoices/{invoice['id']}/credit-notes", {"reason": "Joints repris"} | more)


def xml_within(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        (attached,) = opened.Root.AF
        return attached.EF.F.read_bytes()
