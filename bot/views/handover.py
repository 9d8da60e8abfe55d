"""The handover: before a shift ends, what it leaves to the next, and who goes home with which cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.views import blocks
from bot.views.ids import Action
from bot.views.message import Message
from bot.views.parts import ROOM, counted, part_blocks, size
from bot.views.standing import short_title
from bot.views.times import reader, reader_time
from cases.case import Case
from cases.mrkdwn import inline
from cases.people import mention
from cases.program import Program
from cases.reminders.recurring import GoingHome, Handover
from cases.times import spoken, wall

OWNERS_AT_MOST = 15
CASES_OF_ONE = 8
NAME_AT_MOST = 40

FOR_OWNERS = 3_000
"""Characters that are kept for who goes home, however much there is to tell of the rest."""

NOTHING_LEFT = ":white_check_mark: No open cases. The next shift starts with a clean slate."


def handover(told: Handover, program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """What the next shift must know, with *Hand over* and *I'll stay* for each owner who goes home."""
    ends, over = wall(told.ends_at, program.timezone), now >= told.ends_at
    end = "ended" if over else "ends"
    heading = f"{inline(told.ending, 75) or 'The shift'} {end} at {ends:%H:%M}"
    parts = {
        "Overdue": told.overdue,
        "Waiting for a manager's decision": told.sign_off,
        "Nobody has claimed": told.unclaimed,
        f"Due in the next shift{_until(told, program)}": told.due_next,
    }
    left = list(part_blocks(parts, links, now, ROOM - FOR_OWNERS))
    if not told.open:
        left = [blocks.section(NOTHING_LEFT)]
    homeward = " ".join(
        f"{mention(one.owner)} {'stays' if one.stays else 'goes home'} with {len(one.cases)}."
        for one in told.going_home
    )
    body = [
        blocks.header(heading),
        blocks.section(
            f"*{told.open} open* at {reader_time(now)} · the shift {end} {reader_time(told.ends_at)} for you"
        ),
        *([blocks.context(_late(told, program))] if told.made_at >= told.ends_at else []),
        *left,
        *_going_home(told, links, now, ROOM - size(left)),
    ]
    return blocks.message(" ".join([f"{heading}, {told.open} open.", counted(parts), homeward]), body)


def _late(told: Handover, program: Program) -> str:
    late = spoken(told.made_at - (told.ends_at - program.handover_before))
    return f":warning: This handover is {late} late: Askdesk was offline."


def _until(told: Handover, program: Program) -> str:
    if told.follows is None:
        return ""
    ends = wall(told.follows.ends_at, program.timezone)
    return f" ({inline(told.follows.shift.name, 75)}, until {ends:%H:%M})"


def _going_home(told: Handover, links: Mapping[int, str], now: datetime, room: int) -> Iterator[Block]:
    """Each owner once, with the cases in their hands."""
    if not told.going_home:
        return
    shown = told.going_home[:OWNERS_AT_MOST]
    yield blocks.section("*Going home with open cases*")
    for one in shown:
        named = [_named(case, links.get(case.number), now) for case in one.cases]
        stays = " stays" if one.stays else ""
        sign = ":white_check_mark: " if one.stays else ""
        yield blocks.section(f"{sign}{mention(one.owner)}{stays}: {_some(named, room // len(shown))}")
        yield _answers(one)
    rest = len(told.going_home) - len(shown)
    if rest > 0:
        yield blocks.context(f"… and {rest} more. `/callbacks all` lists every case with its owner.")


def _some(named: Sequence[str], room: int) -> str:
    """The first of an owner's cases, as many as fit, and how many more there are."""
    fit, used = 0, 0
    for name in named[:CASES_OF_ONE]:
        used += len(name) + 2
        if fit and used > room:
            break
        fit += 1
    rest = len(named) - fit
    return ", ".join([*named[:fit], *([f"and {rest} more"] if rest else [])])


def _named(case: Case, link: str | None, now: datetime) -> str:
    """The case and when it is to be called, with the day: somebody who is back by then need not hand it over."""
    name = short_title(case, NAME_AT_MOST)
    shown = f"<{link}|{name}>" if link else f"*{name}*"
    if case.callback is None:
        return f"{shown} :hourglass: a manager decides"
    overdue = ":red_circle: " if case.callback.is_overdue(now) else ""
    return f"{shown} {overdue}{reader(case.callback.due_at)}"


def _answers(one: GoingHome) -> Block:
    """Both buttons are for the owner; their value is who that is. Who stays need not say so again."""
    return ActionsBlock(
        elements=[
            ButtonElement(text=blocks.plain(action.label), action_id=action.value, value=one.owner)
            for action in (Action.SHIFT_HAND_OVER, Action.SHIFT_STAY)
            if not (one.stays and action is Action.SHIFT_STAY)
        ]
    )
