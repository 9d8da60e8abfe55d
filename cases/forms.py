"""Every form's fields, checked: what people typed and chose in, values out, or one sentence per field.

The forms hold text as Slack hands it over (dates as `YYYY-MM-DD`, times as `HH:MM`, choices by value);
zones are IANA names, the instants that come out are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self, TypeVar

from cases.case import Closing, Escalation
from cases.close_form import Question
from cases.contact import Contact, NotAContact, read_contact, zones_of
from cases.errors import FieldErrors
from cases.fields import Field
from cases.hours import Closed, next_free, open_at
from cases.languages import read_language
from cases.program import Program
from cases.text import CARD_REFUSED, NotTyped, clean, holds_card_number, read_free_text
from cases.times import instant, round_up, skipped, wall, zone_exists
from cases.words import (
    ContactKind,
    Customer,
    Disposition,
    Mood,
    NotAttempted,
    Outcome,
    Reason,
    Scenario,
    Step,
    WantedBy,
    Word,
)

AUTO_ZONE = "auto"
"""The zone choice that means: the number's own zone, else the program's."""

DETAILS_LIMITS = (20, 1000)
TEXT_AT_MOST = 3000

W = TypeVar("W", bound=Word)
Errors = dict[Word, str]


@dataclass(frozen=True)
class Promise:
    """A new time for a customer: the instant (UTC), the customer's zone, and who wanted it."""

    due_at: datetime
    zone: str
    wanted_by: WantedBy = WantedBy.CUSTOMER
    asked_for_time: bool = False


class OutsideHours(str):
    """The sentence at a field whose time lies outside calling hours, and what the form proposes instead.

    `agreed` is what was entered, `free` the next free time, both on the customer's clock.
    """

    __slots__ = ("agreed", "closed", "free")

    def __new__(cls, closed: Closed, agreed: datetime, free: datetime) -> Self:
        sentence = str.__new__(
            cls,
            f"{closed} Choose {free:%H:%M on %a %d %b}, the next free time, or tick “Customer asked for this time”.",
        )
        sentence.closed, sentence.agreed, sentence.free = closed, agreed, free
        return sentence

    closed: Closed
    agreed: datetime
    free: datetime


@dataclass(frozen=True)
class PromiseForm:
    """Date, time and zone as entered; `asked_for_time` is *Customer asked for this time*."""

    date: str | None = None
    time: str | None = None
    zone: str | None = None
    asked_for_time: bool = False


@dataclass(frozen=True)
class EscalationForm:
    """The `/escalate` form as entered."""

    customer: str | None = None
    contact: str | None = None
    customer_is: str | None = None
    when: PromiseForm = PromiseForm()
    scenario: str | None = None
    reasons: tuple[str, ...] = ()
    other_reason: str | None = None
    steps: tuple[str, ...] = ()
    not_attempted: str | None = None
    details: str | None = None
    superior: str | None = None
    department: str | None = None
    reference: str | None = None
    mood: str | None = None
    language: str | None = None
    repeat: bool = False


@dataclass(frozen=True)
class CloseForm:
    """The close form as entered; `when` is the follow-up of *partly resolved*."""

    outcome: str | None = None
    answers: Mapping[Question, str | None] = field(default_factory=lambda: dict.fromkeys(Question))
    when: PromiseForm = PromiseForm()


