"""Raising a case."""

from __future__ import annotations

from collections.abc import Iterable

from cases.case import Callback, Case, Escalation, Status
from cases.events import Fact, Happened
from cases.moves.declared import Acting
from cases.moves.making import Effect, move
from cases.moves.promises import when
from cases.people import Party
from cases.words import Priority


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
    """A new case. `related` are this customer's cases of the last days: they raise the priority.

    `related_owners` own those cases, or owned them last, and are to hear of this one. `superior_is_new`: the agent
    named a direct superior whom nobody knew of before.
    """
    asked_for_time = said.asked_for_time and not said.waiting
    promise = Callback(1, said.due_at, said.zone, act.program.window, asked_for_time=asked_for_time)
    high = bool(related) or said.repeat or said.waiting
    new = Case(
        number=number,
        program=act.program.id,
        status=Status.OPEN,
        said=said,
        raised_by=act.who.id,
        raised_at=act.now,
        free_since=act.now,
        allowed=act.program.attempts,
        priority=Priority.HIGH if high else Priority.NORMAL,
        related=related,
        department=said.department,
        callback=promise,
        callbacks=1,
        first_due_at=said.due_at,
    )
    facts: dict[str, Fact] = {
        **when(promise),
        "waiting": said.waiting,
        "scenario": said.scenario.value,
        "reasons": ",".join(said.reasons),
        "steps": ",".join(said.steps),
        "not_attempted": said.not_attempted and said.not_attempted.value,
        "superior": said.superior,
        "department": said.department,
        "priority": new.priority.value,
        "related": ",".join(str(n) for n in related),
    }
    if superior_is_new:
        facts["superior_is_new"] = True
    if others := [owner for owner in dict.fromkeys(related_owners) if owner != act.who.id]:
        facts["related_owners"] = ",".join(others)
    personal = {
        "customer": said.customer,
        "contact": said.contact.value,
        "details": said.details,
        "reference": said.reference,
        "other_reason": said.other_reason,
    }
    return Effect(new, facts, {k: v for k, v in personal.items() if v}, callbacks=(promise,))
