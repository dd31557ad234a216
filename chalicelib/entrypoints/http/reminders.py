"""Reminders: the bell beside an invoice, what holds its reminders back, and what was sent."""

from chalicelib import wiring
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.reminder_plan import ReminderPlan
from chalicelib.entrypoints.http.contract import Call, operation
from chalicelib.entrypoints.http.invoices import shown, shown_again
from chalicelib.entrypoints.http.lists import Listed, ReminderQuery, listed
from chalicelib.entrypoints.http.shapes.outgoing import InvoiceOut
from chalicelib.entrypoints.http.shapes.reminders import (
    PlannedReminderOut,
    PlanOut,
    PreviewRemindersIn,
    PromiseIn,
    ReminderOut,
    RunIn,
    RunOut,
    SwitchIn,
)
from chalicelib.entrypoints.http.shapes.sales import Nothing
from chalicelib.ports import Filter
from chalicelib.usecases.following import promise_payment, switch_reminders
from chalicelib.usecases.reminder_runs import preview_reminders as previewing
from chalicelib.usecases.reminder_runs import reminders_of
from chalicelib.usecases.reminder_runs import run_reminders as running
from chalicelib.usecases.reminding import ask_to_remind


@operation(
    "POST",
    "/invoices/{invoice_id}/remind",
    needs="invoices.remind",
    body=Nothing,
    answer=InvoiceOut,
    status=202,
    refusals=(404, 409, 412),
    again=shown_again,
)
def remind_of_invoice(call: Call, invoice_id: str, body: Nothing) -> InvoiceOut:  # noqa: ARG001
    """Remind the client of an issued invoice that is not paid, by mail; a client is reminded once a day at most."""
    return shown(call, ask_to_remind(invoice_id, if_match=call.if_match, now=call.now, store=call.store))


@operation(
    "POST",
    "/invoices/{invoice_id}/promise",
    needs="invoices.remind",
    body=PromiseIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412),
    again=shown_again,
)
def note_promise(call: Call, invoice_id: str, body: PromiseIn) -> InvoiceOut:
    """Note that the client will pay by a day; its reminders wait for the day after."""
    promised = promise_payment(
        invoice_id, on=body.on, note=body.note, if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, promised)


@operation(
    "PATCH",
    "/invoices/{invoice_id}/reminders",
    needs="invoices.remind",
    body=SwitchIn,
    answer=InvoiceOut,
    refusals=(404, 409, 412),
    again=shown_again,
)
def switch_invoice_reminders(call: Call, invoice_id: str, body: SwitchIn) -> InvoiceOut:
    """Take an issued invoice off the ladder of reminders, or put it back; the bell still rings."""
    turned = switch_reminders(
        invoice_id, off=body.reminders == "off", if_match=call.if_match, now=call.now, store=call.store
    )
    return shown(call, turned)


@operation("GET", "/reminders", needs="invoices.read", query=ReminderQuery, answer=Listed[ReminderOut])
def list_reminders(call: Call) -> Listed[ReminderOut]:
    """The reminders, newest first: each a mail to one client."""
    return listed(call, Reminder, Filter(client_id=call.query.client_id), ReminderOut.of)


@operation(
    "POST", "/reminders/preview", needs="invoices.remind", body=PreviewRemindersIn, answer=PlanOut, harmless=True
)
def preview_reminders(call: Call, body: PreviewRemindersIn) -> PlanOut:
    """Who would be reminded of what on a day, by which step and in which words; nothing goes out."""
    foreseen = previewing(
        on=body.date,
        older=body.older,
        now=call.now,
        real_now=wiring.now(),
        store=call.store,
        wordings=wiring.wording,
    )
    link, compose = f"{wiring.config().public_url}/portal/l/...", wiring.writer().compose
    pairs = zip(foreseen.plan.reminders, foreseen.letters, strict=True)
    return PlanOut(
        plan_hash=foreseen.plan.id,
        date=foreseen.plan.on,
        reminders=[
            PlannedReminderOut.of(planned, compose(letter.shown(link=link)), letter.template)
            for planned, letter in pairs
        ],
        left_off=foreseen.plan.left_off,
    )


def _ran_again(call: Call, reminder_id: str) -> RunOut:
    """What a run asked for, by its last reminder."""
    last = call.store.get(Reminder, reminder_id)
    plan = call.store.get(ReminderPlan, last.plan or "")
    asked = reminders_of(plan, call.store)
    return RunOut(plan_hash=plan.id, reminders=[ReminderOut.of(one) for one in asked], changed=[])


@operation(
    "POST",
    "/reminders/run",
    needs="invoices.remind",
    body=RunIn,
    answer=RunOut,
    status=202,
    refusals=(404, 409),
    again=_ran_again,
)
def run_reminders(call: Call, body: RunIn) -> RunOut:
    """Send exactly the reminders of a plan that was previewed today, or none, if anything changed since."""
    ran = running(body.plan_hash, now=call.now, real_now=wiring.now(), store=call.store, wordings=wiring.wording)
    return RunOut(
        plan_hash=body.plan_hash, reminders=[ReminderOut.of(one) for one in ran.reminders], changed=list(ran.changed)
    )


@operation("GET", "/reminders/{reminder_id}", needs="invoices.read", answer=ReminderOut, refusals=(404,))
def get_reminder(call: Call, reminder_id: str) -> ReminderOut:
    """One reminder, and of what it was."""
    return ReminderOut.of(call.store.get(Reminder, reminder_id))
