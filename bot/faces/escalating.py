"""*Escalate further*: to the next tier or another department."""

from __future__ import annotations

from bot.faces.lines import Happening, Line, Quote
from bot.views.standing import masked
from cases.contact import Contact
from cases.events import Happened
from cases.mrkdwn import inline
from cases.words import ContactKind


def _escalated(it: Happening) -> str:
    department = it.fact("department")
    where = inline(department, 100) if department else f"tier {it.fact('tier')}"
    contact = it.event.said.get("contact")
    on = f" on another contact, {masked(_contact(contact))}" if contact else ""
    told = it.raiser if it.raiser != it.fact("to") else ""
    return f"{it.who} escalated {it.number} to {where}{on}. {it.actor.person(it.fact('to'))} reviews it{it.others(told)}"


def _contact(value: str) -> Contact:
    return Contact(ContactKind.EMAIL if "@" in value else ContactKind.PHONE, value)


LINES = {
    Happened.ESCALATED: Line(_escalated, quotes=(Quote("reason", always=True),)),
}
