"""*Correct details*: what is known of the customer, put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Face, Sent, form_of
from bot.faces.lines import Happening, Line
from bot.usecases import cases as usecases
from bot.usecases.cases import Act
from bot.views import inputs
from bot.views.message import Json
from bot.views.modals.frame import of_move
from bot.views.standing import masked
from cases import moves
from cases.case import Case
from cases.contact import Contact
from cases.events import Happened
from cases.fields import Field
from cases.forms import DetailsForm, asks_zone
from cases.languages import name as language_name
from cases.masking import is_masked, masked_text
from cases.mrkdwn import inline
from cases.program import Program
from storage.unit import UnitOfWork

KEEPS = "Leave it empty if it is right."


def correct_details(case: Case, program: Program, now: datetime) -> Json:
    """What is known of the customer, to be put right. Whatever is masked elsewhere is not filled in here either."""
    return of_move(moves.correct_details, case, _asked(case, program, now), "Correct")


def _asked(case: Case, program: Program, now: datetime) -> Iterator[Block]:
    known, language = case.details, case.said.language
    hidden = is_masked(known.customer, case)
    name = None if hidden else known.customer
    yield inputs.line(Field.CUSTOMER, name, most=80, optional=hidden, hint=KEEPS if hidden else None)
    contact = f"Now {known.contact.masked}. {KEEPS} Or an e-mail address."
    yield inputs.line(Field.CONTACT, None, most=254, optional=True, hint=contact)
    if asks_zone(case):
        yield inputs.zone(now, known.zone, program.customer_timezone, may_stay=True)
    hidden = is_masked(known.reference, case, reference=True)
    reference = None if hidden else known.reference
    yield inputs.line(Field.REFERENCE, reference, most=80, optional=True, hint=KEEPS if hidden else None)
    yield inputs.searched(
        Field.LANGUAGE, inputs.known(language_name(language), language) if language else None
    )


def _correct_details(unit: UnitOfWork, act: Act, sent: Sent) -> Case:
    return usecases.correct_details(unit, act, sent.case, sent.form(DetailsForm))


def _corrected(it: Happening) -> str:
    changes = " · ".join(_change(it, Field(name)) for name in it.fact("corrected").split(","))
    return f"{it.who} corrected {it.number}: {changes}{it.others(it.fact('owner'))}"


def _change(it: Happening, field: Field) -> str:
    """What was there before and what is there now; only what it was about if that has been deleted."""
    was, now = (_shown(it, field, name) for name in (f"{field.value}_before", field.value))
    return f"{field.label}: {was or 'none'} → *{now or 'none'}*" if was or now else field.label


def _shown(it: Happening, field: Field, name: str) -> str:
    text = it.event.said.get(name) or it.fact(name)
    if field is Field.CONTACT and text:
        return masked(Contact.of(text))
    if field is Field.LANGUAGE and text:
        return inline(language_name(text))
    return inline(masked_text(text, it.case, reference=field is Field.REFERENCE), 100)


FACES = (
    Face(
        moves.correct_details,
        opens=form_of(moves.correct_details, correct_details),
        sends=_correct_details,
    ),
)

LINES = {Happened.CORRECTED: Line(_corrected, time="Call")}
