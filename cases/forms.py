"""Checks every form's fields: what people typed and chose in; values out, or one sentence per field.

The forms hold text as Slack returns it (dates as `YYYY-MM-DD`, times as `HH:MM`, choices by value); zones are IANA
names, resulting instants are UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self, TypeVar

from cases import times
from cases.case import Case, Closing, Details, Escalation
from cases.close_form import Question
from cases.contact import Contact, NotAContact, read_contact, zones_of
from cases.errors import FieldErrors
from cases.fields import Field
from cases.hours import Closed, next_free, open_at
from cases.languages import read_language
from cases.masking import is_masked
from cases.program import Program
from cases.text import CARD_REFUSED, NotTyped, clean, holds_card_number, read_free_text
from cases.times import clock_and_day, instant, place, round_up, skipped, wall, zone_exists
from cases.words import (
    ContactKind,
    Customer,
    Disposition,
    Early,
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
"""The zone choice that means: the number's own zone, otherwise the program's."""

WHY_EARLY = "Say why the call comes before the agreed time."
DETAILS_LIMITS = (20, 1000)
TEXT_AT_MOST = 3000
FOLLOW_UP_WITHIN = timedelta(days=366)

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
    """The sentence for a time outside calling hours, and what the form proposes instead. `agreed` is what was entered,
    `free` the next free time, both on the customer's clock.
    """

    __slots__ = ("agreed", "closed", "free", "zone")

    def __new__(cls, closed: Closed, agreed: datetime, free: datetime, zone: str) -> Self:
        proposed = clock_and_day(free, zone)
        sentence = str.__new__(
            cls,
            f"{closed} Choose {proposed}, the next free time, or tick “Customer asked for this time”.",
        )
        sentence.zone = zone
        sentence.closed, sentence.agreed, sentence.free = closed, agreed, free
        return sentence

    closed: Closed
    zone: str
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

    @property
    def is_settled(self) -> bool:
        """Whether the customer let the agent resolve it: then nobody is called."""
        return self.customer_is == Customer.SETTLED


@dataclass(frozen=True)
class DetailsForm:
    """The *Correct details* form as entered."""

    customer: str | None = None
    contact: str | None = None
    zone: str | None = None
    reference: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Clock:
    """Whose clock the date and time of an `/escalate` form are on, as an IANA zone.

    `told` is what the number tells (the first of several zones), else the program's. `asks`: the agent has to choose, because
    the number's country has several, or another one than the date and time were entered for.
    """

    zone: str
    told: str
    asks: bool = False


@dataclass(frozen=True)
class CloseForm:
    """The close form as entered; `when` is the follow-up of *partly resolved*, `follow_up_date` that of a customer who was
    left unsatisfied.
    """

    outcome: str | None = None
    answers: Mapping[Question, str | None] = field(default_factory=lambda: dict.fromkeys(Question))
    when: PromiseForm = PromiseForm()
    follow_up_date: str | None = None


def read_escalation(
    form: EscalationForm,
    program: Program,
    raiser: str,
    known_superior: str | None,
    now: datetime,
    may_lead: Callable[[str], bool] = lambda user: True,
) -> Escalation:
    """The form, validated; raises FieldErrors with all mistakes.

    `known_superior` is the roster's. If it knows none, the form asks; the answer may be neither the agent nor somebody
    who can't be a superior (`may_lead`).
    """
    errors: Errors = {}
    customer = _customer(form.customer, errors)
    contact = _contact(form.contact, program.phone_region, Field.CONTACT, errors)
    waiting = read_choice(Customer, form.customer_is, Field.CUSTOMER_IS, errors) is Customer.WAITING
    at_once = waiting or form.is_settled
    zone = _zone(form.when.zone, contact, program, errors, guess=at_once)
    when = _now(zone, now) if at_once else read_promise(form.when, zone, program, now, errors)
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
    if form.is_settled:
        not_attempted = None
    elif not steps and not_attempted is None:
        errors.setdefault(Field.STEPS, "Choose what you tried, or below why nothing could be attempted.")
    if steps and not_attempted is not None:
        errors.setdefault(Field.NOT_ATTEMPTED, "You also chose what you tried, above. Clear one of the two.")
    least, most = DETAILS_LIMITS
    details = read_written(
        form.details,
        Field.DETAILS,
        errors,
        least,
        most,
        f"Write {least} to {most:,} characters: the person who calls knows only this.",
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
    reference = _reference(form.reference, errors)
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


def clock(form: EscalationForm, program: Program, before: Clock | None, *, touched: bool) -> Clock:
    """The clock that counts now; `before`, the one that the form was drawn for, stays under a date and time that were
    entered (`touched`) until the agent says otherwise.
    """
    contact, default = contact_so_far(form.contact, program), program.customer_timezone
    zones = zones_of(contact) if contact else ()
    chosen = form.when.zone if zone_exists(form.when.zone or "") else None
    if not zones:
        before = before or Clock(default, default)
        return Clock(chosen or before.zone, before.told)
    tells = number_zone(contact, default)
    told = tells or zones[0]
    if chosen and (before is None or told in (before.told, chosen)):
        return Clock(chosen, told)
    if before is not None and (chosen or (touched and told != before.zone)):
        return Clock(before.zone, told, asks=True)
    return Clock(tells or default, told, asks=tells is None)


def contact_so_far(value: str | None, program: Program) -> Contact | None:
    """The contact as entered so far; if it isn't one yet, the agent is told when the form is sent."""
    try:
        return read_contact(clean(value), program.phone_region)
    except NotAContact:
        return None


