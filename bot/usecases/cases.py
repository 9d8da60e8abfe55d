"""Use cases: what people start about a case, one short function each. Nothing here knows Slack.

Each function runs inside one transaction (`Store.write`) and raises a Refusal, whose text is the sentence for
the person, when nothing was done. What arrives twice (`Act.key`) is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.usecases.export_files import exported
from bot.usecases.links import LinkedCase, linked
from bot.usecases.refusals import reports_only
from cases import forms, moves
from cases.case import Case, Status
from cases.coaching import missed_at_close
from cases.errors import CallsClosed, FieldErrors, NotAllowed, NotPossible
from cases.fields import Field
from cases.figures.period import Period
from cases.figures.report import NO_NAMES, Asked, By
from cases.forms import CloseForm, EscalationForm, PromiseForm
from cases.moves import Acting, Change, Click
from cases.people import DESK, Person, mention
from cases.program import Program
from cases.reminders.recurring import next_shift_ends
from cases.roles import can_have, lost_role
from cases.words import Outcome, Role
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
    """Who acts, in which program, when (aware); `key` names the submission or click, so that its repeat is harmless."""

    key: str


@dataclass(frozen=True)
class OutcomeForm:
    """The *Log outcome* modal as entered: the disposition, and what goes with it."""

    disposition: str | None = None
    note: str | None = None
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
    """Somebody's direct superior, as far as that person can be one: by their role, or because the roster says so."""
    known = reading.superior(user)
    return known if known is not None and (may_lead(known) or reading.leads(known)) else None


def raise_case(
    unit: UnitOfWork, act: Act, form: EscalationForm, may_lead: MayLead, *, second: bool
) -> Case | OpenAlready | None:
    """A new case; or the open ones of the same customer, until the agent says that a `second` one is meant.

    None when this submission was acted on before.
    """
    program, who, now = act.program, act.who, act.now
    if not unit.once(act.key, now):
        return None  # before the form is read: its promise may be in the past by now, its case is there
    known = known_superior(unit, who.id, may_lead)
    said = forms.read_escalation(
        form, program, who.id, known, now, lambda user: may_lead(user) or unit.leads(user)
    )
    related = unit.related(program.id, said.contact.value, said.reference, now - program.repeat_within)
    still_open = tuple(case for case in related if case.status is not Status.CLOSED)
    if still_open and not second:
        unit.forget(act.key)
        return OpenAlready(still_open)
    if known is None and said.superior is not None:
        remember_superior(unit, who.id, said.superior, now)
    numbers = tuple(case.number for case in related)
    owners = [case.owner for case in related if case.owner and _can_have(unit, program, case.owner)]
    change = moves.raise_case(
        None, act, unit.next_number(), said, numbers, owners, superior_is_new=known is None
    )
    return save_change(unit, change, program, now)


def make(unit: UnitOfWork, act: Act, number: int, move: Click, change: Callable[[Case], Change]) -> Case:
    """Makes a move, or what its form makes of it, unless this act was kept before; refusals come before mistakes in a form."""
    case = unit.locked_case(number, act.program.id)
    if not unit.once(act.key, act.now):
        return case
    moves.require(case, move, act)
    changed = change(case)
    kept = save_change(unit, changed, act.program, act.now)
    if missed_at_close(changed.events):
        coaching.open_after(unit, kept, act.program, act.now, act.who.id)
    return kept


def calling_after_all(unit: UnitOfWork, act: Act, number: int, *, asked_for_time: bool) -> Case:
    """The owner was asked whether the customer wants to be called at this hour."""
    asked = replace(act, asked_for_time=asked_for_time)
    try:
        return make(unit, asked, number, moves.calling_now, lambda case: moves.calling_now(case, asked))
    except CallsClosed:
        untold = (
            "Tick this only if the customer asked to be called now. If not, close this form and reschedule."
        )
        raise FieldErrors({Field.ASKED_FOR_TIME: untold}) from None


def log_outcome(unit: UnitOfWork, act: Act, number: int, form: OutcomeForm) -> Case:
    """The attempt's disposition; *reached* closes, *asked not to be called* may withdraw, all else plans again."""

    def change(case: Case) -> Change:
        disposition = forms.read_disposition(form.disposition)
        if disposition.follows.closes:
            return _complete(case, act, form.close)
        if disposition.follows.may_withdraw and form.withdrawn:
            closing, _ = forms.read_closing(form.close, case.zone, act.program, act.now)
            return moves.withdraw(case, act, closing)
        note = forms.read_text(form.note, Field.NOTE, required=False)
        again = None
        if not moves.runs_out(case, disposition):
            again = forms.read_when(form.when, case.zone, act.program, act.now)
        return moves.log_outcome(case, act, disposition, note, again)

    return make(unit, act, number, moves.log_outcome, change)


