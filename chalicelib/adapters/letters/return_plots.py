"""What is said of money that goes back: refunds, and disputes with the payer's bank.

template         to            values
refund_made      the client    client, amount; online may be empty
refund_failed    the business  client, amount; reason may be empty
dispute_asked    the business  client, amount, day; a bank asks, and may take the money later
dispute_opened   the business  client, amount, day
dispute_won      the business  client, amount
dispute_lost     the business  client, amount
dispute_closed   the business  client, amount; no money was taken

Where ``day`` is empty nothing is said of an answer.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import HELLO, PRIVATE, Plot

ANSWER: Final = "Hand in your evidence at Stripe by {day}; who does not answer loses."


def _to_the_business(subject: str, heading: str, *paragraphs: str, **if_given: str) -> Plot:
    return Plot(subject=subject, heading=heading, paragraphs=paragraphs, if_given=if_given, button="View the payment")


RETURNS: Final[Mapping[str, Plot]] = {
    "refund_made": Plot(
        subject="{business} refunded you {amount}",
        heading="Your refund",
        greeting=HELLO,
        paragraphs=("{business} refunded you {amount}.",),
        if_given={"online": "Your bank may take some days to show it."},
        button="View your documents",
        note=PRIVATE,
    ),
    "refund_failed": _to_the_business(
        "The refund of {amount} to {client} failed",
        "A refund failed",
        "The refund of {amount} to {client} failed, and the money is with you again.",
        reason="The reason given: {reason}",
    ),
    "dispute_asked": _to_the_business(
        "The bank of {client} asks about {amount}",
        "A bank asks about a payment",
        "The bank of {client} asks what a payment was for. No money was taken yet; {amount} may be, if nobody answers.",
        day=ANSWER,
    ),
    "dispute_opened": _to_the_business(
        "{client} disputes a payment of {amount}",
        "A payment is disputed",
        "{client} disputes a payment with the bank, and {amount} is held back until that is decided.",
        "Meanwhile the payment cannot be refunded, and its invoice is not reminded of.",
        day=ANSWER,
    ),
    "dispute_won": _to_the_business(
        "The dispute with {client} is won",
        "You won a dispute",
        "The dispute with {client} is decided for you, and {amount} is yours again.",
    ),
    "dispute_lost": _to_the_business(
        "The dispute with {client} is lost",
        "You lost a dispute",
        "The dispute with {client} is decided against you: {amount} is gone, and what it had paid is due again.",
    ),
    "dispute_closed": _to_the_business(
        "The question about a payment of {client} is closed",
        "A bank asks no more",
        "The bank of {client} asks no more about {amount}, and no money was taken.",
    ),
}
