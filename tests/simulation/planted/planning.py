"""Bugs in plans of payment and in deposits: money that a new plan forgets, a deposit that nobody holds."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.domain import replanning
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.money import Money
from chalicelib.usecases import invoicing_quotes
from tests.simulation.planted.book import bug


@bug("a new plan forgets what was paid", "its_payments_are_agreed_anew_while_money_arrives")
def a_plan_that_forgets_the_money() -> Any:
    right = replanning.replanned

    def replanned(invoice: Invoice, *terms: Any, **named: Any) -> Any:
        after, event = right(invoice, *terms, **named)
        nothing = Money.zero(invoice.currency)
        return replace(after, instalments_paid=tuple(nothing for _ in after.schedule)), event

    return patch.object(replanning, "replanned", replanned)


@bug("a deposit does not know what deducts it", "a_deposit_is_asked_for_while_its_quote_is_invoiced")
def a_deposit_that_nobody_holds() -> Any:
    return patch.object(invoicing_quotes, "deducting", lambda *_, **__: ())
