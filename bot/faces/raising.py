"""*Escalate*: the `/escalate` form, which takes under a minute with a customer on the line (docs/policy.md).

At most nine inputs are required. The time zone is not one of them: left as it is, the number tells it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Again, Face, Sent
from bot.faces.lines import Happening, Line
from bot.usecases import cases as usecases
from bot.usecases.cases import Act, OpenAlready
from bot.usecases.links import LinkedCase, linked
from bot.views import blocks, inputs, zones
from bot.views.coaching import several
from bot.views.ids import metadata, number_of
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.standing import promised, title
from cases import moves
from cases.contact import Contact, NotAContact, read_contact
from cases.errors import FieldErrors
from cases.events import Happened
from cases.fields import Field
from cases.forms import AUTO_ZONE, DETAILS_LIMITS, EscalationForm, first_time, number_zone
from cases.languages import name as language_name
from cases.languages import offered, read_language
from cases.people import mention
from cases.program import Program
from cases.text import clean
from cases.times import wall, zone_exists
from cases.words import Customer, Mood, NotAttempted, Reason, Scenario
from storage.reading import Reading
from storage.unit import UnitOfWork

ESCALATE = "escalate"
"""The callback id of the form."""

OPEN_SHOWN_AT_MOST = 5


def escalate(
    program: Program,
    now: datetime,
    form: EscalationForm,
    *,
    knows_superior: bool,
    already_open: Sequence[LinkedCase] = (),
) -> Json:
    """The form with what is known filled in; a customer who waits on the line is asked for no date and time."""
    kept = metadata(
        program=program.id,
        knows_superior=knows_superior,
        already_open=[one.case.number for one in already_open[:OPEN_SHOWN_AT_MOST]],
    )
    body = [
        *_already_open(already_open),
        *_customer(form),
        *_when(program, now, form),
        *_what_happened(program, form),
        *([] if knows_superior else [_superior(form)]),
        *_optional(program, form),
    ]
    return modal("Escalate", body, callback=ESCALATE, private=kept, submit="Escalate")


def _already_open(cases: Sequence[LinkedCase]) -> Iterator[Block]:
    if not cases:
        return
    lines = [":warning: *This customer already has an open case.* A note there may be enough."]
    for one in cases[:OPEN_SHOWN_AT_MOST]:
        case = one.case
        name = f"<{one.permalink}|{title(case)}>" if one.permalink else f"*{title(case)}*"
        who = f"with {mention(case.owner)}" if case.owner else "nobody has claimed it yet"
        when = f" · {promised(case.callback, waiting=case.waiting)}" if case.callback else ""
        lines.append(f"{name} · {who}{when}")
    yield from blocks.packed(lines)
    yield inputs.tick(Field.SECOND_CASE, "Raise a second case anyway")


def _customer(form: EscalationForm) -> Iterator[Block]:
    yield inputs.line(Field.CUSTOMER, form.customer, most=80)
    yield inputs.line(Field.CONTACT, form.contact, most=254, hint="Or an e-mail address.")
    customer_is = form.customer_is or Customer.AGREED.value
    yield inputs.radio(Field.CUSTOMER_IS, Customer, customer_is, redraws=True)


def _when(program: Program, now: datetime, form: EscalationForm) -> Iterator[Block]:
    known = form.when.zone if zone_exists(form.when.zone or "") else _number_zone(form, program)
    zone = known or program.customer_timezone
    waiting = form.customer_is == Customer.WAITING
    if not waiting:
        local = wall(first_time(program, zone, now), zone)
        yield inputs.day(form.when.date or f"{local:%Y-%m-%d}")
        yield inputs.time(form.when.time or f"{local:%H:%M}")
    offered = zones.offered(now, *(z for z in (known, program.customer_timezone, program.timezone) if z))
    options = [
        inputs.known(f"From the number, or {program.customer_timezone}", AUTO_ZONE),
        *(inputs.known(label, name) for name, label in offered),
    ]
    yield inputs.menu(Field.ZONE, options, known or AUTO_ZONE, optional=True)
    if not waiting:
        yield inputs.asked_for_time(form.when.asked_for_time)


def _what_happened(program: Program, form: EscalationForm) -> Iterator[Block]:
    yield inputs.radio(Field.SCENARIO, Scenario, form.scenario)
    yield inputs.several(Field.REASONS, program.reasons, form.reasons, most=3)
    if Reason.OTHER in program.reasons:
        hint = "Only if you chose the reason Other."
        yield inputs.line(Field.OTHER_REASON, form.other_reason, most=150, optional=True, hint=hint)
    steps = [inputs.known(step.label, step.value) for step in program.steps]
    yield inputs.checkboxes(Field.STEPS, steps, form.steps)
    yield inputs.select(Field.NOT_ATTEMPTED, NotAttempted, form.not_attempted, optional=True)
    least, most = DETAILS_LIMITS
    yield inputs.paragraph(
        Field.DETAILS, form.details, least=least, most=most, hint="The person who calls knows only this."
    )


def _superior(form: EscalationForm) -> Block:
    return inputs.person(Field.SUPERIOR, form.superior, hint="The team lead you report to. Asked only once.")


def _optional(program: Program, form: EscalationForm) -> Iterator[Block]:
    departments = [inputs.option(one.name, one.name) for one in program.departments if one.name]
    if departments:
        hint = "Only if another department has to solve it."
        yield inputs.menu(Field.DEPARTMENT, departments, form.department, optional=True, hint=hint)
    yield inputs.line(Field.REFERENCE, form.reference, most=80, optional=True)
    yield inputs.select(Field.MOOD, Mood, form.mood, optional=True)
    code = read_language(form.language or "")
    yield inputs.searched(Field.LANGUAGE, inputs.known(language_name(code), code) if code else None)
    yield inputs.tick(Field.REPEAT, "The customer has contacted us about this before", form.repeat)


def languages(typed: str, program: Program | None) -> list[Json]:
    """The languages that the form or the settings offer to what was typed, the program's own first."""
    codes = offered(typed, program.languages if program else ())[: inputs.OPTIONS_AT_MOST]
    return [inputs.known(language_name(code), code).to_dict() for code in codes]


