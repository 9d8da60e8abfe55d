"""Somebody leaves: their account is deactivated, and nothing that they held is left lying (docs/policy.md, rule 3)."""

from __future__ import annotations

import pytest

from sandbox.driver import PATIENCE, Message
from tests.journeys.floor import ASK, Floor, floor
from tests.journeys.telling import (
    closes,
    lines,
    logs,
    nothing_happens,
    number,
    opens,
    record,
    tries_in_vain,
)

DEACTIVATED = "@Ben Carter's account was deactivated"


def leaves(desk: Floor, who: str = "Ben") -> None:
    """Their account is deactivated, and the bot has heard of it."""
    desk.slack.change_person(who, deleted=True)
    desk.slack.settles()


def is_freed(desk: Floor, card: Message) -> Message:
    """The card, free to claim, after everybody in the channel was told so; SMEs and TLs are mentioned."""
    line = desk.ana.sees(DEACTIVATED, in_=card)
    assert line.broadcast, "everybody in the channel sees it"
    assert desk.sam.is_mentioned(line)
    assert desk.tess.is_mentioned(line)
    assert not desk.mia.is_mentioned(line)
    return card.becomes("nobody has claimed it yet")


def test_every_case_of_a_leaver_is_free_again_and_said_aloud(database_url: str) -> None:
    """With a promise ahead, or in the middle of a call; a colleague's case stays. On both databases."""
    with floor(database_url) as desk:
        calling = desk.claimed(minutes=30, **number("+1 212 555 0133"))
        ahead = desk.claimed(minutes=120, **number("+1 212 555 0134"))
        hers = desk.claimed(desk.tess, **number("+1 212 555 0135"))
        desk.ben.clicks("Calling now", on=calling, within=PATIENCE)
        desk.ana.sees("is calling now", in_=calling)
        leaves(desk)
        for card in (calling, ahead):
            assert is_freed(desk, card).buttons() == ["Claim", "Reschedule"]
        assert [entry for entry in record(desk) if entry[1] == "owner_left"] == [
            (1, "owner_left", "askdesk"),
            (2, "owner_left", "askdesk"),
        ]
        assert "With @Tess Lim" in hers.now().text
        desk.clock.passes(minutes=3)
        ping = desk.sam.sees("Nobody has claimed case 1", in_=calling)
        assert desk.sam.is_mentioned(ping)
        desk.tess.clicks("Claim", on=calling, within=PATIENCE)
        desk.tess.clicks("Calling now", on=calling, within=PATIENCE)
        desk.ana.sees("Tess Lim is calling now (attempt 2)", in_=calling)


def test_a_leaver_is_not_offered_as_the_next_owner(desk: Floor) -> None:
    """Slack's own menus show no deactivated account either."""
    card = desk.claimed()
    leaves(desk)
    is_freed(desk, card)
    desk.tess.clicks("Claim", on=card)
    desk.ana.sees("Tess Lim claimed", in_=card)
    modal = opens(desk.tess, "Hand over", on=card)
    assert modal.options("Hand over to") == ["Mia Grant", "Sam Ortiz", "Sia Novak"]


def test_the_promise_rings_although_its_owner_left_in_the_middle_of_the_call(desk: Floor) -> None:
    """The call that nobody can tell of holds no reminder back for long."""
    card = desk.claimed(minutes=10)
    desk.clock.passes(minutes=10)
    desk.ben.sees("is the agreed time", in_=card)
    desk.ben.clicks("Calling now", on=card)
    desk.ana.sees("is calling now", in_=card)
    leaves(desk)
    is_freed(desk, card)
    desk.clock.passes(minutes=16)
    overdue = desk.tess.sees("Overdue: case 1", in_=card)
    assert overdue.broadcast
    assert desk.tess.is_mentioned(overdue)
    assert "nobody has claimed it" in overdue.text


def test_managers_still_decide_what_a_leaver_had_tried_in_vain(desk: Floor) -> None:
    """It is free for whoever goes on with it, and a manager may end it as before."""
    card = is_freed_after_three_attempts(desk)
    desk.clock.passes(minutes=3)
    asked = desk.sam.sees("Nobody has claimed case 1", in_=card)
    assert asked.buttons() == ["Claim"]
    modal = opens(desk.mia, "Sign off unreachable", on=card)
    assert modal.submit({"Notes": "Three calls and a letter; no answer."}).closed
    closed = card.becomes("Closed: Unreachable")
    modal = opens(desk.mia, "Reopen", on=closed)
    assert modal.submit({"Reason": "She called again.", **desk.time_in(30)}).closed
    card.becomes("With @Mia Grant")


