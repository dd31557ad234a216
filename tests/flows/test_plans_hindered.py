"""Recurring plans that are due and cannot be billed: never stuck without a word."""

import json

import pytest

from chalicelib.domain.errors import Conflict
from tests.flows.test_plans import APRIL, comes, invoices, plan, see


@pytest.mark.row("C5")
def test_a_plan_that_is_due_and_bills_nothing_raises_an_alarm_and_is_told_once(world, capsys):
    one = plan(world)
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": []})

    comes(world, "2026-04-01T13:00:00Z", "2026-04-01T14:01:00Z", "2026-04-01T19:02:00Z", "2026-04-02T13:03:00Z")

    blocked = see(world, one)
    assert (blocked["status"], blocked["upcoming"]["at"]) == ("blocked", None)
    assert {**blocked["blocked"], "since": ""} == {
        "code": "tax_missing",
        "reason": f"You cannot bill plan {one['id']} because there is no tax 'TPS' any more.",
        "since": "",
        "tries": 4,
        "retry_at": None,
    }
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert sum(line.get("PlansNotBilled", 0) for line in lines) == 4
    (mail,) = world.mails_to("bureau@plomberie.example")
    assert mail.subject.endswith("n\N{RIGHT SINGLE QUOTATION MARK}a pas pu être facturée à Marie Gagnon")
    assert "jusqu\N{RIGHT SINGLE QUOTATION MARK}au 2 avril 2026" in mail.text
    taxes = [{"code": code, "rate_percent": "5", "registration_number": "1"} for code in ("TPS", "TVQ")]
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": taxes})
    assert world.ok("POST", f"/v1/plans/{one['id']}/resume", {})["blocked"] is None
    comes(world, "2026-04-02T13:04:00Z")
    assert [(each["service_period"], each["total"]) for each in invoices(world, one)] == [(APRIL, "110.00")]


@pytest.mark.row("C5")
def test_a_sweep_that_leaves_a_plan_unbilled_raises_the_alarm_and_the_next_one_bills_it(world, capsys, monkeypatch):
    one = plan(world)

    def quicker(*_, **__):
        raise Conflict("conflict", "Somebody is always quicker.")

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.usecases.sweeping.bill_due", quicker)
        comes(world, "2026-04-01T13:00:00Z")
    assert '"PlansNotBilled": 1' in capsys.readouterr().out
    comes(world, "2026-04-01T13:01:00Z")

    assert [each["service_period"] for each in invoices(world, one)] == [APRIL]
    assert "PlansNotBilled" not in capsys.readouterr().out


def test_a_plan_that_cannot_be_billed_can_be_ended(world):
    one = plan(world)
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": []})
    comes(world, "2026-04-01T13:00:00Z")

    assert world.api("PATCH", f"/v1/plans/{one['id']}", {"notes": "Merci"}).problem_code == "tax_missing"
    assert world.ok("PATCH", f"/v1/plans/{one['id']}", {"end_on": "2026-04-01", "times": None})["status"] == "active"
    ended = world.ok("POST", f"/v1/plans/{one['id']}/pause", {})
    assert (ended["status"], ended["billed"]) == ("paused", 0)
