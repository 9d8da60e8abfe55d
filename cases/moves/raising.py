"""Raising a case, keeping one that the agent resolved, and a customer who calls again while their case is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cases import close_form
from cases.case import Callback, Case, Closing, Escalation, Status
from cases.errors import NotPossible
from cases.events import Fact, Happened
from cases.forms import Promise
from cases.moves.declared import Acting, Ground
from cases.moves.making import Effect, move
from cases.moves.promises import moved, no_call_runs, promise, promised, when
from cases.people import Party
from cases.words import CallbackKind, Outcome, Priority


def _priority(said: Escalation, related: tuple[int, ...], *, is_high: bool) -> Priority:
    """High where the customer was here before, or a reason cannot wait; else as the situation is."""
    return Priority.HIGH if is_high or related or said.repeat or said.urgent else Priority.NORMAL


def promised_instead(case: Case, first: Callback, *, is_high: bool) -> tuple[Case, dict[str, Fact]]:
    """The case as if it had been raised with this promise, and that in the record."""
    priority = _priority(case.said, case.related, is_high=is_high)
    facts: dict[str, Fact] = {**when(first), "priority": priority.value}
    return replace(promised(case, first), priority=priority, first_due_at=first.due_at), facts


@move(
    "raise",
    "Escalate",
    {None: Status.OPEN},
    by=(Party.ANYONE,),
    can="raise {it}",
    event=Happened.RAISED,
)
def raise_case(
    case: None,
    act: Acting,
    number: int,
    said: Escalation,
    related: tuple[int, ...] = (),
    related_owners: Iterable[str] = (),
    *,
    superior_is_new: bool = False,
) -> Effect:
    """A new case. `related` are this customer's recent cases: they raise the priority.

    `related_owners` own those cases, or owned them last, and are told of this one. `superior_is_new`: the agent named a
    direct superior nobody knew about.
    """
    asked_for_time = said.asked_for_time and not said.waiting
    first = Callback(1, said.due_at, said.zone, act.program.window, asked_for_time=asked_for_time)
    new = Case(
        number=number,
        program=act.program.id,
        status=Status.OPEN,
        said=said,
        raised_by=act.who.id,
        raised_at=act.now,
        free_since=act.now,
        allowed=act.program.attempts,
        priority=_priority(said, related, is_high=said.waiting),
        related=related,
        department=said.department,
        callback=first,
        callbacks=1,
        first_due_at=said.due_at,
    )
    facts: dict[str, Fact] = {**when(first), **_facts(new), "waiting": said.waiting}
    if superior_is_new:
        facts["superior_is_new"] = True
    if others := [owner for owner in dict.fromkeys(related_owners) if owner != act.who.id]:
        facts["related_owners"] = ",".join(others)
    return Effect(new, facts, _said(said), callbacks=(first,))


@move(
    "save",
    "Resolved it myself",
    {None: Status.CLOSED},
    by=(Party.ANYONE,),
    can="resolve {it}",
    event=Happened.SAVED,
    ground=Ground.SAVED,
)
def save(case: None, act: Acting, number: int, said: Escalation, related: tuple[int, ...] = ()) -> Effect:
    """The customer wanted a supervisor and then let the agent resolve it: closed from the start, nobody is called."""
    closing = Closing(Outcome.SAVED, "")
    new = Case(
        number=number,
        program=act.program.id,
        status=Status.CLOSED,
        said=said,
        raised_by=act.who.id,
        raised_at=act.now,
        free_since=act.now,
        allowed=act.program.attempts,
        related=related,
        department=said.department,
        closing=closing,
        closed_at=act.now,
    )
    at: dict[str, Fact] = {"due_at": said.due_at.isoformat(), "zone": said.zone}
    return Effect(new, {**at, **_facts(new), **close_form.facts(closing)}, _said(said))


def _facts(new: Case) -> dict[str, Fact]:
    said = new.said
    return {
        "scenario": said.scenario.value,
        "reasons": ",".join(said.reasons),
        "steps": ",".join(said.steps),
        "not_attempted": said.not_attempted and said.not_attempted.value,
        "superior": said.superior,
        "department": said.department,
        "priority": new.priority.value,
        "related": ",".join(str(number) for number in new.related),
    }


def _said(said: Escalation) -> dict[str, str]:
    personal = {
        "customer": said.customer,
        "contact": said.contact.value,
        "details": said.details,
        "reference": said.reference,
        "other_reason": said.other_reason,
    }
    return {name: text for name, text in personal.items() if text}


def _not_on_hold(case: Case, act: Acting) -> NotPossible | None:
    if not case.waiting:
        return None
    return NotPossible(f"Case {case.number}'s customer is on hold already.")


@move(
    "called_again",
    "The customer is on the line now",
    {Status.OPEN: Status.OPEN, Status.CLAIMED: Status.CLAIMED},
    by=(Party.ANYONE,),
    can="say that {its} customer is on the line",
    event=Happened.CALLED_AGAIN,
    needs=(no_call_runs, _not_on_hold),
)
def called_again(case: Case, act: Acting, note: str) -> Effect:
    """The customer called before anybody called them: they are on hold, whatever was agreed."""
    fresh, callbacks = moved(case, act, Promise(act.now, case.zone), CallbackKind.CALLED_AGAIN)
    fresh = replace(fresh, free_since=act.now, round=case.round + 1)
    facts: dict[str, Fact] = {
        **when(promise(fresh)),
        "was": case.callback.due_at.isoformat() if case.callback else None,
        "owner": case.owner,
    }
    return Effect(fresh, facts, {"note": note}, callbacks=callbacks)
