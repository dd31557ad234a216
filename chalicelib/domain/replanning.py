"""The payments of an issued invoice agreed anew: what was paid stays, the rest is shared out again (P15, G10).

The invoice itself is not touched by it: its number, its lines and its document stay what was issued.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.errors import Invalid, NotFound, Refused
from chalicelib.domain.invoice import Invoice, must_be_issued
from chalicelib.domain.money import Money
from chalicelib.domain.schedule import MOST_INSTALMENTS, Instalment, InstalmentTerm, dated, plan
from chalicelib.domain.schedule_events import InstalmentCompleted, InvoiceReplanned
from chalicelib.domain.values import dataclass


def replanned(invoice: Invoice, terms: Sequence[InstalmentTerm], *, at: datetime) -> tuple[Invoice, InvoiceReplanned]:
    """The invoice with another schedule.

    The terms are the whole schedule, or what follows the instalments that are paid. A term with the id of an
    instalment, or its label, is that one again; with an id, what it leaves out stays. A paid instalment stays as it
    is, whether it is named or not; of one that is partly paid and not named, the part that is paid stays.
    Raises Refused for what is a draft, void, paid, disputed or written off, and for a plan that touches what was paid
    (``instalment_paid``); Invalid for terms that do not come to what is left.
    """
    _must_be_open(invoice)
    steps = _agreed_anew(invoice, terms or [InstalmentTerm(remainder=True)])
    if len(steps) > MOST_INSTALMENTS:
        raise Invalid("too_many_instalments", f"A schedule has at most {MOST_INSTALMENTS} instalments.", at="/schedule")
    schedule = tuple(step.instalment for step in steps)
    days = [one.due_on for one in schedule if one.due_on and not one.holdback]
    after = replace(
        invoice,
        version=invoice.version + 1,
        due_date=max(days, default=invoice.due_date),
        schedule=schedule,
        instalments_paid=tuple(step.paid for step in steps),
        instalments_made=max(_made(invoice), *(int(one.id) for one in schedule)),
    )
    event = InvoiceReplanned(
        subject=invoice.id,
        version=after.version,
        at=at,
        amount_due=after.amount_due,
        due_date=after.due_date,
        schedule=schedule,
    )
    return after, event


def completed(invoice: Invoice, instalment_id: str, *, on: date, at: datetime) -> tuple[Invoice, InstalmentCompleted]:
    """The invoice of which the work that an instalment waits for was done, or accepted, on a day.

    Raises NotFound for one that is not there, Refused (``instalment_has_its_day``) for one that waits for no work.
    """
    must_be_issued(invoice, "call work done on")
    found = next((one for one in invoice.schedule if one.id == instalment_id), None)
    if found is None:
        raise NotFound("instalment", instalment_id)
    if not found.awaits_completion:
        raise Refused(
            "instalment_has_its_day",
            f"You cannot call instalment {instalment_id} of invoice {invoice.name} done because it waits for no work.",
        )
    (known,) = dated([found], completion=on)
    schedule = tuple(known if one.id == instalment_id else one for one in invoice.schedule)
    after = replace(invoice, version=invoice.version + 1, schedule=schedule)
    event = InstalmentCompleted(
        subject=invoice.id,
        version=after.version,
        at=at,
        instalment_id=instalment_id,
        on=on,
        due_on=known.due_on or on,
        amount=known.amount,
    )
    return after, event


@dataclass(frozen=True, slots=True)
class _Step:
    """An instalment and what is paid of it."""

    instalment: Instalment
    paid: Money

    @property
    def is_paid(self) -> bool:
        return bool(self.paid) and self.paid == self.instalment.amount

    @property
    def what_is_paid(self) -> "_Step":
        """The part of it that is paid, as an instalment for itself."""
        return replace(self, instalment=replace(self.instalment, amount=self.paid))

    def may_come_to(self, amount: Money) -> bool:
        """A paid one stays as it is; a partly paid one comes to no less than what is paid of it."""
        return amount == self.paid if self.is_paid else amount >= self.paid


def _must_be_open(invoice: Invoice) -> None:
    deed = "plan the payments of"
    must_be_issued(invoice, deed)
    if invoice.disputed_total:
        raise Refused("invoice_disputed", f"You cannot {deed} invoice {invoice.name} because it is disputed.")
    if invoice.written_off:
        raise Refused("invoice_written_off", f"You cannot {deed} invoice {invoice.name} because it is written off.")
    if invoice.amount_due.minor <= 0:
        raise Refused("invoice_paid", f"You cannot {deed} invoice {invoice.name} because it is paid.")


def _agreed_anew(invoice: Invoice, terms: Sequence[InstalmentTerm]) -> list[_Step]:
    known = _to_be_paid(invoice)
    named = _named(terms, known)
    if any(named):
        return _arranged(invoice, terms, named, known=known)
    try:
        return _arranged(invoice, terms, [*known, *[None] * len(terms)][: len(terms)], known=known)
    except (Invalid, Refused) as as_whole:
        if not any(step.paid for step in known):
            raise
        return _as_the_rest(invoice, terms, known, as_whole)


def _to_be_paid(invoice: Invoice) -> list[_Step]:
    """The instalments without what is credited of them."""
    parts = zip(invoice.schedule, invoice.instalments_paid, invoice.instalments_credited, strict=True)
    return [_Step(replace(one, amount=one.amount - credited), paid) for one, paid, credited in parts]


def _as_the_rest(
    invoice: Invoice, terms: Sequence[InstalmentTerm], known: list[_Step], as_whole: Invalid | Refused
) -> list[_Step]:
    """The terms as what follows what is paid. Raises what is wrong with them as the whole where that says more."""
    try:
        return _arranged(invoice, terms, [None] * len(terms), known=known)
    except Invalid:
        if isinstance(as_whole, Refused):
            raise as_whole from None
        raise


def _named(terms: Sequence[InstalmentTerm], known: list[_Step]) -> list[_Step | None]:
    """The instalment that each term names. Raises Invalid for one that is not there, or is named twice."""
    named: list[_Step | None] = []
    for place, term in enumerate(terms):
        step = next((step for step in known if _is_named(step.instalment, term, known)), None)
        if term.id and step is None:
            detail = f"There is no instalment {term.id!r}."
            raise Invalid("unknown_instalment", detail, at=f"/schedule/{place}/id")
        if step and step in named:
            detail = f"Instalment {step.instalment.id} is named twice."
            raise Invalid("instalment_twice", detail, at=f"/schedule/{place}")
        named.append(step)
    return named


def _is_named(instalment: Instalment, term: InstalmentTerm, known: list[_Step]) -> bool:
    """By its id, or by a label that no other has."""
    if term.id:
        return term.id == instalment.id
    labels = [step.instalment.label for step in known]
    return bool(term.label) and term.label == instalment.label and labels.count(term.label) == 1


def _arranged(
    invoice: Invoice, terms: Sequence[InstalmentTerm], before: Sequence[_Step | None], *, known: list[_Step]
) -> list[_Step]:
    """What is paid of the instalments that no term stands for, then the terms; before: what each of them was."""
    filled = [_filled(term, was.instalment) if was else term for term, was in zip(terms, before, strict=True)]
    steps = [step.what_is_paid for step in known if step.paid and step not in before]
    left = invoice.figures.total - invoice.credited_total
    for step in steps:
        left -= step.paid
    planned = {one.id: one for one in plan(filled, left)}
    nothing, made = Money.zero(invoice.currency), _made(invoice)
    for place, (term, was) in enumerate(zip(terms, before, strict=True), start=1):
        one = planned.get(f"{place}")
        if was and not was.may_come_to(one.amount if one else nothing):
            raise _touches_what_is_paid(invoice, was)
        if one is None:
            continue
        if was is None:
            made += 1
            steps.append(_Step(_with_day(replace(one, id=f"{made}"), invoice), nothing))
        elif was.is_paid:
            steps.append(was)
        else:
            steps.append(_Step(_following(one, was.instalment, term, invoice), was.paid))
    return steps


def _filled(term: InstalmentTerm, was: Instalment) -> InstalmentTerm:
    """A term that names an instalment says only what is to change."""
    if not term.id:
        return term
    says_how_much = term.percent is not None or term.amount is not None or term.remainder
    return replace(term, label=term.label or was.label, amount=term.amount if says_how_much else was.amount)


def _following(one: Instalment, was: Instalment, term: InstalmentTerm, invoice: Invoice) -> Instalment:
    """What an instalment is now; without a day of its own it keeps the one that it had."""
    again = replace(one, id=was.id, holdback=one.holdback or (bool(term.id) and was.holdback))
    return _with_day(again, invoice) if term.due else replace(again, due=was.due, due_on=was.due_on)


def _with_day(instalment: Instalment, invoice: Invoice) -> Instalment:
    """Counted from the issue; one that names no day is due with the invoice, unless it waits for the work."""
    (known,) = dated([instalment], issue=invoice.issue_date)
    return known if known.awaits_completion else replace(known, due_on=known.due_on or invoice.due_date)


def _made(invoice: Invoice) -> int:
    return max(invoice.instalments_made, *(int(one.id) for one in invoice.schedule), 0)


def _touches_what_is_paid(invoice: Invoice, step: _Step) -> Refused:
    return Refused(
        "instalment_paid",
        f"You cannot plan the payments of invoice {invoice.name} so because {step.paid} of instalment"
        f" {step.instalment.id} is paid; that stays.",
    )
