"""What is written about recurring plans.

template         to            values
plan_not_billed  the business  client, plan, period, reason; retry may be empty
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.adapters.letters.plot import Plot

PLANS: Final[Mapping[str, Plot]] = {
    "plan_not_billed": Plot(
        subject="{client} could not be billed for {period}",
        heading="A recurring invoice could not be made",
        paragraphs=("{client} was to be billed for {period}, as planned ({plan}). It failed: {reason}",),
        if_given={"retry": "It is tried again by itself until {retry}."},
        button="View the plan",
        note="Once you have seen to it, resume the plan: what was missed is billed then, each period on its own.",
    ),
}
