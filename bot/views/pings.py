"""What the bot says by itself when somebody is to act (docs/policy.md, *Alerts*).

A ping is rendered when it is sent, and again as its case changes: its words and its buttons are those of the case as it
then stands. Only the first of these calls anybody: an edit notifies nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views import blocks
from bot.views.mentions import Actor, mentioned
from bot.views.message import Message
from bot.views.rules import FACES, NEWER, WHY_OTHERS
from bot.views.standing import promised, promised_plain, short_title, standing_line, transfer
from bot.views.times import reader_time
from cases.audience import NOBODY_KNOWN, Audience, Called
from cases.case import Case
from cases.moves import Acting, offered
from cases.people import ANYBODY
from cases.program import Program
from cases.reminders.rules import Rule
from cases.shifts import Members
from cases.times import spoken


def ping(
    case: Case,
    program: Program,
    rule: Rule,
    step: int,
    audience: Sequence[Audience],
    late: timedelta,
    now: datetime,
    members: Members = NOBODY_KNOWN,
    whom: Sequence[Called] | None = None,
) -> Message:
    """The ping of this rule at this step: who is mentioned, what is to be done, the button that does it.

    `whom` are those of its audience whom it mentions, if not everybody.
    """
    to_others = [why.sentence for one, why in WHY_OTHERS.items() if one in audience]
    face = FACES[rule]
    told = face.to_others if to_others and face.to_others else face.sentence
    everybody = Actor(rule.does.skips(case), members=members).called(audience, case, program, now)
    called = everybody if whom is None else mentioned(whom)
    sentence = f"{called} {told(case, now)}".strip()
    when = [*promised(case), *(transfer(program) if case.waiting else ())]
    small = [*([f"Reminder {step + 1}"] if step else []), *to_others]
    if late:
        small.append(f":warning: This ping is {spoken(late)} late: Askdesk was offline.")
    body = [blocks.section("\n".join([sentence, *when]))]
    if small:
        body.append(blocks.context(*small))
    answers = (*face.buttons, *(face.instead if to_others else ()))
    if row := offered(case, answers, Acting(program, ANYBODY, now)):
        body.append(blocks.moves(case.number, row))
    return blocks.message(" ".join([sentence, promised_plain(case), *small]), body)


def question(case: Case, program: Program, rule: Rule, now: datetime) -> Message:
    """What this rule asks one person, for their eyes only."""
    sentence = FACES[rule].sentence(case, now)
    row = offered(case, FACES[rule].buttons, Acting(program, ANYBODY, now))
    body = [blocks.section(sentence), blocks.moves(case.number, row, coloured=False)]
    return blocks.message(sentence, body)


def handled(case: Case, program: Program, rule: Rule, now: datetime, *, replaced: bool) -> Message:
    """What a ping says once it is not its case's live alert any more. It has no buttons."""
    said = f"Reminder of {short_title(case)}: {FACES[rule].counted}"
    stands = NEWER if replaced else f"{standing_line(case, program, now)} · as of {reader_time(now)}"
    return blocks.message(f"{said}. {stands}", [blocks.context(said), blocks.section(stands)])
