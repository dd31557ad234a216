"""Numbers by which the law knows a business."""

import pytest

from chalicelib.domain.identifiers import (
    is_siren,
    is_siret,
    is_vat_number,
    qst_number_of,
    siren_of,
    vat_number_of,
)
from chalicelib.domain.party import Party, Registration


def known_by(name, number):
    return Party(name="Dupont", registrations=(Registration(name=name, number=number),))


@pytest.mark.parametrize(
    ("name", "number", "siren"),
    [
        ("SIREN", "732 829 320", "732829320"),
        ("Siret", "732\u00a0829\u00a0320 00074", "732829320"),
        ("TVA intracommunautaire", "fr 44 732829320", "732829320"),
        ("TVA", "BE0732829320", None),
        ("RCS", "Paris B 732 829 320", None),
        ("NEQ", "1171228370", None),
    ],
)
def test_a_siren_is_found_in_each_number_that_holds_it(name, number, siren):
    assert siren_of(known_by(name, number)) == siren


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
    ],
)
def test_a_siret_has_one_too(number, valid):
    assert is_siret(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [("FR44732829320", True), ("EL 123456789", True), ("GR123456789", False), ("TVA-7", False), ("US123", False)],
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
