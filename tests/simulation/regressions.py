"""Histories that once went wrong, each in its shortest form; every one is played at every check."""

from tests import builders as b
from tests.simulation.play import Plan

REGRESSIONS: dict[str, Plan] = {
    "an invoice is read twice, once to see what is due and once to pay it": Plan(
        seed=4, deeds=((3, "a_client_pays_several_invoices"),), budget=0, begins=b.NOON, salt="+8"
    ),
}
