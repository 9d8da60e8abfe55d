"""The moves that give the customer a new time: reschedule, escalate further, another attempt, reopen."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.views import inputs
from bot.views.ids import NEXT_TIER
from bot.views.inputs import Offered
from bot.views.message import Json
from bot.views.modals.frame import of_move, zone_of
from cases.case import Case
from cases.fields import Field
from cases.forms import proposed_time
from cases.lifecycle import Move
from cases.program import Program
from cases.words import WantedBy


def reschedule(case: Case, program: Program, now: datetime) -> Json:
    """Another time in place of the agreed one, and whose wish it was (managers read that: no default)."""
    ahead = case.callback is not None and case.callback.due_at > now
    body = [
        *_when(case, program, now, case.callback.due_at if case.callback and ahead else None),
        inputs.radio(Field.WANTED_BY, WantedBy),
    ]
    return of_move(Move.RESCHEDULE, case, body, "Reschedule")


def escalate_further(case: Case, program: Program, now: datetime, offered: Offered | None = None) -> Json:
    """To the next tier or another department: who reviews it, when the customer hears back, on which contact."""
    others = [one.name for one in program.departments if one.name and one.name != case.department]
    targets = [
        inputs.option("Managers, the next tier", NEXT_TIER),
        *(inputs.option(name, name) for name in others),
    ]
    body = [
        inputs.menu(Field.TARGET, targets, NEXT_TIER),
        inputs.one_of(Field.REVIEWER, offered),
        *_when(case, program, now),
        inputs.line(
            Field.CONTACT, None, most=254, optional=True, hint="Only if the customer wants another one."
        ),
        inputs.paragraph(Field.REASON),
    ]
    return of_move(Move.ESCALATE_FURTHER, case, body, "Escalate")


def grant_attempt(case: Case, program: Program, now: datetime) -> Json:
    """When the additional attempt is made."""
    return of_move(Move.GRANT_ATTEMPT, case, _when(case, program, now), "Grant")


def reopen(case: Case, program: Program, now: datetime) -> Json:
    """When the customer is called again, and why."""
    body = [inputs.paragraph(Field.REASON), *_when(case, program, now)]
    return of_move(Move.REOPEN, case, body, "Reopen")


def _when(case: Case, program: Program, now: datetime, preset: datetime | None = None) -> list[Block]:
    zone = zone_of(case)
    at = preset or proposed_time(program, zone, now)
    return [*inputs.when(at, zone, now, program.customer_timezone)]
