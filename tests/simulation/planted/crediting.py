"""Bugs in credit notes: what is freed is forgotten, and parts that come to another total than the whole."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from chalicelib.domain import credit_parts
from chalicelib.domain.money import Money
from chalicelib.ports import Move
from chalicelib.usecases import crediting
from tests.simulation.planted.book import bug


@bug("what a credit note frees is not counted as the client's credit", "it_is_credited_after_it_was_paid")
def credit_that_is_freed_and_not_counted() -> Any:
    return patch.object(crediting, "Move", lambda **named: Move(**named | {"credit_total": None}))


@bug("each part of an invoice is rounded for itself", "it_is_credited_until_nothing_is_left")
def parts_that_come_to_another_total() -> Any:
    right = credit_parts.part

    def part(invoice_id: str, content: Any, before: Any, wishes: Any) -> Any:
        alone = right(invoice_id, content, before, wishes)
        given = alone.given
        if before.figures is None or given is None or given.net_total.minor < 100:
            return alone
        cent = Money(1, content.currency)
        sums = {
            name: getattr(given, name) - cent for name in ("subtotal", "net_total", "total", "payable", "amount_due")
        }
        lines = (replace(alone.lines[0], net=(alone.lines[0].net or cent) - cent), *alone.lines[1:])
        nets = tuple(line.net or cent for line in lines)
        return replace(alone, lines=lines, given=replace(given, **sums, line_nets=nets))

    return patch.object(credit_parts, "part", part)
