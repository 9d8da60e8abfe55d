"""*Escalate*: the `/escalate` form, which takes under a minute with a customer on the line (docs/policy.md).

At most nine inputs are required, four of a customer whose name and number came with the command. What is optional is folded
behind *More*. While it is filled in, the form looks for open cases of the same customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.faces.face import Again, Face, Sent
from bot.faces.lines import Happening, Line, Quote
from bot.usecases import cases as usecases
from bot.usecases.cases import Act, OpenAlready
from bot.usecases.links import LinkedCase, linked
from bot.views import blocks, inputs, proposal, zones
from bot.views.coaching import several
from bot.views.ids import Action, action_of, metadata
from bot.views.message import Json
from bot.views.modals.frame import modal
from bot.views.playbook import words
from bot.views.standing import promised, title
from cases import forms, moves, times
from cases.case import Case
from cases.errors import FieldErrors, OutOfUse
from cases.events import Happened
from cases.fields import Field
from cases.forms import DETAILS_LIMITS, Clock, EscalationForm, PromiseForm
from cases.languages import name as language_name
from cases.languages import offered, read_language
from cases.moves import Acting
from cases.people import ANYBODY, mention
from cases.playbook import HOW, advice
from cases.program import Program
from cases.times import place, wall, zone_exists
from cases.words import Customer, Mood, NotAttempted, Reason, Scenario, Step, Word
from storage.reading import Reading
from storage.unit import UnitOfWork

ESCALATE = "escalate"
"""The callback id of the form."""

OPEN_SHOWN_AT_MOST = 5

BRIEFLY = {
    step: how if len(how) <= inputs.OPTION_AT_MOST else f"{how.partition('. ')[0]}."
    for step, how in HOW.items()
}
"""How each step is done, below its name in the menu."""

NOTHING_TO_DRAW = (Field.CONTACT.value, Field.REFERENCE.value)
"""Inputs that are sent with each character: what they change in the form is in its metadata."""


@dataclass(frozen=True)
class Shown:
    """The form as it is on the agent's screen, where it is drawn again.

    `clock`: the one that its date and time are on; `touched`: whether the agent changed those, `agreed` what to while they
    are not asked for, `turn` how often they were preset anew. `more`: what is optional is unfolded.
    """

    clock: Clock | None = None
    touched: bool = False
    agreed: tuple[str | None, str | None] = (None, None)
    turn: int = 0
    more: bool = False


def escalate(
    program: Program,
    now: datetime,
    form: EscalationForm,
    *,
    knows_superior: bool,
    already_open: Sequence[LinkedCase] = (),
    shown: Shown = Shown(),
) -> Json:
    """The form with what is known filled in, in the order of the talk: who, what is wrong, what was tried, the story, the
    promise. Where nobody is called later, no date and time are asked for.
    """
    clock = forms.clock(form, program, shown.clock, touched=shown.touched)
    at_once = form.customer_is == Customer.WAITING or form.is_settled
    kept = metadata(
        program=program.id,
        knows_superior=knows_superior,
        already_open=[one.case.number for one in already_open[:OPEN_SHOWN_AT_MOST]],
        zone=clock.zone,
        told=clock.told,
        touched=shown.touched,
        agreed=(form.when.date, form.when.time) if at_once and shown.touched else (None, None),
        more=shown.more,
    )
    body = [
        inputs.line(Field.CUSTOMER, form.customer, most=80),
        inputs.line(Field.CONTACT, form.contact, most=254, hint="Or an e-mail address.", redraws=True),
        *_already_open(already_open, Acting(program, ANYBODY, now)),
        *_what_is_wrong(program, form),
        *_what_was_tried(program, form),
        _story(form),
        inputs.radio(Field.CUSTOMER_IS, Customer, form.customer_is or Customer.AGREED.value, redraws=True),
        *([] if at_once else _when(program, now, form, clock, shown)),
        *([] if knows_superior else [_superior(form)]),
        *(_optional(program, form) if shown.more else [blocks.button(Action.UNFOLD, "more")]),
    ]
    submit = "Save" if form.is_settled else "Escalate"
    return modal("Escalate", body, callback=ESCALATE, private=kept, submit=submit)


def _already_open(cases: Sequence[LinkedCase], anybody: Acting) -> Iterator[Block]:
    if not cases:
        return
    yield blocks.section(":warning: *This customer already has an open case.* A note there may be enough.")
    for one in cases[:OPEN_SHOWN_AT_MOST]:
        case = one.case
        name = f"<{one.permalink}|{title(case)}>" if one.permalink else f"*{title(case)}*"
        who = f"with {mention(case.owner)}" if case.owner else "nobody has claimed it yet"
        yield blocks.section(" · ".join([name, who, *promised(case)]))
        yield blocks.beside(case.number, _beside(case, anybody))
    yield inputs.tick(Field.SECOND_CASE, "Raise a second case anyway")


def _beside(case: Case, anybody: Acting) -> Iterator[tuple[str, str]]:
    """The buttons below an open case: the action and the label of each."""
    yield Action.ADD_TO_CASE.value, f"Add to case {case.number}"
    if moves.may(case, moves.called_again, anybody):
        yield action_of(moves.called_again), moves.called_again.label


def _what_is_wrong(program: Program, form: EscalationForm) -> Iterator[Block]:
    yield inputs.select(Field.SCENARIO, Scenario, form.scenario, redraws=True)
    yield inputs.several(Field.REASONS, program.reasons, form.reasons, most=3, redraws=True)
    if Reason.OTHER in program.reasons and Reason.OTHER in form.reasons:
        yield inputs.line(Field.OTHER_REASON, form.other_reason, most=150)
    yield inputs.select(Field.MOOD, Mood, form.mood, optional=True, redraws=True)
    if form.scenario or form.mood or form.reasons:
        known = [one for one in program.knowledge if one.is_about(form.reasons, form.department)]
        yield from words(advice(form.scenario, form.mood, form.reasons, program), known)


def _what_was_tried(program: Program, form: EscalationForm) -> Iterator[Block]:
    """One of the two is asked for, and neither by Slack: a customer never waits for a form (house rule 2)."""
    yield inputs.several(Field.STEPS, program.steps, form.steps, below=BRIEFLY, optional=True)
    if not form.is_settled:
        yield inputs.select(Field.NOT_ATTEMPTED, NotAttempted, form.not_attempted, optional=True)


def _story(form: EscalationForm) -> Block:
    least, most = DETAILS_LIMITS
    hint = "One sentence: what helped?" if form.is_settled else "The person who calls knows only this."
    return inputs.paragraph(Field.DETAILS, form.details, least=least, most=most, hint=hint)


def _when(
    program: Program, now: datetime, form: EscalationForm, clock: Clock, shown: Shown
) -> Iterator[Block]:
    """Date and time on the customer's clock. What the form presets follows the number, what the agent entered stays."""
    moved = shown.clock is not None and clock.zone != shown.clock.zone and not shown.touched
    entered = PromiseForm() if moved else form.when
    local = wall(forms.first_time(program, clock.zone, now), clock.zone)
    mark = str(turn) if (turn := shown.turn + moved) else None
    yield from _whose_clock(program, now, form, clock)
    yield inputs.day(entered.date or f"{local:%Y-%m-%d}", redraws=True, mark=mark)
    hint = f"On the customer's clock, in {place(clock.zone)}."
    yield inputs.time(entered.time or f"{local:%H:%M}", redraws=True, mark=mark, hint=hint)
    refused = None if clock.asks else forms.outside_hours(entered, clock.zone, program, now)
    if refused is not None:
        yield proposal.offer(refused)
    if refused is not None or entered.asked_for_time:
        yield inputs.asked_for_time(entered.asked_for_time)
    if clock.asks or shown.more or form.when.zone:
        yield _zone(program, now, clock)


