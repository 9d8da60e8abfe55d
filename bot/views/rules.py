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
from cases.people import mention
from cases.reminders.rules import Rule
from cases.times import spoken

HALF_A_MINUTE = timedelta(seconds=30)
"""Rounds: a heads-up that is sent two seconds late says `15 min`, not `14 min`."""

NEWER = "See the newer reminder."
"""In place of a reminder that another one has replaced."""

Says = Callable[[Case, datetime], str]

CLAIM: tuple[Click, ...] = (moves.claim,)


@dataclass(frozen=True)
class Face:
    """How a rule looks. `counted` follows a number of cases; `listed` is its part of a case's line in a bundle.

    `buttons` are a ping's, unless the case would now refuse them. If others are called with the owner, they read
    `to_others` instead of `sentence`, and have `instead` as well.
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
    """Why others are called together with the owner: in a ping, and in a bundle's line."""

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
    return f":telephone_receiver: *Now* is the agreed time for {short_title(case)}{_unowned(case)}."


def _sign_off(case: Case, now: datetime) -> str:
    return (
        f":hourglass: *{title(case)} is waiting for your decision*{_since(case, now)}: {used(case)}, nobody reached. "
        "Sign it off as unreachable, or grant another attempt."
    )


def _follow_up(case: Case, now: datetime) -> str:
    how = f" (*{case.closing.outcome.label}*)" if case.closing else ""
    return f":phone: *Follow up on {short_title(case)}*: the customer was left unsatisfied{how}. Get back to them today."


def _unclaimed(case: Case, now: datetime) -> str:
    if case.said.urgent:
        yet = _for(now - case.free_since) or " yet"
        return f":lock: *Security concern*: nobody has claimed {short_title(case)}{yet}."
    return f"*Nobody has claimed {short_title(case)}* for {spoken(now - case.free_since)}."


def _on_hold(case: Case, now: datetime) -> str:
    urgent = ", a security concern" if case.said.urgent else ""
    return (
        f":rotating_light: *Customer on hold{_held(case, now)}*: {short_title(case)}{urgent}. Take the call."
    )


def _still_there(case: Case, now: datetime) -> str:
    held = f"{inline(customer(case), 60)} has been on hold{_held(case, now)} (case {case.number})"
    return f":rotating_light: *Still on the line?* {held}. Offer a callback, or tell us that they hung up."


def _heads_up(case: Case, now: datetime) -> str:
    if case.owner is None:
        return f"*In {_ahead(case, now)}* {short_title(case)} needs a call, and nobody has claimed it."
    return f"*In {_ahead(case, now)}* you call {short_title(case)}, {masked(case.reach)}."


def _heads_up_to_others(case: Case, now: datetime) -> str:
    return f"*In {_ahead(case, now)}* {short_title(case)} needs a call, {masked(case.reach)}."


def _ago(case: Case, now: datetime) -> str:
    return f" {spoken(now - case.callback.due_at)} ago" if case.callback else ""


def _long_call(case: Case, now: datetime) -> str:
    return f":telephone_receiver: *Still talking?* Your call for {short_title(case)} has been running{_talks(case, now)}."


def _not_answered(case: Case, now: datetime) -> str:
    who = mention(case.call.caller) if case.call else "The owner"
    return (
        f":telephone_receiver: {who} has been on the phone about {short_title(case)}{_talks(case, now)} and hasn't said "
        "whether the call still goes on. Please look after them. Don't call the customer."
    )


def _talks(case: Case, now: datetime) -> str:
    return _for(now - case.call.started_at) if case.call else ""


def _ahead(case: Case, now: datetime) -> str:
    return spoken(case.callback.due_at - now + HALF_A_MINUTE) if case.callback else "a moment"


def _since(case: Case, now: datetime) -> str:
    return f" for {spoken(now - case.unanswered_since)}" if case.unanswered_since else ""


def _for(length: timedelta) -> str:
    """` for 6 min`; nothing within the first minute."""
    return f" for {spoken(length)}" if length >= timedelta(minutes=1) else ""


def _held(case: Case, now: datetime) -> str:
    """For how long the customer has been on hold, who may have called again long before the first promise."""
    return _for(now - case.callback.due_at) if case.callback else ""


def _unowned(case: Case) -> str:
    return "" if case.owner else ", and nobody has claimed it"


FACES = {
    Rule.ON_HOLD: Face(
        _on_hold,
        "on hold",
        at_home=":rotating_light: on hold",
        listed=lambda case, now: f":rotating_light: *on hold{_held(case, now)}*: take the call",
        buttons=(moves.claim_and_call, moves.take_call),
        instead=(moves.take_over_and_call,),
    ),
    Rule.OVERDUE: Face(
        _overdue,
        "overdue",
        at_home=":red_circle: overdue",
        listed=lambda case, now: f":red_circle: *overdue*, was due{_ago(case, now)}",
        buttons=(*CLAIM, moves.take_over_and_call),
    ),
    Rule.DUE: Face(
        _due,
        "due now",
        at_home=":telephone_receiver: due now",
        listed=lambda case, now: ":telephone_receiver: *call now*",
        buttons=(*CLAIM, moves.calling_now),
        instead=(moves.take_over_and_call,),
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
    Rule.FOLLOW_UP: Face(
        _follow_up,
        "to follow up on",
        listed=lambda case, now: ":phone: *follow up*: the customer was left unsatisfied",
        buttons=(moves.followed_up,),
    ),
    Rule.NOT_ANSWERED: Face(
        _not_answered,
        "on a long call",
        at_home=":telephone_receiver: long call, not logged",
        listed=lambda case, now: f":telephone_receiver: on the phone{_talks(case, now)}: please look",
        buttons=(moves.still_talking, moves.take_over),
    ),
    Rule.LONG_CALL: Face(_long_call, "asked about", buttons=(moves.still_talking, moves.log_outcome)),
    Rule.STILL_THERE: Face(_still_there, "asked about", buttons=(moves.turn_into_callback, moves.hung_up)),
}
