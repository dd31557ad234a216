"""Which invoices a payment that belongs to nobody may be for."""

from dataclasses import replace

import pytest

from chalicelib.domain.money import Money
from chalicelib.domain.schedule import Instalment
from chalicelib.domain.suggestion import MOST, Because, suggestions, words_with_digits
from tests import builders as b


def stray(amount="114.98", description=""):
    facts = b.facts(amount, metadata={}, description=description)
    return replace(b.a_payment(amount, client_id=None, invoice_id=None), quarantine="no_reference", facts=facts)


def due(id, number, amount="114.98", **more):
    """An issued invoice on which so much is due."""
    invoice = b.an_issued_invoice(id=id, number=number, **more)
    return replace(invoice, paid_total=invoice.figures.total - b.cad(amount))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        pytest.param("Facture 2026-00042, merci", ("2026-00042",), id="a number in a sentence"),
        pytest.param("F/7 F/7", ("F/7",), id="each once"),
        pytest.param("merci", (), id="no digit"),
        pytest.param("", (), id="nothing said"),
    ],
)
def test_what_may_be_a_number(said, words):
    assert words_with_digits(said) == words


def test_the_invoice_that_is_named_and_has_that_amount_due_goes_first():
    payment = stray(description="merci pour 00003")
    found = suggestions(payment, [due("inv_1", "00001"), due("inv_2", "00002", "90"), due("inv_3", "00003")])
    assert [(one.invoice_id, one.because) for one in found] == [
        ("inv_3", (Because.NUMBER, Because.AMOUNT_DUE)),
        ("inv_1", (Because.AMOUNT_DUE,)),
    ]


def test_a_number_says_more_than_an_amount():
    found = suggestions(stray(description="00002"), [due("inv_1", "00001"), due("inv_2", "00002", "90")])
    assert [one.invoice_id for one in found] == ["inv_2", "inv_1"]


def test_an_instalment_of_that_amount_is_suggested():
    halves = tuple(Instalment(id=id, amount=b.cad("57.49")) for id in "12")
    invoice = replace(due("inv_1", "00001"), schedule=halves, instalments_paid=(b.cad("0"), b.cad("0")))
    (found,) = suggestions(stray("57.49"), [invoice])
    assert found.because == (Because.INSTALMENT_DUE,)


def test_what_cannot_be_paid_with_it_is_not_suggested():
    draft = b.an_invoice(id="inv_1")
    other_currency = stray(Money(11498, "EUR"))
    assert suggestions(stray(), [draft]) == ()
    assert suggestions(other_currency, [due("inv_1", "00001")]) == ()
    assert suggestions(stray("1"), [due("inv_1", "00001")]) == ()


def test_an_invoice_is_suggested_once_and_not_too_many_are():
    one = due("inv_1", "00001")
    assert len(suggestions(stray(), [one, one])) == 1
    assert len(suggestions(stray(), [due(f"inv_{n}", f"{n:05d}") for n in range(9)])) == MOST
