"""What each section asks for, as a table: the field, its kind of input, and a hint. Drawn and read by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from slack_sdk.models.blocks import InputBlock, Option

from bot.slack.answers import Group
from bot.usecases.sheets import Value
from bot.views import inputs, read
from bot.views.read import Values
from cases.fields import WEEK, Field
from cases.languages import name as language_name
from cases.mrkdwn import inline, shorten
from cases.people import mention
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
    LANGUAGES = auto()
    DAYS = auto()


@dataclass(frozen=True)
class Ask:
    """One input of a section."""

    field: Field
    kind: Kind = Kind.LINE
    hint: str | None = None
    optional: bool = False
    most: int = 100


SAID_AT_MOST = 500
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


def _number(field: Field, hint: str | None = None) -> Ask:
    return Ask(field, hint=hint, most=NUMBERS_AT_MOST)


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
    Section.OFFER: (
        Ask(Field.REASONS_ON, Kind.REASONS),
        Ask(Field.STEPS_ON, Kind.STEPS),
        Ask(Field.LANGUAGES, Kind.LANGUAGES, "All others are found by typing."),
    ),
    Section.PROMISES: (
        _number(
            Field.WINDOW,
            "After the agreed time, before a call counts as overdue. Promises that were given keep theirs.",
        ),
        _number(Field.HORIZON),
        _number(
            Field.ATTEMPTS,
            "So many calls that reach nobody, then a manager decides. It counts for new cases.",
        ),
        _number(Field.SPACING, "The form proposes the next attempt so much later, within calling hours."),
        _number(Field.REPEAT_WITHIN, "The same number or reference within this time links two cases."),
    ),
    Section.LADDER: (
        Ask(Field.UNCLAIMED, hint="SMEs, then TLs, then managers, such as 3, 7, 15.", most=LIST_AT_MOST),
        Ask(
            Field.UNCLAIMED_WAITING,
            hint="While the customer is on the line, such as 1, 3, 5.",
            most=LIST_AT_MOST,
        ),
        _number(Field.UNCLAIMED_EVERY, "After the last of these steps, with no end."),
        _number(Field.HEADS_UP, "0 for none."),
        _number(Field.OVERDUE_MANAGERS, "After the window is over; owner and TLs are called at once."),
        _number(Field.OVERDUE_EVERY),
        _number(Field.OVERDUE_EVERY_AFTER, "With no end."),
        _number(Field.CALL_MAY_TAKE),
        _number(Field.SIGN_OFF_EVERY),
        _number(Field.BURST_OVER, "More that are due at once become one message."),
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
            hint="By the site's clock, such as 08:00; on Mondays with the weekly report. Empty: neither.",
            optional=True,
            most=NUMBERS_AT_MOST,
        ),
        _number(Field.HANDOVER_BEFORE),
        _number(Field.COACHING_DAYS, "For the direct superior, after a missed opportunity."),
        _number(Field.PATTERN_OF, "So many, and the superior and the managers hear of it."),
        _number(Field.PATTERN_WITHIN),
        _number(Field.RETENTION),
    ),
}


def drawn(ask: Ask, value: Value, groups: Groups) -> InputBlock:
    """The input of one ask, with what stands there."""
    return DRAW[ask.kind](ask, value, groups)


def read_form(section: Section, values: Values) -> dict[Field, Value]:
    """What a section's form says."""
    return {ask.field: READ[ask.kind](values, ask.field) for ask in ASKS[section]}


def said(ask: Ask, value: Value, groups: Groups) -> str:
    """A field's value within a sentence (mrkdwn)."""
    if not value:
        return "nothing"
    if isinstance(value, str):
        return f"“{inline(value, SAID_AT_MOST)}”"
    return shorten(", ".join(SAY[ask.kind](one, groups) for one in value), SAID_AT_MOST)


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
    return inputs.several_searched(ask.field, chosen, hint=ask.hint)


def _languages(ask: Ask, value: Value, _: Groups) -> InputBlock:
    chosen = [inputs.known(language_name(code), code) for code in _several(value)]
    return inputs.several_searched(ask.field, chosen, hint=ask.hint)


def _steps(ask: Ask, value: Value, _: Groups) -> InputBlock:
    steps = [inputs.option(step.label, step.value) for step in Step]
    return inputs.checkboxes(ask.field, steps, _several(value), optional=False)


def _days(ask: Ask, value: Value, _: Groups) -> InputBlock:
    days = [inputs.option(day.label, str(number)) for number, day in enumerate(WEEK)]
    return inputs.checkboxes(ask.field, days, _several(value), optional=False)


DRAW: dict[Kind, Callable[[Ask, Value, Groups], InputBlock]] = {
    Kind.LINE: _line,
    Kind.LINES: _lines,
    Kind.TIME: lambda ask, value, _: inputs.clock(ask.field, _text(value)),
    Kind.GROUPS: _groups,
    Kind.PEOPLE: lambda ask, value, _: inputs.people(ask.field, _several(value)),
    Kind.REASONS: lambda ask, value, _: inputs.several(ask.field, Reason, _several(value), most=len(Reason)),
    Kind.STEPS: _steps,
    Kind.LANGUAGES: _languages,
    Kind.DAYS: _days,
}

SAY: dict[Kind, Callable[[str, Groups], str]] = {
    Kind.GROUPS: lambda group, groups: inline(f"@{groups[group].handle}" if group in groups else group),
    Kind.PEOPLE: lambda user, _: mention(user),
    Kind.REASONS: lambda value, _: Reason(value).label,
    Kind.STEPS: lambda value, _: Step(value).label,
    Kind.LANGUAGES: lambda value, _: language_name(value),
    Kind.DAYS: lambda value, _: WEEK[int(value)].label,
}
"""One of several chosen, in words."""

READ: dict[Kind, Callable[[Values, Field], Any]] = {
    Kind.LINE: read.text,
    Kind.LINES: read.text,
    Kind.TIME: read.text,
    Kind.GROUPS: read.choices,
    Kind.PEOPLE: read.users,
    Kind.REASONS: read.choices,
    Kind.STEPS: read.choices,
    Kind.LANGUAGES: read.choices,
    Kind.DAYS: read.choices,
}