def _whose_clock(program: Program, now: datetime, form: EscalationForm, clock: Clock) -> Iterator[Block]:
    """Whose clock date and time are on, where that is another than usual, or for the agent to say."""
    here, there = (
        f"{place(one)} ({times.clock(wall(now, one), one)} now)" for one in (clock.zone, clock.told)
    )
    if clock.asks:
        contact = forms.contact_so_far(form.contact, program)
        if forms.number_zone(contact, program.customer_timezone) is None:
            why = "This number's country has several time zones."
        else:
            why = f"This number belongs to {there}, but date and time are for {here}."
        yield blocks.context(f":warning: *{why}* Ask the customer, then choose the time zone.")
    elif clock.zone != program.customer_timezone:
        yield blocks.context(f":information_source: Date and time are for {here}.")


def _zone(program: Program, now: datetime, clock: Clock) -> Block:
    """With a new id for a new number, so that no earlier choice stays."""
    offered = zones.offered(now, clock.told, clock.zone, program.customer_timezone, program.timezone)
    options = [inputs.known(label, name) for name, label in offered]
    mark = None if clock.told == program.customer_timezone else clock.told
    return inputs.menu(Field.ZONE, options, None if clock.asks else clock.zone, redraws=True, mark=mark)


def _superior(form: EscalationForm) -> Block:
    return inputs.person(Field.SUPERIOR, form.superior, hint="The team lead you report to. Asked only once.")


