"""What is written about what a comparison with the payment provider brought to light.

template           to            values
reconciled         the business
payment_unmatched  the business  amount, day
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import Plot

FINDINGS: Final[Mapping[str, Plot]] = {
    "reconciled": Plot(
        subject="Your books were brought up to date with Stripe",
        heading="We found something that nobody had told us",
        paragraphs=(
            "We compared your books with Stripe. What was missing or different is booked now, as listed below.",
            "You need not do anything; the whole list is in the reconciliation report.",
        ),
        if_given={},
        button="View the report",
    ),
    "payment_unmatched": Plot(
        subject="A payment of {amount} belongs to no invoice yet",
        heading="A payment waits for you",
        paragraphs=("On {day} a payment of {amount} arrived, and we do not know what it is for.",),
        if_given={},
        button="View the report",
        note="Match it with an invoice or a client, and it counts as paid.",
    ),
}
