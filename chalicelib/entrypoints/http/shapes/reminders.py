"""The ladder of reminders, the reminders sent by it, and runs of it, as JSON."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

from chalicelib.domain.delivery import DeliveryState
from chalicelib.domain.ladder import EVERY_DAY, MOST_STEPS, Ladder, Step, Tone, Window
from chalicelib.domain.letter import Mail
from chalicelib.domain.reminder import Reminder
from chalicelib.domain.reminder_plan import PlannedReminder
from chalicelib.entrypoints.http.shapes.addresses import Language
from chalicelib.entrypoints.http.shapes.scalars import Day, Figure, LongText, Shape, refusal

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _clock(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        raise refusal("not_a_time", "This is no time of day, such as 09:00.")
    return time.fromisoformat(value)


def _weekdays(days: list[int]) -> list[int]:
    if len(set(days)) != len(days):
        raise refusal("weekday_twice", "A weekday is named twice.")
    return sorted(days)


TimeOfDay = Annotated[
    time,
    PlainValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": f"^{CLOCK.pattern}$", "examples": ["09:00"]}),
]
Weekday = Annotated[int, Field(ge=1, le=7)]


class StepShape(Shape):
    """One reminder: so many days after the due date, or before it (negative), and how it speaks."""

    days: Annotated[int, Field(ge=-365, le=365)]
    tone: Annotated[Tone, Field(strict=False)] = Tone.NEUTRAL
    attach_pdf: bool = True
    pay_link: bool = True
    language: Language | None = None

    def step(self) -> Step:
        return Step(
            days=self.days,
            tone=self.tone,
            attach_pdf=self.attach_pdf,
            pay_link=self.pay_link,
            language=self.language,
        )


class StepOut(Shape):
    days: int
    tone: Tone
    attach_pdf: bool
    pay_link: bool
    language: str | None


Steps = Annotated[list[StepShape], Field(max_length=MOST_STEPS)]


class WindowShape(Shape):
    """When clients are mailed, by their own clocks; weekdays: 1 is Monday."""

    opens: Annotated[TimeOfDay, Field(alias="from")] = time(9)
    closes: Annotated[TimeOfDay, Field(alias="to")] = time(18)
    weekdays: Annotated[list[Weekday], Field(min_length=1, max_length=7), AfterValidator(_weekdays)] = list(EVERY_DAY)  # noqa: RUF012

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "WindowShape":
        if self.opens >= self.closes:
            raise refusal("window_closed", "The window must open before it closes, on one day.")
        return self

    def window(self) -> Window:
        return Window(opens=self.opens, closes=self.closes, weekdays=tuple(self.weekdays))


class WindowOut(Shape):
    model_config: ClassVar[ConfigDict] = ConfigDict(serialize_by_alias=True)

    opens: Annotated[str, Field(alias="from")]
    closes: Annotated[str, Field(alias="to")]
    weekdays: list[int]

    @classmethod
    def of(cls, window: Window) -> "WindowOut":
        told: dict[str, Any] = {"from": f"{window.opens:%H:%M}", "to": f"{window.closes:%H:%M}"}
        return cls(**told, weekdays=list(window.weekdays))


def steps_out(ladder: Ladder) -> list[StepOut]:
    return [
        StepOut(
            days=step.days,
            tone=step.tone,
            attach_pdf=step.attach_pdf,
            pay_link=step.pay_link,
            language=step.language,
        )
        for step in ladder.steps
    ]


def own_steps_out(ladder: Ladder | None) -> list[StepOut] | Literal["off"] | None:
    """A client's own ladder: none, switched off, or its steps."""
    if ladder is None:
        return None
    return steps_out(ladder) or "off"


def to_steps(steps: Iterable[StepShape]) -> tuple[Step, ...]:
    return tuple(step.step() for step in steps)


class PromiseIn(Shape):
    """The day by which the client will pay; null takes the promise back."""

    on: Day | None
    note: LongText | None = None


class SwitchIn(Shape):
    """Whether the invoice brings reminders by itself."""

    reminders: Literal["on", "off"]


class PreviewRemindersIn(Shape):
    """The day of the run, today if it is left out; older: with the steps of days before the ladder was set up."""

    date: Day | None = None
    older: bool = False


class RunIn(Shape):
    plan_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PlannedInvoiceOut(Shape):
    invoice_id: str
    number: str
    due_on: date
    days: int
    amount_due: Figure
    currency: str


class PlannedReminderOut(Shape):
    """One mail, with its words; its link stands for the one that the client will get."""

    client_id: str
    client_name: str
    to: str | None
    language: str
    tone: Tone
    template: str
    subject: str
    text: str
    attach_pdf: bool
    invoices: list[PlannedInvoiceOut]

    @classmethod
    def of(cls, planned: PlannedReminder, mail: Mail, template: str) -> "PlannedReminderOut":
        return cls(
            client_id=planned.client_id,
            client_name=planned.client_name,
            to=planned.to,
            language=planned.language,
            tone=planned.tone,
            template=template,
            subject=mail.subject,
            text=mail.text,
            attach_pdf=planned.attach_pdf,
            invoices=[
                PlannedInvoiceOut(
                    invoice_id=entry.invoice_id,
                    number=entry.name,
                    due_on=entry.due_on,
                    days=entry.days,
                    amount_due=f"{entry.amount_due}",
                    currency=entry.amount_due.currency,
                )
                for entry in planned.entries
            ],
        )


class PlanOut(Shape):
    """What a run would do; left_off: so many clients more, for the run after it."""

    plan_hash: str
    date: date
    reminders: list[PlannedReminderOut]
    left_off: int


class ReminderEntryOut(Shape):
    """An invoice that a reminder is of, and its step: days from the due date; null by the bell."""

    invoice_id: str
    due_on: date | None
    days: int | None


class ReminderOut(Shape):
    """One mail: a client is reminded once a day at most."""

    id: str
    version: int
    client_id: str
    client_name: str
    date: date
    tone: Tone | None
    invoices: list[ReminderEntryOut]
    state: DeliveryState
    detail: str | None
    plan_hash: str | None
    created_at: datetime

    @classmethod
    def of(cls, reminder: Reminder) -> "ReminderOut":
        return cls(
            id=reminder.id,
            version=reminder.version,
            client_id=reminder.client_id,
            client_name=reminder.client_name,
            date=reminder.day,
            tone=reminder.tone,
            invoices=[
                ReminderEntryOut(invoice_id=entry.invoice_id, due_on=entry.due_on, days=entry.days)
                for entry in reminder.entries
            ],
            state=reminder.delivery.state,
            detail=reminder.delivery.detail,
            plan_hash=reminder.plan,
            created_at=reminder.created_at,
        )


class RunOut(Shape):
    """The reminders that were asked for; changed: the clients whose invoices changed while it ran, who got none."""

    plan_hash: str
    reminders: list[ReminderOut]
    changed: list[str]
