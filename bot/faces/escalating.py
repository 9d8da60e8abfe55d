"""*Escalate further*: to the next tier or another department."""

from __future__ import annotations

from datetime import datetime

from bot.faces.face import Sent, asking_whom
from bot.faces.lines import Happening, Line, Quote
from bot.usecases.cases import Act
from bot.views import inputs, read
from bot.views.inputs import Offered
from bot.views.message import Json
from bot.views.modals.frame import of_move, when
from bot.views.read import Values
from bot.views.standing import masked
from cases import forms, moves
from cases.case import Case
from cases.contact import Contact
from cases.errors import FieldErrors
from cases.events import Happened
from cases.fields import Field
from cases.moves import Change
from cases.mrkdwn import inline
from cases.program import Program
from cases.words import ContactKind, Role

NEXT_TIER = "next_tier"
"""The choice of *Escalate to* that means the managers; any other value is a department's name."""


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
        *when(case, program, now),
        inputs.line(
            Field.CONTACT, None, most=254, optional=True, hint="Only if the customer wants another one."
        ),
        inputs.paragraph(Field.REASON),
    ]
    return of_move(moves.escalate_further, case, body, "Escalate")


def _escalate_further(case: Case, act: Act, sent: Sent) -> Change:
    program, reviewer, where = act.program, sent.person(Field.REVIEWER), department(sent.values)
    if reviewer is None:
        raise FieldErrors({Field.REVIEWER: "Choose who reviews it."})
    if where is not None and program.department(where) is None:
        raise FieldErrors({Field.TARGET: "This department is no longer on the list. Choose another one."})
    if where is None and Role.MANAGER not in reviewer.roles:
        raise FieldErrors({Field.REVIEWER: "The next tier is the managers: choose one of them."})
    promise = sent.promise(case, act)
    contact = forms.read_new_contact(sent.one(Field.CONTACT), program.phone_region)
    return moves.escalate_further(case, act, reviewer, where, promise, contact, sent.text(Field.REASON))


def department(values: Values) -> str | None:
    """Where *Escalate to* points: a department's name, or None for the next tier."""
    found = read.choice(values, Field.TARGET)
    return None if found in (None, NEXT_TIER) else found


def _escalated(it: Happening) -> str:
    department = it.fact("department")
    where = inline(department, 100) if department else f"tier {it.fact('tier')}"
    contact = it.event.said.get("contact")
    on = f" on another contact, {masked(_contact(contact))}" if contact else ""
    told = it.raiser if it.raiser != it.fact("to") else ""
    return f"{it.who} escalated {it.number} to {where}{on}. {it.actor.person(it.fact('to'))} reviews it{it.others(told)}"


def _contact(value: str) -> Contact:
    return Contact(ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value)


FACES = (asking_whom(moves.escalate_further, escalate_further, _escalate_further),)

LINES = {
    Happened.ESCALATED: Line(_escalated, quotes=(Quote("reason", always=True),)),
}
