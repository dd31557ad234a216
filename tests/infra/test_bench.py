"""What the benchmark takes for true: the work's figures, the shape of its line, and how samples are summed up."""

import json
from decimal import Decimal

import pytest

from chalicelib.domain.webhook_signature import verify
from infra.bench import peers
from infra.bench.work import figures, ground, workload
from infra.bench.work.payments import Webhook


@pytest.mark.parametrize(("invoice", "total"), [(0, "510.49"), (2, "2907.15")])
def test_an_invoice_of_the_work_comes_to_what_the_peers_were_given(invoice, total):
    assert workload.total_of(invoice) == Decimal(total)


def test_the_first_thousand_totals_sum_to_what_the_peers_were_given():
    assert sum(workload.total_of(invoice) for invoice in range(1000)) == Decimal("1835697.21") == workload.SUM_OF_1000


def test_an_invoice_names_its_services_by_their_codes():
    lines = workload.lines_as_json(1)
    assert [line["catalog_code"] for line in lines] == ["S05", "S06", "S07", "S08", "S09"]
    assert [line["quantity"] for line in lines] == ["2", "3", "4", "5", "6"]
    assert workload.service_as_json(5)["unit_price"] == "46.75"


def test_a_total_off_by_a_cent_ends_the_benchmark():
    ground.must_come_to(0, {"total": "510.49"})
    with pytest.raises(AssertionError, match=r"invoice 0 came to 510\.48 instead of 510\.49"):
        ground.must_come_to(0, {"total": "510.48"})


def test_the_quick_line_holds_the_samples_that_every_peer_gives():
    taken = {metric: [1.23456, 2.0] for metric in (*peers.ASKED_OF_PEERS, "pdf_kept")}
    word, _, told = peers.quick_line(taken).partition(" ")
    assert word == "QUICK"
    assert json.loads(told) == {
        "peer": "Quittance",
        "samples": {
            metric: [1.235, 2.0]
            for metric in (
                "create_draft",
                "issue",
                "create_and_issue",
                "approve_quote_to_draft_invoice",
                "pay",
                "pdf",
                "list_page_50",
            )
        },
    }


def test_samples_are_told_by_their_median_and_their_95th_percentile():
    (row,) = figures.rows({"issue": [float(number) for number in range(1, 101)]})
    assert row == {"metric": "issue", "value": 50.5, "unit": "ms", "n": 100, "p95": 95.0}


def test_a_posted_event_is_signed_as_the_provider_signs():
    webhook = Webhook(body=b'{"id": "evt_1"}', secret="whsec_1")
    signature = webhook.headers()["Stripe-Signature"]
    at = int(signature.partition(",")[0].removeprefix("t="))
    verify(webhook.body, signature, secrets=["whsec_1"], now=at)
