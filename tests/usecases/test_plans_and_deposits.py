"""Plans against payments, and deposits against the invoice of their quote: whoever is quicker, nothing is lost."""

import pytest

from chalicelib.domain.business import InvoicingMode
from chalicelib.domain.deposit import DepositTax, DepositWish
from chalicelib.domain.errors import Refused
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.quote import Invoicing, Quote
from chalicelib.domain.schedule import InstalmentTerm
from chalicelib.usecases import crediting, depositing, invoicing, issuing, quoting, replanning
from chalicelib.usecases.crediting import Crediting
from tests import builders as b
from tests.fakes.papers import a_press
from tests.usecases.till import Till, code_of

REST = InstalmentTerm(remainder=True)


@pytest.fixture
def till():
    return Till()


def replan(till, invoice, *terms):
    return replanning.replan(invoice.id, terms, now=till.clock(), store=till.store())


def quoted(till):
    return quoting.draft_quote(
        b.content(schedule=b.halves()),
        client_id=b.CLIENT,
        business=b.a_business(),
        now=till.clock(),
        ids=till.ids,
        store=till.store(),
    )


def deposit(till, quote, tax=DepositTax.ON_RECEIPT):
    return depositing.ask_deposit(
        quote.id,
        DepositWish(amount=b.cad("30.00"), tax=tax),
        business=b.a_business(),
        now=till.clock(),
        ids=till.ids,
        store=till.store(),
    )


def issue(till, invoice):
    return issuing.issue_invoice(invoice.id, now=till.clock(), store=till.store(), press=a_press())


def convert(till, quote):
    (id,) = quoting.invoice_quote(quote.id, Invoicing(mode=InvoicingMode.SINGLE), now=till.clock(), store=till.store())
    return till.store().get(Invoice, id)


@pytest.mark.row("P15", "G10")
def test_money_that_comes_while_its_payments_are_agreed_anew_is_in_the_new_plan(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))
    till.tables.meanwhile(lambda: till.take(invoice, "57.49"))

    planned = replan(till, invoice, InstalmentTerm(amount=b.cad("20.00")), REST)

    pairs = zip(planned.schedule, planned.instalments_paid, strict=True)
    shown = [(one.id, f"{one.amount}", f"{paid}") for one, paid in pairs]
    assert shown == [("1", "57.49", "57.49"), ("3", "20.00", "0.00"), ("4", "37.49", "0.00")]


@pytest.mark.row("P15", "G10")
def test_a_plan_that_money_came_before_is_refused_where_it_changes_what_is_paid(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))
    till.tables.meanwhile(lambda: till.take(invoice, "57.49"))

    assert (
        code_of(lambda: replan(till, invoice, InstalmentTerm(id="1", amount=b.cad("50.00")), REST)) == "instalment_paid"
    )

    assert till.see(invoice).schedule == invoice.schedule


@pytest.mark.row("P15")
def test_money_that_comes_after_a_new_plan_fills_its_first_instalment(till):
    invoice = till.invoiced(b.content(schedule=b.halves()))
    replan(till, invoice, InstalmentTerm(id="2", amount=b.cad("100.00")), REST)

    till.take(invoice, "57.49")

    assert [f"{paid}" for paid in till.see(invoice).instalments_paid] == ["57.49", "0.00"]


@pytest.mark.row("P17", "C33")
def test_a_deposit_that_is_voided_while_its_quote_is_invoiced_is_not_deducted(till):
    quote = quoted(till)
    first = issue(till, deposit(till, quote))
    till.tables.meanwhile(lambda: till.void(first))

    with pytest.raises(Refused, match="changed"):
        convert(till, quote)

    final = convert(till, quote)
    assert (final.deposits, f"{final.figures.total}") == ((), "114.98")


@pytest.mark.row("P17", "C33")
def test_a_deposit_that_is_credited_while_its_quote_is_invoiced_is_not_deducted(till):
    quote = quoted(till)
    first = issue(till, deposit(till, quote))

    def credit():
        crediting.credit(
            first.id,
            Crediting(reason="cancelled"),
            now=till.clock(),
            ids=till.ids,
            store=till.store(),
            gateway=lambda: till.gateway,
            press=a_press(),
        )

    till.tables.meanwhile(credit)
    with pytest.raises(Refused, match="changed"):
        convert(till, quote)

    assert f"{convert(till, quote).figures.total}" == "114.98"


@pytest.mark.row("P17", "C33")
def test_a_deposit_asked_for_while_its_quote_is_invoiced_comes_too_late(till):
    quote = quoted(till)
    till.tables.meanwhile(lambda: convert(till, quote))

    assert code_of(lambda: deposit(till, quote)) == "quote_invoiced"


@pytest.mark.row("P17")
def test_a_deposit_is_free_again_when_the_final_draft_is_deleted(till):
    quote = quoted(till)
    first = issue(till, deposit(till, quote, DepositTax.WHEN_APPLIED))
    final = convert(till, quote)
    assert f"{final.figures.prepaid_total}" == "30.00"
    assert till.see(first).deducted_by == final.id
    assert code_of(lambda: till.void(first)) == "deposit_deducted"

    invoicing.remove_invoice(final.id, if_match=None, now=till.clock(), store=till.store())

    assert till.see(first).deducted_by is None
    till.void(first)
    assert till.store().get(Quote, quote.id).deposits == ()
