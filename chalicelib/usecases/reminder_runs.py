"""A run of reminders by hand: worked out beforehand, shown with its texts, and then done exactly so or not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.domain import reminder as reminders
from chalicelib.domain.business import Business
from chalicelib.domain.client import Client
from chalicelib.domain.errors import AlreadyDone, Conflict, Refused
from chalicelib.domain.follow_up import Owed, follow_up_of, owed
from chalicelib.domain.invoice import Invoice
from chalicelib.domain.reminder import MOST_INVOICES, Reminder
from chalicelib.domain.reminder_plan import PlannedEntry, PlannedReminder, ReminderPlan, differences
from chalicelib.domain.values import dataclass
from chalicelib.ports import Filter, Keep, Store, Unfinished, Wordings
from chalicelib.usecases.own_letters import own_texts
from chalicelib.usecases.reading import every
from chalicelib.usecases.reminder_letters import ReminderLetter, draft_letter
from chalicelib.usecases.reminding import ask_for_steps, owed_by

AT_ONCE = 100
MOST_CLIENTS = 100
"""Of one run, so that it is done while somebody waits; the others are for the next."""
MOST_TOLD = 5
KEPT_FOR = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """A plan, and the letter of each of its reminders."""

    plan: ReminderPlan
    letters: tuple[ReminderLetter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did: the reminders that were asked for, and the clients whose invoices changed while it ran."""

    reminders: tuple[Reminder, ...]
    changed: tuple[str, ...] = ()


def preview_reminders(
    *, on: date | None, older: bool, now: datetime, real_now: datetime, store: Store, wordings: Wordings
) -> Foreseen:
    """Who would be reminded of what on a day (today), with the letters; the plan is kept for its run."""
    foreseen = _foreseen(on=on, older=older, now=now, real_now=real_now, store=store, wordings=wordings)
    try:
        store.commit(Keep(foreseen.plan))
    except AlreadyDone:
        return foreseen  # nothing has changed since it was last asked for
    return foreseen


def run_reminders(plan_hash: str, *, now: datetime, real_now: datetime, store: Store, wordings: Wordings) -> Ran:
    """Ask for exactly the reminders of a plan; run again, for those that a run that broke off left over.

    Raises NotFound for a plan that nobody previewed, Refused for one of another day (``plan_of_another_day``) and
    for one that would be otherwise now (``plan_changed``); then nothing goes out.
    """
    plan, business = store.get(ReminderPlan, plan_hash), store.get(Business)
    if plan.on != business.today(now):
        raise Refused("plan_of_another_day", f"You cannot run this plan because it is of {plan.on}.")
    done = {one.client_id for one in reminders_of(plan, store)}
    current = _foreseen(on=plan.on, older=plan.older, now=now, real_now=real_now, store=store, wordings=wordings)
    changed = tuple(differences(plan, current.plan, but=frozenset(done)))
    if changed:
        more = f" and {len(changed) - MOST_TOLD} more" if len(changed) > MOST_TOLD else ""
        told = "; ".join(changed[:MOST_TOLD]) + more
        raise Refused("plan_changed", f"You cannot run this plan because it changed since: {told}.")
    left = [one for one in plan.reminders if one.client_id not in done]
    late = [
        one.client_name
        for one in left
        if not _ask(one, plan, now=now, store=store if one is left[-1] else store.aside())
    ]
    return Ran(reminders=reminders_of(plan, store), changed=tuple(late))


def reminders_of(plan: ReminderPlan, store: Store) -> tuple[Reminder, ...]:
    """What was asked for by a plan's run."""
    ids = [reminders.id_of(one.client_id, one.day) for one in plan.reminders]
    return tuple(one for one in store.many(Reminder, ids) if one.plan == plan.id)


def _ask(planned: PlannedReminder, plan: ReminderPlan, *, now: datetime, store: Store) -> bool:
    """Whether the reminder could be asked for as it was planned."""

    def deed() -> bool:
        client = store.get(Client, planned.client_id)
        follow_up = follow_up_of(client, store.get(Business))
        before = store.find(Reminder, reminders.id_of(client.id, planned.day))
        pairs = owed_by(client.id, follow_up, on=planned.day, first=None, older=plan.older, store=store)
        is_over = follow_up.today(now) != planned.day
        if is_over or _entries(pairs) != planned.entries or (before and before.stands):
            return False
        ask_for_steps(pairs, client, follow_up, before=before, plan=plan.id, now=now, store=store)
        return True

    try:
        return store.persistently(deed)
    except Conflict:
        return False


