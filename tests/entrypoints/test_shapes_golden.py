"""Every public golden invoice, from the JSON of a preview to its JSON answer."""

from datetime import date

import pytest

from chalicelib.entrypoints.http.shapes.answering import preview
from chalicelib.entrypoints.http.shapes.documents import PreviewIn
from tests.golden import cases
from tests.golden_previews import LEFT_OUT, check, requested, stated


def named(policy):
    return [pytest.param(case, id=id) for id, case in stated(policy).items()]


@pytest.mark.row("C24")
@pytest.mark.parametrize("case", named("per_rate"))
def test_taxes_rounded_on_the_document_come_to_what_the_source_states(case):
    check(case, answered(case, rounding="document"))


@pytest.mark.row("C24")
@pytest.mark.parametrize("case", named("per_line"))
def test_taxes_rounded_on_each_line_come_to_what_the_source_states(case):
    check(case, answered(case, rounding="line"))


def test_every_case_left_out_exists():
    assert set(LEFT_OUT) <= set(cases("invoice"))


def answered(case, *, rounding):
    document = PreviewIn.model_validate(requested(case, rounding=rounding))
    return preview(document, today=date(2026, 3, 1), currency="EUR").model_dump(mode="json")
