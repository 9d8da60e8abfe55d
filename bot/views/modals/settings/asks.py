"""What each section asks for, as a table: the field, its kind of input, and a hint. Drawn and read by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from slack_sdk.models.blocks import InputBlock, Option

from bot.desk_settings import Value
from bot.groups import Group
from bot.views import inputs, read
from bot.views.read import Values
from cases.fields import WEEK, Field
from cases.settings import Section
from cases.words import Reason, Step

Groups = Mapping[str, Group]
"""The workspace's user groups, by their ids."""


class Kind(Enum):
    """How a field is asked."""

    LINE = auto()
    LINES = auto()
    TIME = auto()
    GROUPS = auto()
    PEOPLE = auto()
    REASONS = auto()
    STEPS = auto()
    DAYS = auto()


@dataclass(frozen=True)
class Ask:
    """One input of a section."""

    field: Field
    kind: Kind = Kind.LINE
    hint: str | None = None
    optional: bool = False
    most: int = 100


NUMBERS_AT_MOST = 20
LIST_AT_MOST = 100

WHO = (
    Ask(Field.SME_GROUPS, Kind.GROUPS, "They hear first of a case that nobody has claimed."),
    Ask(Field.SME_USERS, Kind.PEOPLE),
    Ask(Field.TL_GROUPS, Kind.GROUPS, "Reminders climb to them next."),
    Ask(Field.TL_USERS, Kind.PEOPLE),
    Ask(Field.MANAGER_GROUPS, Kind.GROUPS, "The last step of every reminder; they sign off and edit this."),
    Ask(Field.MANAGER_USERS, Kind.PEOPLE),
)


def _numbers(*fields: Field) -> tuple[Ask, ...]:
    return tuple(Ask(field, most=NUMBERS_AT_MOST) for field in fields)


ASKS: dict[Section, tuple[Ask, ...]] = {
    Section.NAMES: (
        Ask(Field.PROGRAM_NAME, hint="What people call the program, such as Billing."),
        Ask(Field.SITE_ZONE, hint="Where your people work, by its IANA name, such as Asia/Manila."),
        Ask(Field.CUSTOMER_ZONE, hint="Where most customers are, such as America/New_York."),
        Ask(
            Field.PHONE_REGION,
            hint="Of numbers without a country code, as two letters, such as US.",
            most=NUMBERS_AT_MOST,
        ),
    ),
    Section.PEOPLE: WHO,
    Section.DEPARTMENTS: (
        Ask(Field.DEPARTMENT_NAME, hint="What agents choose in the form, such as IT."),
        Ask(Field.GROUPS, Kind.GROUPS, "Who hears of the cases that are sent there."),
        Ask(Field.USERS, Kind.PEOPLE),
    ),
    Section.OFFER: (Ask(Field.REASONS_ON, Kind.REASONS), Ask(Field.STEPS_ON, Kind.STEPS)),
    Section.PROMISES: (
        Ask(
            Field.WINDOW,
            hint="After the agreed time, before a call counts as overdue. Promises that were given keep theirs.",
            most=NUMBERS_AT_MOST,
        ),
        *_numbers(Field.HORIZON),
        Ask(
            Field.ATTEMPTS,
            hint="So often nobody is reached before a manager decides. Of new cases.",
            most=NUMBERS_AT_MOST,
        ),
        *_numbers(Field.SPACING),
        Ask(
            Field.REPEAT_WITHIN,
            hint="The same number or reference within this time links two cases.",
            most=NUMBERS_AT_MOST,
        ),
    ),
    Section.LADDER: (
        Ask(Field.UNCLAIMED, hint="SMEs, then TLs, then managers, such as 3, 7, 15.", most=LIST_AT_MOST),
        Ask(Field.UNCLAIMED_WAITING, hint="While the customer is on the line: 1, 3, 5.", most=LIST_AT_MOST),
        *_numbers(
            *(Field.UNCLAIMED_EVERY, Field.HEADS_UP, Field.OVERDUE_MANAGERS, Field.OVERDUE_EVERY),
            *(Field.OVERDUE_EVERY_AFTER, Field.CALL_MAY_TAKE, Field.SIGN_OFF_EVERY, Field.BURST_OVER),
        ),
    ),
    Section.HOURS: (
        Ask(WEEK[0], hint="By the customer's clock, such as 08:00–21:00, or: closed."),
        *(Ask(day) for day in WEEK[1:]),
        Ask(
            Field.HOLIDAY_COUNTRY,
            hint="No calls on its public holidays: two letters, such as US. Empty for none.",
            optional=True,
            most=NUMBERS_AT_MOST,
        ),
        Ask(Field.OWN_DAYS, Kind.LINES, "One a line, such as: 2026-12-24 Company day.", optional=True),
    ),
    Section.SHIFTS: (
        Ask(Field.SHIFT_NAME, hint="Such as Night."),
        Ask(Field.SHIFT_DAYS, Kind.DAYS),
        Ask(Field.SHIFT_BEGINS, Kind.TIME),
        Ask(Field.SHIFT_ENDS, Kind.TIME),
        Ask(Field.GROUPS, Kind.GROUPS, "Who works it. Nobody named: everybody."),
        Ask(Field.USERS, Kind.PEOPLE),
    ),
    Section.POSTS: (
        Ask(
            Field.DIGEST_AT,
            hint="By the site's clock, such as 08:00. Empty: no digest.",
            optional=True,
            most=NUMBERS_AT_MOST,
        ),
        *_numbers(Field.HANDOVER_BEFORE, Field.COACHING_DAYS, Field.RETENTION),
    ),
}


