"""What reminders say, from an announcement to the last word before others collect; to one invoice and to several.

    template                      values
    reminder_soon                 client, number; online
    reminder_<tone>               client, number; online
    reminder_soon_several         client, count; online
    reminder_<tone>_several       client, count; online

Where ``online`` is empty nothing is said of paying online, since there is no link.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import HELLO, PRIVATE, Plot

PAID: Final = "If you have paid in the meantime, thank you, and please disregard this message."
ONLINE: Final = "You can view it and pay it online at any time."
ONLINE_SEVERAL: Final = "You can view them and pay them online at any time."


def _one(subject: str, heading: str, *paragraphs: str) -> Plot:
    return Plot(
        subject=subject,
        heading=heading,
        greeting=HELLO,
        paragraphs=paragraphs,
        if_given={"online": ONLINE},
        button="View and pay the invoice",
        note=PRIVATE,
    )


def _several(subject: str, heading: str, *paragraphs: str) -> Plot:
    return Plot(
        subject=subject,
        heading=heading,
        greeting=HELLO,
        paragraphs=paragraphs,
        if_given={"online": ONLINE_SEVERAL},
        button="View and pay the invoices",
        note=PRIVATE,
    )


REMINDERS: Final[Mapping[str, Plot]] = {
    "reminder_soon": _one(
        "Invoice {number} from {business} is due soon",
        "Your invoice is due soon",
        "Just so that it does not slip your mind: invoice {number} from {business} is due soon.",
    ),
    "reminder_friendly": _one(
        "Reminder: invoice {number} from {business}",
        "A friendly reminder",
        "Perhaps it slipped your mind: invoice {number} from {business} was due and has not been paid in full yet.",
        PAID,
    ),
    "reminder_neutral": _one(
        "Invoice {number} from {business} is overdue",
        "Your invoice is overdue",
        "We have not yet received the payment in full of invoice {number} from {business}, which is past its due date.",
        "Please pay it within the next few days.",
        PAID,
    ),
    "reminder_firm": _one(
        "Second notice: invoice {number} from {business} is overdue",
        "Your payment is expected",
        "In spite of our reminders, invoice {number} from {business} is still not paid in full.",
        "Please pay it without delay. If something prevents you, reply to this message so that we can find a solution.",
        PAID,
    ),
    "reminder_formal": _one(
        "Final notice: invoice {number} from {business}",
        "Final notice before collection",
        "Invoice {number} from {business} remains unpaid in spite of our reminders. We ask you to pay the amount below"
        " in full on receipt of this notice.",
        "Failing this, we reserve the right to claim late charges, as far as the law and our terms allow them, and to"
        " hand the file over for collection without further notice.",
        PAID,
    ),
    "reminder_soon_several": _several(
        "{count} invoices from {business} are due soon",
        "Your invoices are due soon",
        "Just so that they do not slip your mind: {count} invoices from {business} are due soon.",
    ),
    "reminder_friendly_several": _several(
        "Reminder: {count} invoices from {business}",
        "A friendly reminder",
        "Perhaps they slipped your mind: {count} invoices from {business} have not been paid in full yet.",
        PAID,
    ),
    "reminder_neutral_several": _several(
        "{count} invoices from {business} are to be paid",
        "Your invoices are to be paid",
        "We have not yet received the payment in full of {count} invoices from {business}.",
        "Please pay what is overdue within the next few days.",
        PAID,
    ),
    "reminder_firm_several": _several(
        "Second notice: {count} invoices from {business}",
        "Your payment is expected",
        "In spite of our reminders, {count} invoices from {business} are not paid in full.",
        "Please pay what is overdue without delay. If something prevents you, reply to this message so that we can find"
        " a solution.",
        PAID,
    ),
    "reminder_formal_several": _several(
        "Final notice: {count} invoices from {business}",
        "Final notice before collection",
        "{count} invoices from {business} remain unpaid in spite of our reminders. We ask you to pay what is overdue"
        " in full on receipt of this notice.",
        "Failing this, we reserve the right to claim late charges, as far as the law and our terms allow them, and to"
        " hand the file over for collection without further notice.",
        PAID,
    ),
}
