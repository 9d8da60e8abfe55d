"""What the commands answer, only to who asked: lists of callbacks, one case with its history, help and tips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.usecases.links import LinkedCase
from bot.views import blocks
from bot.views.message import Message
from bot.views.standing import customer, title, used
from bot.views.times import moment, wall_clock
from cases.case import Case
from cases.mrkdwn import escape, inline
from cases.people import mention
from cases.program import Program
from cases.times import spoken
from cases.words import COACHING, Step

LISTED_AT_MOST = 20
CUSTOMER_AT_MOST = 60

HEADINGS = {
    "mine": "Your cases",
    "due": "Due within the hour",
    "overdue": "Overdue",
    "all": "All open cases",
}

COMMANDS = (
    "`/escalate` raises a case while the customer is on the line. `/escalate Jane Doe +1 212 555 0123` fills "
    "in the first two fields. On a message: *⋮ → Escalate this*.",
    "`/callbacks` lists your cases. `/callbacks due`, `overdue` or `all` lists everybody's.",
    "`/askdesk` shows this help. `/askdesk show 42` shows case 42 and its history. `/askdesk tips` lists the ten "
    "de-escalation steps with a tip for each. `/askdesk report` is for SMEs, TLs and managers: `today`, `week`, `last "
    "month`, `2026-11-02..2026-11-08`, each also `by reason`, `scenario`, `department`, `team`, `day`, `hour` or `agent`. "
    "`/askdesk settings` is for managers.",
)
"""What each command does, in a line."""

NOTHING = {
    "mine": "You have no open cases. `/callbacks all` lists everybody's.",
    "due": "Nothing is due within the hour.",
    "overdue": "Nothing is overdue. Every promise is on time.",
    "all": "No open cases. All customers have been called back.",
}


def callbacks(cases: Sequence[LinkedCase], which: str, now: datetime) -> Message:
    """The cases, overdue first, then the soonest call; `which` is the word after `/callbacks`, else `mine`."""
    which = which or "mine"
    if not cases:
        nothing = NOTHING.get(which, "No case matches.")
        return blocks.message(nothing, [blocks.section(nothing)])
    name = HEADINGS.get(which, "Cases")
    plain = [f"{title(linked.case)}, {_when_plain(linked.case)}" for linked in _first(cases, now)]
    return blocks.message(
        f"{name}: {len(cases)}. {'; '.join(plain)}", blocks.packed(listed(name, cases, now))
    )


def listed(name: str, cases: Sequence[LinkedCase], now: datetime) -> list[str]:
    """A list's lines: its name with how many there are, the first cases with their links, and how many more."""
    shown = entries(cases, now)[:LISTED_AT_MOST]
    rest = len(cases) - len(shown)
    more = [f"… and {rest} more."] if rest else []
    return [f"*{name}*: {len(cases)}", *shown, *more]


def entries(cases: Sequence[LinkedCase], now: datetime) -> list[str]:
    """A line for each case, in the order in which they are to be read."""
    return [entry(linked, now) for linked in in_order(cases, now)]


def help_(program: Program) -> Message:
    """What one can type here, and how a case goes."""
    name = inline(program.name, 100)
    lines = [
        f"*Askdesk keeps the callback promises of {name}*, here in <#{program.channel}> and nowhere else.",
        *COMMANDS,
    ]
    course = (
        "An SME/TL claims the case, calls at the agreed time and logs the outcome, all with the buttons on its card. "
        "Until then, Askdesk sends reminders, louder each time. Nobody can decline a case."
    )
    plain = " ".join(lines)
    return blocks.message(plain, [*blocks.packed(lines), blocks.context(course)])


def tips() -> Message:
    """The ten de-escalation steps, each with its line of coaching."""
    lines = tips_lines()
    return blocks.message(_unbold(lines), blocks.packed(lines))


def tips_lines() -> list[str]:
    """The same as lines, for App Home."""
    steps = (
        f"{place}. *{step.label}* · {escape(COACHING[step])}" for place, step in enumerate(Step, start=1)
    )
    return ["*Ten ways to calm a call*", *steps]


def _first(cases: Sequence[LinkedCase], now: datetime) -> list[LinkedCase]:
    """What a list shows."""
    return in_order(cases, now)[:LISTED_AT_MOST]


def in_order(cases: Sequence[LinkedCase], now: datetime) -> list[LinkedCase]:
    """The overdue first, then by the time when somebody has to act."""
    return sorted(cases, key=lambda linked: _urgency(linked.case, now))


def _urgency(case: Case, now: datetime) -> tuple[bool, datetime, int]:
    """By when somebody has to act: the agreed time, or since when a manager is asked."""
    on_time = case.callback is None or not case.callback.is_overdue(now)
    due = case.callback.due_at if case.callback else case.unanswered_since or case.closed_at or case.raised_at
    return on_time, due, case.number


def entry(linked: LinkedCase, now: datetime) -> str:
    """A case in a line: its name with the link to its card, how it stands, when the call is, who has it."""
    case = linked.case
    called = f"Case {case.number} · {inline(customer(case), CUSTOMER_AT_MOST)}"
    name = f"<{linked.permalink}|{called}>" if linked.permalink else f"*{called}*"
    free = f"*nobody has claimed it* for {spoken(now - case.free_since)}"
    who = f"with {mention(case.owner)}" if case.owner else free
    return " · ".join(["• " + name, *_state(case, now), who])


def _state(case: Case, now: datetime) -> Iterator[str]:
    callback = case.callback
    if callback is None:
        yield f":hourglass: a manager decides, {used(case)}" if case.awaits_sign_off else "closed"
        return
    if callback.is_overdue(now):
        yield f":red_circle: *overdue*, was due {spoken(now - callback.due_at)} ago"
    elif case.waiting:
        yield ":rotating_light: waiting on the line"
    yield moment(callback.due_at, callback.zone)


def _when_plain(case: Case) -> str:
    if case.callback is None:
        return "a manager decides" if case.awaits_sign_off else "closed"
    return wall_clock(case.callback.due_at, case.callback.zone)


def _unbold(lines: Sequence[str]) -> str:
    return " ".join(lines).replace("*", "")
