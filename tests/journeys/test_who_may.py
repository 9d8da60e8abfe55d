"""Every button that a card ever has, clicked by everybody, wherever the case stands (docs/policy.md, *Who may do what*).

Whoever may, gets the form; whoever may not, reads who may, alone, and nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cases import moves
from sandbox.driver import Message, Person
from tests.journeys.floor import ASK, Floor
from tests.journeys.telling import (
    BUTTONS,
    closes,
    is_told_why_not,
    nothing_happens,
    tries_in_vain,
    with_every_button,
)

EVERYBODY = ("Ana", "Arjun", "Sam", "Ben", "Tess", "Mia")
"""The agent who raised it, another one, an SME, the TL who owns it, another TL, the manager."""

TAKERS = {"Sam", "Ben", "Tess", "Mia"}

MAY: dict[str, set[str]] = {
    "Claim": TAKERS,
    "Claim and take the call": TAKERS,
    "Calling now": {"Ben"},
    "Log outcome": {"Ben"},
    "Reschedule": {"Ben", "Ana"},
    "Hand over": {"Ben", "Mia"},
    "Release": {"Ben"},
    "Take over": TAKERS,
    "Escalate further": {"Ben"},
    "Add note": set(EVERYBODY),
    "Show number": {"Ben", "Mia"},
    "Complete": {"Ben"},
    "Sign off unreachable": {"Mia"},
    "Grant another attempt": {"Mia"},
    "Reopen": {"Ben", "Mia"},
}

WHO_MAY: dict[str, str] = {
    "Claim": "Only an SME/TL or a manager can",
    "Claim and take the call": "Only an SME/TL or a manager can",
    "Calling now": "Only the owner (@Ben Carter) can",
    "Log outcome": "Only the owner (@Ben Carter) can",
    "Reschedule": "Only the owner (@Ben Carter) or the agent who raised it (@Ana Reyes) can",
    "Hand over": "Only the owner (@Ben Carter) or a manager can",
    "Release": "Only the owner (@Ben Carter) can",
    "Take over": "Only an SME/TL or a manager can",
    "Escalate further": "Only the owner (@Ben Carter) can",
    "Show number": "Only the owner (@Ben Carter) or a manager can",
    "Complete": "Only the owner (@Ben Carter) can",
    "Sign off unreachable": "Only a manager can",
    "Grant another attempt": "Only a manager can",
    "Reopen": "Only the owner (@Ben Carter) or a manager can",
}

NOT_YET = "has attempts left"
RAN_OUT = "Case 1 has no attempts left: a manager signs it off or grants another attempt."
NOT_ON_THE_LINE = "Case 1's customer is no longer on the line"
HAS_TIME = "who still has time"
CLOSED = "Case 1 is closed"
WITH_BEN = "Case 1 is with @Ben Carter, so you can't"
FREE = "is open and nobody has claimed it yet"

ALWAYS = {"Add note", "Show number"}
OWNERS = {"Calling now", "Log outcome", "Reschedule", "Hand over", "Release", "Escalate further", "Complete"}
LAST = {"Sign off unreachable", "Grant another attempt"}

STANDS: dict[str, tuple[set[str], dict[str, str]]] = {
    "open": (
        ALWAYS | {"Claim", "Reschedule"},
        dict.fromkeys(LAST, NOT_YET) | {"Claim and take the call": NOT_ON_THE_LINE},
    ),
    "claimed": (ALWAYS | OWNERS, dict.fromkeys(LAST, NOT_YET) | {"Take over": HAS_TIME}),
    "overdue": (ALWAYS | OWNERS | {"Take over"}, dict.fromkeys(LAST, NOT_YET)),
    "on the call": (
        ALWAYS | {"Log outcome", "Hand over", "Release", "Escalate further", "Complete"},
        dict.fromkeys(LAST, NOT_YET)
        | {"Take over": HAS_TIME, "Calling now": "You are already on this call"}
        | {"Reschedule": "@Ben Carter has already started this call"},
    ),
    "waiting for a sign-off": (
        ALWAYS | LAST | {"Reschedule", "Hand over", "Escalate further"},
        dict.fromkeys(("Calling now", "Log outcome", "Release", "Take over", "Complete"), RAN_OUT),
    ),
    "closed": (ALWAYS | {"Reopen"}, {}),
}
"""By how the case stands: what may be done, and what those read for whom it is only not the time."""

NO_SUCH_MOVE = {"open": FREE, "closed": CLOSED}


def _open(desk: Floor) -> Message:
    card = desk.escalates()
    desk.ana.is_told("Case 1", in_=ASK)
    return card


def _claimed(desk: Floor) -> Message:
    return desk.claimed()


def _overdue(desk: Floor) -> Message:
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=26)
    desk.ben.sees("verdue", in_=card)
    return card.becomes("Overdue")


def _on_the_call(desk: Floor) -> Message:
    card = desk.claimed()
    desk.ben.clicks("Calling now", on=card)
    desk.ana.sees("calling now", in_=card)
    return card.becomes("On the call")


def _ran_out(desk: Floor) -> Message:
    card = tries_in_vain(desk, desk.claimed())
    desk.mia.sees("nobody reached: sign case 1 off", in_=card)
    return card.becomes("A manager decides")


def _closed(desk: Floor) -> Message:
    card = closes(desk, desk.claimed())
    desk.ana.sees("closed case 1", in_=card)
    return card


BRINGS: dict[str, Callable[[Floor], Message]] = {
    "open": _open,
    "claimed": _claimed,
    "overdue": _overdue,
    "on the call": _on_the_call,
    "waiting for a sign-off": _ran_out,
    "closed": _closed,
}

AT_ONCE = {"Claim", "Calling now", "Take over", "Show number"}
"""What acts without a form; the stories of `test_buttons` tell what it does."""


def why_not(stands: str, who: Person, label: str) -> str | None:
    """What this person reads instead of the form; None where they may."""
    first = who.name.split()[0]
    possible, not_now = STANDS[stands]
    if label.startswith("Claim") and first == "Ben" and stands not in ("open", "closed"):
        return "You already have case 1."
    if label not in possible and label not in not_now:
        return NO_SUCH_MOVE.get(stands, WITH_BEN)
    if first not in MAY[label] or (stands == "open" and first == "Ben" and label not in TAKERS_MAY):
        whose = WHO_MAY[label]
        return whose.replace("the owner (@Ben Carter) or ", "") if stands == "open" else whose
    if label == "Take over" and first == "Ben":
        return "You already have case 1."
    if (stands, first, label) == ("on the call", "Ben", "Reschedule"):
        return None  # another time is that call's outcome
    if (stands, first, label) == ("waiting for a sign-off", "Ben", "Reschedule"):
        return RAN_OUT  # only the agent may, whose customer called again
    return not_now.get(label)


TAKERS_MAY = {"Claim", "Claim and take the call", "Add note"}
"""What a TL may do with a case that is not theirs and waits for an owner."""


@pytest.mark.parametrize("stands", STANDS)
def test_everybody_clicks_everything(desk: Floor, stands: str) -> None:
    """Forms for those who may; a sentence that only they see for all others, and nothing is posted or kept."""
    card = BRINGS[stands](desk)
    behind = with_every_button(card)
    with nothing_happens(desk, card):
        for name in EVERYBODY:
            who = desk.slack.person(name)
            for move in BUTTONS:
                sentence = why_not(stands, who, move.label)
                if sentence is not None:
                    is_told_why_not(desk, who, move.label, sentence, on=behind)
                elif move.label not in AT_ONCE:
                    assert who.clicks(move.label, on=behind, as_seen=True).acked
                    modal = who.modal()
                    on_call = stands == "on the call" and move is moves.reschedule
                    assert modal.title == ("Log outcome" if on_call else move.label)
                    modal.close()


def test_the_card_shows_the_next_step_first(desk: Floor) -> None:
    """The row and the overflow menu in each state: docs/policy.md, *The card*."""
    card = desk.escalates(minutes=10)
    assert (card.buttons(), card.overflow()) == (["Claim", "Reschedule"], ["Add note", "Show number"])
    rest = ["Hand over", "Release", "Escalate further", "Add note", "Show number"]

    desk.ben.clicks("Claim", on=card)
    card = card.becomes("With @Ben Carter")
    assert (card.buttons(), card.overflow()) == (["Calling now", "Log outcome", "Reschedule"], rest)

    desk.clock.passes(minutes=26)
    card = card.becomes("Overdue")
    assert card.buttons() == ["Calling now", "Log outcome", "Reschedule", "Take over"]

    desk.ben.clicks("Calling now", on=card)
    card = card.becomes("On the call")
    assert (card.buttons(), card.overflow()) == (["Complete", "Log outcome", "Reschedule"], rest)

    card = tries_in_vain(desk, card).becomes("A manager decides")
    assert card.buttons() == ["Sign off unreachable", "Grant another attempt"]
    assert "Release" not in card.overflow()
