"""Feedback that is owed: the reminder in the thread, and the button that opens its form.

The whole channel can read it, so it says who owes feedback about which case and until when, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.views import blocks
from bot.views.ids import Action
from bot.views.mentions import mentions
from bot.views.message import Message
from bot.views.standing import short_title
from bot.views.times import reader
from cases.audience import Audience
from cases.case import Case
from cases.coaching import Coaching, calls_managers
from cases.people import mention
from cases.program import Program
from cases.times import spoken

HOW = "Only the agent, the direct superior and managers can read it."


def give_button(item: int) -> Block:
    """The button that opens the superior's form; whoever may not give it reads who does."""
    button = ButtonElement(
        text=blocks.plain(Action.GIVE_FEEDBACK.label),
        action_id=Action.GIVE_FEEDBACK.value,
        value=str(item),
        style="primary",
    )
    return ActionsBlock(elements=[button], block_id=f"feedback_{item}")


def reminder(
    item: Coaching, case: Case, program: Program, step: int, late: timedelta, now: datetime
) -> Message:
    """Who is to see to it, how much time is left or since when it is overdue; the agent is not called again."""
    managers = mentions([Audience.MANAGERS], case, program)
    superior = mention(item.superior) if item.superior else ""
    whom = [superior, managers if calls_managers(item, now, program) else ""]
    about = several(item.cases) if item.is_pattern else short_title(case)
    if item.is_overdue(now):
        mark, since = ":red_circle: ", spoken(now - item.due_at)
        when = f"*overdue for {since}*" if now - item.due_at >= timedelta(minutes=1) else "*due now*"
    else:
        mark, when = "", f"due {reader(item.due_at)}"
    sentence = f"{mark}{' '.join(filter(None, whom))} Feedback about {about} is owed: {when}."
    small = [f"Reminder {step + 1}"] if step else []
    if late:
        small.append(f":warning: This reminder is {spoken(late)} late: Askdesk was offline.")
    if superior and whom[1]:
        small.append(f"A manager can give it instead of {superior}.")
    small.append(HOW)
    body = [blocks.section(sentence), blocks.context(*small), give_button(item.id)]
    return blocks.message(" ".join([sentence, *small]), body)


def several(cases: Iterable[int | str]) -> str:
    """`case 3, case 7 and case 9`."""
    *most, last = [f"case {number}" for number in cases]
    return f"{', '.join(most)} and {last}" if most else last
