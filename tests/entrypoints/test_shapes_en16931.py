"""Every public EN 16931 invoice, from the JSON of a preview to its JSON answer: totals and VAT groups."""

from datetime import date

import pytest

from chalicelib.entrypoints.http.shapes.answering import preview
from chalicelib.entrypoints.http.shapes.documents import PreviewIn
from tests.golden import en16931
from tests.golden_en16931 import NO_LINES, NOT_EXACT, check, computable, requested


def test_the_invoices_left_out_are_few():
    """Seven depart from the model, each as its ``why`` says; the others have no lines to compute from."""
    assert len(en16931()) == 303
    assert all(NOT_EXACT.values())
    assert (len(NOT_EXACT), len(NO_LINES), len(NOT_EXACT.keys() & NO_LINES)) == (7, 12, 2)


@pytest.mark.parametrize("invoice", [pytest.param(one, id=file) for file, one in computable().items()])
def test_the_totals_and_vat_groups_are_those_of_the_invoice(invoice):
    read = PreviewIn.model_validate(requested(invoice))

    check(invoice, preview(read, today=date(2026, 3, 1), currency="EUR").model_dump(mode="json"))
