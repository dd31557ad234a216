"""What each letter says: keys of the wording's catalogues, filled with the letter's values.

    template         to            values
    quote_sent       the client    client, number
    invoice_sent     the client    client, number
    credit_note_sent the client    client, number, invoice
    reminder         the client    client, number
    reminder_...     the client    see there
    refund_..., dispute_...        see there
    receipt          the client    client, number, amount
    receipt_several  the client    client, count, amount
    receipt_on_account             client, amount
    statement        the client    client, since, until
    payment_notice   the business  client, number, amount
    payment_notice_several         client, count, amount
    payment_notice_on_account      client, amount
    delivery_failed  the business  client, number, to; reason may be empty
    no_address       the business  client, number
    rate_unknown     the business  client, number
    plan_not_billed  the business  see there
    accounting_..., export_...     see there
    quote_approved   the business  client, number, by
    quote_declined   the business  client, number, by; reason may be empty
    key_refused      the business  last4
    webhook_disabled the business  url

Every letter may say ``business``, the name of the business, too.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.card_plots import CARDS
from chalicelib.adapters.letters.export_plots import EXPORTS
from chalicelib.adapters.letters.finding_plots import FINDINGS
from chalicelib.adapters.letters.plan_plots import PLANS
from chalicelib.adapters.letters.plot import HELLO, PRIVATE, Plot
from chalicelib.adapters.letters.reminder_plots import REMINDERS
from chalicelib.adapters.letters.return_plots import RETURNS

PLOTS: Final[Mapping[str, Plot]] = {
    **REMINDERS,
    **RETURNS,
    **CARDS,
    **PLANS,
    **EXPORTS,
    **FINDINGS,
    "quote_sent": Plot(
        subject="Quote {number} from {business}",
        heading="Your quote is ready",
        greeting=HELLO,
        paragraphs=("{business} prepared quote {number} for you. Look at it at your leisure, then approve it online.",),
        if_given={},
        button="View the quote",
        note=PRIVATE,
    ),
    "invoice_sent": Plot(
        subject="Invoice {number} from {business}",
        heading="Your invoice has arrived",
        greeting=HELLO,
        paragraphs=("{business} sent you invoice {number}. You can view it and pay it online at any time.",),
        if_given={},
        button="View and pay the invoice",
        note=PRIVATE,
    ),
    "credit_note_sent": Plot(
        subject="Credit note {number} from {business}",
        heading="You have been credited",
        greeting=HELLO,
        paragraphs=("{business} sent you credit note {number}, which corrects invoice {invoice}. It is attached.",),
        if_given={},
        button="View the invoice",
        note=PRIVATE,
    ),
    "reminder": Plot(
        subject="Reminder: invoice {number} from {business}",
        heading="A friendly reminder",
        greeting=HELLO,
        paragraphs=(
            "Perhaps it slipped your mind: invoice {number} from {business} has not been paid in full yet.",
            "You can view it and pay it online at any time.",
            "If you have paid it in the meantime, thank you, and please disregard this message.",
        ),
        if_given={},
        button="View and pay the invoice",
        note=PRIVATE,
    ),
    "receipt": Plot(
        subject="Your payment of {amount} for invoice {number}",
        heading="Thank you for your payment",
        greeting=HELLO,
        paragraphs=(
            "{business} has received your payment of {amount} for invoice {number}.",
            "Your receipt is attached.",
        ),
        if_given={"card": "Your card {card} was charged."},
        button="View the invoice",
        note=PRIVATE,
    ),
    "receipt_several": Plot(
        subject="Your payment of {amount} for {count} invoices",
        heading="Thank you for your payment",
        greeting=HELLO,
        paragraphs=(
            "{business} has received your payment of {amount} for {count} invoices.",
            "Your receipt is attached.",
        ),
        if_given={"card": "Your card {card} was charged."},
        button="View your payments",
        note=PRIVATE,
    ),
    "receipt_on_account": Plot(
        subject="Your payment of {amount}",
        heading="Thank you for your payment",
        greeting=HELLO,
        paragraphs=(
            "{business} has received your payment of {amount}.",
            "It is credit on your account until it is used for an invoice.",
            "Your receipt is attached.",
        ),
        if_given={"card": "Your card {card} was charged."},
        button="View your payments",
        note=PRIVATE,
    ),
    "statement": Plot(
        subject="Your statement of account from {business}",
        heading="Your statement of account",
        greeting=HELLO,
        paragraphs=("Attached is your statement of account with {business} from {since} to {until}.",),
        if_given={},
        button="View your account",
        note=PRIVATE,
    ),
    "payment_notice": Plot(
        subject="{client} paid {amount} (invoice {number})",
        heading="You received a payment",
        paragraphs=("{client} paid {amount} for invoice {number}.",),
        if_given={},
        button="View the invoice",
    ),
    "payment_notice_several": Plot(
        subject="{client} paid {amount} ({count} invoices)",
        heading="You received a payment",
        paragraphs=("{client} paid {amount} for {count} invoices.",),
        if_given={},
        button="View the invoice",
    ),
    "payment_notice_on_account": Plot(
        subject="{client} paid {amount}",
        heading="You received a payment",
        paragraphs=("{client} paid {amount}, which is on no invoice yet.",),
        if_given={},
        button="View the invoice",
    ),
    "delivery_failed": Plot(
        subject="{number} did not reach {client}",
        heading="A mail did not arrive",
        paragraphs=("The mail about {number} to {client} ({to}) could not be delivered.",),
        if_given={"reason": "The mail server said: {reason}"},
        button="View the document",
        note="Check the address, correct it, and send the document again.",
    ),
    "no_address": Plot(
        subject="{number} did not reach {client}",
        heading="A mail could not go out",
        paragraphs=("We could not mail {number} to {client}, who has no e-mail address.",),
        if_given={},
        button="View the document",
        note="Give the client an address, and the next mail will arrive.",
    ),
    "rate_unknown": Plot(
        subject="The rate of interest for late payment is not known",
        heading="Fees for late payment wait for a rate",
        paragraphs=(
            "We could not reckon what is owed for the late payment of invoice {number} ({client}).",
            "For some of its days we do not know the rate that the law sets. Other invoices may wait for it too.",
        ),
        if_given={},
        button="Open the settings",
        note="Add the rate and its period to the settings for late fees: what has waited for it is then charged.",
    ),
    "quote_approved": Plot(
        subject="{client} approved quote {number}",
        heading="Your quote was approved",
        paragraphs=("For {client}, {by} approved quote {number}.",),
        if_given={},
        button="View the quote",
    ),
    "quote_declined": Plot(
        subject="{client} declined quote {number}",
        heading="Your quote was declined",
        paragraphs=("For {client}, {by} declined quote {number}.",),
        if_given={"reason": "The reason given: {reason}"},
        button="View the quote",
    ),
    "key_refused": Plot(
        subject="Stripe does not take your key any more",
        heading="Your Stripe key was refused",
        paragraphs=(
            "Stripe does not take the key ending in {last4} any more, so we cannot see what your clients pay with it.",
        ),
        if_given={},
        button="Open the settings",
        note="Give a new key of the same account: everything that was paid meanwhile will be booked then.",
    ),
    "webhook_disabled": Plot(
        subject="We cannot reach your webhook any more",
        heading="Your webhook was switched off",
        paragraphs=("For three days nothing could be delivered to {url}, so we stopped trying.",),
        if_given={},
        button="Open the settings",
        note="Once it answers again, switch it on: everything that happened meanwhile will be posted then, in order.",
    ),
}
