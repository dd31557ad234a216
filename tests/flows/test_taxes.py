"""Taxes: chosen line by line, by groups, or none; and none at all without a registration number."""

import pytest

TPS = {"code": "TPS", "name": "TPS", "rate_percent": "5"}
NUMBER = {"registration_number": "123456789 RT0001"}


def sold(**more):
    return [{"description": "Séance", "unit_price": "100"} | more]


def taxed(document):
    return [(tax["code"], tax["amount"]) for tax in document["taxes"]]


def rates(world, *given):
    world.ok("PATCH", "/v1/business/tax-rates", {"tax_rates": list(given)})


def unregistered(world, *given, **settings):
    world.business(tax_rates=(), **settings)
    rates(world, *given)


@pytest.mark.row("H43", "P13", "P14", "H40")
def test_taxes_are_chosen_for_each_line_or_none_or_those_of_the_settings(world):
    client = world.client()

    assert taxed(world.draft(client, lines=sold())) == [("TPS", "5.00"), ("TVQ", "9.98")]
    assert taxed(world.draft(client, lines=sold(taxes=["TVQ"]))) == [("TVQ", "9.98")]
    assert taxed(world.draft(client, lines=sold(taxes=[]))) == []
    draft = world.draft(client, lines=[*sold(taxes=["TPS"]), *sold(taxes=[])])
    assert (taxed(draft), draft["total"]) == ([("TPS", "5.00")], "205.00")
    edited = world.ok("PATCH", f"/v1/invoices/{draft['id']}", {"lines": sold(taxes=[])}).body
    assert (taxed(edited), edited["total"]) == ([], "100.00")


@pytest.mark.row("P13", "P14", "P16")
def test_taxes_are_computed_by_themselves_only_if_the_settings_were_filled_in(world):
    world.business(tax_rates=())
    assert taxed(world.draft()) == []

    rates(world, TPS | NUMBER)
    groups = [{"name": "Exonéré", "codes": []}, {"name": "Taxable", "codes": ["TPS"]}]
    assert taxed(world.draft()) == [("TPS", "50.00")]
    world.ok("PATCH", "/v1/business", {"tax_groups": groups})
    assert taxed(world.draft()) == []
    assert taxed(world.draft(lines=sold(taxes=["Taxable"]))) == [("TPS", "5.00")]


@pytest.mark.row("H44", "H45")
def test_no_tax_is_chosen_without_a_registration_number(world):
    unregistered(world, TPS)
    client = world.client()
    body = {"client_id": client["id"], "lines": [*sold(taxes=[]), *sold(taxes=["TPS"])]}

    for path in ("/v1/invoices", "/v1/quotes"):
        refused = world.api("POST", path, body)
        assert refused.problem == (422, "tax_unregistered")
        assert refused["errors"][0]["at"] == "/lines/1/taxes"
    draft = world.draft(client, lines=sold(taxes=[]))
    assert world.api("PATCH", f"/v1/invoices/{draft['id']}", {"lines": sold(taxes=["TPS"])}).status == 422
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["total"] == "100.00"


@pytest.mark.row("H44")
def test_nothing_is_issued_with_a_tax_of_the_settings_that_has_no_number(world):
    unregistered(world, TPS)
    draft = world.draft()
    before = world.everything()["core"]

    assert world.api("POST", f"/v1/invoices/{draft['id']}/issue", {}).problem == (409, "tax_unregistered")
    assert world.api("POST", f"/v1/invoices/{draft['id']}/send", {}).problem == (409, "tax_unregistered")
    assert world.everything()["core"] == before
    rates(world, TPS | NUMBER)
    assert world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})["total"] == "1050.00"


@pytest.mark.row("H44")
@pytest.mark.parametrize(
    ("registrations", "status"),
    [
        pytest.param([{"name": "TVA", "number": "FR32123456789"}], 201, id="a number of the business"),
        pytest.param([{"name": "Licence RBQ", "number": "5798-1234-01"}], 422, id="a licence is none"),
        pytest.param([{"name": "Licence", "number": "RBQ 5798-1234-01"}], 422, id="whatever it is called"),
    ],
)
def test_one_number_of_the_business_lets_it_tax(world, registrations, status):
    unregistered(world, TPS)
    world.ok("PATCH", "/v1/business", {"tax_registrations": registrations})

    body = {"client_id": world.client()["id"], "lines": sold(taxes=["TPS"])}
    assert world.api("POST", "/v1/invoices", body).status == status


@pytest.mark.row("H44")
def test_what_charges_nobody_needs_no_number(world):
    exempt = {"code": "EX", "rate_percent": "0", "category": "E", "exemption_reason": "Soins"}
    unregistered(world, exempt, {"code": "IRPF", "rate_percent": "15", "withheld": True})

    invoice = world.invoice(lines=sold(taxes=["EX", "IRPF"]))

    assert (invoice["total"], invoice["payable"]) == ("100.00", "85.00")


@pytest.mark.row("H44", "C28")
def test_a_tax_written_while_it_had_a_number_is_issued_with_it(world):
    draft = world.draft()
    rates(world, TPS)

    issued = world.ok("POST", f"/v1/invoices/{draft['id']}/issue", {})

    assert [tax["registration_number"] for tax in issued["taxes"]] == ["123456789 RT0001", "1234567890 TQ0001"]
