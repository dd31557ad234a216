"""What was done for the client and is not billed yet: shown, and not to be paid (H16, H21)."""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.domain.books import total
from chalicelib.domain.business import Business
from chalicelib.domain.item import Item, Visibility
from chalicelib.domain.letterhead import DOT
from chalicelib.domain.values import dataclass
from chalicelib.domain.wording import Wording
from chalicelib.entrypoints.portal.pages import Visit
from chalicelib.usecases.reckoning import to_bill

MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that was done for the client and is not billed yet."""

    title: str
    detail: str
    note: str
    amount: str


def section(visit: Visit, words: Wording) -> Mapping[str, Any]:
    """What the page says of it: the total of what the client may see, and the first of its rows."""
    done = [item for item in to_bill(visit.client.id, store=visit.store) if item.visibility is Visibility.CLIENT]
    return {
        "unbilled": total((item.amount for item in done), visit.business.currency),
        "done": [_row(item, visit.business, words) for item in done[:MOST_ROWS]],
    }


def _row(item: Item, business: Business, words: Wording) -> Done:
    """What the client is told of an item: never the professional's own notes."""
    details = [words.day(business.today(item.occurred_at))]
    if item.quantity != 1:
        unit = f" {item.unit}" if item.unit else ""
        price = words.price(item.unit_price, item.amount.currency)
        details.append(f"{words.number(item.quantity)}{unit} \N{MULTIPLICATION SIGN} {price}")
    return Done(
        title=next(line for line in item.description.splitlines() if line.strip()),
        detail=DOT.join(details),
        note=item.notes or "",
        amount=words.money(item.amount),
    )