def _foreseen(
    *, on: date | None, older: bool, now: datetime, real_now: datetime, store: Store, wordings: Wordings
) -> Foreseen:
    business = store.get(Business)
    today = business.today(now)
    day = on or today
    unpaid: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in every(Invoice, Filter(unfinished=Unfinished.DUE), store, at_once=AT_ONCE):
        unpaid[invoice.client_id].append(invoice)
    clients = store.many(Client, sorted(unpaid)) if unpaid else ()
    days = {one.id: follow_up_of(one, business).today(now) if day == today else day for one in clients}
    reminded = _reminded(days, store) if day == today else frozenset()
    owing = [
        (client, pairs)
        for client in clients
        if client.id not in reminded
        and (pairs := _pairs(client, unpaid[client.id], business, days[client.id], older=older))
    ]
    letters = _in_own_words(
        [
            _letter(client, pairs, business, day=days[client.id], now=now, wordings=wordings)
            for client, pairs in owing[:MOST_CLIENTS]
        ],
        store,
    )
    pairs_of = {client.id: pairs for client, pairs in owing}
    plan = ReminderPlan(
        on=day,
        older=older,
        reminders=tuple(_planned(letter, pairs_of[letter.client.id]) for letter in letters),
        left_off=max(len(owing) - MOST_CLIENTS, 0),
        kept_until=real_now + KEPT_FOR,
    )
    return Foreseen(plan=replace(plan, id=plan.hash), letters=letters)


def _reminded(days: Mapping[str, date], store: Store) -> frozenset[str]:
    """The clients who were reminded on their days."""
    ids = [reminders.id_of(client_id, day) for client_id, day in days.items()]
    return frozenset(one.client_id for one in (store.many(Reminder, ids) if ids else ()) if one.stands)


def _pairs(
    client: Client, invoices: Sequence[Invoice], business: Business, day: date, *, older: bool
) -> list[tuple[Invoice, Owed]]:
    ladder = follow_up_of(client, business).ladder
    pairs = [(one, due) for one in invoices if (due := owed(one, ladder, on=day, older=older))]
    return sorted(pairs, key=lambda pair: (pair[1].due_on, pair[0].id))[:MOST_INVOICES]


def _letter(
    client: Client,
    pairs: list[tuple[Invoice, Owed]],
    business: Business,
    *,
    day: date,
    now: datetime,
    wordings: Wordings,
) -> ReminderLetter:
    reminder, _ = reminders.of_steps(pairs, client_name=client.name, day=day, before=None, plan=None, at=now)
    return draft_letter(reminder, [one for one, _ in pairs], client, business, wordings=wordings)


def _in_own_words(letters: Sequence[ReminderLetter], store: Store) -> tuple[ReminderLetter, ...]:
    texts = own_texts([(one.template, one.language) for one in letters], store)
    return tuple(replace(one, own=texts.get((one.template, one.language))) for one in letters)


def _planned(letter: ReminderLetter, pairs: list[tuple[Invoice, Owed]]) -> PlannedReminder:
    reminder = letter.reminder
    assert reminder.tone is not None
    return PlannedReminder(
        day=reminder.day,
        client_id=letter.client.id,
        client_name=letter.client.name,
        to=letter.client.email,
        tone=reminder.tone,
        language=letter.language,
        attach_pdf=reminder.attach_pdf,
        pay_link=reminder.pay_link,
        words=letter.words,
        entries=_entries(pairs),
    )


def _entries(pairs: Sequence[tuple[Invoice, Owed]]) -> tuple[PlannedEntry, ...]:
    return tuple(
        PlannedEntry(
            invoice_id=invoice.id,
            name=invoice.name,
            due_on=due.due_on,
            days=due.step.days,
            amount_due=invoice.amount_due,
        )
        for invoice, due in sorted(pairs, key=lambda pair: (pair[1].due_on, pair[0].id))
    )
