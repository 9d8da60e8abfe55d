"""What commands answer, only to the person who asked: lists of callbacks, a case with its history, help and tips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.usecases.links import LinkedCase
from bot.views import blocks
from bot.views.message import Message
from bot.views.playbook import instead
from bot.views.standing import customer, title, used
from bot.views.times import moment, reader_time, wall_clock
from cases.case import Case
from cases.mrkdwn import escape, inline
from cases.people import mention
from cases.playbook import AVOID, CALLERS, HOW, Topic
from cases.program import Program
from cases.standing import ON_THE_PHONE, Standing, standing, urgency
from cases.times import spoken
from cases.words import Step

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
    "`/askdesk` shows this help. `/askdesk show 42` shows case 42 and its history. `/askdesk tips` says how to "
    "calm a call and which words to avoid. `/askdesk report` is for SMEs, TLs and managers: `today`, `week`, `last "
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


def callbacks(cases: Sequence[LinkedCase], which: str, program: Program, now: datetime) -> Message:
    """The cases, the most urgent first; `which` is the word after `/callbacks`, else `mine`."""
    which = which or "mine"
    if not cases:
        nothing = NOTHING.get(which, "No case matches.")
        return blocks.message(nothing, [blocks.section(nothing)])
    name = HEADINGS.get(which, "Cases")
    shown = in_order(cases, program, now)[:LISTED_AT_MOST]
    plain = [f"{title(linked.case)}, {_when_plain(linked.case)}" for linked in shown]
    return blocks.message(
        f"{name}: {len(cases)}. {'; '.join(plain)}", blocks.packed(listed(name, cases, program, now))
    )


def listed(name: str, cases: Sequence[LinkedCase], program: Program, now: datetime) -> list[str]:
    """A list's lines: its name and length, the first cases with their links, and how many more."""
    shown = entries(cases, program, now)[:LISTED_AT_MOST]
    rest = len(cases) - len(shown)
    more = [f"… and {rest} more."] if rest else []
    return [f"*{name}*: {len(cases)}", *shown, *more]


def entries(cases: Sequence[LinkedCase], program: Program, now: datetime) -> list[str]:
    """A line for each case, in reading order."""
    return [entry(linked, program, now) for linked in in_order(cases, program, now)]


def help_(program: Program) -> Message:
    """What you can type here, and how a case goes."""
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


def tips(*, calls_back: bool) -> Message:
    """How each de-escalation step is done and which words to avoid; for those who call back, words for hard calls, too."""
    lines = [*tips_lines(), "*Say this instead*", *map(instead, AVOID)]
    if calls_back:
        lines += ["*When you call back*", *map(_hard_call, CALLERS.values())]
    return blocks.message(_unbold(lines), blocks.packed(lines))


def tips_lines() -> list[str]:
    """The ten de-escalation steps, also for App Home."""
    steps = (f"{place}. *{step.label}* · {escape(HOW[step])}" for place, step in enumerate(Step, start=1))
    return ["*Ten ways to calm a call*", *steps]


def _hard_call(topic: Topic) -> str:
    said = " ".join(f"“{escape(line)}”" for line in topic.say)
    return f"• *{topic.title}* · {' '.join(filter(None, [said, escape(topic.do)]))}"


def in_order(cases: Sequence[LinkedCase], program: Program, now: datetime) -> list[LinkedCase]:
    """The most urgent first."""
    return sorted(cases, key=lambda linked: urgency(linked.case, program, now))


def entry(linked: LinkedCase, program: Program, now: datetime) -> str:
    """A case in a line: its name with the link to its card, how it stands, when the call is, who has it."""
    case = linked.case
    called = f"Case {case.number} · {inline(customer(case), CUSTOMER_AT_MOST)}"
    name = f"<{linked.permalink}|{called}>" if linked.permalink else f"*{called}*"
    free = f"*nobody has claimed it* for {spoken(now - case.free_since)}"
    who = f"with {mention(case.owner)}" if case.owner else free
    return " · ".join(["• " + name, *_state(case, program, now), who])


def _state(case: Case, program: Program, now: datetime) -> Iterator[str]:
    callback, stands = case.callback, standing(case, program, now)
    if callback is None:
        yield f":hourglass: a manager decides, {used(case)}" if stands is Standing.DECISION else "closed"
        return
    if stands in ON_THE_PHONE and case.call is not None:
        yield f":telephone_receiver: *on the phone* since {reader_time(case.call.started_at)}"
    elif stands is Standing.OVERDUE:
        yield f":red_circle: *overdue*, was due {spoken(now - callback.due_at)} ago"
    elif stands is Standing.WAITING:
        yield f":rotating_light: *on hold* for {spoken(now - callback.due_at)}"
        return
    elif stands is Standing.DUE:
        yield ":telephone_receiver: *due now*"
    yield moment(callback.due_at, callback.zone)


def _when_plain(case: Case) -> str:
    if case.callback is None:
        return "a manager decides" if case.awaits_sign_off else "closed"
    return wall_clock(case.callback.due_at, case.callback.zone)


def _unbold(lines: Sequence[str]) -> str:
    return " ".join(lines).replace("*", "")
