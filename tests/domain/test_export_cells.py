"""Cells are typed; texts are no formulas, and numbers stay numbers."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.export_cells import disarmed, separated, written
from tests import builders as b


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM"),
        *(" =1", "\u200b=1", "\u00a0=1", "\ufeff=1", "-12.50", "=HYPERLINK(1)"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_disarmed(text):
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-", "Marie", "1=1", "a@b.ca", "É", "'=1", "(514) 555-0100"])
def test_any_other_text_stays_as_it_is(text):
    assert disarmed(text) == text


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (Decimal("-12.50"), "-12.50"),
        (b.cad("-12.50"), "-12.50"),
        (Decimal("1E+2"), "100"),
        (date(2026, 3, 2), "2026-03-02"),
        (None, ""),
        ("-12.50", "'-12.50"),
    ],
)
def test_a_number_is_written_as_it_is_and_a_text_like_it_is_not(cell, told):
    assert written(cell) == told


def test_cells_are_quoted_where_they_must_be():
    rows = [('a "b"', "c;d", Decimal("-1.5"), "é\nf")]
    assert list(separated(rows, separator=";", decimal=",")) == ['"a ""b""";"c;d";-1,5;"é\nf"\r\n']
