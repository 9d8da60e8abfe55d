"""How a move is declared and made, and the one answer to “may they do this now?”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Concatenate, Generic, ParamSpec, TypeVar

from cases.case import Attempt, Callback, Case
from cases.errors import Refusal
from cases.events import Event, Fact
from cases.moves.declared import Acting, Click, Condition, Move
from cases.moves.refusal import refusal

C = TypeVar("C", bound=Click)
S = TypeVar("S", Case, None)
P = ParamSpec("P")


@dataclass(frozen=True)
class Effect:
    """What a move does: the case afterwards, but for its status; the facts and the texts of the move's line in the record;
    the callbacks and attempts that are new or changed; and what else happens with it.
    """

    case: Case
    facts: Mapping[str, Fact] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    callbacks: tuple[Callback, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    further: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Change:
    """A move that was made: the case afterwards, the callbacks and attempts that are new or changed, what happened."""

    case: Case
    events: tuple[Event, ...]
    callbacks: tuple[Callback, ...] = ()
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Made(Move, Generic[S, P]):
    """A declared move with what it does. Calling it makes the move: a Change, or the Refusal that says why not."""

    effect: Callable[Concatenate[S, Acting, P], Effect] = field(kw_only=True)

    def __call__(self, case: S, act: Acting, *args: P.args, **details: P.kwargs) -> Change:
        if (no := refusal(case, self, act)) is not None:
            raise no
        done: Effect = self.effect(case, act, *args, **details)
        to = self.leads[None if case is None else case.status]
        event = Event(self.event, act.who.id, done.facts, done.said)
        return Change(replace(done.case, status=to), (event, *done.further), done.callbacks, done.attempts)


@dataclass(frozen=True, eq=False, repr=False)
class move(Move):
    """Declares the move whose effect is the function below it."""

    def __call__(self, effect: Callable[Concatenate[S, Acting, P], Effect]) -> Made[S, P]:
        return Made(**vars(self), effect=effect)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Combined(Click):
    """Several moves by one click, made one after the other in one transaction, or none of them.

    `needs` are asked after the first part has found nothing to refuse.
    """

    parts: tuple[Made[Case, []], ...]
    needs: tuple[Condition, ...] = ()

    def __call__(self, case: Case, act: Acting) -> Change:
        made = self.parts[0](case, act)
        for need in self.needs:
            if (no := need(case, act)) is not None:
                raise no
        for part in self.parts[1:]:
            after = part(made.case, act)
            made = Change(
                after.case,
                (*made.events, *after.events),
                (*made.callbacks, *after.callbacks),
                (*made.attempts, *after.attempts),
            )
        return made


def why_not(case: Case | None, click: Click, act: Acting) -> Refusal | None:
    """May this person do this to this case now? None where they may, else why not: the error that the click would raise.

    Whether anybody at all may is asked for `people.ANYBODY`.
    """
    if isinstance(click, Combined) and case is not None:
        try:
            click(case, act)
        except Refusal as no:
            return no
        return None
    assert isinstance(click, Move)
    return refusal(case, click, act)


def may(case: Case, click: Click, act: Acting) -> bool:
    """Whether this person may do this to this case now."""
    return why_not(case, click, act) is None


def require(case: Case | None, click: Click, act: Acting) -> None:
    """Raises the Refusal that says why this person may not do this to this case now."""
    if (no := why_not(case, click, act)) is not None:
        raise no


def meant(case: Case, click: C, act: Acting) -> C | Move:
    """What a button stands for as the case stands: the move on it, or the one that takes its place."""
    return (click.instead(case, act) if isinstance(click, Move) and click.instead else None) or click


def offered(case: Case, clicks: Iterable[C], act: Acting) -> tuple[C, ...]:
    """Those of the buttons that this person may use now; what one click does with other moves is not offered apart.

    A call at an hour when none are made is offered: its form asks whether the customer wants it.
    """
    act = replace(act, asked_for_time=True)
    found = [click for click in clicks if may(case, meant(case, click, act), act)]
    together = {part for click in found if isinstance(click, Combined) for part in click.parts}
    return tuple(click for click in found if click not in together)
