"""The handover: before a shift ends, what it leaves to the next, and who goes home with which cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.views import blocks
from bot.views.ids import Action
from bot.views.lists import listed
from bot.views.message import LinkedCase, Message
from bot.views.standing import short_title
from bot.views.text import inline
from bot.views.times import reader_time
from cases.case import Case
from cases.people import mention
from cases.program import Program
from cases.recurring import GoingHome, Handover
from cases.times import spoken, wall

OWNERS_AT_MOST = 20
CASES_OF_ONE = 8
NAME_AT_MOST = 40

NOTHING_LEFT = ":white_check_mark: No case is open. The next shift begins with a clean desk."


def handover(told: Handover, program: Program, links: Mapping[int, str], now: datetime) -> Message:
    """What the next shift must know, with *Hand over* and *I'll stay* for each owner who goes home."""
    ends = wall(told.ends_at, program.timezone)
    over = now >= told.ends_at
    heading = f"{inline(told.ending, 75) or 'The shift'} {'ended' if over else 'ends'} at {ends:%H:%M}"
    parts = {
        "Overdue": told.overdue,
        "Waiting for a manager's decision": told.sign_off,
        "Nobody has claimed": told.unclaimed,
        f"Due in the next shift{_until(told, program)}": told.due_next,
    }
    lines = [
        line
        for name, cases in parts.items()
        if cases
        for line in listed(name, [LinkedCase(case, links.get(case.number)) for case in cases], now)
    ]
    counts = [f"{name}: {len(cases)}" for name, cases in parts.items() if cases]
    homeward = " ".join(f"{mention(one.owner)} goes home with {len(one.cases)}." for one in told.going_home)
    plain = f"{heading}, {told.open} open. {'; '.join(counts)}{'. ' if counts else ''}{homeward}"
    body = [
        blocks.header(heading),
        blocks.section(
            f"*{told.open} open* · the shift {'ended' if over else 'ends'} {reader_time(told.ends_at)} for you"
        ),
        *([blocks.context(_late(told, program, now))] if over else []),
        *blocks.packed(lines or ([] if told.open else [NOTHING_LEFT])),
        *_going_home(told, links),
    ]
    return blocks.message(plain, body)


def _late(told: Handover, program: Program, now: datetime) -> str:
    late = spoken(now - (told.ends_at - program.handover_before))
    return f":warning: This handover is {late} late: Askdesk was away."


def _until(told: Handover, program: Program) -> str:
    if told.follows is None:
        return ""
    ends = wall(told.follows.ends_at, program.timezone)
    return f" ({inline(told.follows.shift.name, 75)}, until {ends:%H:%M})"


def _going_home(told: Handover, links: Mapping[int, str]) -> Iterator[Block]:
    """Each owner once, with the cases in their hands."""
    if not told.going_home:
        return
    yield blocks.section("*Going home with open cases*")
    for one in told.going_home[:OWNERS_AT_MOST]:
        yield blocks.section(f"{mention(one.owner)}: {', '.join(_cases(one, links))}")
        yield _answers(one)
    rest = len(told.going_home) - OWNERS_AT_MOST
    if rest > 0:
        yield blocks.context(f"… and {rest} more. `/callbacks all` lists every case with its owner.")


def _cases(one: GoingHome, links: Mapping[int, str]) -> Iterator[str]:
    for case in one.cases[:CASES_OF_ONE]:
        yield _named(case, links.get(case.number))
    if len(one.cases) > CASES_OF_ONE:
        yield f"and {len(one.cases) - CASES_OF_ONE} more"


def _named(case: Case, link: str | None) -> str:
    name = short_title(case, NAME_AT_MOST)
    shown = f"<{link}|{name}>" if link else f"*{name}*"
    return f"{shown} {reader_time(case.callback.due_at)}" if case.callback else shown


def _answers(one: GoingHome) -> Block:
    """Both buttons are for the owner; their value is who that is."""
    return ActionsBlock(
        elements=[
            ButtonElement(
                text=blocks.plain("Hand over"), action_id=Action.SHIFT_HAND_OVER.value, value=one.owner
            ),
            ButtonElement(text=blocks.plain("I'll stay"), action_id=Action.SHIFT_STAY.value, value=one.owner),
        ]
    )
