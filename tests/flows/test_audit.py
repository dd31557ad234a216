"""The books gone through: on request, and every night; whatever is wrong is named, and nothing that is not."""

import json
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.journal import Caller
from chalicelib.domain.promises import INVARIANTS
from chalicelib.entrypoints import workers
from chalicelib.entrypoints.http import reports
from chalicelib.usecases import judging
from infra.local.clock import scheduled
from tests.flows import till

REPORT = "/v1/reports/invariants"


@pytest.fixture
def lived(world):
    """A business with a bit of everything, and nothing under way: an invoice paid by cash is the one spoken of."""
    client = world.client()
    quote = world.quote(client)
    world.approve(quote)
    world.draft(client)
    void = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{void['id']}/void", {"reason": "twice"})
    online = world.invoice(client)
    till.pay(world, online)
    till.arrived(world)
    paid = world.invoice(client)
    world.ok("POST", f"/v1/invoices/{paid['id']}/payments", {"amount": "1000", "method": "cash"})
    world.settle()
    return world


@pytest.fixture
def paid(lived):
    return lived.ok("GET", "/v1/invoices?number=00003")["data"][0]


def found(world, **more):
    """The invariants that do not hold, and of what."""
    asked = world.ok("GET", REPORT, **more)["invariants"]
    return {(one["id"], violation["subject"]) for one in asked for violation in one["violations"]}


def night(world):
    world.wake("audit", scheduled("audit", world.time.instant))
    world.settle()


def row(world, pk, sk, table="core"):
    key = {"PK": {"S": f"T#{world.house.id}{pk}"}, "SK": {"S": sk}}
    return world.aws.client("dynamodb").get_item(TableName=table, Key=key)["Item"]


def damage(world, item, table="core", **changed):
    """A row written over by hand; the books of this world are not checked again."""
    world.houses.clear()
    world.aws.client("dynamodb").put_item(TableName=table, Item=item | changed)


def lose(world, item, table="core"):
    world.houses.clear()
    world.aws.client("dynamodb").delete_item(TableName=table, Key={"PK": item["PK"], "SK": item["SK"]})


def rewritten(item, **changed):
    return {"doc": {"S": json.dumps(json.loads(item["doc"]["S"]) | changed)}}


# --- sound books


def test_sound_books_are_said_to_be_sound(lived):
    said = lived.ok("GET", REPORT).body

    assert (said["sound"], said["complete"], said["checked_at"][:16]) == (True, True, "2026-03-02T17:00")
    assert [one["id"] for one in said["invariants"]] == list(INVARIANTS)
    assert all(one["violations"] == [] and one["violated"] == 0 for one in said["invariants"])
    checked = {one["id"]: one["checked"] for one in said["invariants"]}
    assert (checked["I1"], checked["I4"], checked["I6"], checked["I14"]) == (8, 6, 1, 1)


@pytest.mark.parametrize(("role", "status"), [("manager", 200), ("accountant", 200), ("technician", 403)])
def test_who_may_ask(lived, role, status):
    assert lived.api("GET", REPORT, key=lived.key(role)).status == status


# --- damaged books, a kind of damage at a time


def test_an_amount_that_was_changed_is_named(lived, paid):
    item = row(lived, f"#I#{paid['id']}", "META")
    damage(lived, item, **rewritten(item, paid_total="99999 CAD"))
    assert ("I3", paid["id"]) in found(lived)


def test_a_version_that_was_changed_is_named(lived, paid):
    item = row(lived, f"#I#{paid['id']}", "META")
    damage(lived, item, **rewritten(item, version=9), version={"N": "9"})
    assert found(lived) == {("I11", paid["id"])}


def test_a_number_that_was_taken_out_of_the_register_is_named(lived, paid):
    lose(lived, row(lived, "#SER#invoice", "N#00003"))
    assert found(lived) == {("I1", "invoice"), ("I22", "invoice"), ("I1", paid["id"])}


def test_an_invoice_that_vanished_is_named_by_its_number(lived, paid):
    lose(lived, row(lived, f"#I#{paid['id']}", "META"))
    assert ("I1", paid["id"]) in found(lived)


def test_an_aggregate_that_was_moved_is_named(lived, paid):
    item = row(lived, f"#C#{paid['client_id']}", "BALANCE")
    damage(lived, item, **{"amount_due:CAD": {"N": "1"}})
    assert found(lived) == {("I6", paid["client_id"])}


def test_an_event_that_is_missing_is_named(lived, paid):
    lose(lived, row(lived, f"#{paid['id']}", "E#00000002", "journal"), "journal")
    assert {("I10", paid["id"]), ("I11", paid["id"])} <= found(lived)


