"""Use cases: what people start about a case, one short function each. Nothing here knows Slack.

Each function runs inside one transaction (`Store.write`). If it does nothing, it raises a Refusal, whose text is the
sentence for the person. What arrives twice (`Act.key`) is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.usecases.export_files import exported
from bot.usecases.links import LinkedCase, linked
from cases import forms, moves
from cases.case import Case, Details, Status
from cases.coaching import missed_at_close
from cases.errors import AsksFirst, FieldErrors, NotPossible
from cases.fields import Field
from cases.figures.period import Period
from cases.figures.report import Asked, By, check_post
from cases.forms import CloseForm, DetailsForm, EscalationForm, PromiseForm
from cases.moves import Acting, AtOnce, Change, Click
from cases.people import ASKDESK, Person, mention
from cases.permissions import check_export, check_figures, check_member
from cases.program import Program
from cases.reminders.recurring import next_shift_ends
from cases.roles import can_have, lost_role
from cases.standing import is_late
from cases.text import clean
from cases.words import Outcome
from storage.reading import Reading
from storage.records import EventRecord, NoticeKind
from storage.reports import exporting
from storage.unit import UnitOfWork
from storage.writing import coaching, notices
from storage.writing.cases import save_change
from storage.writing.notices import note_on_program
from storage.writing.people import count_refusal, remember_superior


@dataclass(frozen=True)
class Act(Acting):
    """Who acts, in which program, when (aware); `key` names the submission or click, so repeating it does no harm."""

    key: str


@dataclass(frozen=True)
class OutcomeForm:
    """The *Log outcome* modal as entered: the disposition, and what belongs to it."""

    disposition: str | None = None
    note: str | None = None
    early: str | None = None
    right_contact: str | None = None
    withdrawn: bool = False
    close: CloseForm = field(default_factory=CloseForm)
    when: PromiseForm = field(default_factory=PromiseForm)


@dataclass(frozen=True)
class OpenAlready:
    """This customer's cases that are not closed: shown before a second one is raised."""

    cases: tuple[Case, ...]


MayLead = Callable[[str], bool]
"""Whether somebody can be an agent's direct superior by their role."""


def known_superior(reading: Reading, user: str, may_lead: MayLead) -> str | None:
    """Somebody's direct superior, if that person can be one: by their role, or because the roster says so."""
    known = reading.superior(user)
    return known if known is not None and (may_lead(known) or reading.leads(known)) else None


def raise_case(
    unit: UnitOfWork, act: Act, form: EscalationForm, may_lead: MayLead, *, second: bool
) -> Case | OpenAlready | None:
    """Raises a case, or keeps one that the agent resolved; or returns the same customer's open ones, unless the agent says
    that a `second` one is meant. None if this submission was handled before.
    """
    program, who, now = act.program, act.who, act.now
    if not unit.once(act.key, now):
        return None  # before the form is read: its promise may be in the past by now, but its case exists
    known = known_superior(unit, who.id, may_lead)
    said = forms.read_escalation(
        form, program, who.id, known, now, lambda user: may_lead(user) or unit.leads(user)
    )
    related = unit.related(program.id, said.contact.value, said.reference, now - program.repeat_within)
    still_open = tuple(case for case in related if not case.is_closed)
    if still_open and not second:
        unit.forget(act.key)
        return OpenAlready(still_open)
    if known is None and said.superior is not None:
        remember_superior(unit, who.id, said.superior, now)
    numbers = tuple(case.number for case in related)
    owners = [case.owner for case in related if case.owner and _can_have(unit, program, case.owner)]
    if form.is_settled:
        return save_change(unit, moves.save(None, act, unit.next_number(), said, numbers), program, now)
    change = moves.raise_case(
        None, act, unit.next_number(), said, numbers, owners, superior_is_new=known is None
    )
    return save_change(unit, change, program, now)


def open_cases(reading: Reading, program: Program, form: EscalationForm, now: datetime) -> list[LinkedCase]:
    """The cases of a customer that are not closed, by the number and reference as far as they are entered."""
    contact, reference = forms.contact_so_far(form.contact, program), clean(form.reference)
    if contact is None and not reference:
        return []
    found = reading.related(
        program.id, contact.value if contact else "", reference, now - program.repeat_within
    )
    return linked(reading, [case for case in found if not case.is_closed])


def make(unit: UnitOfWork, act: Act, number: int, move: Click, change: Callable[[Case], Change]) -> Case:
    """Makes a move, or what its form makes of it, unless this act was handled before; refusals precede mistakes in a form."""
    case = unit.locked_case(number, act.program.id)
    if not unit.once(act.key, act.now):
        return case
    moves.require(case, move, act)
    changed = change(case)
    kept = save_change(unit, changed, act.program, act.now)
    if missed_at_close(changed.events):
        coaching.open_after(unit, kept, act.program, act.now, act.who.id)
    return kept


def take_over(unit: UnitOfWork, act: Act, number: int, move: AtOnce = moves.take_over) -> Case:
    """Since when the owner has the case is looked up with the case held: somebody may have been faster."""
    unit.locked_case(number, act.program.id)
    known = replace(act, owned_since=unit.owned_since(number))
    return make(unit, known, number, move, lambda case: move(case, known))


