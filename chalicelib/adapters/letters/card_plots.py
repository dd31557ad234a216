"""What is written about cards that could not be charged.

template           to            values
card_needs_client  the client    client, number, amount, card
charge_declined    the business  client, number, amount, card; reason; retry may be empty, so may renew
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import HELLO, PRIVATE, Plot

CARDS: Final[Mapping[str, Plot]] = {
    "card_needs_client": Plot(
        subject="Please confirm your payment of {amount} for invoice {number}",
        heading="Your bank asks for your confirmation",
        greeting=HELLO,
        paragraphs=(
            "{business} tried to charge your card {card} {amount} for invoice {number}, as agreed.",
            "Your bank wants you to confirm it yourself, so nothing was charged.",
            "Please pay the invoice online: your bank will then ask you to confirm.",
        ),
        if_given={},
        button="Confirm and pay",
        note=PRIVATE,
    ),
    "charge_declined": Plot(
        subject="The card of {client} was not charged {amount} (invoice {number})",
        heading="A card was declined",
        paragraphs=("The card {card} of {client} was not charged {amount} for invoice {number}: {reason}",),
        if_given={
            "retry": "It is tried again by itself on {retry}.",
            "renew": "It will not be tried again: ask {client} for another card or another way to pay.",
            "asked": "Your client was mailed a link to confirm the payment; it is not tried again.",
        },
        button="View the invoice",
    ),
}
