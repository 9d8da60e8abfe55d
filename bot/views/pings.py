"""What the bot says by itself when somebody is to act (docs/policy.md, *Reminders and posts*).

A ping is rendered when it is sent: its words and its buttons are those of the case as it then stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.views import blocks
from bot.views.mentions import Actor, mentions
from bot.views.message import Message
from bot.views.standing import customer, masked, promised, promised_plain, short_title, title, used
from cases.case import Case
from cases.ladder import NOBODY_KNOWN, Audience, Rule
from cases.lifecycle import Click, Combined, Move, possible
from cases.mrkdwn import inline
from cases.program import Program
from cases.shifts import Members
from cases.times import spoken

__all__ = ["mentions", "ping"]

ANSWERED_BY: dict[tuple[Rule, bool], tuple[Move, ...]] = {
    (Rule.UNCLAIMED, False): (Move.CLAIM,),
    (Rule.HEADS_UP, False): (Move.CLAIM,),
    (Rule.DUE, False): (Move.CLAIM,),
    (Rule.DUE, True): (Move.CALLING_NOW,),
    (Rule.OVERDUE, False): (Move.CLAIM,),
    (Rule.OVERDUE, True): (Move.CALLING_NOW, Move.TAKE_OVER),
    (Rule.SIGN_OFF, False): (Move.SIGN_OFF, Move.GRANT_ATTEMPT),
    (Rule.SIGN_OFF, True): (Move.SIGN_OFF, Move.GRANT_ATTEMPT),
}
"""The buttons of a ping by its rule and whether the case has an owner."""


WHY_OTHERS = {
    Audience.ON_SHIFT: "The owner is off shift: whoever is on shift, see to it that the customer is called.",
    Audience.IN_PLACE: "The owner is not in this channel and won't see this: please make sure that the customer is called.",
}
"""Why others are called together with the owner."""

HALF_A_MINUTE = timedelta(seconds=30)
"""Rounds: a heads-up that is sent two seconds late says `15 min`, not `14 min`."""


def ping(
    case: Case,
    program: Program,
    rule: Rule,
    step: int,
    audience: Sequence[Audience],
    late: timedelta,
    now: datetime,
    members: Members = NOBODY_KNOWN,
) -> Message:
    """The ping of this rule at this step: who is mentioned, what is to be done, the button that does it.

    Where the customer waits on the line the first one follows from the form itself: whoever sent that is left out.
    """
    to_others = [why for one, why in WHY_OTHERS.items() if one in audience]
    told = _heads_up_to_others if to_others and rule is Rule.HEADS_UP else SENTENCES[rule]
    raising = Actor(case.raised_by if rule is Rule.DUE and case.waiting else "", members=members)
    sentence = f"{raising.called(audience, case, program, now)} {told(case, now)}".strip()
    when = [promised(case.callback, waiting=case.waiting)] if case.callback else []
    small = [*([f"Reminder {step + 1}"] if step else []), *to_others]
    if late:
        small.append(f":warning: This ping is {spoken(late)} late: Askdesk was away.")
    body = [blocks.section("\n".join([sentence, *when]))]
    if small:
        body.append(blocks.context(*small))
    moves = _answers(case, rule, to_others=bool(to_others))
    if moves:
        body.append(blocks.moves(case.number, moves))
    return blocks.message(" ".join([sentence, promised_plain(case), *small]), body)


def _answers(case: Case, rule: Rule, *, to_others: bool) -> list[Click]:
    """The buttons; none that the case, as it stands by now, would refuse."""
    if rule is not Rule.UNCLAIMED and case.awaits_sign_off is not (rule is Rule.SIGN_OFF):
        return []
    answers: tuple[Click, ...] = ANSWERED_BY.get((rule, case.owner is not None), ())
    if to_others and rule is Rule.DUE:
        answers = (*answers, Move.TAKE_OVER)
    if case.waiting:
        answers = tuple(Combined.CLAIM_AND_CALL if one is Move.CLAIM else one for one in answers)
    return [click for click in answers if possible(case.status, click)]


def _unclaimed(case: Case, now: datetime) -> str:
    if case.waiting and case.callback is not None:
        waited = spoken(now - case.callback.due_at)
        return (
            f":rotating_light: *The customer is waiting on the line*, for {waited} by now: {short_title(case)}. "
            "Claim it and take the call."
        )
    return f"*Nobody has claimed {short_title(case)}* for {spoken(now - case.free_since)}."


def _heads_up(case: Case, now: datetime) -> str:
    ahead = spoken(case.callback.due_at - now + HALF_A_MINUTE) if case.callback else "a moment"
    if case.owner is None:
        return f"*In {ahead}* {short_title(case)} is to be called, and nobody has claimed it."
    return f"*In {ahead}* you call {short_title(case)}, {masked(case.reach)}."


def _heads_up_to_others(case: Case, now: datetime) -> str:
    ahead = spoken(case.callback.due_at - now + HALF_A_MINUTE) if case.callback else "a moment"
    return f"*In {ahead}* {short_title(case)} is to be called, {masked(case.reach)}."


def _due(case: Case, now: datetime) -> str:
    if case.waiting:
        return f":rotating_light: *Now*: {short_title(case)} is waiting on the line{_unowned(case)}."
    return f":telephone_receiver: *Now* is the agreed time of {short_title(case)}{_unowned(case)}."


def _overdue(case: Case, now: datetime) -> str:
    ago = f" {spoken(now - case.callback.due_at)} ago" if case.callback else ""
    begun = "the call was begun, its outcome is not logged" if case.call else "no attempt logged yet"
    name = inline(customer(case), 60)
    return (
        f":red_circle: *Overdue: case {case.number}*. {name} was to be called{ago}, {begun}{_unowned(case)}."
    )


def _sign_off(case: Case, now: datetime) -> str:
    since = f" for {spoken(now - case.unanswered_since)}" if case.unanswered_since else ""
    return (
        f":hourglass: *{title(case)} waits for your decision*{since}: {used(case)}, nobody reached. "
        "Sign it off as unreachable, or grant another attempt."
    )


def _unowned(case: Case) -> str:
    return "" if case.owner else ", and nobody has claimed it"


SENTENCES: dict[Rule, Callable[[Case, datetime], str]] = {
    Rule.UNCLAIMED: _unclaimed,
    Rule.HEADS_UP: _heads_up,
    Rule.DUE: _due,
    Rule.OVERDUE: _overdue,
    Rule.SIGN_OFF: _sign_off,
}
