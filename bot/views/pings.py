"""What the bot says by itself when somebody is to act (docs/policy.md, *Reminders and posts*).

A ping is rendered when it is sent: its words and its buttons are those of the case as it then stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views import blocks
from bot.views.mentions import Actor
from bot.views.message import Message
from bot.views.rules import FACES, WHY_OTHERS
from bot.views.standing import promised, promised_plain
from cases.audience import NOBODY_KNOWN, Audience
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
) -> Message:
    """The ping of this rule at this step: who is mentioned, what is to be done, the button that does it."""
    to_others = [why.sentence for one, why in WHY_OTHERS.items() if one in audience]
    face = FACES[rule]
    told = face.to_others if to_others and face.to_others else face.sentence
    called = Actor(rule.does.skips(case), members=members).called(audience, case, program, now)
    sentence = f"{called} {told(case, now)}".strip()
    when = [promised(case.callback, waiting=case.waiting)] if case.callback else []
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