def _optional(program: Program, form: EscalationForm) -> Iterator[Block]:
    departments = [inputs.option(one.name, one.name) for one in program.departments if one.name]
    if departments:
        hint = "Only if another department has to solve it."
        yield inputs.menu(Field.DEPARTMENT, departments, form.department, optional=True, hint=hint)
    yield inputs.line(Field.REFERENCE, form.reference, most=80, optional=True, redraws=True)
    code = read_language(form.language or "")
    yield inputs.searched(Field.LANGUAGE, inputs.known(language_name(code), code) if code else None)
    yield inputs.tick(Field.REPEAT, "The customer has contacted us about this before", form.repeat)


def languages(typed: str, program: Program | None) -> list[Json]:
    """The languages that the form or the settings offer to what was typed, the program's own first."""
    codes = offered(typed, program.languages if program else ())[: inputs.OPTIONS_AT_MOST]
    return [inputs.known(language_name(code), code).to_dict() for code in codes]


def _shown(sent: Sent) -> Shown:
    """What is on the screen; raises OutOfUse where no form of ours could have shown it."""
    zone, told = sent.known("zone"), sent.known("told")
    clock = None if zone is None else Clock(_zone_of(zone), _zone_of(told))
    touched = bool(sent.known("touched")) or not proposal.is_untouched(sent.view)
    agreed = sent.known("agreed") or (None, None)
    more = bool(sent.known("more")) or sent.clicked == Action.UNFOLD
    return Shown(clock, touched, (agreed[0], agreed[1]), proposal.turn(sent.view), more)


def _zone_of(name: object) -> str:
    if isinstance(name, str) and zone_exists(name):
        return name
    raise OutOfUse


def _entered(sent: Sent, shown: Shown) -> EscalationForm:
    """What was entered so far, and the time entered before the customer was on hold."""
    form = sent.form(EscalationForm)
    date, time = form.when.date or shown.agreed[0], form.when.time or shown.agreed[1]
    return replace(form, when=replace(form.when, date=date, time=time))


def _raise(unit: UnitOfWork, act: Act, sent: Sent) -> Case | None:
    program, knows, shown = act.program, bool(sent.known("knows_superior")), _shown(sent)
    form = _entered(sent, shown)

    def again(*, knows: bool = knows, already_open: Sequence[LinkedCase] = ()) -> Again:
        fresh = escalate(program, act.now, form, knows_superior=knows, already_open=already_open, shown=shown)
        return Again(fresh)

    said = form
    if form.customer_is != Customer.WAITING and not form.is_settled and shown.clock is not None:
        clock = forms.clock(form, program, shown.clock, touched=shown.touched)
        if clock.asks or (clock.zone != shown.clock.zone and not form.when.zone):
            raise again()  # the number was typed last: nobody has seen yet whose clock this makes it
        said = replace(form, when=replace(form.when, zone=clock.zone))
    second = sent.ticked(Field.SECOND_CASE)
    try:
        result = usecases.raise_case(unit, act, said, sent.may_lead, second=second)
    except FieldErrors as error:
        if not knows or error.errors.keys() != {Field.SUPERIOR}:
            raise
        # The superior left after the form was opened without asking for one: now it asks.
        raise again(knows=False) from None
    if isinstance(result, OpenAlready):
        numbers = [case.number for case in result.cases]
        if sent.known("already_open") == numbers[:OPEN_SHOWN_AT_MOST]:
            told = f"Add to case {numbers[0]} instead, or tick this to raise a second one."
            raise FieldErrors({Field.SECOND_CASE: told})
        raise again(already_open=linked(unit, result.cases))
    return result


