"""Many pings at once, in one message: everybody mentioned once, then a line for each case (docs/policy.md, *Bundles*).

Like a ping it is rendered when it is sent. It bears no buttons: each line leads to its card, which has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.views import blocks
from bot.views.mentions import mentions
from bot.views.message import Message
from bot.views.rules import FACES, WHY_OTHERS
from bot.views.standing import short_title
from cases.audience import Audience
from cases.case import Case
from cases.people import mention
from cases.program import Program
from cases.reminders.rules import Rule
from cases.times import spoken

LOUDEST_FIRST = tuple(Rule)
NAME_AT_MOST = 40
MENTIONS_IN_A_ROW = 100


@dataclass(frozen=True)
class Call:
    """One ping: about which case, by which rule, to whom, and how late it is."""

    case: Case
    rule: Rule
    audience: tuple[Audience, ...]
    late: timedelta = timedelta()


def bundle(calls: Sequence[Call], program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """The message that stands for all these pings; `links` lead to the cards, where they are known."""
    ordered = sorted(calls, key=_first_read)
    loudest: dict[int, Call] = {}
    for call in ordered:
        loudest.setdefault(call.case.number, call)
    said = Counter(call.rule for call in loudest.values())
    counts = ", ".join(f"{said[rule]} {FACES[rule].counted}" for rule in LOUDEST_FIRST if said[rule])
    cases = f"{len(loudest)} cases need" if len(loudest) > 1 else "1 case needs"
    heading = f"*{cases} somebody now*: {counts}."
    everybody = list(_everybody(ordered, program, now))
    rows = [
        " ".join(everybody[start : start + MENTIONS_IN_A_ROW])
        for start in range(0, len(everybody), MENTIONS_IN_A_ROW)
    ]
    lines = [_line(call, links.get(call.case.number), now) for call in loudest.values()]
    plain = [
        f"{short_title(call.case, NAME_AT_MOST)}: {FACES[call.rule].counted}" for call in loudest.values()
    ]
    body = [
        *(blocks.section(row) for row in rows),
        *blocks.packed([heading, *lines]),
        blocks.context("Click a name to open its card. `/callbacks` lists your own cases."),
    ]
    return blocks.message(" ".join([*rows, heading.replace("*", ""), "; ".join(plain)]), body)


def _everybody(calls: Sequence[Call], program: Program, now: datetime) -> Iterator[str]:
    """All who are called, each once, the owners before the groups: theirs is the next step.

    Beside owners stand the numbers of the cases that are theirs, as a line that names them too would call them twice.
    """
    found = dict.fromkeys(
        name for call in calls for name in mentions(call.audience, call.case, program, now).split()
    )
    theirs: dict[str, dict[int, None]] = {}
    for call in calls:
        if call.case.owner is not None:
            theirs.setdefault(mention(call.case.owner), {})[call.case.number] = None
    for name in (name for name in found if name in theirs):
        yield f"{name} (case{'s' if len(theirs[name]) > 1 else ''} {', '.join(map(str, theirs[name]))})"
    yield from (name for name in found if name not in theirs)


def _first_read(call: Call) -> tuple[int, datetime, int]:
    """The loudest first, then whoever waits for longest."""
    case = call.case
    since = case.callback.due_at if case.callback else case.unanswered_since or case.free_since
    return LOUDEST_FIRST.index(call.rule), since, case.number


def _line(call: Call, link: str | None, now: datetime) -> str:
    """`• case 42 (Jane Doe) · overdue, was to be called 25 min ago`, the name leading to the card."""
    name = short_title(call.case, NAME_AT_MOST)
    parts = [f"• <{link}|{name}>" if link else f"• *{name}*", *_state(call, now)]
    if call.late:
        parts.append(f":warning: this ping is {spoken(call.late)} late")
    return " · ".join(parts)


def _state(call: Call, now: datetime) -> Iterator[str]:
    """How the case stands and what is to be done."""
    case, callback = call.case, call.case.callback
    if case.waiting:
        since = f", for {spoken(now - callback.due_at)}" if callback else ""
        yield f":rotating_light: *the customer is waiting on the line*{since}"
    if (listed := FACES[call.rule].listed) is not None:
        yield listed(case, now)
    if case.call is not None:
        yield "a call was started but not logged"
    yield from (why.listed for one, why in WHY_OTHERS.items() if one in call.audience)
    if case.owner is None:
        yield f"*claim it*: unclaimed for {spoken(now - case.free_since)}"