def read_when(
    form: PromiseForm, zone: str, program: Program, now: datetime, wanted_by: str | None = WantedBy.CUSTOMER
) -> Promise:
    """A new time on its own (reschedule, next attempt, follow-up); raises FieldErrors. `zone` counts if none was chosen."""
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
    """Date and time in `zone`; puts mistakes into `errors` at their fields and then returns None.

    The time must be in the future and within the program's horizon, or no later than what a form would propose if calls
    are closed for that long; outside calling hours or on a holiday, only if the customer asked for it (docs/policy.md,
    *The callback time*).
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
    # Dates too far away have no instant: the calendar ends with the years 1 and 9999.
    due = instant(day, at, zone) if local_now.date() <= day <= last.date() else None
    if day < local_now.date() or (due is not None and due <= now):
        field = Field.DATE if day < local_now.date() else Field.TIME
        errors[field] = (
            f"This time has passed: it is {clock_and_day(now, zone)} in {place(zone)}. Choose a later one."
        )
        return None
    if due is None or due > latest:
        errors[Field.DATE] = f"Choose a time up to {clock_and_day(latest, zone)}."
        return None
    shown = wall(due, zone)
    closed = None if form.asked_for_time else open_at(due, zone, program)
    if closed is not None:
        free = next_free(due, zone, program)
        free = free if free <= latest else soonest  # what is proposed must be valid
        field = Field.DATE if closed.whole_day else Field.TIME
        errors[field] = OutsideHours(closed, shown, wall(free, zone), zone)
        return None
    if skipped(day, at, zone) and not form.asked_for_time:
        gone, instead = times.clock(at, zone), times.clock(shown, zone)
        errors[Field.TIME] = (
            f"Clocks go forward that night: {gone} does not exist. Choose {instead} or another time."
        )
        return None
    return Promise(due, zone, asked_for_time=form.asked_for_time)


def outside_hours(form: PromiseForm, zone: str, program: Program, now: datetime) -> OutsideHours | None:
    """Why no calls are made at the time entered, and when the next are; None where they are, or it is wrong otherwise."""
    errors: Errors = {}
    if form.date and form.time:
        read_promise(form, zone, program, now, errors)
    return next((one for one in errors.values() if isinstance(one, OutsideHours)), None)


def proposed_time(program: Program, zone: str, now: datetime) -> datetime:
    """The proposed time of the next attempt: the program's spacing from now, inside calling hours (UTC)."""
    return next_free(now + program.spacing, zone, program)


