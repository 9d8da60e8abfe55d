"""How a move is declared and made, and the one answer to “may they do this now?”."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Concatenate, Generic, ParamSpec, TypeVar

from cases.case import Attempt, Callback, Case
from cases.errors import AsksFirst, Refusal
from cases.events import Event, Fact
from cases.moves.declared import Acting, Click, Condition, Move
from cases.moves.refusal import refusal
from cases.words import Early

C = TypeVar("C", bound=Click)
S = TypeVar("S", Case, None)
P = ParamSpec("P")


@dataclass(frozen=True)
class Effect:
    """What a move does: the case afterwards, except its status; the facts and texts of the move's line in the record;
    new or changed callbacks and attempts; and any further events.
    """

    case: Case
    facts: Mapping[str, Fact] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    callbacks: tuple[Callback, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    further: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Change:
    """A move that was made: the case afterwards, new or changed callbacks and attempts, and what happened."""

    case: Case
    events: tuple[Event, ...]
    callbacks: tuple[Callback, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    def then(self, after: Change) -> Change:
        """This and what was made of the case after it, as one change."""
        return Change(
            after.case,
            (*self.events, *after.events),
            (*self.callbacks, *after.callbacks),
            (*self.attempts, *after.attempts),
        )


@dataclass(frozen=True, eq=False, repr=False)
class Made(Move, Generic[S, P]):
    """A declared move with what it does. Calling it makes the move: returns a Change, or raises the Refusal."""

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
    """Several moves in one click, made one after the other in one transaction, or none of them. `needs` are checked
    once the first part has found nothing to refuse, or nothing but a question.
    """

    parts: tuple[Made[Case, []], ...]
    needs: tuple[Condition, ...] = ()

    def __call__(self, case: Case, act: Acting) -> Change:
        try:
            made = self.parts[0](case, act)
        except AsksFirst:
            self._check(case, act)
            raise
        self._check(case, act)
        for part in self.parts[1:]:
            made = made.then(part(made.case, act))
        return made

    def _check(self, case: Case, act: Acting) -> None:
        for need in self.needs:
            if (no := need(case, act)) is not None:
                raise no


AtOnce = Made[Case, []] | Combined
"""A move, or several, for which a click is enough."""


def why_not(case: Case | None, click: Click, act: Acting) -> Refusal | None:
    """May this person do this to this case now? None if they may, otherwise why not: the error that the click would
    raise. For `people.ANYBODY`: whether anybody at all may.
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
    """The move that a button currently stands for: its own, or the one that replaces it."""
    return (click.instead(case, act) if isinstance(click, Move) and click.instead else None) or click


def offered(case: Case, clicks: Iterable[C], act: Acting) -> tuple[C, ...]:
    """The buttons that this person may use now, without those whose move another button includes.

    A call outside calling hours or before the agreed time is offered: its form asks why.
    """
    act = replace(act, asked_for_time=True, early=Early.ASKED)
    found = [click for click in clicks if may(case, meant(case, click, act), act)]
    together = {part for click in found if isinstance(click, Combined) for part in click.parts}
    return tuple(click for click in found if click not in together)
