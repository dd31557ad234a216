"""Numbers by which the law knows a business."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.identifiers import (
    EUROPEAN_UNION,
    VAT_FORMS,
    gst_number_of,
    is_siren,
    is_siret,
    is_trade_licence,
    is_vat_number,
    licence_number,
    qst_number_of,
    siren_of,
    vat_number_of,
)
from chalicelib.domain.party import Address, Party, Registration


def known_by(name, number):
    return Party(name="Dupont", registrations=(Registration(name=name, number=number),))


@pytest.mark.parametrize(
    ("name", "number", "siren"),
    [
        ("SIREN", "732 829 320", "732829320"),
        ("Siret", "732\u00a0829\u00a0320 00074", "732829320"),
        ("TVA intracommunautaire", "fr 44 732829320", "732829320"),
        ("TVA", "BE0732829320", None),
        ("N° SIRET", "732 829 320 00074", "732829320"),
        ("Numéro SIREN", "732829320", "732829320"),
        ("", "SIRET 732 829 320 00074", "732829320"),
        ("RCS", "Paris B 732 829 320", "732829320"),
        ("RCS", "Paris", None),
        ("R.C.S. Lyon", "732 829 320", "732829320"),
        ("RM", "732 829 320 RM 75", "732829320"),
        ("SIREN", "732 829 32", None),
        ("NEQ", "1171228370", None),
    ],
)
def test_a_siren_is_found_in_each_number_that_holds_it(name, number, siren):
    assert siren_of(known_by(name, number)) == siren


@pytest.mark.parametrize(
    ("number", "country", "siren"),
    [
        ("732 829 320", "FR", "732829320"),
        ("732 829 320 00074", "FR", "732829320"),
        ("732 829 321", "FR", None),
        ("732 829 320", "DE", None),
        ("732 829 320", None, None),
    ],
)
def test_a_number_without_a_name_is_a_siren_in_france_alone(number, country, siren):
    client = Party(
        name="Durand", address=Address(country=country), registrations=(Registration(name="", number=number),)
    )

    assert siren_of(client) == siren


@pytest.mark.parametrize(
    ("number", "valid"), [("732829320", True), ("356 000 000", True), ("732829321", False), ("73282932", False)]
)
def test_a_siren_has_a_check_digit(number, valid):
    assert is_siren(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("732 829 320 00074", True),
        ("73282932000075", False),
        ("732829320", False),
        ("35600000049837", True),  # La Poste: the sum of the digits is divided by five
        ("35600000049838", False),
        ("35600000000048", True),  # its seat: as everybody's
        ("35600000000049", False),
    ],
)
def test_a_siret_has_one_too(number, valid):
    assert is_siret(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("FR44732829320", True),
        ("EL 123456789", True),
        ("GR123456789", False),
        ("XI 123456789", True),  # Northern Ireland, for goods
        ("DE136695976", True),
        ("DE13669597", False),
        ("ATU13585627", True),
        ("BE 0428.759.497", True),
        ("NL004495445B01", True),
        ("IE6433435OA", True),
        ("ESB58378431", True),
        ("SECRET1", False),
        ("TVA-7", False),
        ("US123", False),
    ],
)
def test_vat_numbers_of_the_union_begin_with_a_state(number, valid):
    assert is_vat_number(number) is valid
    assert (vat_number_of(known_by("", number)) is not None) is valid


@pytest.mark.parametrize(
    ("name", "number", "found"),
    [
        ("TVQ", "1234567890 TQ0001", "1234567890TQ0001"),
        ("Revenu Québec", "NR00012345", "NR00012345"),
        ("TPS", "123456789 RT0001", None),
    ],
)
def test_the_number_for_quebecs_tax_is_known_by_its_form_or_its_name(name, number, found):
    assert qst_number_of(known_by(name, number)) == found
    assert gst_number_of(known_by(name, number)) == (None if found else "123456789RT0001")


def test_every_member_state_has_a_form_of_vat_numbers():
    assert {state for state in VAT_FORMS if state not in {"EL", "XI"}} | {"GR"} == EUROPEAN_UNION


@pytest.mark.parametrize(
    ("name", "number", "found"),
    [
        ("GST/HST", "123456789 RT0001", True),
        ("Numéro d'entreprise", "123456789", True),
        ("", "123456789RT0001", True),
        ("T.P.S.", "12", True),
        ("PST", "PST-1234-5678", False),
        ("Licence", "RBQ 5798-1234-01", False),
        ("CNESST", "12345", False),
        ("Q.S.T.", "1234567890", False),
    ],
)
def test_a_number_for_gst_is_known_by_its_form_or_its_name_and_is_no_other(name, number, found):
    assert (gst_number_of(known_by(name, number)) is not None) is found


@pytest.mark.parametrize(
    ("name", "number", "licence"),
    [("Licence RBQ", "5798-1234-01", True), ("Licence", "RBQ 5798-1234-01", True), ("TVQ", "1234567890 TQ0001", False)],
)
def test_a_trade_licence_is_known_by_its_office(name, number, licence):
    assert is_trade_licence(Registration(name=name, number=number)) is licence


@pytest.mark.parametrize(
    ("number", "written"),
    [("5798123401", "5798-1234-01"), ("RBQ 5798 1234 01", "5798-1234-01"), ("5798-1234", "5798-1234")],
)
def test_a_trade_licence_is_written_as_its_office_wants(number, written):
    assert licence_number(Registration(name="RBQ", number=number)) == written


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_of_ten_last_digits_exactly_one_is_right(eight):
    assert sum(is_siren(f"{eight}{last}") for last in range(10)) == 1


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 7))
def test_two_neighbouring_digits_exchanged_are_no_siren(eight, place):
    (siren,) = (f"{eight}{last}" for last in range(10) if is_siren(f"{eight}{last}"))
    one, other = siren[place : place + 2]
    exchanged = siren[:place] + other + one + siren[place + 2 :]

    assert is_siren(exchanged) is (one == other or {one, other} == {"0", "9"})