def test_lines_that_are_missing_are_named(lived, paid):
    lose(lived, row(lived, f"#D#{paid['id']}", "BODY#000001"))
    assert found(lived) == {("I2", paid["id"]), ("I22", paid["id"])}


@pytest.mark.row("Part4-6")
def test_a_buyer_who_was_put_on_an_issued_invoice_afterwards_is_named(lived, paid):
    item = row(lived, f"#D#{paid['id']}", "PARTIES")
    damage(lived, item, doc={"S": item["doc"]["S"].replace("Marie Gagnon", "Somebody Else")})
    assert found(lived) == {("I22", paid["id"])}


@pytest.mark.row("Part4-6")
def test_a_hash_that_was_made_anew_is_named_by_the_next_number(lived, paid):
    item = row(lived, "#SER#invoice", "N#00003")
    said = json.loads(item["doc"]["S"])
    said["link"]["hash"] = "0" * 64
    damage(lived, item, doc={"S": json.dumps(said)})
    assert {subject for invariant, subject in found(lived) if invariant == "I22"} >= {"invoice", paid["id"]}


def test_a_hole_in_the_feed_is_named(lived):
    lose(lived, row(lived, "#FEED#0", f"{4:012d}"))
    assert found(lived) == {("I15", "feed")}


def test_a_feed_that_tells_another_event_is_named(lived):
    item = row(lived, "#FEED#0", f"{4:012d}")
    damage(lived, item, **rewritten(item, version=99))
    assert found(lived) == {("I15", "feed")}


def test_what_is_wrong_with_another_business_is_not_shown(lived):
    damaged, item = lived.house, row(lived, "", "META")
    lived.business()
    damage(lived, item, **rewritten(item, version=9), version={"N": "9"})

    assert found(lived) == set()
    assert found(lived, key=damaged.key) == {("I11", damaged.id)}


# --- while others write


def test_what_is_written_during_an_audit_is_no_violation(lived, paid, monkeypatch):
    """A payment arrives between the reading of an invoice and of its payments."""
    read, paid_meanwhile = judging.invariants.of_body, []

    def of_body(id, body):
        if id == paid["id"] and not paid_meanwhile:
            paid_meanwhile.append(id)
            lived.ok("POST", f"/v1/invoices/{id}/payments", {"amount": "10", "method": "cash"})
        return read(id, body)

    monkeypatch.setattr(judging.invariants, "of_body", of_body)
    assert found(lived) == set()
    assert paid_meanwhile


# --- every night


def test_every_night_the_books_of_every_business_are_gone_through(lived, capsys, caplog):
    first, mails = lived.house, len(lived.mails)
    second = lived.business()
    item = row(lived, "", "META")
    night(lived)
    kept = [row(lived, "", "AUDIT#audit")]
    lived.house = first
    kept.append(row(lived, "", "AUDIT#audit"))
    assert [json.loads(audit["doc"]["S"])["step"] for audit in kept] == ["", ""]
    assert "InvariantViolations" not in capsys.readouterr().out

    lived.house = second
    damage(lived, item, **rewritten(item, version=9), version={"N": "9"})
    night(lived)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    (metric,) = [line for line in told if "_aws" in line]
    assert metric["InvariantViolations"] == 1
    assert metric["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Quittance"
    (error,) = [record for record in caplog.records if record.msg == "invariant violated"]
    assert (error.business, error.code, error.count) == (second.id, "I11", 1)
    assert len(lived.mails) == mails


def test_an_audit_that_takes_long_goes_on_from_where_it_was(lived, monkeypatch):
    monkeypatch.setattr(workers, "AUDITED_AT_ONCE", timedelta(0))
    lived.wake("audit", scheduled("audit", lived.time.instant))
    assert lived.settle().failures == 0
    assert json.loads(row(lived, "", "AUDIT#audit")["doc"]["S"])["step"] == ""
    assert found(lived) == set()


def test_a_business_too_large_for_a_request_is_told_what_was_found_last_night(lived, monkeypatch):
    monkeypatch.setattr(reports, "MOST_AUDITED", 1)
    first = lived.ok("GET", REPORT).body
    assert (first["complete"], first["sound"]) == (False, True)
    night(lived)
    lived.time.pass_(hours=5)

    second = lived.ok("GET", REPORT).body

    assert (second["complete"], second["checked_at"][:16]) == (True, "2026-03-02T17:00")


def test_a_later_audit_takes_the_place_of_the_one_before(lived):
    night(lived)
    lived.time.pass_(days=1)
    night(lived)
    store = wiring.store(Caller(business_id=lived.house.id, actor="test"))
    assert [event.event.version for event in store.history("audit")] == [1, 2]
