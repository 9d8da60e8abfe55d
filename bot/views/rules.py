"""The face of each reminder rule: its sentence and buttons in a ping, its line among many, its words in App Home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.views.standing import customer, masked, short_title, title, used
from cases import moves
from cases.audience import Audience
from cases.case import Case
from cases.moves import Click
from cases.mrkdwn import inline
from cases.reminders.rules import Rule
from cases.times import spoken

HALF_A_MINUTE = timedelta(seconds=30)
"""Rounds: a heads-up that is sent two seconds late says `15 min`, not `14 min`."""

Says = Callable[[Case, datetime], str]

CLAIM: tuple[Click, ...] = (moves.claim_and_call, moves.claim)


@dataclass(frozen=True)
class Face:
    """How a rule looks. `counted` stands behind a number of cases; `listed` is its part of a case's line in a bundle.

    `buttons` are a ping's, as far as the case, as it stands by now, would not refuse them. Where others are called with the
    owner, they read `to_others` in place of `sentence`, and may `instead` as well.
    """

    sentence: Says
    counted: str
    at_home: str = ""
    listed: Says | None = None
    buttons: tuple[Click, ...] = CLAIM
    instead: tuple[Click, ...] = ()
    to_others: Says | None = None


@dataclass(frozen=True)
class Why:
    """Why others are called together with the owner: in a ping, and in a line among many."""

    sentence: str
    listed: str


WHY_OTHERS = {
    Audience.ON_SHIFT: Why(
        "The owner is off shift. If you are on shift, please make sure the customer is called.",
        "its owner is off shift",
    ),
    Audience.IN_PLACE: Why(
        "The owner is not in this channel and won't see this. Please make sure the customer is called.",
        "its owner is not in this channel",
    ),
}


def _overdue(case: Case, now: datetime) -> str:
    begun = "a call was started but not logged" if case.call else "no attempt logged yet"
    called = f"{inline(customer(case), 60)} should have been called{_ago(case, now)}"
    return f":red_circle: *Overdue: case {case.number}*. {called}, {begun}{_unowned(case)}."


def _due(case: Case, now: datetime) -> str:
    if case.waiting:
        return f":rotating_light: *Now*: {short_title(case)} is waiting on the line{_unowned(case)}."
    return f":telephone_receiver: *Now* is the agreed time for {short_title(case)}{_unowned(case)}."


def _sign_off(case: Case, now: datetime) -> str:
    return (
        f":hourglass: *{title(case)} is waiting for your decision*{_since(case, now)}: {used(case)}, nobody reached. "
        "Sign it off as unreachable, or grant another attempt."
    )


def _unclaimed(case: Case, now: datetime) -> str:
    if case.waiting and case.callback is not None:
        waited = spoken(now - case.callback.due_at)
        return (
            f":rotating_light: *The customer has been waiting on the line for {waited}*: {short_title(case)}. "
            "Claim it and take the call."
        )
    return f"*Nobody has claimed {short_title(case)}* for {spoken(now - case.free_since)}."


def _heads_up(case: Case, now: datetime) -> str:
    if case.owner is None:
        return f"*In {_ahead(case, now)}* {short_title(case)} needs a call, and nobody has claimed it."
    return f"*In {_ahead(case, now)}* you call {short_title(case)}, {masked(case.reach)}."


def _heads_up_to_others(case: Case, now: datetime) -> str:
    return f"*In {_ahead(case, now)}* {short_title(case)} needs a call, {masked(case.reach)}."


def _ago(case: Case, now: datetime) -> str:
    return f" {spoken(now - case.callback.due_at)} ago" if case.callback else ""


def _ahead(case: Case, now: datetime) -> str:
    return spoken(case.callback.due_at - now + HALF_A_MINUTE) if case.callback else "a moment"


def _since(case: Case, now: datetime) -> str:
    return f" for {spoken(now - case.unanswered_since)}" if case.unanswered_since else ""


def _unowned(case: Case) -> str:
    return "" if case.owner else ", and nobody has claimed it"


FACES = {
    Rule.OVERDUE: Face(
        _overdue,
        "overdue",
        at_home=":red_circle: overdue",
        listed=lambda case, now: f":red_circle: *overdue*, was due{_ago(case, now)}",
        buttons=(*CLAIM, moves.calling_now, moves.take_over),
    ),
    Rule.DUE: Face(
        _due,
        "due now",
        at_home=":telephone_receiver: due now",
        listed=lambda case, now: ":telephone_receiver: *call now*",
        buttons=(*CLAIM, moves.calling_now),
        instead=(moves.take_over,),
    ),
    Rule.SIGN_OFF: Face(
        _sign_off,
        "waiting for a manager's decision",
        at_home=":hourglass: waiting for a decision",
        listed=lambda case, now: (
            f":hourglass: *decide*: {used(case)}, nobody reached, waiting{_since(case, now)}"
        ),
        buttons=(moves.sign_off, moves.grant_attempt),
    ),
    Rule.UNCLAIMED: Face(_unclaimed, "unclaimed", at_home=":bell: unclaimed"),
    Rule.HEADS_UP: Face(
        _heads_up,
        "due soon",
        listed=lambda case, now: f"call in {_ahead(case, now)}",
        to_others=_heads_up_to_others,
    ),
}