def _number_zone(form: EscalationForm, program: Program) -> str | None:
    return number_zone(_contact(form, program), program.customer_timezone)


def _contact(form: EscalationForm, program: Program) -> Contact | None:
    """The contact where one is filled in already; what is no contact yet is told when the form is sent."""
    try:
        return read_contact(clean(form.contact), program.phone_region)
    except NotAContact:
        return None


def _raise(unit: UnitOfWork, act: Act, sent: Sent) -> None:
    program, form, knows = act.program, sent.form(EscalationForm), bool(sent.known("knows_superior"))
    second = sent.ticked(Field.SECOND_CASE)
    try:
        result = usecases.raise_case(unit, act, form, sent.may_lead, second=second)
    except FieldErrors as error:
        if not knows or error.errors.keys() != {Field.SUPERIOR}:
            raise
        # The superior left after the form was opened without asking for one: now it asks.
        raise Again(escalate(program, act.now, form, knows_superior=False)) from None
    if isinstance(result, OpenAlready):
        already = linked(unit, result.cases)
        raise Again(escalate(program, act.now, form, knows_superior=knows, already_open=already))


def _redraw(reading: Reading, act: Act, sent: Sent) -> Json:
    numbers = [number_of(one) for one in sent.known("already_open") or ()]
    already = linked(reading, [reading.case(number, act.program.id) for number in numbers])
    knows = bool(sent.known("knows_superior"))
    form = sent.form(EscalationForm)
    return escalate(act.program, act.now, form, knows_superior=knows, already_open=already)


def _raised(it: Happening) -> str:
    waits = " The customer is waiting on the line." if it.event.facts.get("waiting") else ""
    owners = it.fact("related_owners")
    again = (
        f" Same customer as {several(it.fact('related').split(','))}{it.others(*owners.split(','))}"
        if owners
        else ""
    )
    return f"{it.who} raised {it.number}.{waits}{again}"


FACES = (
    Face(moves.raise_case, form=ESCALATE, sends=_raise, redraws=_redraw, redrawn_by=(Field.CUSTOMER_IS,)),
)

LINES = {
    Happened.RAISED: Line(_raised, time="Call"),
}