def call(unit: UnitOfWork, act: Act, number: int) -> Case:
    """Starts the call; whoever does not have the case takes it over first."""
    return take_over(unit, act, number, moves.to_call(unit.locked_case(number, act.program.id), act))


def calling_after_all(
    unit: UnitOfWork, act: Act, number: int, *, asked_for_time: bool, early: str | None
) -> Case:
    """The caller confirmed that the customer wants to be called at this hour, or said why before the agreed time."""
    asked = replace(act, asked_for_time=asked_for_time, early=forms.read_early(early))
    try:
        return call(unit, asked, number)
    except AsksFirst as untold:
        wish = (
            "Tick this only if the customer asked to be called now. If not, close this form and reschedule."
        )
        errors = {Field.ASKED_FOR_TIME: wish} if untold.closed else {}
        raise FieldErrors(errors | ({Field.EARLY: forms.WHY_EARLY} if untold.early else {})) from None


def log_outcome(unit: UnitOfWork, act: Act, number: int, form: OutcomeForm) -> Case:
    """Logs the attempt's disposition: *reached* closes, *asked not to be called* may withdraw, all others plan again."""
    act = replace(act, early=forms.read_early(form.early))

    def change(case: Case) -> Change:
        disposition = forms.read_disposition(form.disposition)
        if disposition.follows.closes:
            return _complete(case, act, form.close)
        if disposition.follows.may_withdraw and form.withdrawn:
            closing, _ = forms.read_closing(form.close, case.zone, act.program, act.now)
            return moves.withdraw(case, act, closing)
        note = forms.read_text(form.note, Field.NOTE, required=False)
        contact, zone = None, case.zone
        if disposition.follows.corrects:
            region = act.program.phone_region
            contact, zone = forms.read_right_contact(form.right_contact, form.when.zone, case, region)
        again = None
        if contact is not None or not moves.runs_out(case, disposition, act.program, act.now):
            again = forms.read_when(form.when, zone, act.program, act.now)
        logged = moves.log_outcome(case, act, disposition, note, again, put_right=contact is not None)
        if contact is None:
            return logged
        return logged.then(_corrected(unit, logged.case, act, replace(logged.case.details, contact=contact)))

    return make(unit, act, number, moves.log_outcome, change)


def correct_details(unit: UnitOfWork, act: Act, number: int, form: DetailsForm) -> Case:
    """Puts right what is known of the customer."""

    def change(case: Case) -> Change:
        return _corrected(unit, case, act, forms.read_details(form, case, act.program))

    return make(unit, act, number, moves.correct_details, change)


def _corrected(reading: Reading, case: Case, act: Act, details: Details) -> Change:
    """With another contact or reference, the case may be about a customer who was here before."""
    related = case.related
    if (details.contact, details.reference) != (case.reach, case.said.reference):
        since = case.raised_at - act.program.repeat_within
        theirs = reading.related(act.program.id, details.contact.value, details.reference, since)
        related = tuple(one.number for one in theirs if one.number < case.number)
    return moves.correct_details(case, act, details, related)


def complete(unit: UnitOfWork, act: Act, number: int, form: CloseForm, early: str | None = None) -> Case:
    """The short way: logs the attempt as reached and closes the case with the same form."""
    act = replace(act, early=forms.read_early(early))
    return make(unit, act, number, moves.complete, lambda case: _complete(case, act, form))


def held_by(reading: Reading, act: Act, owner: str) -> list[Case]:
    """An owner's cases, the soonest call first, for those who may hand them over; raises NotPossible, NotAllowed."""
    mine = [case for case in reading.waiting_cases(act.program.id) if case.owner == owner]
    if not mine:
        raise NotPossible(f"{mention(owner)} no longer has open cases.")
    for case in mine:
        moves.require(case, moves.hand_over, act)
    return mine


def hand_over_several(
    unit: UnitOfWork, act: Act, owner: str, numbers: Sequence[int], receiver: Person | None, note: str | None
) -> None:
    """Hands over several cases of one owner: all of them or none."""
    if not unit.once(act.key, act.now):
        return
    if not numbers:
        raise FieldErrors({Field.CASES: "Choose at least one case."})
    if receiver is None:
        raise FieldErrors({Field.RECEIVER: "Choose who takes the cases."})
    said = forms.read_text(note, Field.NOTE, required=False)
    for number in sorted(numbers):
        case = unit.locked_case(number, act.program.id)
        if case.owner != owner:
            gone = f"Case {number} no longer has that owner. Uncheck it."
            raise FieldErrors({Field.CASES: gone})
        save_change(unit, moves.hand_over(case, act, receiver, said), act.program, act.now)


