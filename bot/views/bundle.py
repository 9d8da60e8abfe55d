"""Several pings in one message: everybody mentioned once, then a line for each case (docs/policy.md, *Bundles*).

Like a ping it is rendered when it is sent, and again as its cases change. Few cases have their button beside them; of
many, each line leads to its card, which has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.models import blocks as slack

from bot.views import blocks
from bot.views.mentions import mentioned, mentions
from bot.views.message import Message
from bot.views.rules import FACES, NEWER, WHY_OTHERS
from bot.views.standing import short_title, standing_line
from bot.views.times import reader_time
from cases.audience import Audience, Called
from cases.case import Case
from cases.moves import Acting, offered
from cases.people import ANYBODY, mention
from cases.program import Program
from cases.reminders.rules import Rule
from cases.times import spoken

LOUDEST_FIRST = tuple(Rule)
NAME_AT_MOST = 40
MENTIONS_IN_A_ROW = 100

WITH_BUTTONS = 10
"""Cases in one message that have their button beside them."""

DONE = "*None of these is waiting for you here any more.*"


@dataclass(frozen=True)
class Call:
    """One ping: about which case, by which rule, for whom, and how late it is.

    `whom` are those of them whom it mentions, if not everybody. `live`: it is still the alert of its case;
    `replaced`: a newer one is.
    """

    case: Case
    rule: Rule
    audience: tuple[Audience, ...]
    late: timedelta = timedelta()
    whom: tuple[Called, ...] | None = None
    live: bool = True
    replaced: bool = False


def bundle(calls: Sequence[Call], program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """The message for all these pings; `links` lead to the cards, if known."""
    ordered = sorted(calls, key=_first_read)
    loudest: dict[int, Call] = {}
    for call in ordered:
        loudest.setdefault(call.case.number, call)
    said = Counter(call.rule for call in loudest.values() if call.live)
    counts = ", ".join(f"{said[rule]} {FACES[rule].counted}" for rule in LOUDEST_FIRST if said[rule])
    cases = f"{said.total()} cases need" if said.total() > 1 else "1 case needs"
    heading = f"*{cases} somebody now*: {counts}." if said else DONE
    everybody = list(_everybody(ordered, program, now))
    rows = [
        " ".join(everybody[start : start + MENTIONS_IN_A_ROW])
        for start in range(0, len(everybody), MENTIONS_IN_A_ROW)
    ]
    lines = {call: _line(call, program, links.get(call.case.number), now) for call in loudest.values()}
    plain = [
        f"{short_title(call.case, NAME_AT_MOST)}: {FACES[call.rule].counted}" for call in loudest.values()
    ]
    body = [
        *(blocks.section(row) for row in rows),
        *_listed(heading, lines, program, now),
        blocks.context("Click a name to open its card. `/callbacks` lists your own cases."),
    ]
    return blocks.message(" ".join([*rows, heading.replace("*", ""), "; ".join(plain)]), body)


def _listed(
    heading: str, lines: Mapping[Call, str], program: Program, now: datetime
) -> Iterator[slack.Block]:
    """The lines below the heading; where they are few, each that is live with the button that its reader needs first."""
    few = len(lines) <= WITH_BUTTONS
    buttons = {
        call: offered(call.case, FACES[call.rule].buttons, Acting(program, ANYBODY, now))[:1]
        for call in lines
        if few and call.live
    }
    if not any(buttons.values()):
        yield from blocks.packed([heading, *lines.values()])
        return
    yield blocks.section(heading)
    for call, line in lines.items():
        yield blocks.with_moves(line, call.case.number, buttons.get(call, ()))


def _everybody(calls: Sequence[Call], program: Program, now: datetime) -> Iterator[str]:
    """Everybody called, once, owners before groups: the next step is theirs.

    An owner is followed by the numbers of their cases: naming the owner in each line would mention them twice.
    """
    found = dict.fromkeys(
        name
        for call in calls
        for name in (
            mentions(call.audience, call.case, program, now) if call.whom is None else mentioned(call.whom)
        ).split()
    )
    theirs: dict[str, dict[int, None]] = {}
    for call in calls:
        if call.case.owner is not None:
            theirs.setdefault(mention(call.case.owner), {})[call.case.number] = None
    for name in (name for name in found if name in theirs):
        yield f"{name} (case{'s' if len(theirs[name]) > 1 else ''} {', '.join(map(str, theirs[name]))})"
    yield from (name for name in found if name not in theirs)


def _first_read(call: Call) -> tuple[int, datetime, int]:
    """The most urgent first, then the one waiting longest."""
    case = call.case
    since = case.callback.due_at if case.callback else case.unanswered_since or case.free_since
    return LOUDEST_FIRST.index(call.rule), since, case.number


def _line(call: Call, program: Program, link: str | None, now: datetime) -> str:
    """`• case 42 (Jane Doe) · overdue, was to be called 25 min ago`, the name leading to the card."""
    name = short_title(call.case, NAME_AT_MOST)
    over = f"{standing_line(call.case, program, now)} · as of {reader_time(now)}"
    stands = NEWER if call.replaced else over
    parts = [
        f"• <{link}|{name}>" if link else f"• *{name}*",
        *(_state(call, now) if call.live else (stands,)),
    ]
    if call.late:
        parts.append(f":warning: this ping is {spoken(call.late)} late")
    return " · ".join(parts)


def _state(call: Call, now: datetime) -> Iterator[str]:
    """How the case stands and what to do."""
    case = call.case
    if (listed := FACES[call.rule].listed) is not None:
        yield listed(case, now)
    if case.call is not None:
        yield "a call was started but not logged"
    yield from (why.listed for one, why in WHY_OTHERS.items() if one in call.audience)
    if case.owner is None and not case.waiting:
        yield f"*claim it*: unclaimed for {spoken(now - case.free_since)}"