def read_escalation(
    form: EscalationForm,
    program: Program,
    raiser: str,
    known_superior: str | None,
    now: datetime,
    may_lead: Callable[[str], bool] = lambda user: True,
) -> Escalation:
    """The form, validated; raises FieldErrors with all that is wrong at once.

    `known_superior` is the roster's; where it knows none the form asks, and the answer may be neither the agent nor
    anybody who is nobody's superior (`may_lead`).
    """
    errors: Errors = {}
    customer = read_written(
        form.customer, Field.CUSTOMER, errors, 1, 80, "Enter the customer's name or account reference."
    )
    contact = _contact(form.contact, program.phone_region, Field.CONTACT, errors)
    waiting = read_choice(Customer, form.customer_is, Field.CUSTOMER_IS, errors) is Customer.WAITING
    zone = _zone(form.when.zone, contact, program, errors, waiting=waiting)
    when = _waiting_now(zone, now) if waiting else read_promise(form.when, zone, program, now, errors)
    scenario = read_choice(Scenario, form.scenario, Field.SCENARIO, errors)
    reasons = read_choices(Reason, form.reasons, Field.REASONS, errors)
    _still_offered(reasons, program.reasons_off, Field.REASONS, errors)
    if not 1 <= len(reasons) <= 3:
        errors.setdefault(Field.REASONS, "Choose one to three reasons.")
    other = ""
    if Reason.OTHER in reasons:
        other = read_written(form.other_reason, Field.OTHER_REASON, errors, 1, 150, "Say which other reason.")
    steps = read_choices(Step, form.steps, Field.STEPS, errors)
    _still_offered(steps, program.steps_off, Field.STEPS, errors)
    not_attempted = _optional(NotAttempted, form.not_attempted, Field.NOT_ATTEMPTED, errors)
    if not steps and not_attempted is None:
        errors.setdefault(Field.STEPS, "Tick what you tried, or choose below why nothing could be attempted.")
    least, most = DETAILS_LIMITS
    details = read_written(
        form.details,
        Field.DETAILS,
        errors,
        least,
        most,
        f"Write {least} to {most:,} characters: whoever calls knows only this.",
    )
    superior = known_superior or form.superior
    if not superior:
        errors[Field.SUPERIOR] = "Choose the team lead you report to; you are asked only once."
    elif superior == raiser:
        errors[Field.SUPERIOR] = "You cannot be your own superior. Choose the team lead you report to."
    elif not known_superior and not may_lead(superior):
        errors[Field.SUPERIOR] = (
            "This person is not a lead here. Choose the team lead you report to: an SME, a TL or a manager."
        )
    department = form.department or None
    if department and program.department(department) is None:
        errors[Field.DEPARTMENT] = "This department is no longer on the list. Choose another one."
    reference = read_written(form.reference, Field.REFERENCE, errors, 0, 80, "Keep it to 80 characters.")
    mood = _optional(Mood, form.mood, Field.MOOD, errors)
    language = _language(form.language, errors)
    if errors or contact is None or when is None or scenario is None:
        raise FieldErrors(errors)
    return Escalation(
        customer=customer,
        contact=contact,
        waiting=waiting,
        due_at=when.due_at,
        zone=when.zone,
        scenario=scenario,
        reasons=reasons,
        details=details,
        steps=steps,
        not_attempted=not_attempted,
        other_reason=other,
        superior=superior,
        department=department,
        reference=reference,
        mood=mood,
        language=language,
        phone_region=program.phone_region,
        repeat=form.repeat or Reason.REPEAT_CONTACT in reasons,
        asked_for_time=when.asked_for_time,
    )


def read_when(
    form: PromiseForm, zone: str, program: Program, now: datetime, wanted_by: str | None = WantedBy.CUSTOMER
) -> Promise:
    """A new time on its own (reschedule, next attempt, follow-up); raises FieldErrors. `zone` stands where none was chosen."""
    errors: Errors = {}
    chosen = form.zone if form.zone not in (None, "", AUTO_ZONE) else zone
    promise = read_promise(form, chosen, program, now, errors)
    wish = read_choice(WantedBy, wanted_by, Field.WANTED_BY, errors)
    if errors or promise is None or wish is None:
        raise FieldErrors(errors)
    return replace(promise, wanted_by=wish)


