"""The settings of time: promises and attempts, the ladder of reminders, the recurring posts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cases.fields import Field
from cases.program import Program
from cases.settings.checks import Mistakes
from cases.settings.typed import (
    read_clock,
    read_minutes,
    read_number,
    spoken_days,
    spoken_minutes,
    write_minutes,
    write_time,
)
from cases.text import clean

DAY = 24 * 60
NONE: tuple[int, ...] = ()

LADDER_LISTS = ((Field.UNCLAIMED, DAY), (Field.UNCLAIMED_WAITING, 120))
"""A list of minutes: its field, which is named as the ladder names it, and its greatest number."""

LADDER_NUMBERS = (
    (Field.UNCLAIMED_EVERY, 1, 240),
    (Field.HEADS_UP, 0, 240),
    (Field.OVERDUE_MANAGERS, 0, 60),
    (Field.OVERDUE_EVERY, 1, 60),
    (Field.OVERDUE_EVERY_AFTER, 1, 240),
    (Field.CALL_MAY_TAKE, 5, 240),
    (Field.SIGN_OFF_EVERY, 5, DAY),
    (Field.BURST_OVER, 1, 50),
)
"""A number: its field, which is named as the ladder names it, and its bounds."""


@dataclass(frozen=True)
class PromisesForm:
    """`window` and `spacing` in minutes, `horizon` and `repeat_within` in days."""

    window: str | None = None
    horizon: str | None = None
    attempts: str | None = None
    spacing: str | None = None
    repeat_within: str | None = None


@dataclass(frozen=True)
class LadderForm:
    unclaimed: str | None = None
    unclaimed_waiting: str | None = None
    unclaimed_every: str | None = None
    heads_up: str | None = None
    overdue_managers: str | None = None
    overdue_every: str | None = None
    overdue_every_after: str | None = None
    call_may_take: str | None = None
    sign_off_every: str | None = None
    burst_over: str | None = None


@dataclass(frozen=True)
class PostsForm:
    """`digest_at` is `HH:MM`, or nothing for no digest; `handover_before` in minutes, the others in days."""

    digest_at: str | None = None
    handover_before: str | None = None
    coaching_days: str | None = None
    pattern_of: str | None = None
    pattern_within: str | None = None
    retention: str | None = None


def promises_form(program: Program) -> PromisesForm:
    return PromisesForm(
        spoken_minutes(program.window),
        spoken_days(program.horizon),
        str(program.attempts),
        spoken_minutes(program.spacing),
        spoken_days(program.repeat_within),
    )


def read_promises(form: PromisesForm, program: Program) -> Program:
    """Window, horizon, attempts; raises FieldErrors."""
    found = Mistakes()
    window = found.read(Field.WINDOW, read_number, form.window, 1, 240, "minutes", instead=1)
    horizon = found.read(Field.HORIZON, read_number, form.horizon, 1, 60, "days", instead=60)
    attempts = found.read(Field.ATTEMPTS, read_number, form.attempts, 1, 10, instead=1)
    spacing = found.read(Field.SPACING, read_number, form.spacing, 5, 7 * DAY, "minutes", instead=5)
    within = found.read(Field.REPEAT_WITHIN, read_number, form.repeat_within, 1, 90, "days", instead=1)
    if spacing > horizon * DAY:
        found.add(
            Field.SPACING,
            f"The next attempt would lie beyond the {horizon} days that a promise may be ahead. Enter fewer minutes.",
        )
    found.none_or_raise()
    return replace(
        program,
        window=timedelta(minutes=window),
        horizon=timedelta(days=horizon),
        attempts=attempts,
        spacing=timedelta(minutes=spacing),
        repeat_within=timedelta(days=within),
    )


def ladder_form(program: Program) -> LadderForm:
    ladder = program.ladder
    lists = {field.value: write_minutes(getattr(ladder, field.value)) for field, _ in LADDER_LISTS}
    numbers = {field.value: str(getattr(ladder, field.value)) for field, *_ in LADDER_NUMBERS}
    return LadderForm(**lists, **numbers)


def read_ladder(form: LadderForm, program: Program) -> Program:
    """When the bot speaks up by itself; raises FieldErrors."""
    found = Mistakes()
    ladder: dict[str, Any] = {}
    for field, most in LADDER_LISTS:
        ladder[field.value] = found.read(field, read_minutes, getattr(form, field.value), most, instead=NONE)
    for field, least, most in LADDER_NUMBERS:
        typed = getattr(form, field.value)
        ladder[field.value] = found.read(field, read_number, typed, least, most, "", instead=least)
    found.none_or_raise()
    return replace(program, ladder=replace(program.ladder, **ladder))


def posts_form(program: Program) -> PostsForm:
    return PostsForm(
        write_time(program.digest_at) if program.digest_at else None,
        spoken_minutes(program.handover_before),
        str(program.coaching_days),
        str(program.pattern_of),
        spoken_days(program.pattern_within),
        spoken_days(program.retention),
    )


def read_posts(form: PostsForm, program: Program) -> Program:
    """Digest, handover, coaching, and how long closed cases are kept; raises FieldErrors."""
    found = Mistakes()
    sentence = "Enter a time such as 08:00, or leave it empty for no digest."
    digest = (
        found.read(Field.DIGEST_AT, read_clock, form.digest_at, sentence, instead=None)
        if clean(form.digest_at)
        else None
    )
    before = found.read(
        Field.HANDOVER_BEFORE, read_number, form.handover_before, 1, 120, "minutes", instead=1
    )
    coaching = found.read(Field.COACHING_DAYS, read_number, form.coaching_days, 1, 30, "days", instead=1)
    pattern_of = found.read(Field.PATTERN_OF, read_number, form.pattern_of, 2, 50, instead=2)
    within = found.read(Field.PATTERN_WITHIN, read_number, form.pattern_within, 1, 365, "days", instead=1)
    retention = found.read(Field.RETENTION, read_number, form.retention, 30, 3650, "days", instead=30)
    found.none_or_raise()
    return replace(
        program,
        digest_at=digest,
        handover_before=timedelta(minutes=before),
        coaching_days=coaching,
        pattern_of=pattern_of,
        pattern_within=timedelta(days=within),
        retention=timedelta(days=retention),
    )