def stay(unit: UnitOfWork, act: Act, owner: str) -> list[Case]:
    """The owner stays for the calls of the next shift; returns the cases concerned."""
    until = next_shift_ends(act.program, act.now)
    mine = [
        case
        for case in unit.waiting_cases(act.program.id)
        if case.owner == owner and case.callback is not None and case.callback.due_at < until
    ]
    for case in mine:
        moves.require(case, moves.stay, act)
    if not mine:
        raise NotPossible(f"{mention(owner)} has no calls in the next shift.")
    if not unit.once(act.key, act.now):
        return mine
    for case in sorted(mine, key=lambda one: one.number):
        held = unit.locked_case(case.number, act.program.id)
        if held.owner == owner and held.callback is not None and held.callback.stays != owner:
            save_change(unit, moves.stay(held, act), act.program, act.now)
    return mine


def reopen(unit: UnitOfWork, act: Act, number: int, when: PromiseForm, reason: str | None) -> Case:
    def change(case: Case) -> Change:
        promise = forms.read_when(when, case.zone, act.program, act.now)
        said = forms.read_text(reason, Field.REASON)
        owner_can = case.owner is not None and _can_have(unit, act.program, case.owner)
        return moves.reopen(case, act, promise, said, owner_can=owner_can)

    return make(unit, act, number, moves.reopen, change)


def give_back(unit: UnitOfWork, program: int, number: int, owner: str, now: datetime) -> Program | None:
    """Frees a case whose owner's account was deactivated, or who has lost the role that takes cases.

    None if neither is true, or if somebody else or nobody has it now.
    """
    case = unit.locked_case(number, program)
    if case.owner != owner or case.status is not Status.CLAIMED:
        return None
    its_program = unit.program(program)
    if unit.has_left(owner):
        why = moves.DEACTIVATED
    elif lost_role(its_program, owner, unit.members(its_program.channel)):
        why = moves.NO_ROLE
    else:
        return None
    superior = unit.superior(owner)
    told = None if superior is None or unit.has_left(superior) else superior
    save_change(unit, moves.owner_left(case, Acting(its_program, ASKDESK, now), told, why), its_program, now)
    return its_program


def may(reading: Reading, act: Act, number: int, move: Click) -> Case:
    """The case, if the button's move is possible now; raises the Refusal that is shown instead of a form."""
    case = reading.case(number, act.program.id)
    moves.require(case, moves.meant(case, move, act), act)
    return case


def callbacks(reading: Reading, act: Act, which: str) -> list[LinkedCase]:
    """The open cases: `mine` (owned or raised), `due` (within the hour or past), `overdue`, `all`."""
    check_member(act.program, act.who)
    program, who, now = act.program, act.who, act.now
    wanted: dict[str, Callable[[Case], bool]] = {
        "mine": lambda case: who.id in (case.owner, case.raised_by),
        "due": lambda case: case.callback is None or case.callback.due_at <= now + timedelta(hours=1),
        "overdue": lambda case: is_late(case, program, now),
        "all": lambda case: True,
    }
    found = [case for case in reading.waiting_cases(program.id) if wanted[which](case)]
    return linked(reading, found)


def history(reading: Reading, act: Act, number: int) -> tuple[Case, list[EventRecord]]:
    """A case with its part of the record."""
    check_member(act.program, act.who)
    case = reading.case(number, act.program.id)
    return case, reading.events(number)


def cards(reading: Reading, case: Case, events: Sequence[EventRecord]) -> dict[int, str]:
    """The links to the cards of the cases that a case's history names."""
    return reading.permalinks(
        [case.number, *case.related, *(one for event in events for one in event.names_cases)]
    )


def post_report(unit: UnitOfWork, act: Act, period: Period, by: By | None) -> bool:
    """Posts a report in the channel; False if the same command came twice. Never by agent: the channel ranks nobody."""
    check_figures(act.program, act.who)
    check_post(by)
    asked = Asked(period.first, period.last, by, act.who.id, act.key)
    return notices.post_report(unit, act.program, asked, act.now)


def export(unit: UnitOfWork, act: Act, period: Period) -> bool:
    """Posts the cases raised in a period as a file in the channel, without customers' data; False if the same click
    came twice. For managers.
    """
    check_export(act.program, act.who)
    cases = exporting.count(unit, act.program.id, period)
    if not cases:
        raise NotPossible(f"No cases were raised on {period}, so there is nothing to export.")
    if not unit.once(act.key, act.now):
        return False
    event = exported(act.who, period.first, period.last, cases, personal=False)
    note_on_program(unit, act.program, event, act.now, NoticeKind.EXPORT)
    return True


def refuse(unit: UnitOfWork, key: str, who: str, place: str, what: str, now: datetime) -> bool:
    """Counts an attempt from the wrong place, without its text (house rule 5); False if it came twice."""
    if not unit.once(key, now):
        return False
    count_refusal(unit, who, place, what, now)
    return True


def _can_have(reading: Reading, program: Program, user: str) -> bool:
    return can_have(program, user, reading.members(program.channel), left=reading.has_left(user))


def _complete(case: Case, act: Act, form: CloseForm) -> Change:
    closing, follow_up = forms.read_closing(form, case.zone, act.program, act.now)
    if closing.outcome is Outcome.PARTLY:
        return moves.follow_up(case, act, closing, follow_up)
    at = forms.read_follow_up(form, act.program, act.now) if closing.leaves_unsatisfied else None
    return moves.complete(case, act, closing, at)