def first_time(program: Program, zone: str, now: datetime) -> datetime:
    """The form's initial time: about half an hour from now, on a quarter of an hour, inside calling hours (UTC)."""
    soon = round_up(wall(now + timedelta(minutes=30), zone), 15)
    return next_free(soon, zone, program)


def read_closing(
    form: CloseForm, zone: str, program: Program, now: datetime
) -> tuple[Closing, Promise | None]:
    """The close form, validated, and the follow-up if it is partly resolved; raises FieldErrors."""
    errors: Errors = {}
    outcome = read_choice(Outcome, form.outcome, Field.OUTCOME, errors)
    if outcome is not None and not outcome.is_of_a_call:
        errors[Field.OUTCOME] = f"“{outcome.label}” is not how a call ends. Choose another outcome."
    closing = _closing(form, outcome or Outcome.RESOLVED, errors)
    follow_up = None
    if outcome is Outcome.PARTLY:
        chosen = form.when.zone if form.when.zone not in (None, "", AUTO_ZONE) else zone
        follow_up = read_promise(form.when, chosen, program, now, errors)
    if errors:
        raise FieldErrors(errors)
    return closing, follow_up


def read_sign_off(form: CloseForm) -> Closing:
    """The close form that a manager fills in for a customer whom nobody reached; raises FieldErrors."""
    errors: Errors = {}
    closing = _closing(form, Outcome.UNREACHABLE, errors)
    if errors:
        raise FieldErrors(errors)
    return closing


def read_follow_up(form: CloseForm, program: Program, now: datetime) -> datetime | None:
    """When a manager follows up, at this time of the chosen day (UTC): people are at work then. None where no day was chosen.

    Raises FieldErrors.
    """
    errors: Errors = {}
    day = read_day(form.follow_up_date, program, now, errors)
    if errors:
        raise FieldErrors(errors)
    return None if day is None else instant(day, wall(now, program.timezone).time(), program.timezone)


def read_day(value: str | None, program: Program, now: datetime, errors: Errors) -> date | None:
    """The site's day of a follow-up; what is wrong goes into `errors` at its field."""
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        errors[Field.FOLLOW_UP_DATE] = "Choose a day."
        return None
    today = wall(now, program.timezone).date()
    if not today <= day <= today + FOLLOW_UP_WITHIN:
        errors[Field.FOLLOW_UP_DATE] = "Choose today or a day within the next year."
    return day


def read_disposition(value: str | None) -> Disposition:
    """The disposition chosen; raises FieldErrors."""
    errors: Errors = {}
    disposition = read_choice(Disposition, value, Field.DISPOSITION, errors)
    if disposition is None:
        raise FieldErrors(errors)
    return disposition


def read_early(value: str | None) -> Early | None:
    """Why a call comes before the agreed time, or None where it was not asked or said; raises FieldErrors."""
    errors: Errors = {}
    early = _optional(Early, value, Field.EARLY, errors)
    if errors:
        raise FieldErrors(errors)
    return early


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
    """Another contact for the same customer, or None to keep it; raises FieldErrors."""
    if not clean(value):
        return None
    errors: Errors = {}
    contact = _contact(value, region, Field.CONTACT, errors)
    if errors:
        raise FieldErrors(errors)
    return contact