def read_promise(
    form: PromiseForm, zone: str | None, program: Program, now: datetime, errors: Errors
) -> Promise | None:
    """Date and time in `zone`; what is wrong goes into `errors` at its field, then None comes back.

    The time must be in the future and within the program's horizon, or no later than what a form would propose
    where calls are closed for that long; outside calling hours or on a holiday it stands only when the customer
    asked for it (docs/policy.md, *The callback time*).
    """
    day = _date(form.date, errors)
    at = _time(form.time, errors)
    if zone is not None and not zone_exists(zone):
        errors[Field.ZONE] = "Choose a time zone from the list."
        return None
    if day is None or at is None or zone is None:
        return None
    soonest = first_time(program, zone, now)
    latest = max(now + program.horizon, proposed_time(program, zone, now), soonest)
    local_now, last = wall(now, zone), wall(latest, zone)
    # Days far from here have no instant: the calendar ends with the years 1 and 9999.
    due = instant(day, at, zone) if local_now.date() <= day <= last.date() else None
    if day < local_now.date() or (due is not None and due <= now):
        field = Field.DATE if day < local_now.date() else Field.TIME
        errors[field] = (
            f"This time has passed: it is {local_now:%H:%M on %d %b} in {zone}. Choose a later one."
        )
        return None
    if due is None or due > latest:
        errors[Field.DATE] = f"Choose a time up to {last:%a %d %b}, {last:%H:%M}."
        return None
    shown = wall(due, zone)
    closed = None if form.asked_for_time else open_at(due, zone, program)
    if closed is not None:
        free = next_free(due, zone, program)
        free = free if free <= latest else soonest  # what is proposed must stand
        field = Field.DATE if closed.whole_day else Field.TIME
        errors[field] = OutsideHours(closed, shown, wall(free, zone))
        return None
    if skipped(day, at, zone) and not form.asked_for_time:
        errors[Field.TIME] = (
            f"Clocks go forward that night: {at:%H:%M} does not exist. Choose {shown:%H:%M} or another time."
        )
        return None
    return Promise(due, zone, asked_for_time=form.asked_for_time)


def proposed_time(program: Program, zone: str, now: datetime) -> datetime:
    """When the next attempt is proposed: the program's spacing from now, inside calling hours (UTC)."""
    return next_free(now + program.spacing, zone, program)


def first_time(program: Program, zone: str, now: datetime) -> datetime:
    """What the form presets: about half an hour from now on a quarter of an hour, inside calling hours (UTC)."""
    soon = round_up(wall(now + timedelta(minutes=30), zone), 15)
    return next_free(soon, zone, program)


def read_closing(
    form: CloseForm, zone: str, program: Program, now: datetime
) -> tuple[Closing, Promise | None]:
    """The close form, validated, and the follow-up where it is partly resolved; raises FieldErrors."""
    errors: Errors = {}
    outcome = read_choice(Outcome, form.outcome, Field.OUTCOME, errors)
    if outcome is Outcome.UNREACHABLE:
        errors[Field.OUTCOME] = "A customer who was reached is not unreachable. Choose another outcome."
    closing = _closing(form, outcome or Outcome.RESOLVED, errors)
    follow_up = None
    if outcome is Outcome.PARTLY:
        chosen = form.when.zone if form.when.zone not in (None, "", AUTO_ZONE) else zone
        follow_up = read_promise(form.when, chosen, program, now, errors)
    if errors:
        raise FieldErrors(errors)
    return closing, follow_up


def read_sign_off(form: CloseForm) -> Closing:
    """The close form as a manager fills it in for a customer whom nobody reached; raises FieldErrors."""
    errors: Errors = {}
    closing = _closing(form, Outcome.UNREACHABLE, errors)
    if errors:
        raise FieldErrors(errors)
    return closing


def read_disposition(value: str | None) -> Disposition:
    """The disposition chosen; raises FieldErrors."""
    errors: Errors = {}
    disposition = read_choice(Disposition, value, Field.DISPOSITION, errors)
    if disposition is None:
        raise FieldErrors(errors)
    return disposition


def read_text(value: str | None, field: Field, *, required: bool = True) -> str:
    """A note or a reason of up to 3,000 characters; raises FieldErrors."""
    errors: Errors = {}
    text = read_written(
        value,
        field,
        errors,
        int(required),
        TEXT_AT_MOST,
        f"Enter a text of up to {TEXT_AT_MOST:,} characters.",
    )
    if errors:
        raise FieldErrors(errors)
    return text


def read_new_contact(value: str | None, region: str) -> Contact | None:
    """Another contact for the same customer, or None where it stays; raises FieldErrors."""
    if not clean(value):
        return None
    errors: Errors = {}
    contact = _contact(value, region, Field.CONTACT, errors)
    if errors:
        raise FieldErrors(errors)
    return contact


def number_zone(contact: Contact | None, program_zone: str) -> str | None:
    """The zone that a number tells: its only one, or the program's where the number's area includes that one."""
    if contact is None or contact.kind is ContactKind.EMAIL:
        return None
    zones = zones_of(contact)
    if program_zone in zones:
        return program_zone
    return zones[0] if len(zones) == 1 else None


