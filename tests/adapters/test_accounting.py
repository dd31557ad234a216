"""The adapters of accounting programs, over HTTP to stand-ins on this machine."""

from decimal import Decimal

import pytest

from chalicelib.adapters.accounting import Calls, QuickBooks, Xero
from chalicelib.adapters.accounting.calls import Answered, refused_with
from chalicelib.domain.accounting import Chart, Words
from chalicelib.domain.bookkeeping import bill_of
from chalicelib.domain.checkout import UnknownOutcome
from chalicelib.domain.errors import Refused
from infra.local.accounting import Program, served
from tests import builders as b
from tests.domain.test_export_formats import BOTH, a_paper

WORDS = Chart(accounts={"revenue": "200", "rounding": "860"}, tax_codes=BOTH, items={"default": "Services"})
KINDS = {"quickbooks": (QuickBooks, "Invoice", "CreditMemo"), "xero": (Xero, "Invoices", "CreditNotes")}


@pytest.fixture(params=KINDS)
def program(request):
    return Program(request.param)


@pytest.fixture
def server(program):
    server = served(program)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def adapter(program, server):
    kind, _, _ = KINDS[program.name]
    return kind(base=f"http://127.0.0.1:{server.server_port}", calls=Calls(timeout_s=2))


def a_bill(program, sold=None, **more):
    return bill_of(a_paper(sold, **more), Words(WORDS), with_items=program.name == "quickbooks")


def book(adapter, bill):
    return adapter.book(bill, access_token="access-1", organisation_id="org-1")


def documents(program, *, credit=False):
    return program.rows(KINDS[program.name][2 if credit else 1])


@pytest.mark.row("A48", "A50")
def test_a_bill_is_made_under_our_id(adapter, program):
    booked = book(adapter, a_bill(program, purchase_order="BC-7"))
    (row,) = documents(program)
    assert (f"{booked.total}", booked.found) == ("114.98", False)
    assert "inv_1" in row.get("PrivateNote", row.get("Reference", ""))
    assert row.get("DocNumber", row.get("InvoiceNumber")) == "00042"


@pytest.mark.row("C52")
def test_what_is_there_is_found_and_not_made_again(adapter, program):
    first = book(adapter, a_bill(program))
    second = book(adapter, a_bill(program))
    assert (second.remote_id, second.found, program.creations) == (first.remote_id, True, 1)


@pytest.mark.row("C52")
def test_a_lost_answer_leaves_one_document(adapter, program):
    program.rows("Customer").append({"Id": "1", "DisplayName": "Marie Gagnon"})
    program.lost = 1
    with pytest.raises(UnknownOutcome):
        book(adapter, a_bill(program))
    assert book(adapter, a_bill(program)).found
    assert (program.creations, len(documents(program))) == (1, 1)


def test_another_document_of_the_same_number_is_not_ours(adapter, program):
    documents(program).append(
        {"Id": "9", "InvoiceID": "9", "DocNumber": "00042", "InvoiceNumber": "00042", "Reference": "", "Status": ""}
    )
    assert not book(adapter, a_bill(program)).found


def test_a_credit_note_is_one_there(adapter, program):
    book(adapter, a_bill(program, credit=True))
    assert (len(documents(program)), len(documents(program, credit=True))) == (0, 1)


def test_what_the_program_refuses_is_told_in_its_words(adapter, program):
    program.refused_names.add("Marie Gagnon")
    with pytest.raises(Refused) as refused:
        book(adapter, a_bill(program))
    assert refused.value.code == "refused_by_program"
    assert refused.value.detail.split(": ")[1] in {"Invalid customer", "Account code is not valid"}


def test_a_tax_code_that_is_not_there_is_refused(adapter, program):
    words = Words(Chart(accounts=WORDS.accounts, tax_codes={"TPS+TVQ": "Unheard of"}, items=WORDS.items))
    with pytest.raises(Refused, match="Unheard of"):
        book(adapter, bill_of(a_paper(), words, with_items=program.name == "quickbooks"))
    assert documents(program) == []


@pytest.mark.parametrize("program", ["quickbooks"], indirect=True)
def test_lines_of_the_united_states_are_taxable_or_not_and_no_more(adapter, program):
    """TAX and NON are no entities that could be looked for."""
    words = Words(Chart(tax_codes={"TPS+TVQ": "TAX", "none": "NON"}, items=WORDS.items))
    mixed = b.content(b.a_line(), b.a_line(taxes=()))
    book(adapter, bill_of(a_paper(mixed), words, with_items=True))
    (row,) = documents(program)
    assert [line["SalesItemLineDetail"]["TaxCodeRef"]["value"] for line in row["Line"]] == ["TAX", "NON"]


@pytest.mark.parametrize("program", ["quickbooks"], indirect=True)
def test_a_customer_has_the_currency_of_the_first_bill(adapter, program):
    book(adapter, a_bill(program))
    (customer,) = program.rows("Customer")
    assert customer["CurrencyRef"] == {"value": "CAD"}


def test_a_token_that_ended_is_told_apart(adapter, program):
    program.end_access()
    with pytest.raises(Refused) as refused:
        book(adapter, a_bill(program))
    assert refused.value.code == "access_ended"


def test_an_organisation_that_we_are_not_let_into_is_told_apart(adapter, program):
    program.organisation = "org-2"
    with pytest.raises(Refused) as refused:
        book(adapter, a_bill(program))
    assert refused.value.code == "not_let_in"


def test_a_refusal_without_words_has_at_least_its_status():
    assert refused_with(Answered(status=404, body={}), "").detail == (
        "The accounting program refused it: it answered 404."
    )


def test_a_refresh_token_is_traded_for_the_next(adapter, program):
    tokens = adapter.renew(client_id="app", client_secret="s", refresh_token="refresh-1")
    assert (tokens.access, tokens.refresh, tokens.seconds) == ("access-2", "refresh-2", 1800)
    program.revoke()
    with pytest.raises(Refused) as refused:
        adapter.renew(client_id="app", client_secret="s", refresh_token="refresh-1")
    assert refused.value.code == "connection_refused"


def test_nobody_who_answers_is_an_unknown_outcome(program):
    kind, _, _ = KINDS[program.name]
    with pytest.raises(UnknownOutcome):
        book(kind(base="http://127.0.0.1:9", calls=Calls(timeout_s=0.2)), a_bill(program))


def test_tokens_go_over_https_only(program):
    kind, _, _ = KINDS[program.name]
    with pytest.raises(ValueError, match="not https"):
        book(kind(base="http://books.example"), a_bill(program))


def test_amounts_arrive_to_the_cent(adapter, program):
    sold = b.content(b.a_line(unit_price=Decimal("0.07"), quantity=Decimal(3)), b.a_line(unit_price=Decimal("19.99")))
    booked = book(adapter, a_bill(program, sold))
    assert f"{booked.total}" == f"{a_paper(sold).document.figures.total}"