def read_details(form: DetailsForm, case: Case, program: Program) -> Details:
    """What is known of the customer, as it was entered over what is known now; raises FieldErrors.

    A text that was not shown because there is a number in it, and a contact, which never is, stay as they are if nothing
    was entered.
    """
    errors: Errors = {}
    now = case.details
    keeps_customer = not clean(form.customer) and is_masked(now.customer, case)
    customer = now.customer if keeps_customer else _customer(form.customer, errors)
    keeps_reference = not clean(form.reference) and is_masked(now.reference, case, reference=True)
    reference = now.reference if keeps_reference else _reference(form.reference, errors)
    contact = now.contact
    if clean(form.contact):
        contact = _contact(form.contact, program.phone_region, Field.CONTACT, errors) or contact
    zone = now.zone
    if asks_zone(case):
        zone = _zone_of(form.zone, contact if contact != now.contact else None, zone, errors)
    language = _language(form.language, errors)
    if errors:
        raise FieldErrors(errors)
    return Details(customer, contact, zone, reference, language)


def asks_zone(case: Case) -> bool:
    """Whether *Correct details* asks for the time zone: during a call, its outcome asks for it."""
    return case.call is None and not case.waiting


def read_right_contact(
    value: str | None, zone: str | None, case: Case, region: str
) -> tuple[Contact | None, str]:
    """The right contact in place of a wrong one, or None if nobody knows it, and the customer's zone; raises FieldErrors."""
    errors: Errors = {}
    contact = _contact(value, region, Field.RIGHT_CONTACT, errors) if clean(value) else None
    if contact == case.reach:
        errors[Field.RIGHT_CONTACT] = (
            "This is the number that was wrong. Enter the right one, or leave it empty."
        )
    known = _zone_of(zone, contact, case.zone, errors)
    if errors:
        raise FieldErrors(errors)
    return contact, known


def _zone_of(chosen: str | None, contact: Contact | None, known: str, errors: Errors) -> str:
    """The chosen zone, otherwise the known one. If a new number is elsewhere, somebody has to choose."""
    if chosen and chosen != AUTO_ZONE:
        if not zone_exists(chosen):
            errors[Field.ZONE] = "Choose a time zone from the list."
        return chosen
    zones = zones_of(contact) if contact else ()
    if zones and known not in zones:
        errors[Field.ZONE] = f"The new number is not in {place(known)}. Choose the customer's time zone."
    return known


def number_zone(contact: Contact | None, program_zone: str) -> str | None:
    """The zone that a number tells: its only one, or the program's if the number's area includes that one."""
    if contact is None or contact.kind is ContactKind.EMAIL:
        return None
    zones = zones_of(contact)
    if program_zone in zones:
        return program_zone
    return zones[0] if len(zones) == 1 else None


def _zone(
    chosen: str | None, contact: Contact | None, program: Program, errors: Errors, *, guess: bool
) -> str | None:
    """The chosen zone, otherwise the number's, otherwise the program's. Never guesses among several zones."""
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
    if zone is None and (guess or not zones_of(contact)):
        return program.customer_timezone
    if zone is None:
        errors[Field.ZONE] = "This number's country has several time zones: ask the customer and choose one."
    return zone


def _now(zone: str | None, now: datetime) -> Promise | None:
    return None if zone is None else Promise(now, zone)


def _customer(value: str | None, errors: Errors) -> str:
    return read_written(
        value, Field.CUSTOMER, errors, 1, 80, "Enter the customer's name or account reference."
    )


def _reference(value: str | None, errors: Errors) -> str:
    return read_written(value, Field.REFERENCE, errors, 0, 80, "Keep it to 80 characters.")


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
    """What every close form contains besides its outcome."""
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
    """A text within its limits; if it is too short or long, puts `sentence` into `errors` at its field."""
    try:
        return read_free_text(value, least, most, sentence)
    except NotTyped as problem:
        errors[field] = str(problem)
        return ""


def _language(value: str | None, errors: Errors) -> str:
    """A language's code; a form opened before there was a list may still send its name."""
    text = clean(value)
    code = read_language(text) if text else ""
    if code is None:
        errors[Field.LANGUAGE] = "Choose a language from the list, or leave it empty."
    return code or ""


def read_choice(kind: type[W], value: str | None, field: Word, errors: Errors) -> W | None:
    """The word chosen; if there is none, puts that into `errors` at its field."""
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