def test_one_more_attempt_is_granted_to_whoever_claims_the_case_of_a_leaver(desk: Floor) -> None:
    card = is_freed_after_three_attempts(desk)
    modal = opens(desk.mia, "Grant another attempt", on=card)
    assert modal.submit(desk.time_in(45)).closed
    desk.ana.sees("granted another attempt", in_=card)
    card = card.becomes("3 of 4 attempts used")
    desk.tess.clicks("Claim", on=card, within=PATIENCE)
    card = card.becomes("With @Tess Lim")
    modal = logs(desk.tess, "No answer", on=card)
    modal.shows("A manager now decides")
    assert modal.submit().closed
    desk.mia.sees("4 attempts, nobody reached", in_=card)


def is_freed_after_three_attempts(desk: Floor) -> Message:
    """A case that waits for a manager, and its owner is gone."""
    card = tries_in_vain(desk, desk.claimed())
    desk.mia.sees("nobody reached: sign case 1 off as unreachable", in_=card)
    leaves(desk)
    card = is_freed(desk, card)
    assert card.buttons() == ["Claim", "Sign off unreachable", "Grant another attempt"]
    return card


def test_who_left_while_the_bot_was_away_is_found_at_its_start(database_url: str) -> None:
    """Slack told nobody; the first look-up is told to wait, and the cases are free all the same."""
    with floor(database_url) as desk:
        card = desk.claimed(minutes=120)
        desk.closes()
        desk.slack.change_person("Ben", deleted=True)
        desk.slack.faults.add("ratelimited", "users.info", retry_after=1)
        desk.opens()
        is_freed(desk, card)


def test_what_is_told_twice_is_done_once(desk: Floor) -> None:
    """Slack's retry, another change of the same account, a start of the bot: one line each case."""
    card = desk.claimed(minutes=120)
    desk.slack.sockets.duplicate_next()
    leaves(desk)
    card = is_freed(desk, card)
    with nothing_happens(desk, card):
        leaves(desk)
    desk.closes()
    desk.opens()
    desk.slack.settles()
    assert len([line for line in lines(card) if DEACTIVATED in line]) == 1
    desk.tess.clicks("Claim", on=card, within=PATIENCE)
    desk.ana.sees("Tess Lim claimed", in_=card)
    with nothing_happens(desk, card):
        leaves(desk)


def test_who_comes_back_finds_everything_as_it_is_by_then(desk: Floor) -> None:
    """The case stays with whoever claimed it; other changes of an account mean nothing at all."""
    card = desk.claimed(minutes=120)
    with nothing_happens(desk, card):
        desk.slack.change_person("Ben", tz="Europe/Berlin")
        desk.slack.settles()
    leaves(desk)
    card = is_freed(desk, card)
    with nothing_happens(desk, card):
        desk.slack.change_person("Ben", deleted=False)
        desk.slack.settles()
    desk.ben.clicks("Claim", on=card, within=PATIENCE)
    card = card.becomes("With @Ben Carter")
    card = closes(desk, card)
    modal = opens(desk.mia, "Reopen", on=card)
    assert modal.submit({"Reason": "The refund did not arrive.", **desk.time_in(30)}).closed
    card.becomes("With @Ben Carter")


def test_a_case_of_a_leaver_is_reopened_by_the_manager_for_herself(desk: Floor) -> None:
    card = closes(desk, desk.claimed())
    leaves(desk)
    assert not [line for line in lines(card) if DEACTIVATED in line], "a closed case is nobody's to free"
    modal = opens(desk.mia, "Reopen", on=card)
    assert modal.submit({"Reason": "The refund did not arrive.", **desk.time_in(30)}).closed
    line = desk.ana.sees("Mia Grant reopened case 1", in_=card)
    assert not desk.ben.is_mentioned(line)
    card.becomes("With @Mia Grant")


SUPERIOR = "Your direct superior"


def test_a_superior_who_left_is_asked_for_again(desk: Floor) -> None:
    """Once, as at the first time; what the form under way did not ask, it asks before it is sent."""
    desk.escalates(**number("+1 212 555 0133"))
    desk.ana.types("/escalate", in_=ASK)
    modal = desk.ana.modal("Escalate")
    assert SUPERIOR not in modal.labels()
    leaves(desk)
    desk.clock.passes(minutes=1)
    form: dict[str, object] = {
        "Customer": "John Roe",
        "Contact number": "+1 212 555 0134",
        "Scenario": "Asked during the conversation",
        "Reasons": ["Billing dispute"],
        "De-escalation tried": ["Offered a callback"],
        "What happened and what was promised": "Billed twice for October; I promised a call.",
        **desk.time_in(60),
    }
    assert not modal.submit(form).closed
    modal.shows(SUPERIOR)
    assert modal.submit({SUPERIOR: "Tess Lim"}).closed
    desk.ana.is_told("Case 2", in_=ASK)
    desk.ana.types("/escalate", in_=ASK)
    assert SUPERIOR not in desk.ana.modal("Escalate").labels()


@pytest.mark.parametrize("who", ["Ben", "Arjun"])
def test_somebody_who_holds_nothing_leaves_without_a_word(desk: Floor, who: str) -> None:
    card = desk.claimed(desk.tess)
    with nothing_happens(desk, card):
        leaves(desk, who)
        desk.clock.passes(minutes=1)