def complete(unit: UnitOfWork, act: Act, number: int, form: CloseForm) -> Case:
    """The short way: the attempt is logged as reached, the close form follows at once."""
    return make(unit, act, number, moves.complete, lambda case: _complete(case, act, form))


def held_by(reading: Reading, act: Act, owner: str) -> list[Case]:
    """The cases in somebody's hands, the soonest call first, for who may hand them over; raises NotPossible, NotAllowed."""
    mine = [case for case in reading.waiting_cases(act.program.id) if case.owner == owner]
    if not mine:
        raise NotPossible(f"{mention(owner)} has no open cases any more.")
    for case in mine:
        moves.require(case, moves.hand_over, act)
    return mine


def hand_over_several(
    unit: UnitOfWork, act: Act, owner: str, numbers: Sequence[int], receiver: Person | None, note: str | None
) -> None:
    """Several cases of one owner at once: all of them change hands, or none."""
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
    """The owner stays for the calls of the next shift; the cases that this is about."""
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
    """Frees a case whose owner's account was deactivated, or who has no role any more that takes cases.

    None where neither is so, or where somebody else has it, or nobody, by now.
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
    save_change(unit, moves.owner_left(case, Acting(its_program, DESK, now), told, why), its_program, now)
    return its_program


def may(reading: Reading, act: Act, number: int, move: Click) -> Case:
    """The case, if what the button stands for may be done now; raises the Refusal that is read instead of a form."""
    case = reading.case(number, act.program.id)
    moves.require(case, moves.meant(case, move, act), act)
    return case


def callbacks(reading: Reading, program: Program, who: Person, which: str, now: datetime) -> list[LinkedCase]:
    """The cases that wait: `mine` (owned or raised), `due` (within the hour or past), `overdue`, `all`."""
    wanted: dict[str, Callable[[Case], bool]] = {
        "mine": lambda case: who.id in (case.owner, case.raised_by),
        "due": lambda case: case.callback is None or case.callback.due_at <= now + timedelta(hours=1),
        "overdue": lambda case: case.callback is not None and case.callback.is_overdue(now),
        "all": lambda case: True,
    }
    found = [case for case in reading.waiting_cases(program.id) if wanted[which](case)]
    return linked(reading, found)


def history(reading: Reading, program: Program, number: int) -> tuple[Case, list[EventRecord]]:
    """A case with its part of the record."""
    case = reading.case(number, program.id)
    return case, reading.events(number)


def may_read_figures(act: Act) -> None:
    """Raises NotAllowed for an agent: figures are for SMEs, TLs and managers."""
    if not act.who.roles & {Role.SME_TL, Role.MANAGER}:
        raise NotAllowed(reports_only(act.program))


def post_report(unit: UnitOfWork, act: Act, period: Period, by: By | None) -> bool:
    """A report goes to the channel; False where the same command came twice. None by agent: the channel ranks nobody."""
    may_read_figures(act)
    if by is By.AGENT:
        raise NotAllowed(NO_NAMES)
    asked = Asked(period.first, period.last, by, act.who.id, act.key)
    return notices.post_report(unit, act.program, asked, act.now)


def export(unit: UnitOfWork, act: Act, period: Period) -> bool:
    """The cases that were raised in a period go to the channel as a file without anything of a customer; False where the
    same click came twice. For managers.
    """
    if Role.MANAGER not in act.who.roles:
        raise NotAllowed("Only a manager can export cases.")
    cases = exporting.count(unit, act.program.id, period)
    if not cases:
        raise NotPossible(f"No cases were raised on {period}, so there is nothing to export.")
    if not unit.once(act.key, act.now):
        return False
    event = exported(act.who, period.first, period.last, cases, personal=False)
    note_on_program(unit, act.program, event, act.now, NoticeKind.EXPORT)
    return True


def refuse(unit: UnitOfWork, key: str, who: str, place: str, what: str, now: datetime) -> bool:
    """Counts a try from the wrong place, without what it said (house rule 5); False where it came twice."""
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
    return moves.complete(case, act, closing)
