"""What is written about exports that nobody looks at.

template            to            values
accounting_refused  the business  program
booked_void         the business  program, client, number
export_failed       the business  program, batch, reason
export_incomplete   the business  program, batch, failed, reason
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import Plot

NOTE: Final = "Once you have seen to it, export the batch to {program} again: what is there already stays as it is."

EXPORTS: Final[Mapping[str, Plot]] = {
    "accounting_refused": Plot(
        subject="{program} no longer lets us in",
        heading="Your accounting program must be connected again",
        paragraphs=("{program} no longer accepts what it had granted us, so nothing can be exported there.",),
        if_given={},
        button="Connect it again",
        note="Once it is connected, export what was left out: what is there already stays as it is.",
    ),
    "booked_void": Plot(
        subject="{program} still has invoice {number}, which is void",
        heading="A void invoice is in your accounting program",
        paragraphs=("Invoice {number} of {client} was voided. It had been exported to {program}, and is still there.",),
        if_given={},
        button="View the invoice",
        note="Void it in {program}, too: nothing is taken out of your books from here.",
    ),
    "export_failed": Plot(
        subject="The batch {batch} was not exported to {program}",
        heading="A batch is not in your accounting program",
        paragraphs=("The invoices of the batch {batch} were to be exported to {program}. It failed: {reason}",),
        if_given={},
        button="View the export",
        note=NOTE,
    ),
    "export_incomplete": Plot(
        subject="The batch {batch} was exported to {program} in part",
        heading="Some invoices are not in your accounting program",
        paragraphs=("Invoices of the batch {batch} that could not be exported to {program}: {failed}. {reason}",),
        if_given={},
        button="View the export",
        note=NOTE,
    ),
}