def _zone(
    chosen: str | None, contact: Contact | None, program: Program, errors: Errors, *, waiting: bool
) -> str | None:
    """The zone chosen, else the number's, else the program's. A promise is never guessed among several zones."""
    if chosen and chosen != AUTO_ZONE:
        if zone_exists(chosen):
            return chosen
        errors[Field.ZONE] = "Choose a time zone from the list."
        return None
    if contact is None:
        return None
    if contact.kind is ContactKind.EMAIL:
        return program.customer_timezone
    zone = number_zone(contact, program.customer_timezone)
    if zone is None and (waiting or not zones_of(contact)):
        return program.customer_timezone
    if zone is None:
        errors[Field.ZONE] = "This number's country has several time zones: ask the customer and choose one."
    return zone


def _waiting_now(zone: str | None, now: datetime) -> Promise | None:
    return None if zone is None else Promise(now, zone)


def _contact(value: str | None, region: str, field: Field, errors: Errors) -> Contact | None:
    text = clean(value)
    if not text:
        errors[field] = "Enter the number to call back, or an e-mail address."
        return None
    try:
        contact = read_contact(text, region)
    except NotAContact as problem:
        errors[field] = str(problem)
        return None
    if contact.kind is ContactKind.EMAIL and holds_card_number(contact.value):
        errors[field] = CARD_REFUSED
    return contact


def _closing(form: CloseForm, outcome: Outcome, errors: Errors) -> Closing:
    """What every close form says beside its outcome."""
    answers: dict[str, Any] = {}
    for asked in Question:
        entered = form.answers.get(asked)
        if asked.words is None:
            answer: Any = read_written(
                entered, asked, errors, asked.row.least, asked.row.most, asked.row.wrong
            )
        else:
            answer = _optional(asked.words, entered, asked, errors) or asked.default
        answers[asked.value] = answer
    return Closing(outcome, **answers)


def read_written(value: str | None, field: Word, errors: Errors, least: int, most: int, sentence: str) -> str:
    """A text within its limits; what is wrong goes into `errors` at its field, `sentence` where it is too short or long."""
    try:
        return read_free_text(value, least, most, sentence)
    except NotTyped as problem:
        errors[field] = str(problem)
        return ""


def _language(value: str | None, errors: Errors) -> str:
    """A language's code; a form that was opened before there was a list may still bring its name."""
    text = clean(value)
    code = read_language(text) if text else ""
    if code is None:
        errors[Field.LANGUAGE] = "Choose a language from the list, or leave it empty."
    return code or ""


def read_choice(kind: type[W], value: str | None, field: Word, errors: Errors) -> W | None:
    """The word chosen; where there is none, that goes into `errors` at its field."""
    word = _optional(kind, value, field, errors)
    if word is None:
        errors.setdefault(field, "Choose one from the list.")
    return word


def _optional(kind: type[W], value: str | None, field: Word, errors: Errors) -> W | None:
    if not value:
        return None
    word = next((word for word in kind if word.value == value), None)
    if word is None:
        errors[field] = "Choose one from the list."
    return word


def read_choices(kind: type[W], values: Iterable[str], field: Word, errors: Errors) -> tuple[W, ...]:
    """The words chosen, each once, or none; an unknown one goes into `errors` at its field."""
    found = (_optional(kind, value, field, errors) for value in dict.fromkeys(values))
    return tuple(word for word in found if word is not None)


def _still_offered(chosen: Iterable[Word], off: Iterable[Word], field: Field, errors: Errors) -> None:
    """A manager may have switched a word off while the form was open."""
    gone = set(off).intersection(chosen)
    if gone:
        names = " and ".join(f"“{word.label}”" for word in chosen if word in gone)
        errors.setdefault(field, f"{names} is no longer offered here. Uncheck it.")


def _date(value: str | None, errors: Errors) -> date | None:
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        errors[Field.DATE] = "Choose the day the customer agreed to."
        return None


def _time(value: str | None, errors: Errors) -> time | None:
    try:
        return time.fromisoformat(value or "").replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        errors[Field.TIME] = "Choose the time the customer agreed to."
        return None
