"""The public golden invoices through POST /v1/invoices/preview; why some are left out is said where they are read."""

import pytest

from tests import golden_en16931, golden_previews


def previewed(world, body):
    answer = world.api("POST", "/v1/invoices/preview", body)
    assert answer.status == 200, answer.text
    return answer.body


@pytest.mark.row("C24", "C28", "P13")
@pytest.mark.parametrize(("policy", "rounding", "count"), [("per_rate", "document", 100), ("per_line", "line", 99)])
def test_every_golden_invoice_is_previewed_to_the_cent_and_nothing_written(world, policy, rounding, count):
    cases, before = golden_previews.stated(policy), world.everything()

    for case in cases.values():
        golden_previews.check(case, previewed(world, golden_previews.requested(case, rounding=rounding)))

    assert len(cases) == count
    assert world.everything() == before


def test_every_public_en16931_invoice_is_previewed_with_its_totals_and_vat_groups(world):
    invoices = golden_en16931.computable()

    for invoice in invoices.values():
        golden_en16931.check(invoice, previewed(world, golden_en16931.requested(invoice)))

    assert len(invoices) == 286