def _well_done(case: Case | None, act: Act, sent: Sent) -> Json | None:
    """What an agent reads who resolved it; a case that was raised is told in the channel."""
    if case is None or case.callback is not None:
        return None
    told = ":star: *You resolved it yourself.* Nobody has to call. It counts for you on Askdesk's Home tab and in the report."
    return done("Resolved", told)


def _redraw(reading: Reading, act: Act, sent: Sent) -> Json | None:
    shown = _shown(sent)
    form = _entered(sent, shown)
    already = usecases.open_cases(reading, act.program, form, act.now)
    knows = bool(sent.known("knows_superior"))
    fresh = escalate(act.program, act.now, form, knows_superior=knows, already_open=already, shown=shown)
    same = fresh["private_metadata"] == sent.view.get("private_metadata")
    return None if same and sent.clicked in NOTHING_TO_DRAW else fresh


def _on_the_line(unit: UnitOfWork, act: Act, sent: Sent, number: int) -> Json:
    """The customer of an open case is on the line now: tells its owner immediately, with what was entered."""
    note = so_far(sent)
    case = usecases.make(
        unit, act, number, moves.called_again, lambda case: moves.called_again(case, act, note)
    )
    who = f"{mention(case.owner)} has been told" if case.owner else "The SMEs and TLs have been told"
    sentence = f":rotating_light: {who} that the customer of *{title(case)}* is on the line."
    return done(f"Case {number}", sentence)


def done(name: str, sentence: str) -> Json:
    """In place of the form: Slack lets an app close a modal only when it is submitted.

    https://docs.slack.dev/surfaces/modals#closing_views
    """
    return modal(name, [blocks.section(sentence)])


def so_far(sent: Sent) -> str:
    """What was entered, as a note; raises FieldErrors."""
    form = sent.form(EscalationForm)
    ignored: dict[Word, str] = {}
    chosen = {
        "Reasons": forms.read_choices(Reason, form.reasons, Field.REASONS, ignored),
        "Tried": forms.read_choices(Step, form.steps, Field.STEPS, ignored),
        "Mood": forms.read_choices(Mood, filter(None, [form.mood]), Field.MOOD, ignored),
    }
    lines = ["The customer called again.", *filter(None, [form.details, form.other_reason])]
    lines += [f"{name}: {', '.join(word.label for word in words)}" for name, words in chosen.items() if words]
    return forms.read_text("\n".join(lines), Field.NOTE)


def _on_the_line_now(it: Happening) -> str:
    return f":rotating_light: The customer of {it.number} is on the line now, with {it.who}"


def _raised(it: Happening) -> str:
    waits = " The customer is on hold." if it.event.facts.get("waiting") else ""
    owners = it.fact("related_owners")
    again = (
        f" Same customer as {several(it.fact('related').split(','))}{it.others(*owners.split(','))}"
        if owners
        else ""
    )
    return f"{it.who} raised {it.number}.{waits}{again}"


FACES = (
    Face(
        moves.raise_case,
        form=ESCALATE,
        sends=_raise,
        then=_well_done,
        redraws=_redraw,
        redrawn_by=(
            *(Field.CONTACT, Field.SCENARIO, Field.REASONS, Field.MOOD, Field.CUSTOMER_IS),
            *(Field.DATE, Field.TIME, Field.ZONE, Field.REFERENCE, Action.UNFOLD),
        ),
    ),
    Face(moves.called_again, within=_on_the_line),
)


def _saved(it: Happening) -> str:
    return f":star: {it.who} resolved {it.number} with the customer on the line"


LINES = {
    Happened.SAVED: Line(_saved),
    Happened.RAISED: Line(_raised, time="Call"),
    Happened.CALLED_AGAIN: Line(_on_the_line_now, quotes=(Quote("note"),), time=""),
}