def drawn(ask: Ask, value: Value, groups: Groups) -> InputBlock:
    """The input of one ask, with what stands there."""
    return DRAW[ask.kind](ask, value, groups)


def read_form(section: Section, values: Values) -> dict[Field, Value]:
    """What a section's form says."""
    return {ask.field: READ[ask.kind](values, ask.field) for ask in ASKS[section]}


def group_option(group: str, known: Group | None) -> Option:
    """A user group as a menu offers it; by its id where Slack did not tell more."""
    return inputs.option(f"@{known.handle} · {known.name}" if known else group, group)


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _several(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _line(ask: Ask, value: Value, _: Groups) -> InputBlock:
    return inputs.line(ask.field, _text(value), most=ask.most, optional=ask.optional, hint=ask.hint)


def _lines(ask: Ask, value: Value, _: Groups) -> InputBlock:
    return inputs.paragraph(ask.field, _text(value), optional=ask.optional, hint=ask.hint)


def _groups(ask: Ask, value: Value, groups: Groups) -> InputBlock:
    chosen = [group_option(group, groups.get(group)) for group in _several(value)]
    return inputs.user_groups(ask.field, chosen, hint=ask.hint)


def _steps(ask: Ask, value: Value, _: Groups) -> InputBlock:
    return inputs.checkboxes(
        ask.field, [inputs.option(step.label, step.value) for step in Step], _several(value)
    )


def _days(ask: Ask, value: Value, _: Groups) -> InputBlock:
    days = [inputs.option(day.label, str(number)) for number, day in enumerate(WEEK)]
    return inputs.checkboxes(ask.field, days, _several(value))


DRAW: dict[Kind, Callable[[Ask, Value, Groups], InputBlock]] = {
    Kind.LINE: _line,
    Kind.LINES: _lines,
    Kind.TIME: lambda ask, value, _: inputs.clock(ask.field, _text(value)),
    Kind.GROUPS: _groups,
    Kind.PEOPLE: lambda ask, value, _: inputs.people(ask.field, _several(value)),
    Kind.REASONS: lambda ask, value, _: inputs.several(ask.field, Reason, _several(value), most=len(Reason)),
    Kind.STEPS: _steps,
    Kind.DAYS: _days,
}

READ: dict[Kind, Callable[[Values, Field], Any]] = {
    Kind.LINE: read.text,
    Kind.LINES: read.text,
    Kind.TIME: read.text,
    Kind.GROUPS: read.choices,
    Kind.PEOPLE: read.users,
    Kind.REASONS: read.choices,
    Kind.STEPS: read.choices,
    Kind.DAYS: read.choices,
}
